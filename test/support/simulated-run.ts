import { reportsOf, TICK_MS, watchOf, type EquipmentInput, type EquipmentModel } from '#protocol/equipment/index';
import {
  react,
  score,
  start,
  type Effect,
  type Mode,
  type Participant,
  type Procedure,
  type RunEvent,
  type RunState,
  type ScoreSheet,
  type StartOptions,
} from '#protocol/procedures/index';
import { EquipmentHand } from './equipment-hand.ts';

const PEOPLE = [
  { id: 'ann', roles: [], station: null },
  { id: 'ben', roles: [], station: null },
] as unknown as Participant[];

/**
 * A training on a simulated machine as a room runs it: 20 ticks a second, acts go to the machine's "can it be done" and to
 * the run's "may it be done", and instruments are told to the run.
 */
export class SimulatedRun {
  readonly hand: EquipmentHand;
  readonly events: { event: RunEvent; atMs: number }[] = [];
  readonly effects: Effect[] = [];
  readonly refusals: string[] = [];
  run: RunState;
  readonly #options: StartOptions;
  readonly #watch;
  readonly #sensors: ReadonlySet<string>;
  #told: Readonly<Record<string, number>> = {};
  #nowMs = 0;

  constructor(
    readonly procedure: Procedure,
    model: EquipmentModel,
    mode: Mode = 'guided',
    seed = 1,
  ) {
    this.hand = new EquipmentHand(model, seed);
    this.#options = { mode, seed, participants: PEOPLE, startedAtMs: 0 };
    this.run = start(procedure, this.#options).state;
    this.#watch = watchOf(procedure);
    this.#sensors = new Set(procedure.workplace.sensors.map(({ id }) => id as string));
    this.wait(0.05);
  }

  get step(): string | null {
    return this.run.active.at(-1)?.step ?? null;
  }

  /** Ticks of the room; ends early when the step is left, if `untilLeft`. */
  wait(seconds: number, untilLeft: string | null = null): this {
    for (let tick = Math.round(seconds * 20); tick > 0; tick--) {
      if (untilLeft !== null && this.step !== untilLeft) break;
      this.#tick([]);
    }
    return this;
  }

  set(control: string, to: string | number, by = 'ann'): this {
    const input: EquipmentInput = { type: 'controlSet', by: by as never, control: control as never, to };
    const problem = this.hand.model.refusalOf(this.hand.state, input);
    if (problem) this.refusals.push(problem.key);
    else if (this.tell(input)) this.#tick([input]);
    return this;
  }
  press(control: string): this {
    return this.set(control, 'pressed').wait(0.3);
  }
  /** Holds the tool to the thing for a moment, and reads it. */
  test(tool: string, thing: string): this {
    this.hand.turn(tool, thing, 0).wait(0.5).lift(tool, thing);
    this.#nowMs += 12 * TICK_MS;
    const { isOk, value, unit } = this.hand.measured.at(-1)!;
    const [on, by, result] = [thing as never, 'ann' as never, { value, unit }];
    this.tell({ type: 'toolUsed', by, tool: tool as never, thing: on, isOk, result });
    return this;
  }
  inject(fault: string): this {
    this.tell({ type: 'faultInjected', by: 'ann' as never, fault: fault as never });
    return this.#tick([{ type: 'faultInjected', fault: fault as never }]);
  }
  clear(fault: string): this {
    this.tell({ type: 'faultCleared', by: 'ann' as never, fault: fault as never });
    return this.#tick([{ type: 'faultCleared', fault: fault as never }]);
  }
  act(type: string, more: object = {}): this {
    this.tell({ type, by: 'ann', ...more } as unknown as RunEvent);
    return this;
  }
  wear(...things: string[]): this {
    for (const thing of things) this.act('putOn', { thing });
    return this;
  }
  touch(...things: string[]): this {
    for (const thing of things) this.act('touched', { thing });
    return this;
  }
  check(...items: string[]): this {
    for (const item of items) this.act('checked', { step: this.step, item, isChecked: true });
    return this;
  }
  answer(...answer: string[]): this {
    return this.act('answered', { step: this.step, path: '0.0', answer });
  }

  score(): ScoreSheet {
    return score(this.procedure, { ...this.#options, events: this.events });
  }

  /** True when the run took it. */
  tell(event: RunEvent): boolean {
    const { state, effects } = react(this.procedure, this.run, event, this.#nowMs);
    this.run = state;
    this.events.push({ event, atMs: this.#nowMs });
    this.effects.push(...effects);
    const refused = effects.find(({ kind }) => kind === 'refused');
    if (refused?.kind === 'refused') this.refusals.push(refused.problem.key);
    return !refused;
  }

  #tick(inputs: EquipmentInput[]): this {
    this.hand.do(...inputs);
    this.#nowMs += TICK_MS;
    const { model, state } = this.hand;
    const { events, told } = reportsOf(model, state, this.#told, this.#watch, (id) => this.#sensors.has(id));
    this.#told = told;
    for (const event of events) this.tell(event);
    if (this.#nowMs % 1000 === 0) this.tell({ type: 'time' });
    return this;
  }
}
