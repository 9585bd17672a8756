import type { Problem } from '../errors.ts';
import { acknowledged, isOpenAlarm, phaseNumber, QUIET, shelved, tickAlarm, unshelved } from './alarms.ts';
import { locksOn, refusal, settingRefused, shareOf } from './controls.ts';
import {
  TICK_MS,
  type AlarmRecord,
  type EquipmentDescription,
  type EquipmentEvent,
  type EquipmentInput,
  type EquipmentModel,
  type EquipmentState,
  type Shown,
} from './model.ts';
import { firstDice, nextDice, noiseOf } from './noise.ts';

/** What an injected fault does beyond the physics, which asks for it by `faultS`. */
export type FaultEffect =
  | { readonly kind: 'stuck'; readonly sensor: string }
  | { readonly kind: 'drift'; readonly sensor: string; readonly perS: number }
  | { readonly kind: 'falseAlarm'; readonly alarm: string }
  | { readonly kind: 'physical' };

export interface Instrument {
  /** Time constant of the reading, seconds; 0: at once. */
  readonly lagS: number;
  /** Largest noise, in the sensor's unit. */
  readonly noise: number;
}

/** The inside of a machine: what differs from one to the next. Everything else is below. */
export interface Workings {
  readonly about: Omit<EquipmentDescription, 'shown'>;
  /** Beyond controls, sensors, alarms and locks: what else can be seen. */
  readonly motions: readonly Shown[];
  readonly initial: Readonly<Record<string, number>>;
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly effects: Readonly<Record<string, FaultEffect>>;
  /** One tick of physics and logic; changes `is` in the draft. Only + - * / and square root. */
  advance(draft: TickDraft): void;
  truth(state: EquipmentState): Readonly<Record<string, number>>;
  /** Whether each alarm's condition holds; `wasActive` for dead bands. */
  alarms(sensed: Readonly<Record<string, number>>, wasActive: (alarm: string) => boolean): Record<string, boolean>;
  /** Alarms that come from contacts in the machine, and no instrument. */
  contacts?(state: EquipmentState): Readonly<Record<string, boolean>>;
  /** Values of `motions`, by id, in their unit. */
  seen(state: EquipmentState): Readonly<Record<string, number>>;
  /** Reasons of its own, beside those of controls and locks. */
  refusalOf?(state: EquipmentState, input: EquipmentInput): Problem | null;
  /** What setting a control brings about at once, for the person who does it. */
  acted?(draft: TickDraft, input: Extract<EquipmentInput, { type: 'controlSet' }>): void;
  /** Acts with tools. */
  use?(draft: TickDraft, input: Extract<EquipmentInput, { type: 'turned' | 'lifted' }>): void;
}

export const TICK_S = TICK_MS / 1000;
/** How long a button stays in, ticks. */
const PRESSED_TICKS = 4;

/** A state in the making, within one tick. */
export interface TickDraft extends EquipmentState {
  readonly is: Record<string, number>;
  readonly controls: Record<string, string | number>;
  readonly happened: EquipmentEvent[];
  /** What instruments showed at the end of the last tick: what the logic acts on. */
  readonly readings: Readonly<Record<string, number>>;
  /** Pressed within this tick. */
  isPressed(control: string): boolean;
  isAt(control: string, position: string): boolean;
  /** Where a valve stands now, 0 to 1; it takes its time to get where it is set. */
  opening(control: string): number;
  lockCount(hasp: string): number;
  /** Seconds since the fault was injected, or -1. */
  faultS(fault: string): number;
}

