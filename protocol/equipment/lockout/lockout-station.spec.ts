import { describe, expect, it } from 'vitest';
import { EquipmentHand } from '../../../test/support/equipment-hand.ts';
import { lockoutStation, SAFE } from './lockout-station.ts';

const at = () => new EquipmentHand(lockoutStation);
/** Stopped, isolated and locked; nothing bled yet. */
function locked(hand = at()): EquipmentHand {
  hand.press('stop-button').set('main-isolator', 'off').set('air-valve', 'off');
  hand.set('isolator-hasp', 'locked').set('air-hasp', 'locked').wait(20);
  return hand.set('ram-block', 'in').set('oil-valve', 'off').set('oil-hasp', 'locked');
}
const tested = (hand: EquipmentHand, thing: string): number =>
  hand.turn('voltage-tester', thing, 0).lift('voltage-tester', thing).measured.at(-1)!.value;

describe('the press', () => {
  it('keeps its energies after it is switched off: the drive for 27 s, the oil until it is bled, the ram for ever', () => {
    const hand = at().press('stop-button').set('main-isolator', 'off').wait(10);
    expect(hand.truth['drive-voltage']).toBeGreaterThan(200);
    hand.wait(14);
    expect(hand.truth['drive-voltage']).toBeGreaterThan(SAFE.directV);
    hand.wait(4);
    expect(hand.truth['drive-voltage']).toBeLessThan(SAFE.directV);
    expect(hand.truth['oil-pressure']).toBeGreaterThan(110);
    hand.set('ram-block', 'in').set('oil-valve', 'off').set('accumulator-bleed', 'open').wait(15);
    expect(hand.truth['oil-pressure']).toBeLessThan(SAFE.oilBar);
    expect(hand.truth['ram-height']).toBe(300);
    hand.set('ram-block', 'out').wait(11);
    expect(hand.truth['ram-height']).toBe(0);
    expect(hand.log).toContain('ram-sinking unacknowledged');
  });

  it('lets the ram down when oil is bled without the block, and the block no longer fits', () => {
    const hand = at().press('stop-button').set('oil-valve', 'off').set('accumulator-bleed', 'open').wait(4);
    expect(hand.refused('ram-block', 'in')).toBe('ram_too_low');
  });

  it('holds what a padlock holds, and gives the keys back only through the lock box', () => {
    const hand = at().press('stop-button');
    expect(hand.refused('isolator-hasp', 'locked')).toBe('not_isolated');
    expect(hand.refused('box-lid', 'closed')).toBe('keys_missing');
    locked(hand).set('box-lid', 'closed').set('box-hasp', 'locked').set('box-hasp', 'locked', 'ben');
    expect(hand.truth).toMatchObject({ 'isolator-locks': 1, 'air-locks': 1, 'oil-locks': 1, 'box-locks': 2 });
    expect(hand.refused('main-isolator', 'on')).toBe('locked_out');
    expect(hand.refused('isolator-hasp', 'open')).toBe('key_in_box');
    hand.set('box-hasp', 'open');
    expect(hand.refused('box-lid', 'open')).toBe('locked_out');
    expect(hand.refused('box-hasp', 'open')).toBe('not_your_lock');
    hand.set('box-hasp', 'open', 'ben').set('box-lid', 'open').set('isolator-hasp', 'open').set('main-isolator', 'on');
    expect(hand.wait(1).truth['drive-voltage']).toBeGreaterThan(400);
  });

  it('shows by a start tried in vain that it is off, and starts where it was not isolated', () => {
    const hand = locked().press('start-button').wait(1);
    expect(hand.truth).toMatchObject({ 'is-running': 0, 'starts-tried': 1 });
    const forgotten = at().press('stop-button').press('start-button').wait(1);
    expect(forgotten.truth).toMatchObject({ 'is-running': 1, 'starts-tried': 0 });
  });

  it('hurts whoever opens the guard too early, and nobody when all is at zero', () => {
    expect(
      at()
        .set('guard', 'open')
        .log.filter((one) => one.startsWith('harm')),
    ).toEqual(['harm motion', 'harm air', 'harm oil', 'harm ram']);
    const safe = locked().set('air-bleed', 'open').set('accumulator-bleed', 'open').wait(40).set('guard', 'open');
    expect(safe.log.filter((one) => one.startsWith('harm'))).toEqual([]);
  });

  it('never moves with the guard open, and not by itself when the supply comes back', () => {
    const hand = at().set('guard', 'open').press('start-button').wait(1);
    expect(hand.truth['is-running']).toBe(0);
    const lost = at().inject('power-loss').wait(2).clear('power-loss').wait(5);
    expect(lost.truth['is-running']).toBe(0);
    expect(lost.press('start-button').wait(0.2).truth['is-running']).toBe(1);
    expect(lost.set('emergency-stop', 'pressed').wait(0.1).truth['is-running']).toBe(0);
  });
});

