import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EquipmentHand } from '../../../test/support/equipment-hand.ts';
import { equipmentFor } from '../index.ts';
import { Procedure } from '../../procedures/index.ts';
import { gearboxBench, growthUm, torqueAt } from './gearbox-bench.ts';

const SAMPLE = new URL('../../../assets/procedures/gearbox-assembly.procedure.json', import.meta.url);
const bench = () => new EquipmentHand(gearboxBench);

/** Turns until it clicks, in strokes of 9 degrees. */
function tighten(hand: EquipmentHand, tool: string, thing: string): EquipmentHand {
  const clicks = () => hand.log.filter((one) => one === `clicked ${tool}`).length;
  const before = clicks();
  for (let stroke = 0; stroke < 200 && clicks() === before; stroke++) hand.turn(tool, thing, Math.PI / 20);
  return hand.lift(tool, thing);
}

describe('the torque wrench', () => {
  it('clicks within 4 % of its setting and one stroke, and says what it reached', () => {
    for (const setting of [20, 25, 28, 40]) {
      const hand = bench().set('wrench-m8-setting', setting);
      tighten(hand, 'wrench-m8', 'screw-1');
      const { value, isOk } = hand.measured[0]!;
      expect(isOk).toBe(setting < 38);
      if (!isOk) continue;
      expect(value).toBeGreaterThan(setting * 0.96);
      expect(value).toBeLessThan(setting * 1.04 + (25 * Math.PI) / 20 / (Math.PI / 3));
    }
  });
  it('tells a screw that was not tightened, and one that was turned off', () => {
    const loose = bench().turn('wrench-m6', 'a', 2).lift('wrench-m6', 'a');
    expect(loose.measured[0]).toMatchObject({ isOk: false, value: 0.2, unit: 'N.m' });
    const broken = bench();
    for (let turn = 0; turn < 12; turn++) broken.turn('wrench-m6', 'a', 2);
    expect(broken.lift('wrench-m6', 'a').measured[0]!.isOk).toBe(false);
    expect(torqueAt(30, 25)).toBe(0);
  });
  it('out of calibration stops too early', () => {
    const [right, worn] = [bench(), bench().inject('wrench-worn')];
    for (const hand of [right, worn]) tighten(hand, 'wrench-m8', 'a');
    expect(worn.measured[0]!.value).toBeLessThan(right.measured[0]!.value * 0.95);
  });
  it('fits the gearbox sample: each of its screws comes within the range that the step asks for', () => {
    const procedure = Procedure.parse(JSON.parse(readFileSync(SAMPLE, 'utf8')));
    expect(equipmentFor(procedure)).toBe(gearboxBench);
    const hand = bench();
    const wanted = procedure.chapters
      .flatMap(({ steps }) => steps.flatMap(({ transitions }) => transitions.flatMap(({ conditions }) => conditions)))
      .flatMap((one) => (one.kind === 'toolUsed' && one.result ? [one] : []));
    expect(wanted).toHaveLength(21);
    for (const { tool, thing, result } of wanted) {
      hand.set(`${tool}-setting`, (result!.minimum! + result!.maximum!) / 2 - 0.5);
      const strokes = hand.measured.length;
      for (let half = 0; half < 4; half++) hand.turn(tool, thing, Math.PI);
      for (let stroke = 0; stroke < 400 && hand.log.at(-1) !== `clicked ${tool}`; stroke++)
        hand.turn(tool, thing, 0.02);
      hand.lift(tool, thing);
      hand.log.push('next');
      const { value, isOk } = hand.measured[strokes]!;
      expect(isOk).toBe(true);
      expect(value, `${tool} ${thing}`).toBeGreaterThanOrEqual(result!.minimum!);
      expect(value, `${tool} ${thing}`).toBeLessThanOrEqual(result!.maximum!);
    }
  });
});

describe('heater and press', () => {
  it('warm a bearing until it slides on, and force a cold one', () => {
    const hot = bench().set('heater-target', 105).set('heater-switch', 'on').wait(40);
    expect(hot.truth['bearing-temperature']).toBeGreaterThan(100);
    expect(hot.truth['bearing-temperature']).toBeLessThan(110);
    expect(growthUm(105)).toBeGreaterThan(26);
    hot.set('press-lever', 5).wait(20);
    expect(hot.sensed).toMatchObject({ 'is-seated': 1, 'is-damaged': 0 });
    const cold = bench().set('press-lever', 30).wait(20);
    expect(cold.sensed).toMatchObject({ 'is-seated': 0 });
    expect(cold.set('press-lever', 60).wait(20).sensed).toMatchObject({ 'is-seated': 1, 'is-damaged': 0 });
    expect(cold.set('press-lever', 100).wait(2).sensed['is-damaged']).toBe(1);
  });
  it('spoil a bearing above 125 degrees, where the alarm was given, and where a stuck thermometer hides it', () => {
    const hot = bench().set('heater-target', 150).set('heater-switch', 'on').wait(60);
    expect(hot.log).toContain('too-hot unacknowledged');
    expect(hot.truth['is-damaged']).toBe(1);
    hot
      .set('heater-switch', 'off')
      .wait(200)
      .do({ type: 'alarmAcknowledged', by: 'ann' as never, alarm: 'too-hot' });
    expect(hot.state.alarms['too-hot']!.phase).toBe('normal');
    const blind = bench().inject('thermometer-stuck').set('heater-target', 80).set('heater-switch', 'on').wait(60);
    expect(blind.truth['bearing-temperature']).toBeGreaterThan(125);
    expect(blind.sensed['bearing-temperature']).toBeLessThan(30);
    expect(bench().set('press-reset', 'empty').set('press-reset', 'loaded').truth['is-damaged']).toBe(0);
  });
});
