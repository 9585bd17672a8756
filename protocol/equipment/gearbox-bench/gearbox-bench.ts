import { detents, count, fault, handWheel, sensor, thing, tool, w, motion } from '../describe.ts';
import { between, machine, TICK_S, type TickDraft, type Workings } from '../machine.ts';
import type { EquipmentControl, EquipmentModel } from '../model.ts';
import { noiseOf } from '../noise.ts';

/**
 * What the gearbox is built with: torque wrenches that click, a bearing heater and a press. Screws follow a torque-angle
 * curve: running down, snug, elastic, yield (VDI 2230); a wrench is right within 4 % (ISO 6789-1, type II class A).
 */
export const WRENCHES = [
  { id: 'wrench-m8', name: w('Torque wrench, 6 mm hexagon', '扭矩扳手（6 毫米内六角）'), nm: 25, mostNm: 60 },
  { id: 'wrench-m6', name: w('Torque wrench, 5 mm hexagon', '扭矩扳手（5 毫米内六角）'), nm: 10, mostNm: 25 },
  { id: 'wrench-plug', name: w('Torque wrench, 17 mm', '扭矩扳手（17 毫米）'), nm: 25, mostNm: 60 },
] as const;
const WRENCH_ERROR = 0.04;
const WORN_WRENCH = 0.88;
/** Radians: two free turns, then an elastic sixth of a turn to the nominal torque. */
const SCREW = { snugRad: 4 * Math.PI, elasticRad: Math.PI / 3, freeNm: 0.2, yieldAt: 1.5, breaksAtRad: 2 * Math.PI };

/** SKF, Bearing installation and maintenance guide: warm by 80 to 90 K, never above 120 °C. */
export const BEARING = { boreMm: 40, interferenceUm: 18, clearanceUm: 8, damagedAboveCel: 125, capacityJK: 280 };
const HEATER = { watts: 1200, lossWK: 1.6, ambientCel: 20 };
/** Expansion of steel, um per mm and K. */
const EXPANSION = 0.012;
const PRESS = { mostKn: 20, coldKn: 9, mmPerSKn: 1.6, seatMm: 18, damagedAboveKn: 16, leverPerS: 0.5 };

const setting = (
  id: string,
  name: ReturnType<typeof w>,
  unit: 'N.m' | 'Cel',
  minimum: number,
  maximum: number,
  rest: number,
) =>
  ({
    ...handWheel(id, name, 0, rest, 2),
    kind: 'joint',
    setting: { kind: 'number', unit, minimum, maximum },
  }) satisfies EquipmentControl;

const INITIAL = {
  bearingCel: HEATER.ambientCel,
  isHeating: 0,
  pressKn: 0,
  travelMm: 0,
  isDamaged: 0,
  lastNm: 0,
  nowNm: 0,
  hottestCel: HEATER.ambientCel,
};
type Quantities = Record<keyof typeof INITIAL, number>;

