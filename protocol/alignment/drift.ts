import { rotateVec3, type Vec3 } from '../spatial/index.ts';
import { length95 } from './chi-square.ts';
import { covarianceAt, type Uncertain } from './error-bound.ts';
import { add, length, subtract } from './rotation.ts';

export interface DriftOptions {
  /** Of so many last looks … */
  looks: number;
  /** … so many must be outside before something is said: one may err. */
  outside: number;
}

const DEFAULTS: DriftOptions = { looks: 5, outside: 3 };

/** What the watch remembers of its last looks, the newest last. */
export interface DriftWatch {
  readonly looks: readonly { readonly offM: number; readonly allowedM: number }[];
  /** Re-alignment is proposed: by how much the overlay seems to be off, and in how many looks. */
  readonly proposal: { readonly offM: number; readonly outside: number } | null;
}

export const STEADY: DriftWatch = { looks: [], proposal: null };

/**
 * A fresh look at the markers beside the alignment in use. Both err, so what may lie between them is the bound of their difference;
 * beyond it something has moved: the device's own map, the product, or a sheet.
 */
export function watchDrift(
  watch: DriftWatch,
  used: Uncertain,
  fresh: Uncertain,
  pointInProduct: Vec3,
  options: Partial<DriftOptions> = {},
): DriftWatch {
  const rules = { ...DEFAULTS, ...options };
  const place = ({ productInDevice }: Uncertain) =>
    add(rotateVec3(productInDevice.rotation, pointInProduct), productInDevice.position);
  const offM = length(subtract(place(used), place(fresh)));
  const sum = covarianceAt(used, pointInProduct).map((value, i) => value + covarianceAt(fresh, pointInProduct)[i]!);
  const looks = [...watch.looks, { offM, allowedM: length95(sum, 3) }].slice(-rules.looks);
  const strays = looks.filter((look) => look.offM > look.allowedM).map((look) => look.offM);
  if (strays.length < rules.outside) return { looks, proposal: null };
  const middle = strays.toSorted((a, b) => a - b)[strays.length >> 1]!;
  return { looks, proposal: { offM: middle, outside: strays.length } };
}
