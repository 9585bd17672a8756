import { locksOn, refusal } from '../controls.ts';
import { between, machine, TICK_S, type TickDraft, type Workings } from '../machine.ts';
import type { EquipmentInput, EquipmentModel, EquipmentState } from '../model.ts';
import { LOCKOUT_MOTIONS, LOCKOUT_STATION } from './lockout-station.words.ts';

/**
 * Energies that stay when a machine stands: OSHA 29 CFR 1910.147 (d)(5) and ISO 14118 ask to release or hold them, and
 * to verify. 60 V direct is the limit of IEC 60204-1, 6.2.4 for residual voltage.
 */
export const SAFE = { directV: 60, airBar: 0.2, oilBar: 2, alternatingV: 50, ramMm: 5 } as const;

const LINE_V = 400;
const PHASE_V = 230;
const DIRECT_V = 560;
/** Time constants, seconds: 560 V are below 60 V after 27 s. */
const CHARGE_S = 0.5;
const DISCHARGE_S = 12;
const BROKEN_S = 3000;
const EARTHED_S = 0.25;
const AIR = { lineBar: 6, fillS: 0.6, exhaustS: 1.4, trappedBar: 4, startBar: 4.5 };
const OIL = { fullBar: 120, fillPerS: 12, bleedS: 2.5, seepS: 900, holdsRamBar: 60, leakPerS: 2 };
const RAM = { topMm: 300, upMmS: 80, downMmS: 30 };
const FLYWHEEL = { ratedPerMin: 300, upS: 1.5, downS: 6 };
const PROVING_V = 230;

const INITIAL = {
  directV: DIRECT_V,
  airBar: AIR.lineBar,
  oilBar: OIL.fullBar,
  ramMm: RAM.topMm,
  perMin: FLYWHEEL.ratedPerMin,
  contactor: 1,
  stoppedByEmergency: 0,
  starts: 0,
  earthed: 0,
  hiss: 0,
  sinking: 0,
  isSupplied: 1,
  testedV: 0,
};
type Quantities = Record<keyof typeof INITIAL, number>;

const HASPS = ['isolator-hasp', 'air-hasp', 'oil-hasp'] as const;
const hasSupply = (faultS: (fault: string) => number): boolean => faultS('power-loss') < 0;

const workings: Workings = {
  about: LOCKOUT_STATION,
  motions: LOCKOUT_MOTIONS,
  initial: INITIAL,
  instruments: {
    speed: { lagS: 0.3, noise: 1 },
    'air-pressure': { lagS: 0.2, noise: 0.02 },
    'oil-pressure': { lagS: 0.2, noise: 0.3 },
    'drive-voltage': { lagS: 0.2, noise: 0.3 },
    'ram-height': { lagS: 0.1, noise: 0.2 },
  },
  effects: {
    'air-gauge-stuck': { kind: 'stuck', sensor: 'air-pressure' },
    'false-guard-alarm': { kind: 'falseAlarm', alarm: 'guard-open' },
  },
  advance(draft) {
    const is = draft.is as Quantities;
    drive(draft, is);
    energies(draft, is);
  },
  truth: (state) => {
    const is = state.is as Quantities;
    return {
      speed: is.perMin,
      'air-pressure': is.airBar,
      'oil-pressure': is.oilBar,
      'drive-voltage': is.directV,
      'ram-height': is.ramMm,
      'is-running': is.contactor,
      'isolator-locks': locksOn(state, 'isolator-hasp').length,
      'air-locks': locksOn(state, 'air-hasp').length,
      'oil-locks': locksOn(state, 'oil-hasp').length,
      'box-locks': locksOn(state, 'box-hasp').length,
      'starts-tried': is.starts,
    };
  },
  // Guard, emergency button and the sinking ram are contacts in the machine: see `contacts`.
  alarms: (sensed, wasActive) => ({
    'low-air': sensed['air-pressure']! < (wasActive('low-air') ? 5 : AIR.startBar),
    'low-oil': sensed['oil-pressure']! < (wasActive('low-oil') ? 90 : 80),
  }),
  contacts: ({ is, controls }) => ({
    'guard-open': controls['guard'] === 'open',
    'stopped-by-emergency': is['stoppedByEmergency'] === 1,
    'ram-sinking': is['sinking'] === 1,
  }),
  seen: ({ is }) => ({
    flywheel: is['perMin']! / 60,
    ram: is['ramMm']!,
    hiss: is['hiss']! * 100,
    'lamp-supply': is['isSupplied']!,
    'lamp-running': is['contactor']!,
  }),
  refusalOf,
  acted(draft, { by, control, to }) {
    if (control === 'guard' && to === 'open')
      for (const hazard of dangers(draft)) draft.happened.push({ kind: 'harm', by, hazard });
  },
  use(draft, input) {
    const is = draft.is as Quantities;
    if (input.tool === 'earthing-stick') {
      if (input.thing === 'drive-terminals') is.earthed = input.type === 'turned' ? 1 : 0;
      return;
    }
    if (input.type === 'turned') return;
    const value = Math.round(voltageAt(draft, input.thing));
    is.testedV = value;
    draft.happened.push({
      kind: 'measured',
      by: input.by,
      tool: input.tool,
      thing: input.thing,
      isOk: true,
      value,
      unit: 'V',
    });
  },
};

