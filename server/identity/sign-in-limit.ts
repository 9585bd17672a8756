import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/index.ts';
import { problems } from './problems.ts';

/**
 * Token buckets per network address: a whole classroom behind one address may come in at once, guessing or filling the
 * hall with accounts may not. In memory: a restart forgives.
 */
export const SIGN_IN_LIMITS = {
  guest: { burst: 300, perSecond: 2 },
  wallet: { burst: 60, perSecond: 0.5 },
} as const;
const MAX_BUCKETS = 10_000;

interface Bucket {
  left: number;
  atMs: number;
}

@Injectable()
export class SignInLimit {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly clock: Clock) {}

  /** Throws `identity.too_many_attempts` (429) with the seconds to wait. */
  pass(kind: keyof typeof SIGN_IN_LIMITS, address: string): void {
    const { burst, perSecond } = SIGN_IN_LIMITS[kind];
    const key = `${kind} ${address}`;
    const now = this.clock.nowMs();
    const bucket = this.buckets.get(key) ?? { left: burst, atMs: now };
    const left = Math.min(burst, bucket.left + ((now - bucket.atMs) / 1000) * perSecond);
    if (left < 1) throw problems.tooManyAttempts(Math.ceil((1 - left) / perSecond));
    // Deleting first keeps the map in order of use, so the oldest fall out.
    this.buckets.delete(key);
    this.buckets.set(key, { left: left - 1, atMs: now });
    if (this.buckets.size > MAX_BUCKETS) this.buckets.delete(this.buckets.keys().next().value!);
  }
}
