import {
  deltaOf,
  reportsOf,
  watchOf,
  type EquipmentEvent,
  type EquipmentInput,
  type EquipmentModel,
  type EquipmentState,
} from '#protocol/equipment/index';
import type { OpId } from '#protocol/ids';
import type { StoredEntry } from '#protocol/journal/index';
import { indexOf, type Procedure, type RunEvent } from '#protocol/procedures/index';
import { inputBy, type RunRow, type SealedFact, type TrainingPayload } from '#protocol/training/index';
import type { Observed, Unsaid } from './observations.ts';

/** All that a machine needs to go on after the room was closed. Plain data. */
export interface SavedMachine {
  readonly state: EquipmentState;
  /** Readings that the run was told last. */
  readonly told: Readonly<Record<string, number>>;
  /** Entries up to this seq have taken effect. */
  readonly seq: number;
  /** Inputs that no mark tells of yet. */
  readonly unmarked: readonly { op: OpId; tick: number }[];
  readonly faults: readonly { tick: number; event: SealedFact['event'] }[];
  /** What the run has not confirmed that it was told. */
  readonly unsaid?: readonly Unsaid[];
}

/** The machine of one run: inputs come from the journal and from instructors, pictures and observations go out. */
export class HostedMachine {
  #waiting: { seq: number; op: OpId; input: EquipmentInput }[] = [];
  #saved: SavedMachine;
  readonly #watch: ReturnType<typeof watchOf>;
  readonly #sensors: ReadonlyMap<string, unknown>;
  /** What each connection has been shown. */
  #shown = new WeakMap<object, readonly number[]>();

  constructor(
    readonly model: EquipmentModel,
    readonly run: RunRow['id'],
    procedure: Procedure,
    saved: SavedMachine,
  ) {
    this.#saved = saved;
    this.#watch = watchOf(procedure);
    this.#sensors = indexOf(procedure).sensors;
  }

  static first(model: EquipmentModel, { seed }: RunRow, seq: number): SavedMachine {
    return { state: model.start(seed), told: {}, seq, unmarked: [], faults: [] };
  }

  get saved(): SavedMachine {
    return this.#saved;
  }

  /** An entry of the journal; those of other runs, and those that it has had, are nothing to it. */
  offer({ entry }: StoredEntry): void {
    if (entry.type !== 'machine.input' || entry.seq <= this.#saved.seq) return;
    const { run, input } = entry.payload as TrainingPayload<'machine.input'>;
    if (run !== this.run || this.#waiting.some(({ seq }) => seq >= entry.seq)) return;
    this.#waiting.push({ seq: entry.seq, op: entry.id, input: inputBy(input, entry.author.id) });
  }

  /** One tick. `facts`: all that instructors have done in secret, oldest first. */
  step(facts: readonly SealedFact[]): {
    observed: Observed[];
    happened: readonly EquipmentEvent[];
    isTouched: boolean;
  } {
    const { state, told, seq, unmarked, faults } = this.#saved;
    const { tick } = state;
    const fresh = facts.slice(faults.length).map(({ event }) => event);
    const inputs = this.#waiting;
    this.#waiting = [];
    const stepped = this.model.step(state, [...fresh, ...inputs.map(({ input }) => input)]);
    const report = reportsOf(this.model, stepped.state, told, this.#watch, (id) => this.#sensors.has(id));
    this.#saved = {
      state: stepped.state,
      told: report.told,
      seq: inputs.at(-1)?.seq ?? seq,
      unmarked: [...unmarked, ...inputs.map(({ op }) => ({ op, tick }))],
      faults: [...faults, ...fresh.map((event) => ({ tick, event }))],
    };
    const observed = [...this.#acts(inputs, stepped.happened), ...report.events] as RunEvent[] as Observed[];
    return { observed, happened: stepped.happened, isTouched: inputs.length + fresh.length > 0 };
  }

  /** What a connection has not seen yet; null: nothing. */
  deltaFor(client: object): Uint8Array | null {
    const now = this.model.shown(this.#saved.state);
    const delta = deltaOf(this.#shown.get(client) ?? [], now);
    this.#shown.set(client, now);
    return delta.length > 0 ? delta : null;
  }

  /** Tells which inputs a mark is about, and forgets them. */
  takeUnmarked(): readonly { op: OpId; tick: number }[] {
    const { unmarked } = this.#saved;
    this.#saved = { ...this.#saved, unmarked: [] };
    return unmarked;
  }

  #acts(inputs: readonly { input: EquipmentInput }[], happened: readonly EquipmentEvent[]): Observed[] {
    const refused = new Set(happened.flatMap((one) => (one.kind === 'refused' ? [one.input] : [])));
    const controls = inputs.flatMap(({ input }) =>
      input.type === 'controlSet' && !refused.has(input) ? [input as Observed] : [],
    );
    const measured = happened.flatMap((one): Observed[] => {
      if (one.kind !== 'measured') return [];
      const { by, tool, thing, isOk, value, unit } = one;
      return [{ type: 'toolUsed', by, tool, thing, isOk, result: { value, unit } }];
    });
    return [...controls, ...measured];
  }
}
