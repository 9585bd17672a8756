import type { EquipmentEvent, EquipmentInput, EquipmentModel, EquipmentState } from '#protocol/equipment/index';

/** Somebody at a simulated machine, alone with it: sets, presses, waits, and remembers what happened. */
export class EquipmentHand {
  state: EquipmentState;
  /** `tripped <interlock>`, `<alarm> <phase>`, `harm <hazard>`, `clicked <tool>`. */
  readonly log: string[] = [];
  readonly measured: Extract<EquipmentEvent, { kind: 'measured' }>[] = [];
  readonly #highest = new Map<string, number>();

  constructor(
    readonly model: EquipmentModel,
    seed = 1,
  ) {
    this.state = model.start(seed);
  }

  get sensed(): Readonly<Record<string, number>> {
    return this.model.sensed(this.state);
  }
  get truth(): Readonly<Record<string, number>> {
    return this.model.truth(this.state);
  }

  set(control: string, to: string | number, by = 'ann'): this {
    return this.do({ type: 'controlSet', by: by as never, control: control as never, to });
  }
  press(control: string): this {
    return this.set(control, 'pressed').wait(0.25);
  }
  inject(fault: string): this {
    return this.do({ type: 'faultInjected', fault: fault as never });
  }
  clear(fault: string): this {
    return this.do({ type: 'faultCleared', fault: fault as never });
  }
  /** The key of the reason, or null when it can be done. */
  refused(control: string, to: string | number, by = 'ann'): string | null {
    const input: EquipmentInput = { type: 'controlSet', by: by as never, control: control as never, to };
    return this.model.refusalOf(this.state, input)?.key ?? null;
  }
  turn(tool: string, thing: string, angleRad: number): this {
    return this.do({ type: 'turned', by: 'ann' as never, tool: tool as never, thing: thing as never, angleRad });
  }
  lift(tool: string, thing: string): this {
    return this.do({ type: 'lifted', by: 'ann' as never, tool: tool as never, thing: thing as never });
  }

  wait(seconds: number): this {
    for (let tick = Math.round(seconds * 20); tick > 0; tick--) this.#tick([]);
    return this;
  }
  do(...inputs: EquipmentInput[]): this {
    return this.#tick(inputs);
  }

  /** From now on notes the highest that a visible number is. */
  watch(id: string): this {
    this.#highest.set(id, Number.NEGATIVE_INFINITY);
    return this;
  }
  highest(id: string): number {
    return this.#highest.get(id) ?? Number.NaN;
  }

  #tick(inputs: EquipmentInput[]): this {
    const { state, happened } = this.model.step(this.state, inputs);
    this.state = state;
    for (const event of happened) {
      if (event.kind === 'refused') throw new Error(`${event.problem.key} ${JSON.stringify(event.problem.facts)}`);
      if (event.kind === 'tripped') this.log.push(`tripped ${event.interlock}`);
      if (event.kind === 'alarm') this.log.push(`${event.alarm} ${event.phase}`);
      if (event.kind === 'harm') this.log.push(`harm ${event.hazard}`);
      if (event.kind === 'clicked') this.log.push(`clicked ${event.tool}`);
      if (event.kind === 'measured') this.measured.push(event);
    }
    if (this.#highest.size === 0) return this;
    const shown = this.model.shown(state);
    for (const [id, highest] of this.#highest) {
      const at = this.model.about.shown.findIndex((one) => one.id === id);
      this.#highest.set(id, Math.max(highest, shown[at]!));
    }
    return this;
  }
}