const workings: Workings = {
  about: {
    id: 'gearbox-bench',
    title: w('Bench for the gearbox', '减速器装配台'),
    version: 1,
    model: null,
    controls: [
      ...WRENCHES.map(({ id, name, nm, mostNm }) => setting(`${id}-setting`, name, 'N.m', 2, mostNm, nm)),
      detents('heater-switch', w('Bearing heater', '轴承加热器'), 'switch', ['off', 'on']),
      setting('heater-target', w('Heater set to', '加热温度设定'), 'Cel', 20, 150, 20),
      handWheel('press-lever', w('Press lever', '压机手柄'), PRESS.leverPerS * 2000, 0, 0.25),
      detents('press-reset', w('Next bearing on the press', '放置下一个轴承'), 'lever', ['loaded', 'empty']),
    ],
    sensors: [
      sensor('bearing-temperature', w('Bearing', '轴承温度'), 'Cel', [0, 200], 0.5, 2),
      sensor('press-force', w('Press force', '压装力'), 'kN', [0, 25], 0.1, 0.5),
      sensor('press-travel', w('Press travel', '压装行程'), 'mm', [0, 25], 0.1, 1),
      sensor('wrench-torque', w('Torque last reached', '最近拧紧扭矩'), 'N.m', [0, 100], 0.1, 0.5),
      count('is-seated', w('Bearing seated', '轴承到位')),
      count('is-damaged', w('Bearing damaged', '轴承损坏')),
    ],
    alarms: [
      {
        id: 'too-hot',
        name: w('Bearing too hot', '轴承过热'),
        priority: 'high',
        action: w('Switch the heater off; a bearing above 125 °C is scrap.', '关闭加热器；超过 125 °C 的轴承报废。'),
        onDelayMs: 200,
        offDelayMs: 500,
      },
    ],
    interlocks: [],
    lockPoints: [],
    protection: [
      { id: 'gloves', name: w('Gloves', '手套') },
      { id: 'glasses', name: w('Safety glasses', '护目镜') },
    ],
    tools: [
      ...WRENCHES.map(({ id, name }) => tool(id, name, 'N.m')),
      tool('pliers', w('Circlip pliers', '卡簧钳'), null),
    ],
    things: [thing('bearing', w('Bearing 6208', '轴承 6208'), null, null)],
    faults: [
      fault(
        'wrong-seal',
        'wrong_part',
        w('A wrong seal in the kit', '料盒中密封圈型号错误'),
        w('The seal is 2 mm too large and needs twice the force.', '密封圈外径大 2 mm，压装力加倍。'),
        w('The press force is twice as high as usual.', '压装力约为正常值的两倍。'),
      ),
      fault(
        'wrench-worn',
        'other',
        w('Wrenches out of calibration', '扳手失准'),
        w('All wrenches click 12 % too early.', '扳手提前约 12% 发出咔嗒声。'),
        w('The torque reached is below the setting.', '实际扭矩低于设定值。'),
      ),
      fault(
        'thermometer-stuck',
        'sensor_stuck',
        w('Thermometer stuck', '温度计卡死'),
        w('The heater no longer sees how hot the bearing is.', '加热器无法得知轴承温度。'),
        w('The reading stands still while the heater hums.', '加热器工作而读数不变。'),
      ),
      fault(
        'power-loss',
        'power_loss',
        w('Supply lost', '失电'),
        w('The heater has no supply.', '加热器失电。'),
        w('The bearing cools with the heater on.', '加热器打开而轴承降温。'),
      ),
    ],
  },
  motions: [motion('press-ram', 'mm', 0.2), motion('torque-now', 'N.m', 0.5), motion('glow', '%', 5)],
  initial: INITIAL,
  instruments: {
    'bearing-temperature': { lagS: 0.8, noise: 0.2 },
    'press-force': { lagS: 0.05, noise: 0.03 },
    'press-travel': { lagS: 0, noise: 0 },
    'wrench-torque': { lagS: 0, noise: 0 },
  },
  effects: { 'thermometer-stuck': { kind: 'stuck', sensor: 'bearing-temperature' } },
  advance(draft) {
    const is = draft.is as Quantities;
    heat(draft, is);
    press(draft, is);
  },
  truth: ({ is }) => ({
    'bearing-temperature': is['bearingCel']!,
    'press-force': is['pressKn']!,
    'press-travel': is['travelMm']!,
    'wrench-torque': is['lastNm']!,
    'is-seated': is['travelMm']! >= PRESS.seatMm ? 1 : 0,
    'is-damaged': is['isDamaged']!,
  }),
  alarms: (sensed, wasActive) => ({ 'too-hot': sensed['bearing-temperature']! > (wasActive('too-hot') ? 110 : 118) }),
  seen: ({ is }) => ({
    'press-ram': is['travelMm']!,
    'torque-now': is['nowNm']!,
    glow: is['isHeating']! * 100,
  }),
  acted(draft, { control, to }) {
    if (control !== 'press-reset' || to !== 'loaded') return;
    const is = draft.is as Quantities;
    Object.assign(is, { bearingCel: HEATER.ambientCel, travelMm: 0, isDamaged: 0, hottestCel: HEATER.ambientCel });
  },
  use(draft, input) {
    const wrench = WRENCHES.find(({ id }) => id === input.tool);
    const { thing, tool, by } = input;
    if (!wrench) {
      if (input.type === 'lifted')
        draft.happened.push({ kind: 'measured', by, tool, thing, isOk: true, value: 0, unit: '1' });
      return;
    }
    const is = draft.is as Record<string, number>;
    const [angle, peak, click] = [`angle.${thing}`, `peak.${thing}`, `click.${thing}`];
    const setNm = Number(draft.controls[`${tool}-setting`]);
    // Each wrench has its own small error, the same for the whole run.
    const error = 1 + WRENCH_ERROR * noiseOf(Math.imul(tool.length + setNm, 0x9e3779b1) >>> 0);
    const clicksAtNm = setNm * error * (draft.faultS('wrench-worn') >= 0 ? WORN_WRENCH : 1);
    if (input.type === 'turned') {
      is[angle] = Math.max(0, (is[angle] ?? 0) + between(input.angleRad, -Math.PI, Math.PI));
      const nm = torqueAt(is[angle], wrench.nm);
      is['nowNm'] = nm;
      if (nm > (is[peak] ?? 0)) is[peak] = nm;
      if (nm >= clicksAtNm && (is[click] ?? 0) === 0) {
        is[click] = 1;
        draft.happened.push({ kind: 'clicked', by, tool, thing });
      }
      return;
    }
    const nm = Math.round((is[peak] ?? 0) * 10) / 10;
    const isOk = is[click] === 1 && (is[angle] ?? 0) < SCREW.snugRad + SCREW.breaksAtRad;
    is['lastNm'] = nm;
    is['nowNm'] = 0;
    delete is[peak];
    delete is[click];
    draft.happened.push({ kind: 'measured', by, tool, thing, isOk, value: nm, unit: 'N.m' });
  },
};

