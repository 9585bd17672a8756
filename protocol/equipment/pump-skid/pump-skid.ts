import { acknowledged } from '../alarms.ts';
import { between, machine, openAlarms, TICK_S, type TickDraft, type Workings } from '../machine.ts';
import type { AlarmRecord, EquipmentModel, EquipmentState } from '../model.ts';
import { ATMOSPHERE_PA, DENSITY_KG_M3, GRAVITY, HEAT_CAPACITY_J_KG_K, PA_PER_M, saturationPa } from '../water.ts';
import { balance, kvOf, reliefLift, resistanceOf, SKID, total, type Flows, type Network } from './hydraulics.ts';
import { currentA, OVERLOAD, spun, warmed } from './motor.ts';
import { headLeft, headM, npshRequiredM, PUMP, torqueNm } from './pump-curve.ts';
import { PUMP_SKID, PUMP_SKID_MOTIONS } from './pump-skid.words.ts';

/** Limits of the logic; it acts on what the instruments show, as a real one does. */
export const LIMITS = {
  startLevelM: 0.5,
  startSuctionOpen: 0.9,
  tripLevelM: 0.4,
  tripCasingCel: 80,
  tripSealCel: 95,
  /** ISO 10816-7, category I, zone boundaries B/C and C/D. */
  alarmVibrationMmS: 4,
  tripVibrationMmS: 6.6,
  minimumFlowM3h: 10,
} as const;

const AMBIENT_CEL = 20;
const MAKE_UP_CEL = 15;
const MAKE_UP = { setM: 1.6, perM: 70 / 3600 / 0.5, mostM3s: 70 / 3600 };
/** The water columns in the pipes need this long to follow. */
const FLOW_LAG_S = 0.25;
const CAVITATION_LAG_S = 0.5;
/** Water in the casing and the iron next to it. */
const CASING_J_K = 30_000;
const SEAL = {
  heatW: 700,
  capacityJK: 1200,
  toCasingWK: 8,
  dryWK: 1,
  flushWK: 418,
  flushCel: 18,
  damagedAboveCel: 110,
};
const FLUSH_L_MIN = 6;
/** Share of the diameter that the wrong impeller has. */
const WRONG_IMPELLER = 1.08;
const M3H = 3600;

const INITIAL = {
  volumeM3: SKID.tankAreaM2 * 1.6,
  tankCel: AMBIENT_CEL,
  casingCel: AMBIENT_CEL,
  sealCel: AMBIENT_CEL,
  radS: 0,
  heat: 0,
  contactor: 0,
  runningS: 0,
  filled: 0.55,
  headLeft: 1,
  rattle: 0,
  wear: 0,
  headM: SKID.tankAboveM + 1.6,
  lossW: 0,
  ampere: 0,
  dischargeM3s: 0,
  bypassM3s: 0,
  reliefM3s: 0,
  leakM3s: 0,
  makeUpM3s: 0,
  overflowM3s: 0,
  suctionM: SKID.tankAboveM + 1.6,
  bubbles: 0,
  vibrationS: 0,
};
const TRIPS = [
  'low-level',
  'high-casing-temperature',
  'high-seal-temperature',
  'high-vibration',
  'overload',
  'emergency-stop',
] as const;
type Quantities = Record<keyof typeof INITIAL, number>;