describe('the zero-energy test', () => {
  const TERMINALS = ['terminals-l1', 'terminals-l2', 'terminals-l3'];
  it('shows 400 V before and 0 V after the isolator is off', () => {
    const hand = at();
    expect(TERMINALS.map((one) => tested(hand, one))).toEqual([400, 400, 400]);
    locked(hand);
    expect(TERMINALS.map((one) => tested(hand, one))).toEqual([0, 0, 0]);
    expect(tested(hand, 'proving-unit')).toBe(230);
  });
  it('finds a welded contact, which one pair of terminals alone does not show', () => {
    const hand = locked().inject('welded-contact');
    expect(TERMINALS.map((one) => tested(hand, one))).toEqual([230, 230, 0]);
  });
  it('of a dead tester shows nothing at the proving unit either', () => {
    const hand = at().inject('tester-dead');
    expect(tested(hand, 'terminals-l1')).toBe(0);
    expect(tested(hand, 'proving-unit')).toBe(0);
  });
  it('finds a drive that keeps its charge, which the earthing stick takes away', () => {
    const hand = locked().inject('bleed-resistor-open');
    const charged = at().inject('bleed-resistor-open').press('stop-button').set('main-isolator', 'off').wait(60);
    expect(tested(charged, 'drive-terminals')).toBeGreaterThan(500);
    charged.turn('earthing-stick', 'drive-terminals', 0).wait(2).lift('earthing-stick', 'drive-terminals');
    expect(tested(charged, 'drive-terminals')).toBeLessThan(SAFE.directV);
    expect(hand.truth['drive-voltage']).toBeLessThan(560);
  });
  it('finds air that is trapped, and a gauge that is stuck', () => {
    const trapped = at().inject('air-trapped').set('air-valve', 'off').wait(20);
    expect(trapped.sensed['air-pressure']).toBeCloseTo(4, 1);
    expect(trapped.set('air-bleed', 'open').wait(10).truth['air-pressure']).toBeLessThan(SAFE.airBar);
    const stuck = at().watch('hiss').inject('air-gauge-stuck').set('air-valve', 'off').wait(20);
    expect(stuck.sensed['air-pressure']).toBeCloseTo(6, 1);
    expect(stuck.truth['air-pressure']).toBeLessThan(SAFE.airBar);
    expect(stuck.highest('hiss')).toBeGreaterThan(0);
  });
  it('lets every alarm come and go', () => {
    const hand = at().press('stop-button').inject('oil-leak').wait(60).clear('oil-leak').press('start-button').wait(20);
    hand
      .set('air-valve', 'off')
      .wait(5)
      .set('air-valve', 'on')
      .wait(5)
      .set('guard', 'open')
      .wait(1)
      .set('guard', 'closed');
    hand.set('emergency-stop', 'pressed').wait(1).set('emergency-stop', 'released').press('reset-button').wait(1);
    hand.press('start-button').wait(30);
    for (const { id } of lockoutStation.about.alarms) {
      expect(hand.log, id).toContain(`${id} unacknowledged`);
      hand.do({ type: 'alarmAcknowledged', by: 'ann' as never, alarm: id });
    }
    expect(Object.values(hand.state.alarms).map(({ phase }) => phase)).toEqual(Array(5).fill('normal'));
  });
});
