import { describe, expect, it } from 'vitest';
import { Dice } from '../../../test/support/design-arbitraries.ts';
import { EquipmentHand } from '../../../test/support/equipment-hand.ts';
import { TICK_S } from '../machine.ts';
import { ATMOSPHERE_PA, DENSITY_KG_M3, HEAT_CAPACITY_J_KG_K, PA_PER_M, saturationPa } from '../water.ts';
import { SKID, total, type Flows } from './hydraulics.ts';
import { currentA, MOTOR, motorNm, OVERLOAD, warmed } from './motor.ts';
import { efficiency, headLeft, headM, npshRequiredM, PUMP, torqueNm } from './pump-curve.ts';
import { LIMITS, pumpSkid } from './pump-skid.ts';

const BEST = PUMP.bestFlowM3s;

/** The skid running as the procedure leaves it: 50 m3/h at 80 % discharge. */
function running(): EquipmentHand {
  const hand = ready();
  hand.press('start-button').wait(3).set('discharge-valve', 80).wait(12).set('bypass-valve', 0);
  return hand.wait(40);
}
function ready(): EquipmentHand {
  const hand = new EquipmentHand(pumpSkid).set('suction-valve', 100).set('vent-valve', 'open');
  hand.set('flush-valve', 'open').set('bypass-valve', 100).set('breaker', 'on').wait(16);
  return hand.set('vent-valve', 'closed');
}

describe('the pump by the textbook', () => {
  it('gives 50 m at 50 m3/h, 60 m at none, and takes 9.7 kW at its best point', () => {
    expect(headM(BEST, 1)).toBeCloseTo(50, 6);
    expect(headM(0, 1)).toBe(60);
    expect(torqueNm(BEST, 1) * PUMP.ratedRadS).toBeCloseTo((DENSITY_KG_M3 * 9.81 * 50 * BEST) / 0.7, 0);
    expect(efficiency(BEST, 1)).toBe(0.7);
  });
  it('follows the affinity laws: flow with the speed, head with its square, power with its cube', () => {
    for (const speed of [0.5, 0.8, 0.9]) {
      expect(headM(BEST * speed, speed)).toBeCloseTo(headM(BEST, 1) * speed ** 2, 9);
      expect(efficiency(BEST * speed, speed)).toBeCloseTo(0.7, 9);
      const power = torqueNm(BEST * speed, speed) * PUMP.ratedRadS * speed;
      expect(power).toBeCloseTo(torqueNm(BEST, 1) * PUMP.ratedRadS * speed ** 3, 6);
    }
  });
  it('has lost 3 % of its head where NPSH available is NPSH3', () => {
    expect(headLeft(1)).toBeCloseTo(0.97, 9);
    expect(headLeft(1.3)).toBe(1);
    expect(headLeft(0.999)).toBeCloseTo(headLeft(1.001), 2);
    expect(npshRequiredM(BEST, 1)).toBeCloseTo(3, 6);
  });
  it('boils where the steam table says', () => {
    expect(saturationPa(20)).toBe(2339);
    expect(saturationPa(100)).toBe(101_418);
    // IAPWS-IF97 at 65 and 85 degrees: 25 042 and 57 867 Pa.
    expect(saturationPa(65) / 25_042).toBeCloseTo(1.02, 1);
    expect(saturationPa(85) / 57_867).toBeCloseTo(1.016, 1);
  });
});

describe('the motor', () => {
  it('takes 20.5 A and gives 36 N.m at 2900 /min, and six times that current at a standstill', () => {
    const rated = (2900 * 2 * Math.PI) / 60;
    expect(currentA(rated, true)).toBeCloseTo(MOTOR.ratedA, 0);
    expect(motorNm(rated)).toBeCloseTo(36.2, 0);
    expect(currentA(0, true) / MOTOR.ratedA).toBeGreaterThan(6);
  });
  it('is protected by a relay of class 10: 7.2 times its setting trips within 4 to 10 s, its setting never', () => {
    const secondsTo = (ampere: number) => {
      let [heat, seconds] = [0, 0];
      while (heat < OVERLOAD.tripAt && seconds < 8000) [heat, seconds] = [warmed(heat, ampere), seconds + TICK_S];
      return seconds;
    };
    expect(secondsTo(7.2 * OVERLOAD.settingA)).toBeGreaterThan(4);
    expect(secondsTo(7.2 * OVERLOAD.settingA)).toBeLessThan(10);
    expect(secondsTo(OVERLOAD.settingA)).toBeGreaterThan(7999);
  });
  it('starts with an inrush and is up to speed within two seconds', () => {
    const hand = ready().press('start-button').wait(0.15);
    expect(hand.sensed['motor-current']).toBeGreaterThan(90);
    hand.wait(1.8);
    expect(hand.sensed['speed']).toBeGreaterThan(2850);
    expect(hand.sensed['motor-current']).toBeLessThan(22);
  });
});