const workings: Workings = {
  about: PUMP_SKID,
  motions: PUMP_SKID_MOTIONS,
  initial: { ...INITIAL, ready: 0, ...Object.fromEntries(TRIPS.map((id) => [`trip.${id}`, 0])) },
  instruments: {
    'tank-level': { lagS: 0.5, noise: 0.006 },
    'suction-pressure': { lagS: 0.3, noise: 0.01 },
    'discharge-pressure': { lagS: 0.3, noise: 0.03 },
    flow: { lagS: 0.6, noise: 0.3 },
    'casing-temperature': { lagS: 4, noise: 0.1 },
    'seal-temperature': { lagS: 4, noise: 0.1 },
    vibration: { lagS: 0.6, noise: 0.2 },
    'motor-current': { lagS: 0.1, noise: 0.3 },
    speed: { lagS: 0.2, noise: 4 },
    'flush-flow': { lagS: 0.5, noise: 0.1 },
    'casing-filled': { lagS: 0.5, noise: 0 },
  },
  effects: {
    'level-stuck': { kind: 'stuck', sensor: 'tank-level' },
    'discharge-drift': { kind: 'drift', sensor: 'discharge-pressure', perS: 0.05 },
    'false-seal-alarm': { kind: 'falseAlarm', alarm: 'high-seal-temperature' },
  },
  advance(draft) {
    const is = draft.is as Quantities;
    control(draft, is);
    flow(draft, is);
    heat(draft, is);
  },
  truth,
  alarms(sensed, wasActive) {
    const above = (alarm: string, sensor: string, limit: number, deadBand: number) =>
      sensed[sensor]! > (wasActive(alarm) ? limit - deadBand : limit);
    const below = (alarm: string, sensor: string, limit: number, deadBand: number) =>
      sensed[sensor]! < (wasActive(alarm) ? limit + deadBand : limit);
    const isRunning = sensed['is-running'] === 1;
    return {
      'low-level': below('low-level', 'tank-level', 0.7, 0.1),
      'low-suction-pressure': below('low-suction-pressure', 'suction-pressure', -0.3, 0.1),
      'high-discharge-pressure': above('high-discharge-pressure', 'discharge-pressure', 6.3, 0.3),
      'low-flow': isRunning && sensed['bypass-is-open'] === 0 && below('low-flow', 'flow', LIMITS.minimumFlowM3h, 2),
      'high-casing-temperature': above('high-casing-temperature', 'casing-temperature', 60, 3),
      'high-seal-temperature': above('high-seal-temperature', 'seal-temperature', 75, 3),
      'high-vibration': above('high-vibration', 'vibration', LIMITS.alarmVibrationMmS, 0.5),
      overload: isRunning && above('overload', 'motor-current', 22, 1) && sensed['speed']! > 2700,
      tripped: sensed['is-tripped'] === 1,
    };
  },
  seen({ is, controls }) {
    return {
      shaft: is['radS']! / (2 * Math.PI),
      'tank-water': is['volumeM3']! / SKID.tankAreaM2,
      leak: is['leakM3s']! * 60_000,
      bubbles: is['bubbles']! * 100,
      rattle: is['rattle']! * 100,
      'relief-lift': reliefLift(is['headM']!) * 100,
      'lamp-power': controls['breaker'] === 'on' ? 1 : 0,
      'lamp-ready': is['ready']!,
      'lamp-running': is['contactor']!,
      'lamp-tripped': isTripped(is) ? 1 : 0,
    };
  },
};

export const pumpSkid: EquipmentModel = machine(workings);

const isTripped = (is: Readonly<Record<string, number>>): boolean => TRIPS.some((id) => is[`trip.${id}`] === 1);

/** Buttons, interlocks and the contactor. Emergency stop and overload relay are wired, they need no instrument. */
function control(draft: TickDraft, is: Quantities): void {
  const { readings } = draft;
  const marks = draft.is;
  const isPowered = draft.isAt('breaker', 'on') && draft.faultS('power-loss') < 0;
  const isRunning = is.contactor === 1;
  const isUpToSpeed = is.runningS > 3;
  is.vibrationS = isUpToSpeed && readings['vibration']! > LIMITS.tripVibrationMmS ? is.vibrationS + TICK_S : 0;
  const isTripping: Record<(typeof TRIPS)[number], boolean> = {
    'low-level': isRunning && readings['tank-level']! < LIMITS.tripLevelM,
    'high-casing-temperature': readings['casing-temperature']! > LIMITS.tripCasingCel,
    'high-seal-temperature': readings['seal-temperature']! > LIMITS.tripSealCel,
    'high-vibration': is.vibrationS > 3,
    overload: is.heat > OVERLOAD.tripAt || (marks['trip.overload'] === 1 && is.heat > 1),
    'emergency-stop': draft.isAt('emergency-stop', 'pressed'),
  };
  const isReset = draft.isPressed('reset-button');
  for (const id of TRIPS) {
    const mark = `trip.${id}`;
    if (isTripping[id] && marks[mark] === 0) {
      marks[mark] = 1;
      draft.happened.push({ kind: 'tripped', interlock: id });
    } else if (!isTripping[id] && isReset) marks[mark] = 0;
  }
  const mayRun = isPowered && !isTripped(marks);
  const isPermitted =
    mayRun &&
    readings['tank-level']! >= LIMITS.startLevelM &&
    draft.opening('suction-valve') >= LIMITS.startSuctionOpen;
  marks['ready'] = isPermitted && !isRunning ? 1 : 0;
  if (!mayRun || draft.isPressed('stop-button')) is.contactor = 0;
  else if (isPermitted && draft.isPressed('start-button')) is.contactor = 1;
  is.runningS = is.contactor === 1 ? is.runningS + TICK_S : 0;
  if (draft.isPressed('acknowledge-button'))
    for (const [id, record] of Object.entries(draft.alarms))
      (draft.alarms as Record<string, AlarmRecord>)[id] = acknowledged(record, draft.tick);
}