export const lockoutStation: EquipmentModel = machine(workings);

/** Energy that could hurt whoever reaches in now. */
function dangers(draft: TickDraft): string[] {
  const is = draft.is as Quantities;
  const list: string[] = [];
  if (is.contactor === 1 || is.perMin > 5) list.push('motion');
  if (is.airBar > SAFE.airBar) list.push('air');
  if (is.oilBar > SAFE.oilBar) list.push('oil');
  if (is.ramMm > SAFE.ramMm && !draft.isAt('ram-block', 'in')) list.push('ram');
  return list;
}

/** Keys of the isolation locks lie in the box; the block goes in only under a raised ram, and carries it then. */
function refusalOf(state: EquipmentState, input: EquipmentInput): ReturnType<EquipmentModel['refusalOf']> {
  if (input.type !== 'controlSet') return null;
  const { control, to } = input;
  const areLocked = HASPS.every((hasp) => locksOn(state, hasp).length > 0);
  if (control === 'box-lid' && to === 'closed' && !areLocked)
    return refusal('keys_missing', 'Not all keys are in the box: an isolation point is not locked.', {
      open: HASPS.filter((hasp) => locksOn(state, hasp).length === 0),
    });
  if (HASPS.some((hasp) => hasp === control) && to === 'open' && state.controls['box-lid'] === 'closed')
    return refusal('key_in_box', 'The key of this lock is in the closed lock box.', { control }, 'Open the box first.');
  if (control === 'ram-block' && to === 'in' && state.is['ramMm']! < RAM.topMm - 10)
    return refusal('ram_too_low', 'The block does not fit: the ram is not at its top.', { control });
  return null;
}

function drive(draft: TickDraft, is: Quantities): void {
  const isSupplied = draft.isAt('main-isolator', 'on') && hasSupply(draft.faultS);
  is.isSupplied = isSupplied ? 1 : 0;
  const wasRunning = is.contactor === 1;
  const isStopped = draft.isAt('emergency-stop', 'pressed');
  if (isStopped && is.stoppedByEmergency === 0) {
    is.stoppedByEmergency = 1;
    draft.happened.push({ kind: 'tripped', interlock: 'emergency-stop' });
  } else if (!isStopped && draft.isPressed('reset-button')) is.stoppedByEmergency = 0;
  const isGuardOpen = draft.isAt('guard', 'open') || draft.faultS('false-guard-alarm') >= 0;
  if (wasRunning && isGuardOpen) draft.happened.push({ kind: 'tripped', interlock: 'guard' });
  const mayRun = isSupplied && is.stoppedByEmergency === 0 && !isGuardOpen;
  const mayStart = mayRun && draft.readings['air-pressure']! >= AIR.startBar && is.directV > 300;
  if (!mayRun || draft.isPressed('stop-button')) is.contactor = 0;
  else if (mayStart && draft.isPressed('start-button')) is.contactor = 1;
  if (draft.isPressed('start-button') && is.contactor === 0) is.starts = Math.min(99, is.starts + 1);
  const rated = FLYWHEEL.ratedPerMin * is.contactor;
  const next = is.perMin + ((rated - is.perMin) * TICK_S) / (is.contactor === 1 ? FLYWHEEL.upS : FLYWHEEL.downS);
  // Friction brings the last turn to an end.
  is.perMin = is.contactor === 0 ? Math.max(0, next - 4 * TICK_S) : next;
}