export const gearboxBench: EquipmentModel = machine(workings);

/** Torque of a screw at an angle from where it was put in, N.m. Turned too far it breaks and takes none. */
export function torqueAt(angleRad: number, nominalNm: number): number {
  const stretchRad = angleRad - SCREW.snugRad;
  if (stretchRad <= 0) return SCREW.freeNm;
  if (stretchRad >= SCREW.breaksAtRad) return 0;
  return Math.min(nominalNm * SCREW.yieldAt, SCREW.freeNm + (nominalNm * stretchRad) / SCREW.elasticRad);
}

/** Two-point control by its own thermometer. */
function heat(draft: TickDraft, is: Quantities): void {
  const target = Number(draft.controls['heater-target']);
  const shown = draft.readings['bearing-temperature']!;
  const isOn = draft.isAt('heater-switch', 'on') && draft.faultS('power-loss') < 0;
  is.isHeating = isOn && (shown < target - 1 || (is.isHeating === 1 && shown < target)) ? 1 : 0;
  const watts = HEATER.watts * is.isHeating + HEATER.lossWK * (HEATER.ambientCel - is.bearingCel);
  is.bearingCel += (watts * TICK_S) / BEARING.capacityJK;
  is.hottestCel = Math.max(is.hottestCel, is.bearingCel);
  if (is.bearingCel > BEARING.damagedAboveCel) is.isDamaged = 1;
}

/** Widening of the bore by heat, um. */
export const growthUm = (celsius: number): number => EXPANSION * BEARING.boreMm * (celsius - HEATER.ambientCel);

function press(draft: TickDraft, is: Quantities): void {
  const pushed = draft.opening('press-lever') * PRESS.mostKn;
  const share = between(1 - growthUm(is.bearingCel) / (BEARING.interferenceUm + BEARING.clearanceUm), 0, 1);
  const needed = PRESS.coldKn * share * (draft.faultS('wrong-seal') >= 0 ? 2 : 1);
  const isSeated = is.travelMm >= PRESS.seatMm;
  if (!isSeated && pushed > needed)
    is.travelMm = Math.min(PRESS.seatMm, is.travelMm + (pushed - needed) * PRESS.mmPerSKn * TICK_S);
  // In motion it carries only what the fit takes.
  is.pressKn = isSeated ? pushed : Math.min(pushed, needed);
  if (is.pressKn > PRESS.damagedAboveKn) is.isDamaged = 1;
}
