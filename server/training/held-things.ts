import { stateOf, procedureIn, runsOf, type TrainingPayload } from '#protocol/training/index';
import { table, type Table } from '#protocol/document/index';
import type { OpenRoom } from '../rooms/index.ts';

/** Somebody whose line is gone keeps what they hold for so long, ms: most come back. */
export const GONE_MS = 20_000;
/** Looked at so often, ms. */
const LOOK_EVERY_MS = 1_000;

interface Held {
  readonly run: string;
  readonly thing: string;
  readonly by: string;
  readonly isPaused: boolean;
}

/**
 * What people of open runs have in hand: a lease that ends with their presence. Who has left lets go of it, so that the
 * rest of a team can go on.
 */
export class HeldThings {
  /** Since when the holder is not here, by run and thing. */
  readonly #goneSinceMs = new Map<string, number>();
  #lookedMs = 0;
  /** Read anew when a run has gone on: frames of presence ask at 20 Hz. */
  #known: { readonly runs: Table; readonly held: readonly Held[] } | null = null;

  constructor(
    private readonly open: Pick<OpenRoom, 'journal' | 'seats'>,
    private readonly observe: (payload: TrainingPayload<'run.observe'>) => Promise<void>,
    private readonly failed: (thrown: unknown) => void,
  ) {}

  /** Whether somebody has this in hand in any run that goes on. */
  isHeldBy(user: string, thing: string): boolean {
    return this.#held().some((one) => one.by === user && one.thing === thing);
  }

  tick(nowMs: number): void {
    if (nowMs - this.#lookedMs < LOOK_EVERY_MS) return;
    this.#lookedMs = nowMs;
    const present = new Set<string>([...this.open.seats()].map(({ user }) => user));
    const absent = this.#held().filter(({ by, isPaused }) => !present.has(by) && !isPaused);
    const keys = new Set(absent.map(keyOf));
    for (const key of this.#goneSinceMs.keys()) if (!keys.has(key)) this.#goneSinceMs.delete(key);
    for (const { run, thing, by } of absent) {
      const key = keyOf({ run, thing });
      const sinceMs = this.#goneSinceMs.get(key) ?? nowMs;
      this.#goneSinceMs.set(key, sinceMs);
      if (nowMs - sinceMs < GONE_MS) continue;
      // Said once; what is refused (the run is over meanwhile) needs nothing more.
      this.#goneSinceMs.set(key, Infinity);
      this.observe({ run: run as never, events: [{ type: 'released', by: by as never, thing: thing as never }] }).catch(
        (thrown: unknown) => {
          this.#goneSinceMs.set(key, nowMs);
          this.failed(thrown);
        },
      );
    }
  }

  #held(): readonly Held[] {
    const { document } = this.open.journal;
    const runs = table(document, 'runs');
    if (this.#known?.runs === runs) return this.#known.held;
    const held = runsOf(document).flatMap((row): Held[] => {
      const procedure = row.outcome === null ? procedureIn(document, row.procedure) : undefined;
      if (!procedure) return [];
      const isPaused = row.state.pausedAtMs !== null;
      const inHands = Object.entries(stateOf(document, row, procedure).world.held);
      return inHands.map(([thing, by]) => ({ run: row.id, thing, by, isPaused }));
    });
    this.#known = { runs, held };
    return held;
  }
}

const keyOf = ({ run, thing }: { run: string; thing: string }): string => `${run}/${thing}`;
