import {
  BodySampler,
  decodeBody,
  decodeDown,
  encodeUp,
  sentAtOf,
  type Body,
  type Carry,
} from '#protocol/presence/index';
import type { RemoteBody, RemoteCarry } from './room-session.types.ts';
import { SenderClock } from './sender-clock.ts';
import { Signal } from './signal.ts';
import { Store } from './store.ts';

/** Carries in one frame; the server takes no more. */
const CARRIES_PER_FRAME = 16;

/** What is fleeting, both ways: sends of my body what others could not predict, and says what theirs do. */
export class PresenceChannel {
  readonly carries = new Signal<[readonly RemoteCarry[]]>();
  readonly lost = new Signal<[readonly number[]]>();
  readonly beyond = new Store(0);
  readonly #bodies = new Signal<[readonly RemoteBody[]]>();
  readonly #sampler = new BodySampler();
  readonly #clocks = new Map<number, SenderClock>();
  /** Everybody in sight: who stands still is not sent again. */
  readonly #inSight = new Map<number, RemoteBody>();
  /** Whether I am heard speaking: goes out with my body. */
  isSpeaking = false;
  #body: Body | null = null;
  #carries = new Map<string, Carry>();

  /** Hears of everybody in sight at once, and then of what changes. */
  onBodies(listener: (bodies: readonly RemoteBody[]) => void): () => void {
    if (this.#inSight.size) listener([...this.#inSight.values()]);
    return this.#bodies.on(listener);
  }

  get body(): Body | null {
    return this.#body;
  }

  setBody(body: Body): void {
    this.#body = body;
  }

  setCarry(carry: Carry): void {
    this.#carries.set(carry.part, carry);
  }

  /** The next frame to send, or null when others see the right thing without one. */
  take(nowMs: number): Uint8Array | null {
    const now = this.#body && { ...this.#body, isSpeaking: this.isSpeaking };
    const body = now && this.#sampler.take(now, nowMs) ? now : null;
    if (!body && this.#carries.size === 0) return null;
    const carries = [...this.#carries.values()].slice(0, CARRIES_PER_FRAME);
    this.#carries = new Map();
    return encodeUp({ ...(body ? { body } : {}), carries }, nowMs);
  }

  /** A new connection: the server knows nothing of me, and my picture of others starts again with its first frame. */
  restart(): void {
    this.#sampler.reset();
  }

  /** `me`: my own number, whose entries are skipped. */
  receive(bytes: Uint8Array, me: number | undefined, nowMs: number): void {
    const frame = decodeDown(bytes);
    if (!frame) return;
    const bodies: RemoteBody[] = [];
    const carries: RemoteCarry[] = [];
    const lost: number[] = [];
    const inSight = new Set<number>();
    for (const { participant, body: packed, carries: carried } of frame.entries) {
      if (participant === me) continue;
      inSight.add(participant);
      const body = packed && decodeBody(packed);
      if (body) bodies.push({ participant, body, atMs: this.#clockOf(participant).toLocalMs(sentAtOf(packed), nowMs) });
      else if (carried.length === 0) lost.push(participant);
      for (const carry of carried) carries.push({ ...carry, participant });
    }
    if (frame.isComplete) for (const known of this.#clocks.keys()) if (!inSight.has(known)) lost.push(known);
    for (const body of bodies) this.#inSight.set(body.participant, body);
    for (const participant of lost) {
      this.#clocks.delete(participant);
      this.#inSight.delete(participant);
    }
    this.beyond.set(frame.beyond);
    if (bodies.length) this.#bodies.emit(bodies);
    if (lost.length) this.lost.emit(lost);
    if (carries.length) this.carries.emit(carries);
  }

  #clockOf(participant: number): SenderClock {
    let clock = this.#clocks.get(participant);
    if (!clock) this.#clocks.set(participant, (clock = new SenderClock()));
    return clock;
  }
}