function flow(draft: TickDraft, is: Quantities): void {
  const impeller = draft.faultS('wrong-impeller') >= 0 ? WRONG_IMPELLER : 1;
  const pumped = total(is);
  const level = is.volumeM3 / SKID.tankAreaM2;
  fill(draft, is, level);
  const wet = is.filled * is.filled;
  const speed = (is.radS / PUMP.ratedRadS) * impeller;
  const net = networkOf(draft, is, speed, level);

  // Motor and shaft: the load of this tick's flow goes with the square of the speed.
  const torque = torqueNm(pumped, speed) * wet * (0.3 + 0.7 * is.headLeft) + PUMP.lossNm * Math.min(1, is.radS);
  const perSquare = is.radS > 1 ? torque / (is.radS * is.radS) : 0;
  const isPowered = is.contactor === 1;
  is.radS = spun(is.radS, perSquare, isPowered, false);
  is.ampere = currentA(is.radS, isPowered);
  is.heat = warmed(is.heat, is.ampere);

  // Cavitation: what the suction has against what the impeller needs.
  const vapourM = (ATMOSPHERE_PA - saturationPa(is.casingCel)) / PA_PER_M;
  const available = vapourM + net.surfaceM - net.suction * pumped * pumped;
  const required = npshRequiredM(pumped, speed);
  const ratio = speed > 0.05 ? between(available / Math.max(required, 0.05), 0, 9) : 9;
  is.headLeft += ((headLeft(ratio) - is.headLeft) * TICK_S) / CAVITATION_LAG_S;
  const rattle =
    is.rattle + ((between((1.3 - ratio) / 0.5, 0, 1) * speed * speed - is.rattle) * TICK_S) / CAVITATION_LAG_S;
  is.rattle = rattle < 1e-4 ? 0 : rattle;

  const target = balance(net);
  for (const name of ['dischargeM3s', 'bypassM3s', 'reliefM3s', 'leakM3s'] as const satisfies (keyof Flows)[]) {
    const next = is[name] + ((target[name] - is[name]) * TICK_S) / FLOW_LAG_S;
    // Nothing trickles on for ever: below a drop a minute it is dry.
    is[name] = next < 1e-9 ? 0 : next;
  }
  is.headM += ((target.headM - is.headM) * TICK_S) / FLOW_LAG_S;
  const now = total(is);
  is.suctionM = Math.max(net.surfaceM - net.suction * now * now, -vapourM);
  const hydraulicW = DENSITY_KG_M3 * GRAVITY * now * Math.max(0, headM(now, speed)) * is.headLeft * wet;
  is.lossW = Math.max(0, torque * is.radS - hydraulicW);

  // The tank: what comes, what goes, what comes back.
  const isMadeUp = draft.faultS('make-up-failed') < 0;
  is.makeUpM3s = isMadeUp ? between((MAKE_UP.setM - level) * MAKE_UP.perM, 0, MAKE_UP.mostM3s) : 0;
  const volume = is.volumeM3 + (is.makeUpM3s - is.dischargeM3s - is.leakM3s) * TICK_S;
  is.overflowM3s = Math.max(0, volume - SKID.tankAreaM2 * SKID.tankHeightM) / TICK_S;
  is.volumeM3 = Math.max(0, volume - is.overflowM3s * TICK_S);
}

/** Air leaves through the vent while water comes in by gravity; an empty tank lets it in again. */
function fill(draft: TickDraft, is: Quantities, level: number): void {
  const before = is.filled;
  if (level < 0.05 && is.radS > 30) is.filled = Math.max(0, is.filled - TICK_S / 4);
  else if (level > 0.05 && draft.opening('suction-valve') > 0.05 && draft.isAt('vent-valve', 'open'))
    is.filled = Math.min(1, is.filled + TICK_S / 15);
  is.bubbles = is.filled > before ? 1 : 0;
}

