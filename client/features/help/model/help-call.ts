import type { GuidanceSession } from '#net/index';
import { newId } from '#net/new-id';
import { Store, type Readable } from '#net/store';
import { table, type Document } from '#protocol/document/index';
import type { Problem } from '#protocol/errors';
import {
  expertsIn,
  jobOf,
  marksIn,
  openCall,
  rowsOf,
  runningRecording,
  type CallRow,
  type HandedRow,
  type HelpOpType,
  type HelpPayload,
  type LineRow,
  type MarkBody,
  type MarkRow,
  type RecordingRow,
  type StillRow,
} from '#protocol/guidance/index';

/** What a job's journal says about help, as panels and the overlay need it. */
export interface HelpNow {
  /** That rings or goes on. */
  readonly call: CallRow | null;
  /** The last that was, for its summary. */
  readonly last: CallRow | null;
  readonly marks: readonly MarkRow[];
  readonly lines: readonly LineRow[];
  readonly stills: readonly StillRow[];
  readonly handed: readonly HandedRow[];
  readonly recording: RecordingRow | null;
  readonly recordings: readonly RecordingRow[];
}

const NOTHING: HelpNow = {
  ...{ call: null, last: null, recording: null },
  ...{ marks: [], lines: [], stills: [], handed: [], recordings: [] },
};
const TABLES = ['calls', 'marks', 'lines', 'stills', 'handed', 'recordings'] as const;

/** Help in one job: what it is now, and everything one may say in it. Knows no page and no engine. */
export class HelpCall {
  readonly now: Readable<HelpNow>;
  readonly marks: Readable<readonly MarkRow[]>;
  readonly #now = new Store<HelpNow>(NOTHING);
  readonly #marks = new Store<readonly MarkRow[]>([]);
  readonly #session: GuidanceSession;
  readonly #onRefused: (problem: Problem) => void;
  readonly #stop: () => void;
  #known: readonly unknown[] = [];

  constructor(session: GuidanceSession, onRefused: (problem: Problem) => void) {
    this.#session = session;
    this.#onRefused = onRefused;
    this.now = this.#now;
    this.marks = this.#marks;
    this.#stop = session.document.subscribe(() => this.#look());
    this.#look();
  }

  get me(): string {
    return this.#session.me.user;
  }
  get isCrew(): boolean {
    return jobOf(this.#session.document.get())?.crew.some(({ id }) => id === this.me) ?? false;
  }
  get isExpert(): boolean {
    return expertsIn(this.#now.get().call).some(({ id }) => id === this.me);
  }

  /** Rings; in a call that goes on it asks more people in. */
  ring(
    to: HelpPayload<'help.ring'>['to'],
    how: 'all' | 'oneByOne',
    escalateAfterS: number,
    text: string,
  ): string | null {
    const call = this.#now.get().call?.id ?? newId();
    const job = jobOf(this.#session.document.get());
    const step = (job?.state?.active.at(-1)?.step ?? null) as HelpPayload<'help.ring'>['step'];
    return this.#say('help.ring', { call, to: [...to], how, escalateAfterS, text, step }) ? call : null;
  }
  cancel = () => this.#inCall((call) => this.#say('help.cancel', { call }));
  leave = () => this.#inCall((call) => this.#say('help.leave', { call }));
  end = (outcome: string) => this.#inCall((call) => this.#say('help.end', { call, outcome }));

  mark(body: MarkBody): string | null {
    const mark = newId();
    return this.#inCall((call) => this.#say('help.addMark', { call, mark, body })) ? mark : null;
  }
  moveMark = (mark: string, body: MarkBody) => this.#say('help.moveMark', { mark, body });
  removeMarks(marks: readonly string[]): void {
    // What one op takes; nobody has more on screen at once.
    if (marks.length > 0) this.#say('help.removeMarks', { marks: marks.slice(0, 200) });
  }

  freeze(cid: string, widthPx: number, heightPx: number): string | null {
    const still = newId();
    return this.#inCall((call) => this.#say('help.freeze', { call, still, cid, widthPx, heightPx } as never))
      ? still
      : null;
  }
  hand = (title: string, cid: string, kind: HelpPayload<'help.hand'>['kind'], page: number | null) =>
    this.#inCall((call) => this.#say('help.hand', { call, document: newId(), title, cid, kind, page } as never));

  say(text: string, language: string, source: 'typed' | 'spoken' = 'typed', picture: string | null = null): boolean {
    return this.#inCall((call) =>
      this.#say('help.say', { call, line: newId(), text, language, source, picture } as never),
    );
  }
  translate = (line: string, language: string, text: string) => this.#say('help.translate', { line, language, text });

  consent = (isGiven: boolean) => this.#inCall((call) => this.#say('help.consent', { call, isGiven }));
  record(what: 'sound' | 'soundAndPicture'): string | null {
    const recording = newId();
    return this.#inCall((call) => this.#say('help.record', { call, recording, what })) ? recording : null;
  }
  stopRecording = (recording: string) => this.#say('help.stopRecording', { recording });
  eraseRecording = (recording: string, reason: string) => this.#say('help.eraseRecording', { recording, reason });

  unlock(step: string, reason: string): boolean {
    const made = this.#session.submitJob('step.release', { step: step as never, what: 'step', reason });
    if ('problem' in made) this.#onRefused(made.problem);
    return 'id' in made;
  }

  dispose(): void {
    this.#stop();
  }

  #inCall(then: (call: string) => boolean): boolean {
    const call = this.#now.get().call?.id;
    return call !== undefined && then(call);
  }

  #say<T extends HelpOpType>(type: T, payload: HelpPayload<T>): boolean {
    const made = this.#session.submitJob(type, payload as never);
    if ('problem' in made) this.#onRefused(made.problem);
    return 'id' in made;
  }

  #look(): void {
    const document = this.#session.document.get();
    const tables = TABLES.map((name) => table(document, name));
    if (tables.every((one, at) => one === this.#known[at])) return;
    this.#known = tables;
    const now = helpNow(document);
    this.#now.set(now);
    this.#marks.set(now.marks);
  }
}

function helpNow(document: Document): HelpNow {
  const calls = rowsOf(document, 'calls');
  const last = calls.findLast(({ people }) => people.some(({ as }) => as === 'expert')) ?? null;
  const ofLast = <T extends { readonly call: string }>(rows: readonly T[]) =>
    rows.filter((row) => row.call === last?.id);
  return {
    call: openCall(document),
    last,
    marks: marksIn(document),
    lines: ofLast(rowsOf(document, 'lines')),
    stills: ofLast(rowsOf(document, 'stills')),
    handed: ofLast(rowsOf(document, 'handed')),
    recording: runningRecording(document),
    recordings: ofLast(rowsOf(document, 'recordings')),
  };
}
