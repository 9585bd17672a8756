import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Control } from '#protocol/procedures/index';
import { multiplyQuat, normalizeQuat, type Quat, type Vec3 } from '#protocol/spatial/index';
import { normalize, quatAbout } from '../../../scene/vec.ts';
import { handTurnRad, rayTurnRad, settingAfter, shareOf, sweepRad, twistRad } from './control-turn.ts';

const one = fc.double({ min: -1, max: 1, noNaN: true });
const anyAxis = fc
  .tuple(one, one, one)
  .filter((v) => Math.hypot(...v) > 0.1)
  .map((v) => normalize(v as Vec3));
const anyQuat = fc.tuple(one, one, one, one).map((q) => normalizeQuat(q as Quat));
const angle = fc.double({ min: -3, max: 3, noNaN: true });
const wheel = { setting: { kind: 'number', unit: '%', minimum: 0, maximum: 100 } } as Control;
const lever = { setting: { kind: 'positions', positions: ['closed', 'half', 'open'] } } as unknown as Control;

describe('a hand at a wheel', () => {
  it('turns it by as much as the wrist turns about its axis, however the hand is held', () => {
    fc.assert(
      fc.property(anyQuat, anyAxis, angle, (from, axis, rad) => {
        expect(twistRad(from, multiplyQuat(quatAbout(axis, rad), from), axis)).toBeCloseTo(rad, 6);
      }),
    );
  });
  it('turns it by as much as the hand goes around the rim, up and down the axis or not', () => {
    fc.assert(
      fc.property(anyAxis, angle, fc.double({ min: 0.05, max: 0.5, noNaN: true }), one, (axis, rad, radius, lift) => {
        const helper: Vec3 = Math.abs(axis[0]) < 0.8 ? [1, 0, 0] : [0, 1, 0];
        const u = normalize([
          axis[1] * helper[2] - axis[2] * helper[1],
          axis[2] * helper[0] - axis[0] * helper[2],
          axis[0] * helper[1] - axis[1] * helper[0],
        ]);
        const v: Vec3 = [
          axis[1] * u[2] - axis[2] * u[1],
          axis[2] * u[0] - axis[0] * u[2],
          axis[0] * u[1] - axis[1] * u[0],
        ];
        const at = (phi: number, h: number): Vec3 =>
          [0, 1, 2].map(
            (k) => 1 + radius * (Math.cos(phi) * u[k]! + Math.sin(phi) * v[k]!) + h * axis[k]!,
          ) as unknown as Vec3;
        expect(sweepRad(at(0.3, 0), at(0.3 + rad, lift), [1, 1, 1], axis)).toBeCloseTo(rad, 6);
        const rotation: Quat = [0, 0, 0, 1];
        const turned = handTurnRad(
          { position: at(0, 0), rotation },
          { position: at(rad, 0), rotation },
          [1, 1, 1],
          axis,
        );
        expect(turned).toBeCloseTo(rad, 6);
      }),
    );
  });
  it('turns it from afar the way it looks: clockwise is clockwise on either side', () => {
    const towards: Quat = [0, 0, 0, 1]; // looks along -Z
    const clockwise = multiplyQuat(quatAbout([0, 0, -1], 0.5), towards);
    expect(rayTurnRad(towards, clockwise, [0, 0, 1])).toBeCloseTo(-0.5, 9);
    expect(rayTurnRad(towards, clockwise, [0, 0, -1])).toBeCloseTo(0.5, 9);
  });
  it('sets a number between its ends and a lever to one of its positions', () => {
    expect(settingAfter(wheel, shareOf(wheel, 40), 0.25)).toBe(65);
    expect(settingAfter(wheel, shareOf(wheel, 40), 3)).toBe(100);
    expect(settingAfter(lever, shareOf(lever, 'closed'), 0.6)).toBe('half');
    expect(settingAfter(lever, shareOf(lever, 'half'), 0.5)).toBe('open');
    expect(settingAfter(lever, shareOf(lever, null), -2)).toBe('closed');
  });
});