function networkOf(draft: TickDraft, is: Quantities, speed: number, level: number): Network {
  const open = (id: string) => draft.opening(id);
  const blockedS = draft.faultS('strainer-blocked');
  const clogged = between(blockedS / 20, 0, 1);
  const strainer = 90_000 * clogged * clogged;
  const suction = SKID.suctionLine + strainer + resistanceOf(kvOf(SKID.kv.suction, open('suction-valve'), false));
  const surfaceM = SKID.tankAboveM + level;
  const leak = between(draft.faultS('seal-leak') / 5, 0, 1) + is.wear;
  const vapourM = (ATMOSPHERE_PA - saturationPa(is.casingCel)) / PA_PER_M;
  return {
    speed,
    headLeft: Math.max(0.02, is.headLeft * is.filled * is.filled),
    surfaceM,
    suction,
    discharge: SKID.dischargeLine + resistanceOf(kvOf(SKID.kv.discharge, open('discharge-valve'), true)),
    bypass: resistanceOf(kvOf(SKID.kv.bypass, open('bypass-valve'), true)),
    leak: resistanceOf(SKID.kv.leak * leak),
    mostM3s: level > 0.01 ? Math.sqrt(Math.max(0, vapourM + surfaceM) / suction) : 0,
  };
}

function heat(draft: TickDraft, is: Quantities): void {
  const pumped = total(is);
  const before = is.casingCel;
  const carriedW = DENSITY_KG_M3 * HEAT_CAPACITY_J_KG_K * pumped * (is.tankCel - is.casingCel);
  const lostW = 12 * (AMBIENT_CEL - is.casingCel);
  is.casingCel += ((is.lossW + carriedW + lostW) * TICK_S) / CASING_J_K;
  const back = is.bypassM3s + is.reliefM3s;
  const mixed = is.makeUpM3s * (MAKE_UP_CEL - is.tankCel) + back * (before - is.tankCel);
  is.tankCel += (mixed / Math.max(is.volumeM3, 0.2)) * TICK_S;

  const speed = is.radS / PUMP.ratedRadS;
  const isFlushed = draft.isAt('flush-valve', 'open');
  const toCasingWK = is.filled > 0.5 ? SEAL.toCasingWK : SEAL.dryWK;
  const watts =
    SEAL.heatW * speed * speed +
    toCasingWK * (is.casingCel - is.sealCel) +
    (isFlushed ? SEAL.flushWK * (SEAL.flushCel - is.sealCel) : 0);
  is.sealCel += (watts * TICK_S) / SEAL.capacityJK;
  if (is.sealCel > SEAL.damagedAboveCel) is.wear = Math.min(1, is.wear + TICK_S / 60);
}

function truth(state: EquipmentState): Record<string, number> {
  const is = state.is as Quantities;
  const speed = is.radS / PUMP.ratedRadS;
  const share = speed > 0.1 ? total(is) / (PUMP.bestFlowM3s * speed) : 1;
  const wornTicks = state.faults['bearing-worn'];
  const worn = wornTicks === undefined ? 0 : between(((state.tick - wornTicks) * TICK_S) / 60, 0, 1) * 4.2;
  const recirculation = 2.5 * between((0.3 - share) / 0.3, 0, 1);
  return {
    'tank-level': is.volumeM3 / SKID.tankAreaM2,
    'suction-pressure': (is.suctionM * PA_PER_M) / 100_000,
    'discharge-pressure': (is.headM * PA_PER_M) / 100_000,
    flow: is.dischargeM3s * M3H,
    'casing-temperature': is.casingCel,
    'seal-temperature': is.sealCel,
    vibration: speed * speed * (1.1 + recirculation + worn + 2.5 * (1 - is.filled)) + 9 * is.rattle,
    'motor-current': is.ampere,
    speed: (is.radS * 60) / (2 * Math.PI),
    'flush-flow': state.controls['flush-valve'] === 'open' ? FLUSH_L_MIN : 0,
    'casing-filled': is.filled * 100,
    'bypass-is-open': state.is['at.bypass-valve']! >= 50 ? 1 : 0,
    'is-running': is.contactor,
    'is-tripped': isTripped(state.is) ? 1 : 0,
    'is-ready': state.is['ready']!,
    'alarms-open': openAlarms(state),
  };
}