export function machine(workings: Workings): EquipmentModel {
  const about: EquipmentDescription = { ...workings.about, shown: shownOf(workings) };
  const controls = new Map(about.controls.map((one) => [one.id as string, one]));
  const sliding = about.controls.filter(({ travelMs }) => travelMs > 0);
  const buttons = about.controls.filter(({ springsBackTo }) => springsBackTo !== null);
  const hasps = new Set<string>(about.lockPoints.map(({ hasp }) => hasp));
  const alarmIds = new Set(about.alarms.map(({ id }) => id));
  const faultIds = new Set<string>(about.faults.map(({ id }) => id));

  const sensed = (state: Pick<EquipmentState, 'is'>): Record<string, number> => {
    const readings: Record<string, number> = {};
    for (const { id, quantum, minimum, maximum } of about.sensors)
      readings[id] = Math.round(between(state.is[`seen.${id}`]!, minimum, maximum) / quantum) * quantum;
    return readings;
  };

  function refusalOf(state: EquipmentState, input: EquipmentInput): Problem | null {
    switch (input.type) {
      case 'controlSet':
        return settingRefused(about, state, input) ?? workings.refusalOf?.(state, input) ?? null;
      case 'turned':
      case 'lifted':
        if (!workings.use || !about.tools.some(({ id }) => id === input.tool))
          return refusal('no_such_tool', 'This machine has no use for the tool.', { tool: input.tool });
        if (input.type === 'turned' && !Number.isFinite(input.angleRad))
          return refusal('no_angle', 'The tool was not turned by an angle.', { tool: input.tool });
        return workings.refusalOf?.(state, input) ?? null;
      case 'alarmAcknowledged':
      case 'alarmShelved':
      case 'alarmUnshelved':
        return alarmIds.has(input.alarm)
          ? null
          : refusal('no_such_alarm', 'This machine has no such alarm.', { alarm: input.alarm });
      case 'faultInjected':
      case 'faultCleared':
        return faultIds.has(input.fault)
          ? null
          : refusal('no_such_fault', 'This machine has no such fault.', { fault: input.fault });
    }
  }

  function start(seed: number): EquipmentState {
    const is: Record<string, number> = { ...workings.initial };
    for (const { id, rest } of sliding) is[`at.${id}`] = Number(rest);
    const blank: EquipmentState = {
      v: 1,
      equipment: about.id,
      tick: 0,
      dice: firstDice(seed),
      is,
      controls: Object.fromEntries(about.controls.map(({ id, rest }) => [id, rest])),
      alarms: Object.fromEntries(about.alarms.map(({ id }) => [id, QUIET])),
      faults: {},
      locks: [],
    };
    const truth = workings.truth(blank);
    for (const { id } of about.sensors) is[`seen.${id}`] = truth[id]!;
    return blank;
  }

  function step(before: EquipmentState, inputs: readonly EquipmentInput[]): ReturnType<EquipmentModel['step']> {
    const tick = before.tick + 1;
    const happened: EquipmentEvent[] = [];
    const pressed = new Set<string>();
    const is = { ...before.is };
    const state = { ...before, tick, is, controls: { ...before.controls }, alarms: { ...before.alarms } };
    const draft: TickDraft = {
      ...state,
      happened,
      readings: sensed(before),
      isPressed: (control) => pressed.has(control),
      isAt: (control, position) => draft.controls[control] === position,
      opening: (control) => shareOf(controls.get(control)!, is[`at.${control}`] ?? draft.controls[control]!),
      lockCount: (hasp) => locksOn(state, hasp).length,
      faultS: (fault) => (state.faults[fault] === undefined ? -1 : (tick - state.faults[fault]) * TICK_S),
    };
    for (const input of inputs) {
      const problem = refusalOf({ ...state, is }, input);
      if (problem) happened.push({ kind: 'refused', input, problem });
      else apply(input);
    }
    for (const { id, setting, travelMs } of sliding) {
      const way = setting.kind === 'number' ? ((setting.maximum - setting.minimum) * TICK_MS) / travelMs : 1;
      const [at, to] = [is[`at.${id}`]!, Number(draft.controls[id])];
      is[`at.${id}`] = to > at ? Math.min(to, at + way) : Math.max(to, at - way);
    }
    workings.advance(draft);
    for (const { id, springsBackTo } of buttons) {
      if (pressed.has(id)) is[`held.${id}`] = PRESSED_TICKS;
      else if ((is[`held.${id}`] ?? 0) > 0 && --is[`held.${id}`]! === 0) {
        draft.controls[id] = springsBackTo!;
        happened.push({ kind: 'controlMoved', control: id, to: springsBackTo! });
      }
    }
    state.dice = measure(state);
    ring(state);
    // One zero: a snapshot as JSON knows no other.
    for (const name in is) if (is[name] === 0) is[name] = 0;
    return { state, happened };

    function apply(input: EquipmentInput): void {
      switch (input.type) {
        case 'controlSet':
          if (hasps.has(input.control)) return lock(input);
          draft.controls[input.control] = input.to;
          if (controls.get(input.control)?.springsBackTo !== null) pressed.add(input.control);
          workings.acted?.(draft, input);
          return;
        case 'turned':
        case 'lifted':
          return workings.use!(draft, input);
        case 'alarmAcknowledged':
          state.alarms[input.alarm] = acknowledged(state.alarms[input.alarm]!, tick);
          return;
        case 'alarmShelved':
          state.alarms[input.alarm] = shelved(state.alarms[input.alarm]!, input.forMs, tick);
          return;
        case 'alarmUnshelved':
          if (state.alarms[input.alarm]!.phase === 'shelved')
            state.alarms[input.alarm] = unshelved(state.alarms[input.alarm]!, tick);
          return;
        case 'faultInjected':
          if (state.faults[input.fault] === undefined) state.faults = { ...state.faults, [input.fault]: tick };
          return;
        case 'faultCleared': {
          const { [input.fault]: _, ...others } = state.faults;
          state.faults = others;
        }
      }
    }

    function lock({ control, by, to }: Extract<EquipmentInput, { type: 'controlSet' }>): void {
      state.locks =
        to === 'locked'
          ? [...state.locks, { control, by, sinceTick: tick }]
          : state.locks.filter((lock) => lock.control !== control || lock.by !== by);
      draft.controls[control] = locksOn(state, control).length > 0 ? 'locked' : 'open';
    }

    /** Readings follow the truth, unless a fault stands between. */
    function measure(state: EquipmentState): number {
      let { dice } = state;
      const truth = workings.truth(state);
      const faults = Object.entries(state.faults);
      for (const { id } of about.sensors) {
        const { lagS, noise } = workings.instruments[id] ?? { lagS: 0, noise: 0 };
        if (noise > 0) dice = nextDice(dice);
        let [isStuck, offset] = [false, 0];
        for (const [fault, since] of faults) {
          const effect = workings.effects[fault];
          if (effect?.kind === 'stuck' && effect.sensor === id) isStuck = true;
          if (effect?.kind === 'drift' && effect.sensor === id) offset += effect.perS * (tick - since) * TICK_S;
        }
        if (isStuck) continue;
        const shown = is[`seen.${id}`]!;
        const target = truth[id]! + offset + noise * noiseOf(dice);
        is[`seen.${id}`] = lagS > 0 ? shown + (target - shown) * Math.min(1, TICK_S / lagS) : target;
      }
      return dice;
    }

    function ring(state: EquipmentState & { alarms: Record<string, AlarmRecord> }): void {
      const wasActive = (alarm: string) => state.alarms[alarm]!.isActive;
      const conditions = { ...workings.alarms(sensed(state), wasActive), ...workings.contacts?.(state) };
      for (const fault of Object.keys(state.faults)) {
        const effect = workings.effects[fault];
        if (effect?.kind === 'falseAlarm') conditions[effect.alarm] = true;
      }
      for (const alarm of about.alarms) {
        const record = state.alarms[alarm.id]!;
        const next = tickAlarm(record, conditions[alarm.id] ?? false, alarm, tick);
        if (next.phase !== before.alarms[alarm.id]!.phase)
          happened.push({ kind: 'alarm', alarm: alarm.id, phase: next.phase });
        state.alarms[alarm.id] = next;
      }
    }
  }

  function shown(state: EquipmentState): number[] {
    const [readings, seen] = [sensed(state), workings.seen(state)];
    return about.shown.map(({ id, what, quantum }) => {
      switch (what) {
        case 'control': {
          const { setting } = controls.get(id)!;
          if (setting.kind === 'positions') return setting.positions.indexOf(String(state.controls[id]));
          return whole((state.is[`at.${id}`] ?? Number(state.controls[id])) / quantum);
        }
        case 'sensor':
          return whole(readings[id]! / quantum);
        case 'alarm':
          return phaseNumber(state.alarms[id]!);
        case 'lock':
          return locksOn(state, id).length;
        case 'motion':
        case 'lamp':
          return whole(seen[id]! / quantum);
      }
    });
  }

  return { about, start, refusalOf, step, sensed, truth: (state) => workings.truth(state), shown };
}

function shownOf({ about, motions }: Workings): Shown[] {
  const hasps = new Set<string>(about.lockPoints.map(({ hasp }) => hasp));
  return [
    ...about.controls.map(({ id, setting, joint }): Shown => {
      const isNumber = setting.kind === 'number';
      const quantum = isNumber ? (setting.maximum - setting.minimum) / 500 : 1;
      const what = hasps.has(id) ? 'lock' : 'control';
      return { id, what, unit: isNumber ? setting.unit : '1', quantum, node: joint.node };
    }),
    ...about.sensors.map(({ id, unit, quantum, node }): Shown => ({ id, what: 'sensor', unit, quantum, node })),
    ...about.alarms.map(({ id }): Shown => ({ id, what: 'alarm', unit: '1', quantum: 1, node: null })),
    ...motions,
  ];
}

/** There is one zero on the wire. */
const whole = (value: number): number => Math.round(value) || 0;

export const between = (value: number, minimum: number, maximum: number): number =>
  value < minimum ? minimum : value > maximum ? maximum : value;

/** Alarms that wait for somebody: a machine's panel counts them. */
export const openAlarms = ({ alarms }: Pick<EquipmentState, 'alarms'>): number =>
  Object.values(alarms).filter(isOpenAlarm).length;
