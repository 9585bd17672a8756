import {
  indexOf,
  nextDueAtMs,
  react,
  type Condition,
  type Effect,
  type Leaf,
  type Procedure,
  type RunEvent,
  type RunState,
} from '#protocol/procedures/index';
import { composePose, invertPose, type Pose } from '#protocol/spatial/index';
import type { Dice } from './design-arbitraries.ts';

/**
 * Somebody who knows the procedure and wants to get on: does what a transition asks for, in an order that can work, and
 * waits where only time helps. It knows the model and none of the engine's or the checks' reasoning.
 */
export class Driver {
  readonly procedure: Procedure;
  readonly dice: Dice;
  state: RunState;
  readonly events: { event: RunEvent; atMs: number }[] = [];
  #effects: Effect[] = [];

  constructor(procedure: Procedure, state: RunState, dice: Dice) {
    this.procedure = procedure;
    this.dice = dice;
    this.state = state;
  }

  get atMs(): number {
    return this.state.startedAtMs + this.state.pausedForMs + this.state.nowMs;
  }

  /** True when the run moved on: a step was left by one of its ways, or all is over. */
  attempt(step: string, transition: number): boolean {
    this.#effects = [];
    const active = this.state.active.find((one) => one.step === step);
    const facts = indexOf(this.procedure).steps.get(step);
    if (!active || !facts) return false;
    for (let round = 0; round < 3 && !this.#hasMoved(); round++) {
      for (const [at, condition] of (facts.step.transitions[transition]?.conditions ?? []).entries())
        this.#make(condition, true, `${transition}.${at}`, step);
      // Durations: as long as something is due and nothing moved.
      for (let wait = 0; wait < 8 && !this.#hasMoved(); wait++) {
        const due = nextDueAtMs(this.state);
        if (due === null) break;
        this.#do({ type: 'time' }, due);
      }
    }
    return this.#hasMoved();
  }

