import type { Problem } from '#protocol/errors';
import type { OpId } from '#protocol/ids';
import type { TrainingPayload } from '#protocol/training/index';
import type { Verdict } from '../rooms/index.ts';

export type Observed = TrainingPayload<'run.observe'>['events'][number];
/** An op that is on its way: sent again with its own id, it is taken once. */
export interface Unsaid {
  readonly id: OpId;
  readonly events: readonly Observed[];
}

/** Of one op; see `protocol/training/ops.ts`. */
const EVENTS_PER_OP = 50;
/** A disk that did not take it is asked again after this long, ms. */
const AGAIN_MS = 250;

interface Line {
  nextId(): OpId;
  say(id: OpId, events: readonly Observed[]): Promise<Verdict>;
  failed(thrown: unknown): void;
}

/**
 * What the machine of one run has to tell the run: in order, each fact once, and none lost. What could not be written is
 * said again; what the run does not let happen does not take the rest of its op with it, and how a control came to stand
 * that way is told as soon as the run lets it happen. Otherwise somebody looks at a lever that is out, in a run that
 * waits for it to be out.
 */
export class Observations {
  #waiting: Unsaid[];
  /** Of controls, what the run did not let happen, by control: the newest. */
  readonly #owed = new Map<string, Observed>();
  #isSending = false;
  #isClosed = false;

  constructor(
    private readonly line: Line,
    waiting: readonly Unsaid[] = [],
  ) {
    this.#waiting = [...waiting];
    void this.#send();
  }

  /** What the run has not confirmed: kept with the machine. */
  get unsaid(): readonly Unsaid[] {
    return this.#waiting;
  }

  tell(events: readonly Observed[]): void {
    for (const event of events) if (event.type === 'controlSet') this.#owed.delete(event.control);
    for (let at = 0; at < events.length; at += EVENTS_PER_OP)
      this.#waiting.push({ id: this.line.nextId(), events: events.slice(at, at + EVENTS_PER_OP) });
    void this.#send();
  }

  /** Says again what was not let happen, where it is still so. */
  tellOwed(isStill: (control: string, to: string | number) => boolean): void {
    const owed = [...this.#owed.values()].filter(
      (event) => event.type === 'controlSet' && isStill(event.control, event.to),
    );
    this.#owed.clear();
    for (const event of owed) this.#waiting.push({ id: this.line.nextId(), events: [event] });
    void this.#send();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#waiting.length > 0 && !this.#isClosed) {
      const [first] = this.#waiting as [Unsaid];
      const problem = await this.line.say(first.id, first.events).then(
        (verdict) => (verdict.ok ? null : verdict.problem),
        (thrown: unknown) => {
          this.line.failed(thrown);
          return 'again' as const;
        },
      );
      if (problem === null) this.#waiting.shift();
      else if (problem === 'again' || problem.key === 'not_saved')
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      else this.#refused(first, problem);
    }
    this.#isSending = false;
  }

  #refused({ events }: Unsaid, { key }: Problem): void {
    if (key === 'run_is_over' || key === 'no_such_run') {
      this.#waiting = [];
      return;
    }
    this.#waiting.shift();
    const [event] = events;
    if (events.length > 1) this.#waiting.unshift(...events.map((one) => ({ id: this.line.nextId(), events: [one] })));
    else if (event?.type === 'controlSet') this.#owed.set(event.control, event);
  }
}
