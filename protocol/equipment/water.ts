/** Water and weather where the models stand. */
export const GRAVITY = 9.81;
export const DENSITY_KG_M3 = 998.2;
export const HEAT_CAPACITY_J_KG_K = 4186;
export const ATMOSPHERE_PA = 101_325;
export const PA_PER_M = DENSITY_KG_M3 * GRAVITY;

/** Saturation pressure of water, Pa, at 0, 10, … 120 degrees C (IAPWS-IF97, as in any steam table). */
const SATURATION_PA = [
  611, 1228, 2339, 4247, 7385, 12_352, 19_947, 31_202, 47_416, 70_182, 101_418, 143_380, 198_670,
] as const;

/** By a straight line between the table's points: at most 5 % too high (4 % above 20 degrees), on the safe side for cavitation. */
export function saturationPa(celsius: number): number {
  const last = SATURATION_PA.length - 1;
  const at = celsius / 10;
  if (at <= 0) return SATURATION_PA[0];
  if (at >= last) return SATURATION_PA[last]!;
  const below = Math.floor(at);
  const [low, high] = [SATURATION_PA[below]!, SATURATION_PA[below + 1]!];
  return low + (high - low) * (at - below);
}
