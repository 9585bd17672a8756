import { between } from '../machine.ts';
import { DENSITY_KG_M3, GRAVITY } from '../water.ts';

/**
 * A single-stage end-suction pump, 50 m3/h at 50 m and 2900 /min: specific speed n_q 18, steepness H0/H_opt 1.2,
 * efficiency 70 % (J. F. Gülich, Centrifugal Pumps, 4th ed., ch. 3.9 and 4.2: usual for its size).
 * NPSH3 rises with the square of the flow; suction specific speed 135 (metric).
 */
export const PUMP = {
  shutOffHeadM: 60,
  /** H = H0 - a Q2, a in m per (m3/s)2: 10 m less at 50 m3/h. */
  slope: (10 * 3600 * 3600) / (50 * 50),
  bestFlowM3s: 50 / 3600,
  bestEfficiency: 0.7,
  npshAtRestM: 1.5,
  npshSlope: 0.0006 * 3600 * 3600,
  ratedRadS: (2900 * 2 * Math.PI) / 60,
  /** Bearings and seal. */
  lossNm: 0.8,
} as const;

/**
 * `speed`: share of the rated one, times the share of the impeller's diameter. Affinity laws: flow goes with it, head
 * with its square, power with its cube (Karassik, Pump Handbook, 4th ed., ch. 2.3).
 */
export const headM = (flowM3s: number, speed: number): number =>
  PUMP.shutOffHeadM * speed * speed - PUMP.slope * flowM3s * flowM3s;

/** NPSH3 (ISO 9906): where the head has dropped by 3 %. */
export const npshRequiredM = (flowM3s: number, speed: number): number =>
  PUMP.npshAtRestM * speed * speed + PUMP.npshSlope * flowM3s * flowM3s;

/** Efficiency as a parabola through zero and the best point. */
export function efficiency(flowM3s: number, speed: number): number {
  const share = speed > 0 ? flowM3s / (PUMP.bestFlowM3s * speed) : 0;
  return between(PUMP.bestEfficiency * share * (2 - share), 0, PUMP.bestEfficiency);
}

/** Torque for the hydraulic work, N.m: `rho g H Q / (eta omega)`, written so that no flow divides by zero. */
export function torqueNm(flowM3s: number, speed: number): number {
  if (speed <= 0) return 0;
  const share = between(flowM3s / (PUMP.bestFlowM3s * speed), 0, 1.6);
  const head = Math.max(0, headM(flowM3s, speed));
  const power = (DENSITY_KG_M3 * GRAVITY * head * PUMP.bestFlowM3s) / (PUMP.bestEfficiency * (2 - share));
  return power / PUMP.ratedRadS;
}

/**
 * What cavitation leaves of the head, 0 to 1, by NPSH available over NPSH required: untouched above 1.3, 3 % lost at 1
 * (that is what NPSH3 means), then it falls off.
 */
export function headLeft(ratio: number): number {
  if (ratio >= 1.3) return 1;
  if (ratio >= 1) return 1 - (0.03 / 0.09) * (1.3 - ratio) * (1.3 - ratio);
  return Math.max(0.03, 0.97 - 1.9 * (1 - ratio));
}