  /** Mostly the middle; an end now and then, where two ranges may meet. */
  #inside({ minimum, maximum }: { minimum?: number; maximum?: number }): number {
    if (minimum === undefined || maximum === undefined) return minimum ?? maximum ?? 0;
    return this.dice.pick([(minimum + maximum) / 2, (minimum + maximum) / 2, minimum, maximum])!;
  }

  /** Puts a thing where an active step wants it; true when it counts as mounted then. */
  put(thing: string): boolean {
    for (const { step } of this.state.active)
      for (const { leaf } of indexOf(this.procedure).steps.get(step)!.leaves)
        if (leaf.kind === 'placed' && leaf.thing === thing) {
          this.#fulfil(leaf, '', step);
          return this.state.world.mounted.some((one) => one === thing);
        }
    return false;
  }

  /** Passes over the step, where that is allowed. */
  skip(step: string): boolean {
    this.#effects = [];
    for (let wait = 0; wait < 3 && !this.#hasMoved(); wait++) {
      this.#do({ type: 'skipped', by: this.#doerOf(step), step: step as never });
      const due = this.#hasMoved() ? null : nextDueAtMs(this.state);
      // What blocks the step has to be over first.
      if (due !== null) this.#do({ type: 'time' }, due);
    }
    return this.#hasMoved();
  }

  #hasMoved(): boolean {
    return this.#effects.some(({ kind }) => kind === 'ended' || kind === 'entered' || kind === 'left');
  }

  #make(condition: Condition, wanted: boolean, path: string, step: string): void {
    switch (condition.kind) {
      case 'not':
        return this.#make(condition.of, !wanted, `${path}.0`, step);
      case 'all':
      case 'any':
      case 'atLeast': {
        const count = wantedOf(condition);
        const needed = wanted ? count : condition.of.length - count + 1;
        const order = condition.of.map((_, at) => at).sort(() => this.dice.next() - 0.5);
        const chosen =
          needed >= condition.of.length ? order.sort((a, b) => a - b) : order.slice(0, Math.max(0, needed));
        for (const at of chosen) this.#make(condition.of[at]!, wanted, `${path}.${at}`, step);
        return;
      }
      default:
        if (wanted === this.#isStanding(condition)) return;
        // Not for that long: now and then it is enough to be quick.
        if (!wanted && 'holdMs' in condition && condition.holdMs > 0 && this.dice.next() < 0.5) return;
        return wanted ? this.#fulfil(condition, path, step) : this.#spoil(condition, step);
    }
  }

  #fulfil(leaf: Leaf, path: string, step: string): void {
    const by = this.#doerOf(step);
    switch (leaf.kind) {
      case 'grabbed':
      case 'released':
      case 'touched':
      case 'used':
        return this.#do({ type: leaf.kind, by, thing: leaf.thing });
      case 'placed': {
        const poseIn = this.#placing(leaf);
        return this.#do({ type: 'placed', by, thing: leaf.thing, poses: [poseIn] });
      }
      case 'mounted': {
        const mounted = this.state.world.mounted.filter((thing) => leaf.things.includes(thing));
        const isInOrder = mounted.every((thing, at) => thing === leaf.things[at]);
        if (leaf.isOrdered && !isInOrder) for (const thing of mounted) this.#do({ type: 'grabbed', by, thing });
        for (const thing of leaf.things)
          if (!this.state.world.mounted.includes(thing)) this.#do({ type: 'mounted', by, thing });
        return;
      }
      case 'toolUsed': {
        const { thing, tool, result } = leaf;
        const measured = result && { value: this.#inside(result), unit: result.unit };
        return this.#do({ type: 'toolUsed', by, thing, tool, isOk: true, result: measured });
      }
      case 'value':
        return this.#do({ type: 'value', sensor: leaf.sensor, value: this.#inside(leaf.range), unit: leaf.range.unit });
      case 'control': {
        const value = leaf.setting.kind === 'positions' ? leaf.setting.positions[0]! : this.#inside(leaf.setting.range);
        return this.#do({ type: 'controlSet', by, control: leaf.control, to: value });
      }
      case 'answered': {
        const { answer } = leaf;
        const given =
          answer.kind === 'number'
            ? this.#inside(answer.range)
            : answer.kind === 'single'
              ? [answer.correct]
              : answer.correct;
        return this.#do({ type: 'answered', by, step: step as never, path, answer: given });
      }
      case 'checklist':
        for (const { id } of leaf.items)
          this.#do({ type: 'checked', by, step: step as never, item: id, isChecked: true });
        return;
      case 'worn':
        for (const thing of leaf.things) this.#do({ type: 'putOn', by, thing });
        return;
      case 'dwell':
        this.#do({ type: 'moved', by, places: [leaf.place] });
        return this.#do({ type: 'time' }, this.atMs + leaf.durationMs);
      case 'gaze':
        this.#do({ type: 'gazed', by, thing: leaf.thing });
        return this.#do({ type: 'time' }, this.atMs + leaf.durationMs);
      case 'spoken':
        return this.#do({ type: 'spoke', by, command: leaf.command });
      case 'number':
        return this.#do({ type: 'entered', by, variable: leaf.variable, value: this.#inside(leaf.range) });
      case 'approved': {
        const boss = this.state.participants.find(({ roles }) => roles.includes(leaf.role));
        return boss && this.#do({ type: 'approved', by: boss.id });
      }
      case 'confirmed':
        return this.#do({ type: 'confirmed', by });
      case 'timeout':
      case 'variable':
      case 'opaque':
        return;
    }
  }

  /** Makes a standing condition false; what has happened cannot be taken back. */
  #spoil(leaf: Leaf, step: string): void {
    const by = this.#doerOf(step);
    const index = indexOf(this.procedure);
    switch (leaf.kind) {
      case 'value': {
        const { minimum, maximum, unit } = index.sensors.get(leaf.sensor) ?? {
          minimum: 0,
          maximum: 0,
          unit: leaf.range.unit,
        };
        for (const value of [minimum, (minimum + maximum) / 2, maximum])
          if (value < (leaf.range.minimum ?? -Infinity) || value > (leaf.range.maximum ?? Infinity))
            return this.#do({ type: 'value', sensor: leaf.sensor, value, unit });
        return;
      }
      case 'control': {
        const setting = index.controls.get(leaf.control)?.setting;
        if (setting?.kind === 'positions' && leaf.setting.kind === 'positions') {
          const { positions } = leaf.setting;
          const other = setting.positions.find((position) => !positions.includes(position));
          if (other) this.#do({ type: 'controlSet', by, control: leaf.control, to: other });
          return;
        }
        if (setting?.kind === 'number' && leaf.setting.kind === 'number')
          for (const value of [setting.minimum, setting.maximum])
            if (value < (leaf.setting.range.minimum ?? -Infinity) || value > (leaf.setting.range.maximum ?? Infinity))
              return this.#do({ type: 'controlSet', by, control: leaf.control, to: value });
        return;
      }
      case 'placed':
        return this.#do({ type: 'grabbed', by, thing: leaf.thing });
      case 'mounted':
        for (const thing of leaf.things)
          if (this.state.world.mounted.includes(thing)) return this.#do({ type: 'grabbed', by, thing });
        return;
      case 'worn':
        for (const { id } of this.state.participants) this.#do({ type: 'tookOff', by: id, thing: leaf.things[0]! });
        return;
      case 'checklist':
        return this.#do({ type: 'checked', by, step: step as never, item: leaf.items[0]!.id, isChecked: false });
      default:
    }
  }

  /** Whether an instrument shows what is asked for already; null: it has to be done. */
  #isStanding(leaf: Leaf): boolean | null {
    const { values, controls } = this.state.world;
    if (leaf.kind === 'value') {
      const known = values[leaf.sensor];
      return known?.unit === leaf.range.unit ? isWithin(known.value, leaf.range) : null;
    }
    if (leaf.kind !== 'control') return null;
    const set = controls[leaf.control];
    if (leaf.setting.kind === 'positions') return leaf.setting.positions.some((position) => position === set);
    return typeof set === 'number' ? isWithin(set, leaf.setting.range) : null;
  }

  #placing(leaf: Extract<Leaf, { kind: 'placed' }>): { in: never; pose: Pose } {
    const index = indexOf(this.procedure);
    const frameOf = (thing: string, frame: string | null) =>
      index.things.get(thing)?.frames.find(({ id }) => id === frame)?.poseInThing;
    const own = frameOf(leaf.thing, leaf.frame);
    let pose = own ? composePose(leaf.target, invertPose(own)) : leaf.target;
    if (leaf.reference.kind === 'room') return { in: null as never, pose };
    const seat = frameOf(leaf.reference.thing, leaf.reference.frame);
    if (seat) pose = composePose(seat, pose);
    return { in: leaf.reference.thing as never, pose };
  }

  #doerOf(step: string) {
    const { role } = indexOf(this.procedure).steps.get(step)!.step;
    return (
      this.state.participants.find(({ roles }) => role === null || roles.includes(role)) ?? this.state.participants[0]!
    ).id;
  }

  /** Does it, and first what a safety rule asks for when one stands in the way; who holds the thing is asked for it. */
  #do(event: RunEvent, atMs = this.atMs, isSecondTry = false): void {
    const { state, effects } = react(this.procedure, this.state, event, atMs);
    this.state = state;
    this.events.push({ event, atMs });
    this.#effects.push(...effects);
    if (isSecondTry) return;
    for (const effect of effects) {
      if (effect.kind !== 'refused') continue;
      if (effect.problem.key === 'held_by_another') {
        const { thing, by } = effect.problem.facts as { thing: never; by: never };
        this.#do({ type: 'released', by, thing }, this.atMs, true);
        this.#do(event, this.atMs, true);
      }
      if (effect.problem.key !== 'unsafe') continue;
      const rules = effect.problem.facts['rules'] as readonly string[];
      const step = this.state.active.at(-1)?.step;
      for (const { id, unless } of this.procedure.safety)
        if (step && unless && rules.includes(id)) this.#make(unless, true, '', step);
      this.#do(event, this.atMs, true);
    }
  }
}

function wantedOf(condition: Exclude<Condition, Leaf | { kind: 'not' }>): number {
  if (condition.kind === 'atLeast') return condition.count;
  return condition.kind === 'all' ? condition.of.length : 1;
}

const isWithin = (value: number, { minimum, maximum }: { minimum?: number; maximum?: number }): boolean =>
  value >= (minimum ?? -Infinity) && value <= (maximum ?? Infinity);
