/**
 * What of a camera is sent over a line, so that voice always gets through. Pure: time and measurements come in.
 *
 * A moving picture is tried and watched: loss, or a round trip that grows, or an estimate below what is sent, steps down at once;
 * quiet steps up by one, and a step up that failed is tried again only after twice as long. Estimates alone were tried and left:
 * browsers do not raise theirs while they send less than they could.
 */
export interface CameraLevel {
  readonly name: string;
  readonly heightPx: number;
  readonly fps: number;
  /** Of the picture, without voice and packet heads. */
  readonly kbit: number;
}

/** From the least up. Level 0 is no moving picture: single ones go through the room. */
export const CAMERA_LEVELS: readonly CameraLevel[] = [
  { name: 'stills', heightPx: 0, fps: 0, kbit: 0 },
  { name: '180p', heightPx: 180, fps: 8, kbit: 70 },
  { name: '270p', heightPx: 270, fps: 12, kbit: 160 },
  { name: '360p', heightPx: 360, fps: 15, kbit: 350 },
  { name: '540p', heightPx: 540, fps: 20, kbit: 800 },
  { name: '720p', heightPx: 720, fps: 25, kbit: 1_800 },
];
/** Where a call begins: quick to show something, and soon known whether it holds. */
const FIRST_LEVEL = 2;

/** One look at the line, about once a second. Null: not known. */
export interface LineSample {
  readonly atMs: number;
  /** Share of packets that did not arrive, 0 to 1: of the worse of voice and picture. */
  readonly loss: number | null;
  readonly rttMs: number | null;
  /** What the browser thinks goes through for the picture. */
  readonly availableKbit: number | null;
  /** How long the last single picture took to be seen; null: none was sent. */
  readonly stillMs: number | null;
}

export interface CameraDecision {
  readonly level: number;
  /** The line is thin: voice, too, is sent with less. */
  readonly isThin: boolean;
}

export interface PolicyOptions {
  /** Above this, pictures make way: one level. */
  readonly badLoss: number;
  /** Above this no moving picture is worth it: voice alone needs every packet. */
  readonly ruinousLoss: number;
  readonly goodLoss: number;
  /** A round trip so much longer than the line's own says that packets queue, ms. */
  readonly queueMs: number;
  /** Quiet for so long before a step up is tried; doubled each time one fails. */
  readonly holdMs: number;
  readonly longestHoldMs: number;
  /** A step up that goes wrong within this time has failed. */
  readonly trialMs: number;
}
export const POLICY_DEFAULTS: PolicyOptions = {
  badLoss: 0.05,
  ruinousLoss: 0.12,
  goodLoss: 0.025,
  queueMs: 350,
  holdMs: 5_000,
  longestHoldMs: 80_000,
  trialMs: 8_000,
};
/** A single picture that is seen within this leaves room for a moving one. */
const QUICK_STILL_MS = 1_500;
/** A slower one may be the machine's fault as well as the line's: where nothing else speaks against it, it is tried later, times. */
const SLOW_STILL_WAITS = 4;
/**
 * While single pictures go, the browser has nothing to make its estimate from: it still is that of the bad line, and grows by some
 * percent a second once something moves. Until then loss and round trip decide alone, ms.
 */
const ESTIMATE_GROWS_MS = 20_000;
/** After a step the measurements are of before it for so long. */
const SETTLE_MS = 2_000;
/** Weight of the newest look. */
const SHARE = 0.4;
/** The shortest round trip of the last while is the line's own. */
const OWN_RTT_FORGET = 1.002;

export class CameraPolicy {
  readonly #options: PolicyOptions;
  #level = FIRST_LEVEL;
  #loss = 0;
  #rttMs: number | null = null;
  #ownRttMs = Infinity;
  #quietSinceMs: number | null = null;
  #steppedAtMs = -Infinity;
  #triedAtMs: number | null = null;
  /** Since when a picture moves again after single ones. */
  #movesSinceMs = -Infinity;
  /** Quiet that is asked for before each level is tried: what failed once is waited for longer, and for it alone. */
  readonly #holdsMs: number[];

