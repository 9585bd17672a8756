import type { TrainingSession } from '#net/index';
import { Store, type Readable } from '#net/store';
import { equipmentFor, withDelta, type EquipmentEvent, type EquipmentModel } from '#protocol/equipment/index';
import { procedureIn, runOf } from '#protocol/training/index';

/** What a machine shows now, by name and in units. */
export class MachinePicture {
  constructor(
    readonly model: EquipmentModel,
    readonly shown: readonly number[],
  ) {}

  /** In the unit of what is shown; null: the machine has no such thing. */
  value(id: string): number | null {
    const at = this.model.about.shown.findIndex((one) => one.id === id);
    return at < 0 ? null : this.shown[at]! * this.model.about.shown[at]!.quantum;
  }

  /** How a control stands: a position, or a number in its unit. */
  control(id: string): string | number | null {
    const control = this.model.about.controls.find((one) => one.id === id);
    const value = this.value(id);
    if (!control || value === null) return null;
    if (control.setting.kind === 'number') return value;
    const shown = this.model.about.shown.find((one) => one.id === id);
    // Of a hasp the padlocks are shown, and one is enough.
    const at = shown?.what === 'lock' ? Math.min(1, value) : value;
    return control.setting.positions[at] ?? null;
  }
}

/** What is seen of all machines in a room. */
export interface Machines {
  /** By run. */
  readonly pictures: Readable<ReadonlyMap<string, MachinePicture>>;
  onHappened(listener: (run: string, event: EquipmentEvent) => void): () => void;
}

/** Follows the pictures of all machines in a room from their differences. Frames begin with zeros at each connection. */
export class MachineFeed implements Machines {
  readonly pictures = new Store<ReadonlyMap<string, MachinePicture>>(new Map());
  readonly #session: TrainingSession;
  readonly #listeners = new Set<(run: string, event: EquipmentEvent) => void>();
  readonly #stop: (() => void)[];

  constructor(session: TrainingSession) {
    this.#session = session;
    this.#stop = [
      session.onMachine(({ run, delta, happened }) => {
        this.#show(run, delta);
        for (const event of happened) for (const listener of this.#listeners) listener(run, event);
      }),
      session.connection.subscribe(() => {
        if (session.connection.get().state === 'reconnecting') this.pictures.set(new Map());
      }),
    ];
  }

  onHappened(listener: (run: string, event: EquipmentEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  dispose(): void {
    for (const stop of this.#stop) stop();
  }

  #show(run: string, delta: Uint8Array): void {
    const known = this.pictures.get().get(run);
    const model = known?.model ?? this.#modelOf(run);
    if (!model) return;
    const next = withDelta(known?.shown ?? model.about.shown.map(() => 0), delta);
    if ('scope' in next) return console.warn(next.message, next.facts);
    this.pictures.set(new Map(this.pictures.get()).set(run, new MachinePicture(model, next)));
  }

  #modelOf(run: string): EquipmentModel | null {
    const document = this.#session.document.get();
    const row = runOf(document, run);
    const procedure = row && procedureIn(document, row.procedure);
    return procedure ? equipmentFor(procedure) : null;
  }
}