describe('the skid', () => {
  it('reaches its operating point: 50 m3/h, 4.9 bar, 19 A, where pump curve and system curve meet', () => {
    const hand = running().wait(60);
    const { flow, speed } = hand.truth as Record<string, number>;
    expect(flow).toBeGreaterThan(48);
    expect(flow).toBeLessThan(53);
    // By hand: the pump's head at this flow and speed equals lift, line and valve.
    const flowM3s = flow! / 3600;
    const pumpHead = headM(flowM3s, (speed! * 2 * Math.PI) / 60 / PUMP.ratedRadS);
    const valve = (100_000 / PA_PER_M) * (flow! / (SKID.kv.discharge * 0.8 ** 2)) ** 2;
    const gate = (100_000 / PA_PER_M) * (flow! / SKID.kv.suction) ** 2;
    const level = hand.truth['tank-level']! + SKID.tankAboveM;
    const system = SKID.staticM + valve + gate + (SKID.dischargeLine + SKID.suctionLine) * flowM3s ** 2 - level;
    expect(pumpHead).toBeCloseTo(system, 1);
    expect(hand.sensed['discharge-pressure']).toBeCloseTo(4.95, 1);
    expect(hand.sensed['motor-current']).toBeCloseTo(19.2, 0);
  });

  it('loses no water: what came less what went is what the tank holds, to a millilitre', () => {
    const hand = running();
    const before = hand.state.is['volumeM3']!;
    let sum = 0;
    for (let tick = 0; tick < 4000; tick++) {
      if (tick === 0) hand.inject('seal-leak');
      else if (tick === 1000) hand.set('discharge-valve', 20);
      else if (tick === 2000) hand.set('bypass-valve', 60);
      else hand.wait(TICK_S);
      const is = hand.state.is as Record<string, number>;
      sum += (is['makeUpM3s']! - is['dischargeM3s']! - is['leakM3s']! - is['overflowM3s']!) * TICK_S;
    }
    expect(hand.state.is['volumeM3']! - before).toBeCloseTo(sum, 6);
  });

  it('loses no heat: losses of the pump warm the water, within 1 %', () => {
    const hand = running();
    hand.set('discharge-valve', 0).set('bypass-valve', 100).wait(12);
    const energy = () => {
      const is = hand.state.is as Record<string, number>;
      const tank = DENSITY_KG_M3 * HEAT_CAPACITY_J_KG_K * is['volumeM3']! * is['tankCel']!;
      return tank + 30_000 * is['casingCel']!;
    };
    const before = energy();
    let sum = 0;
    for (let tick = 0; tick < 6000; tick++) {
      hand.wait(TICK_S);
      const is = hand.state.is as Record<string, number>;
      const flows = is['makeUpM3s']! * 15 - (is['dischargeM3s']! + is['leakM3s']!) * is['casingCel']!;
      sum += (is['lossW']! + 12 * (20 - is['casingCel']!) + DENSITY_KG_M3 * HEAT_CAPACITY_J_KG_K * flows) * TICK_S;
    }
    const losses = hand.state.is['lossW']! * 300;
    expect(losses).toBeGreaterThan(1e6);
    expect(Math.abs(energy() - before - sum)).toBeLessThan(0.01 * losses);
  });

  it('cavitates where NPSH available falls below what the impeller needs, and is stopped by its vibration', () => {
    const hand = running().inject('strainer-blocked');
    let [firstRatio, tripped] = [0, 0];
    for (let tick = 0; tick < 700 && tripped === 0; tick++) {
      hand.wait(TICK_S);
      const is = hand.state.is as Record<string, number>;
      const available = (ATMOSPHERE_PA - saturationPa(is['casingCel']!)) / PA_PER_M + is['suctionM']!;
      const ratio = available / npshRequiredM(total(is as unknown as Flows), is['radS']! / PUMP.ratedRadS);
      if (firstRatio === 0 && is['headLeft']! < 0.97) firstRatio = ratio;
      if (hand.truth['is-tripped'] === 1) tripped = tick * TICK_S;
    }
    expect(firstRatio).toBeGreaterThan(0.75);
    expect(firstRatio).toBeLessThan(1.05);
    expect(tripped).toBeGreaterThan(10);
    expect(hand.log).toContain('tripped high-vibration');
    expect(hand.log).toContain('low-suction-pressure unacknowledged');
  });

  it('heats up against a closed discharge until it is stopped at 80 degrees, and not with the minimum flow open', () => {
    const closed = running().set('discharge-valve', 0).wait(420);
    expect(closed.log).toContain('tripped high-casing-temperature');
    expect(closed.state.is['casingCel']).toBeGreaterThan(60);
    expect(closed.state.is['casingCel']).toBeLessThan(LIMITS.tripCasingCel + 3);
    expect(closed.log).toContain('high-casing-temperature unacknowledged');
    expect(closed.log).toContain('low-flow unacknowledged');
    const open = running().set('bypass-valve', 100).set('discharge-valve', 0).wait(420);
    expect(open.log).not.toContain('tripped high-casing-temperature');
    expect(open.log).not.toContain('low-flow unacknowledged');
  });

  it('gives hardly any pressure with air in the casing, and ruins a seal that is not flushed', () => {
    const hand = new EquipmentHand(pumpSkid).set('suction-valve', 100).set('breaker', 'on').wait(8);
    hand.press('start-button').wait(5);
    expect(hand.sensed['discharge-pressure']).toBeLessThan(2.5);
    expect(hand.sensed['casing-filled']).toBeLessThan(60);
    hand.wait(300);
    expect(hand.log).toContain('high-seal-temperature unacknowledged');
    expect(hand.log).toContain('tripped high-seal-temperature');
  });

  it('with too large an impeller lifts its relief valve against a closed discharge, and overloads the motor', () => {
    const closed = (hand: EquipmentHand) =>
      hand.watch('relief-lift').set('bypass-valve', 0).wait(6).press('start-button').wait(5).highest('relief-lift');
    expect(closed(ready().inject('wrong-impeller'))).toBeGreaterThan(0);
    expect(closed(ready())).toBe(0);
    const open = ready().inject('wrong-impeller').press('start-button').wait(3).set('discharge-valve', 85).wait(40);
    expect(open.sensed['motor-current']).toBeGreaterThan(22);
    expect(open.log).toContain('overload unacknowledged');
  });

  it('is stopped by a falling level before it runs dry, and runs dry when the level transmitter is stuck', () => {
    const safe = running().inject('make-up-failed').wait(300);
    expect(safe.log).toContain('tripped low-level');
    expect(safe.truth['casing-filled']).toBe(100);
    expect(safe.truth['tank-level']).toBeGreaterThan(LIMITS.tripLevelM - 0.03);
    const blind = running().inject('level-stuck').inject('make-up-failed').wait(300);
    expect(blind.log).not.toContain('tripped low-level');
    expect(blind.truth['casing-filled']).toBeLessThan(50);
    expect(blind.sensed['tank-level']).toBeGreaterThan(1);
  });

  it('starts only with power, level and an open suction valve, and not by itself when the supply comes back', () => {
    const hand = new EquipmentHand(pumpSkid).set('breaker', 'on').press('start-button').wait(1);
    expect(hand.truth['is-running']).toBe(0);
    hand.set('suction-valve', 100).wait(7).press('start-button').wait(2);
    expect(hand.truth['is-running']).toBe(1);
    hand.inject('power-loss').wait(1);
    expect(hand.truth['is-running']).toBe(0);
    hand.clear('power-loss').wait(2);
    expect(hand.truth['is-running']).toBe(0);
    hand.press('start-button').wait(1);
    expect(hand.truth['is-running']).toBe(1);
  });

  it('stands still after an emergency stop until the button is out, the trip is reset and somebody starts it', () => {
    const hand = running().set('emergency-stop', 'pressed').wait(0.1);
    expect(hand.truth).toMatchObject({ 'is-running': 0, 'is-tripped': 1 });
    hand.press('reset-button').press('start-button').wait(1);
    expect(hand.truth).toMatchObject({ 'is-running': 0, 'is-tripped': 1 });
    hand.set('emergency-stop', 'released').press('start-button').wait(1);
    expect(hand.truth['is-running']).toBe(0);
    hand.press('reset-button').wait(0.2);
    expect(hand.truth).toMatchObject({ 'is-running': 0, 'is-tripped': 0 });
    hand.press('start-button').wait(2);
    expect(hand.truth['is-running']).toBe(1);
  });

  it('cannot be switched on past a padlock, and only its owner takes it off', () => {
    const hand = new EquipmentHand(pumpSkid).set('breaker-hasp', 'locked');
    expect(hand.refused('breaker', 'on')).toBe('locked_out');
    expect(hand.refused('breaker-hasp', 'open', 'ben')).toBe('not_your_lock');
    hand.set('breaker-hasp', 'open');
    expect(hand.refused('breaker', 'on')).toBe(null);
    expect(hand.set('breaker', 'on').refused('breaker-hasp', 'locked')).toBe('not_isolated');
  });

  it('shows what each fault is about, while the truth stays for the instructor', () => {
    const drift = running().inject('discharge-drift').wait(20);
    expect(drift.sensed['discharge-pressure']! - drift.truth['discharge-pressure']!).toBeGreaterThan(0.8);
    expect(running().inject('seal-leak').wait(30).state.is['leakM3s']! * 3600).toBeCloseTo(1.35, 1);
    const alarm = running().inject('false-seal-alarm').wait(5);
    expect(alarm.log).toContain('high-seal-temperature unacknowledged');
    expect(alarm.sensed['seal-temperature']).toBeLessThan(25);
    expect(running().inject('bearing-worn').wait(90).sensed['vibration']).toBeGreaterThan(LIMITS.alarmVibrationMmS);
  });

  it('lets every alarm come and go', { timeout: 30_000 }, () => {
    const hand = running();
    hand.inject('strainer-blocked').wait(25).clear('strainer-blocked').wait(8).press('reset-button');
    hand
      .press('start-button')
      .set('discharge-valve', 0)
      .wait(400)
      .wait(60)
      .press('reset-button')
      .set('bypass-valve', 100);
    hand.press('start-button').wait(20).set('discharge-valve', 100).wait(60).set('discharge-valve', 40).wait(30);
    hand.inject('make-up-failed').wait(600).clear('make-up-failed').wait(400);
    hand.inject('false-seal-alarm').wait(3).clear('false-seal-alarm').wait(5).press('reset-button');
    hand
      .press('reset-button')
      .press('start-button')
      .wait(10)
      .inject('discharge-drift')
      .wait(60)
      .clear('discharge-drift')
      .wait(5);
    hand.press('acknowledge-button').wait(5);
    for (const { id } of pumpSkid.about.alarms) expect(hand.log, id).toContain(`${id} unacknowledged`);
    expect(Object.entries(hand.state.alarms).filter(([, { phase }]) => phase !== 'normal')).toEqual([]);
  });

  it('never runs against an interlock, whatever is done: 40 000 ticks of random handling', { timeout: 30_000 }, () => {
    for (let seed = 1; seed <= 8; seed++) {
      const dice = new Dice(seed);
      const hand = ready().press('start-button');
      for (let tick = 0; tick < 5000; tick++) {
        if (dice.next() < 0.05) {
          const control = dice.pick(pumpSkid.about.controls)!;
          const { setting } = control;
          const to = setting.kind === 'positions' ? dice.pick(setting.positions)! : Math.round(dice.next() * 100);
          if (hand.refused(control.id, to) === null) hand.set(control.id, to);
          const { id } = dice.pick(pumpSkid.about.faults)!;
          if (dice.next() < 0.1) hand.inject(id);
          else hand.clear(id);
        }
        const readings = hand.sensed;
        const wasRunning = hand.state.is['contactor'] === 1;
        hand.wait(TICK_S);
        if (hand.state.is['contactor'] === 0) continue;
        const { controls, faults, is } = hand.state;
        const broken = [
          controls['emergency-stop'] !== 'released' && 'emergency stop',
          controls['breaker'] !== 'on' && 'main switch',
          faults['power-loss'] !== undefined && 'supply',
          Object.entries(is).some(([id, value]) => id.startsWith('trip.') && value === 1) && 'trip',
          readings['casing-temperature']! > LIMITS.tripCasingCel && 'casing',
          readings['tank-level']! < (wasRunning ? LIMITS.tripLevelM : LIMITS.startLevelM) && 'level',
        ].filter(Boolean);
        if (broken.length > 0) expect(broken, `seed ${seed}, tick ${tick}`).toEqual([]);
      }
    }
  });
});