  constructor(options: Partial<PolicyOptions> = {}) {
    this.#options = { ...POLICY_DEFAULTS, ...options };
    this.#holdsMs = CAMERA_LEVELS.map(() => this.#options.holdMs);
  }

  get now(): CameraDecision {
    return { level: this.#level, isThin: this.#level <= 1 };
  }

  look(sample: LineSample): CameraDecision {
    const { atMs, loss, rttMs, availableKbit, stillMs } = sample;
    const { badLoss, ruinousLoss, goodLoss, queueMs } = this.#options;
    // What comes just after a step was measured before it.
    const isSettled = atMs - this.#steppedAtMs >= SETTLE_MS;
    if (!isSettled) return this.now;
    // Where nobody reports, because nothing is sent, what was lost before speaks less with every look.
    this.#loss += SHARE * ((loss ?? 0) - this.#loss);
    if (rttMs === null) this.#rttMs = null;
    else {
      this.#ownRttMs = Math.min(this.#ownRttMs * OWN_RTT_FORGET, rttMs);
      this.#rttMs = this.#rttMs === null ? rttMs : this.#rttMs + SHARE * (rttMs - this.#rttMs);
    }
    const isQueueing = this.#rttMs !== null && this.#rttMs > this.#ownRttMs + queueMs;
    const level = CAMERA_LEVELS[this.#level]!;
    if (this.#level > 0 && this.#loss > ruinousLoss) return this.#step(0, atMs);
    if (this.#level > 0) {
      // An estimate far below what is sent: straight to what fits.
      const least = atMs - this.#movesSinceMs < ESTIMATE_GROWS_MS ? 1 : 0;
      const tooMuch = this.#level > least && availableKbit !== null && availableKbit < level.kbit * 0.8;
      if (tooMuch) return this.#step(Math.max(least, Math.min(this.#level - 1, fitting(availableKbit))), atMs);
      if (this.#loss > badLoss || isQueueing) return this.#step(this.#level - 1, atMs);
    }
    if (this.#loss > goodLoss || isQueueing) {
      this.#quietSinceMs = null;
      return this.now;
    }
    this.#quietSinceMs ??= atMs;
    if (this.#triedAtMs !== null && atMs - this.#triedAtMs > this.#options.trialMs) {
      // It held.
      this.#triedAtMs = null;
      this.#holdsMs[this.#level] = this.#options.holdMs;
    }
    const isSlowStill = this.#level === 0 && (stillMs === null || stillMs > QUICK_STILL_MS);
    const holdMs = (this.#holdsMs[this.#level + 1] ?? Infinity) * (isSlowStill ? SLOW_STILL_WAITS : 1);
    const isTime = atMs - Math.max(this.#quietSinceMs, this.#steppedAtMs) >= holdMs;
    if (isTime) {
      this.#triedAtMs = atMs;
      if (this.#level === 0) this.#movesSinceMs = atMs;
      this.#level += 1;
      this.#steppedAtMs = atMs;
    }
    return this.now;
  }

  #step(to: number, atMs: number): CameraDecision {
    if (this.#triedAtMs !== null && atMs - this.#triedAtMs <= this.#options.trialMs)
      this.#holdsMs[this.#level] = Math.min(this.#options.longestHoldMs, this.#holdsMs[this.#level]! * 2);
    this.#triedAtMs = null;
    this.#quietSinceMs = null;
    this.#level = Math.max(0, to);
    this.#steppedAtMs = atMs;
    // Of the level that was too much; the new one is looked at afresh.
    this.#loss = Math.min(this.#loss, this.#options.goodLoss);
    this.#rttMs = null;
    return this.now;
  }
}

/** The highest level that an estimate carries. */
function fitting(availableKbit: number): number {
  return Math.max(
    0,
    CAMERA_LEVELS.findLastIndex(({ kbit }) => kbit * 1.1 <= availableKbit),
  );
}
