import { decodeHandsDown, HandsSampler, type HandsPose } from '#protocol/presence/index';
import type { RemoteHands } from './room-session.types.ts';
import { Signal } from './signal.ts';

/** Bare hands, both ways: says what mine do while somebody near sees them, and what those near me do. */
export class HandsChannel {
  /** Somebody sees my hands: the server says so. */
  isWanted = false;
  /** The server passes hands on; an older one would take them for a mistake. */
  isTaken = false;
  readonly #hands = new Signal<[readonly RemoteHands[]]>();
  readonly #sampler = new HandsSampler();
  readonly #seen = new Map<number, RemoteHands>();
  #pose: HandsPose | null = null;

  /** Hears of all hands in sight at once, and then of what changes. */
  on(listener: (hands: readonly RemoteHands[]) => void): () => void {
    if (this.#seen.size) listener([...this.#seen.values()]);
    return this.#hands.on(listener);
  }

  set(pose: HandsPose | null): void {
    this.#pose = pose;
  }

  /** The next frame to send, or null. */
  take(nowMs: number): Uint8Array | null {
    return this.isTaken ? this.#sampler.take(this.#pose, this.isWanted, nowMs) : null;
  }

  /** A new connection: the server knows nothing of mine, and tells again whose I see. */
  restart(isTaken: boolean): void {
    this.isTaken = isTaken;
    this.isWanted = false;
    this.#sampler.reset();
    this.#tell([...this.#seen.keys()].map((participant) => ({ participant })));
  }

  receive(bytes: Uint8Array): void {
    const entries = decodeHandsDown(bytes);
    if (entries) this.#tell(entries);
  }

  #tell(entries: readonly RemoteHands[]): void {
    for (const hands of entries) {
      if (hands.left || hands.right) this.#seen.set(hands.participant, hands);
      else this.#seen.delete(hands.participant);
    }
    if (entries.length) this.#hands.emit(entries);
  }
}
