import { react, start, type Procedure, type RecordedRun, type RunState } from '#protocol/procedures/index';

/** Every state a run was in: the engine's states share what did not change, so keeping them all is cheap. */
export class Replay {
  readonly #states: readonly RunState[];

  constructor(procedure: Procedure, { events, ...how }: RecordedRun) {
    const states = [start(procedure, how).state];
    for (const { event, atMs } of events) states.push(react(procedure, states.at(-1)!, event, atMs).state);
    this.#states = states;
  }

  /** How many facts there are. */
  get length(): number {
    return this.#states.length - 1;
  }

  /** As it was after so many facts. */
  after(facts: number): RunState {
    return this.#states[Math.max(0, Math.min(facts, this.length))]!;
  }

  /** As it was at a run time, ms: after the last fact up to then. */
  at(ms: number): RunState {
    let [low, high] = [0, this.#states.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#states[middle]!.nowMs <= ms) low = middle;
      else high = middle - 1;
    }
    return this.#states[low]!;
  }
}

/** The hour of the day at a run time, ms since 1970: pauses up to then stand between. */
export const dayTimeOf = ({ startedAtMs, pausedForMs }: RunState, ms: number): number => startedAtMs + pausedForMs + ms;