function energies(draft: TickDraft, is: Quantities): void {
  const towards = (value: number, target: number, seconds: number) =>
    value + (target - value) * Math.min(1, TICK_S / seconds);
  const discharging = is.earthed === 1 ? EARTHED_S : draft.faultS('bleed-resistor-open') >= 0 ? BROKEN_S : DISCHARGE_S;
  is.directV = is.isSupplied === 1 ? towards(is.directV, DIRECT_V, CHARGE_S) : towards(is.directV, 0, discharging);

  const before = is.airBar;
  const isBled = draft.isAt('air-bleed', 'open');
  if (draft.isAt('air-valve', 'on')) is.airBar = towards(is.airBar, isBled ? 5 : AIR.lineBar, AIR.fillS);
  else {
    const floor = draft.faultS('air-trapped') >= 0 && !isBled ? Math.min(is.airBar, AIR.trappedBar) : 0;
    is.airBar = towards(is.airBar, floor, AIR.exhaustS);
  }
  if (is.airBar < 1e-4) is.airBar = 0;
  is.hiss = between((before - is.airBar) * 8, 0, 1);

  if (draft.isAt('accumulator-bleed', 'open')) is.oilBar = towards(is.oilBar, 0, OIL.bleedS);
  else if (draft.isAt('oil-valve', 'on') && is.contactor === 1)
    is.oilBar = Math.min(OIL.fullBar, is.oilBar + OIL.fillPerS * TICK_S);
  else is.oilBar = towards(is.oilBar, 0, OIL.seepS);
  if (draft.faultS('oil-leak') >= 0) is.oilBar = Math.max(0, is.oilBar - OIL.leakPerS * TICK_S);
  if (is.oilBar < 1e-3) is.oilBar = 0;

  const height = is.ramMm;
  const isCarried = draft.isAt('ram-block', 'in');
  if (is.oilBar >= OIL.holdsRamBar && draft.isAt('oil-valve', 'on') && is.contactor === 1)
    is.ramMm = Math.min(RAM.topMm, is.ramMm + RAM.upMmS * TICK_S);
  else if (is.oilBar < OIL.holdsRamBar && !isCarried) is.ramMm = Math.max(0, is.ramMm - RAM.downMmS * TICK_S);
  is.sinking = is.ramMm < height ? 1 : 0;
}

/** What a two-pole tester shows there, volts; a dead one shows nothing anywhere. */
function voltageAt(draft: TickDraft, thing: string): number {
  if (draft.faultS('tester-dead') >= 0) return 0;
  const is = draft.is as Quantities;
  const isLive = is.isSupplied === 1;
  const isWelded = draft.faultS('welded-contact') >= 0 && hasSupply(draft.faultS);
  switch (thing) {
    case 'proving-unit':
      return PROVING_V;
    case 'drive-terminals':
      return is.directV;
    // With one pole left closed, L2 stands against the others at phase voltage.
    case 'terminals-l1':
    case 'terminals-l2':
      return isLive ? LINE_V : isWelded ? PHASE_V : 0;
    case 'terminals-l3':
      return isLive ? LINE_V : 0;
    default:
      return 0;
  }
}
