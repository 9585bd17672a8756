import type { Body } from '#protocol/presence/index';
import type { Quat, Vec3 } from '#protocol/spatial/index';

/** Half the side of the hall people wander in, metres. */
export const HALL_M = 30;
const PACE_MPS = 1;
const HAND_HZ = 0.8;

const about = (yawRad: number): Quat => [0, Math.sin(yawRad / 2), 0, Math.cos(yawRad / 2)];

/**
 * An active person with a headset and two controllers: walks to a place, stops and works there with both hands for some
 * seconds, walks on. Never quite still, never jumping; the same for the same number.
 */
export class Wanderer {
  #from: Vec3;
  #to: Vec3;
  #leftMs = 0;
  #walkMs = 1;
  #workMs = 0;
  #seed: number;

  constructor(number: number) {
    this.#seed = number * 7919 + 17;
    this.#from = this.#to = this.#place();
    this.#leftMs = -this.#random() * 6000;
  }

  bodyAt(nowMs: number): Body {
    if (nowMs > this.#leftMs + this.#walkMs + this.#workMs) this.#setOut(nowMs);
    const walked = Math.min(1, Math.max(0, (nowMs - this.#leftMs) / this.#walkMs));
    const [x0, , z0] = this.#from;
    const [x1, , z1] = this.#to;
    const sec = nowMs / 1000 + (this.#seed % 10);
    const isWalking = walked < 1;
    const x = x0 + (x1 - x0) * walked;
    const z = z0 + (z1 - z0) * walked;
    const yaw = Math.atan2(x0 - x1, z0 - z1) + (isWalking ? 0 : 0.5 * Math.sin(sec * 0.9));
    const y = 1.7 + (isWalking ? 0.015 * Math.sin(sec * 11) : 0);
    const hand = (side: number): Vec3 => {
      const swing = isWalking
        ? 0.06 * Math.sin(sec * 5 + side * Math.PI)
        : 0.12 * Math.sin(sec * Math.PI * 2 * HAND_HZ);
      const [right, ahead] = [side * 0.2, 0.35 + swing];
      return [
        x + right * Math.cos(yaw) - ahead * Math.sin(yaw),
        y - 0.45 + swing * 0.4,
        z - right * Math.sin(yaw) - ahead * Math.cos(yaw),
      ];
    };
    return {
      headInRoom: { position: [x, y, z], rotation: about(yaw) },
      leftInRoom: { position: hand(-1), rotation: about(yaw) },
      rightInRoom: { position: hand(1), rotation: about(yaw) },
      isHeadset: true,
    };
  }

  #setOut(nowMs: number): void {
    this.#from = this.#to;
    this.#to = this.#place();
    this.#leftMs = nowMs;
    this.#walkMs = Math.max(
      1,
      (1000 * Math.hypot(this.#to[0] - this.#from[0], this.#to[2] - this.#from[2])) / PACE_MPS,
    );
    // People go some metres and work there; nobody crosses the hall in one go.
    this.#workMs = 4000 + this.#random() * 6000;
  }

  #place(): Vec3 {
    const [x, , z] = this.#to ?? [(this.#random() * 2 - 1) * HALL_M, 0, (this.#random() * 2 - 1) * HALL_M];
    const step = () => (this.#random() * 2 - 1) * 5;
    const within = (value: number) => Math.max(-HALL_M, Math.min(HALL_M, value));
    return this.#to ? [within(x + step()), 0, within(z + step())] : [x, 0, z];
  }

  /** 0..1; mulberry32. */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
}
