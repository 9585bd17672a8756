import { rotateVec3, type Quat } from '#protocol/spatial/index';

export interface NodOptions {
  /** The head goes down by at least this and by no more than that, radians. Further down one looks at the work. */
  leastRad: number;
  mostRad: number;
  /** Down and up again within this, ms; nods faster than the least are a stumble. */
  mostMs: number;
  leastMs: number;
  /** Turning aside by more than this meanwhile is looking somewhere, radians. */
  asideRad: number;
  /** So long before it the head is still, ms, within `stillRad`. */
  stillMs: number;
  stillRad: number;
  /** After one nod the next is not looked for, ms. */
  restMs: number;
}

/** A nod of yes: 8 to 30 degrees, a fifth of a second to 0.9 s. */
const DEFAULTS: NodOptions = {
  leastRad: 0.14,
  mostRad: 0.55,
  mostMs: 900,
  leastMs: 180,
  asideRad: 0.12,
  stillMs: 250,
  stillRad: 0.06,
  restMs: 900,
};

interface Sample {
  readonly atMs: number;
  /** Upwards. */
  readonly pitchRad: number;
  readonly yawRad: number;
}

/**
 * Finds nods in the turn of a head: still, down, back up to where it was, without turning aside. Looking down at the work
 * is no nod, because the head stays there; nor is looking up from it, because the head comes from below.
 */
export class NodDetector {
  readonly #rules: NodOptions;
  #samples: Sample[] = [];
  #restUntilMs = -Infinity;

  constructor(options: Partial<NodOptions> = {}) {
    this.#rules = { ...DEFAULTS, ...options };
  }

  /** The head's turn in any upright frame, now; true when a nod has just ended. */
  see(rotation: Quat, atMs: number): boolean {
    const forward = rotateVec3(rotation, [0, 0, -1]);
    const sample: Sample = {
      atMs,
      pitchRad: Math.asin(Math.max(-1, Math.min(1, forward[1]))),
      yawRad: Math.atan2(-forward[0], -forward[2]),
    };
    const { mostMs, stillMs, restMs } = this.#rules;
    this.#samples = [...this.#samples.filter((one) => atMs - one.atMs <= mostMs + stillMs), sample];
    if (atMs < this.#restUntilMs || !this.#isNod(sample)) return false;
    this.#restUntilMs = atMs + restMs;
    this.#samples = [];
    return true;
  }

  #isNod(now: Sample): boolean {
    const { leastRad, mostRad, mostMs, leastMs, asideRad, stillMs, stillRad } = this.#rules;
    let lowest: Sample | null = null;
    for (const one of this.#samples)
      if (now.atMs - one.atMs <= mostMs && (!lowest || one.pitchRad < lowest.pitchRad)) lowest = one;
    if (!lowest || lowest.atMs === now.atMs) return false;
    // Where it began: the last moment before the way down at which the head was as high as it is now.
    const start = this.#samples.findLast(
      (one) => one.atMs < lowest.atMs && one.pitchRad >= now.pitchRad - stillRad / 2,
    );
    if (!start) return false;
    const tookMs = now.atMs - start.atMs;
    const depthRad = Math.min(start.pitchRad, now.pitchRad) - lowest.pitchRad;
    if (depthRad < leastRad || depthRad > mostRad || tookMs > mostMs || tookMs < leastMs) return false;
    if (Math.abs(now.pitchRad - start.pitchRad) > depthRad / 2) return false;
    const isAside = this.#samples.some((one) => one.atMs >= start.atMs && turned(one.yawRad, start.yawRad) > asideRad);
    if (isAside) return false;
    const before = this.#samples.filter((one) => one.atMs <= start.atMs && start.atMs - one.atMs <= stillMs);
    const isLongEnough = before.length > 1 && start.atMs - before[0]!.atMs >= stillMs * 0.6;
    return isLongEnough && before.every((one) => Math.abs(one.pitchRad - start.pitchRad) <= stillRad);
  }
}

const turned = (a: number, b: number): number => Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)));
