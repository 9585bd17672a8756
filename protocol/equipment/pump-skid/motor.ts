import { TICK_S } from '../machine.ts';

/**
 * Three-phase induction motor, 11 kW, 400 V 50 Hz, two poles, direct on line (IEC 60034-12 design N): rated 2900 /min,
 * 36.2 N.m, 20.5 A; starting current 6.3 times that.
 */
export const MOTOR = {
  synchronousRadS: 100 * Math.PI,
  ratedA: 20.5,
  idleA: 7,
  /** Kloss: T = 2 Tb / (s/sb + sb/s). */
  breakdownNm: 90,
  breakdownSlip: 0.157,
  lockedA: 130,
  currentSlip: 0.22,
  /** Rotor, coupling, impeller and the water in it. */
  inertiaKgM2: 0.08,
  frictionNm: 0.5,
} as const;

/** Thermal overload relay of class 10 (IEC 60947-4-1): from cold it trips within 4 to 10 s at 7.2 times its setting. */
export const OVERLOAD = { settingA: 21, timeConstantS: 270, tripAt: 1.15 * 1.15 } as const;

/** The fastest movement lasts a tenth of a second: 2.5 ms are short enough. */
const SUBSTEPS = 20;

/** Speed after one tick. `loadPerSquare`: load torque over the square of the speed. */
export function spun(radS: number, loadPerSquare: number, isPowered: boolean, isBlocked: boolean): number {
  if (isBlocked) return 0;
  let speed = radS;
  for (let i = 0; i < SUBSTEPS; i++) {
    const load = loadPerSquare * speed * speed + (speed > 0 ? MOTOR.frictionNm : 0);
    const torque = (isPowered ? motorNm(speed) : 0) - load;
    speed = Math.max(0, speed + (torque / MOTOR.inertiaKgM2) * (TICK_S / SUBSTEPS));
  }
  return speed;
}

const slipAt = (radS: number): number => (MOTOR.synchronousRadS - radS) / MOTOR.synchronousRadS;

export function motorNm(radS: number): number {
  const slip = slipAt(radS) / MOTOR.breakdownSlip;
  // Kloss' formula multiplied out: at synchronous speed the torque is 0.
  return (2 * MOTOR.breakdownNm * slip) / (slip * slip + 1);
}

export function currentA(radS: number, isPowered: boolean): number {
  if (!isPowered) return 0;
  const slip = slipAt(radS);
  const load = (MOTOR.lockedA * slip) / Math.sqrt(slip * slip + MOTOR.currentSlip * MOTOR.currentSlip);
  return Math.sqrt(MOTOR.idleA * MOTOR.idleA + load * load);
}

/** Heat of the relay's model: 1 at its setting for ever, `tripAt` trips. */
export function warmed(heat: number, ampere: number): number {
  const share = ampere / OVERLOAD.settingA;
  return heat + ((share * share - heat) * TICK_S) / OVERLOAD.timeConstantS;
}
