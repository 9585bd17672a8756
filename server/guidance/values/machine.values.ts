import type { StationGauge } from '#protocol/api/guidance';
import type { Document } from '#protocol/document/index';
import { procedureIn, runsOf, stateOf } from '#protocol/training/index';
import type { ValueLine, ValueLineOptions } from './value-line.ts';

const LOOK_MS = 500;

/**
 * Instruments of a simulated machine, as the newest run that goes on in its training room knows them: a twin of the plant for whoever
 * has no plant at hand. The journal of that room is read along, in whichever process it is.
 */
export class MachineValues implements ValueLine {
  readonly name = 'Simulated machine';
  #gauges: { device: string; room: string; sensor: string }[] = [];
  #up = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;

  constructor(
    private readonly documentOf: (room: string) => Promise<Document>,
    private readonly options: ValueLineOptions & { readonly lookMs?: number },
  ) {}

  isUp(device: string): boolean {
    return this.#up.has(device);
  }

  async read(gauges: readonly StationGauge[]): Promise<void> {
    this.#gauges = gauges.flatMap(({ device, source }) =>
      source.kind === 'machine' ? [{ device, room: source.room, sensor: source.sensor }] : [],
    );
    if (this.#gauges.length === 0) return this.close();
    this.#timer ??= setInterval(() => this.#tick(), this.options.lookMs ?? LOOK_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#up.clear();
    await this.#looking;
  }

  #tick(): void {
    this.#looking ??= this.#look()
      .catch((thrown: unknown) => this.options.failed(thrown))
      .finally(() => (this.#looking = null));
  }

  async #look(): Promise<void> {
    const up = new Set<string>();
    for (const room of new Set(this.#gauges.map((one) => one.room))) {
      const document = await this.documentOf(room);
      const run = runsOf(document)
        .filter(({ outcome }) => outcome === null)
        .at(-1);
      const procedure = run && procedureIn(document, run.procedure);
      if (!run || !procedure) continue;
      const { values } = stateOf(document, run, procedure).world;
      for (const { device, sensor } of this.#gauges.filter((one) => one.room === room)) {
        const known = values[sensor];
        if (!known) continue;
        up.add(device);
        this.options.take({ device, value: known.value, atMs: this.options.nowMs() });
      }
    }
    this.#up = up;
  }
}
