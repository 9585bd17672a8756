import { consentOf, MAX_SAMPLES, type MotionSample } from '#protocol/training/index';
import type { Document } from '#protocol/document/index';
import type { UserId } from '#protocol/ids';
import type { Recordings } from './recordings.service.ts';

/** Motion kept in one piece: what a jump to another moment has to read. */
const CHUNK_MS = 10_000;

/** What people who agreed send of head and hands, gathered until there is a chunk of it. */
export class MotionOfRoom {
  readonly #open = new Map<UserId, MotionSample[]>();

  constructor(
    private readonly room: string,
    private readonly recordings: Recordings,
    private readonly failed: (thrown: unknown) => void,
  ) {}

  /** Asked with each state that somebody sends: who takes the consent back is not recorded from then on. */
  hear(document: Document, user: UserId, body: Uint8Array, nowMs: number): void {
    if (!consentOf(document, user)?.motion) return void this.#open.delete(user);
    const samples = this.#open.get(user) ?? [];
    this.#open.set(user, samples);
    samples.push({ atMs: nowMs, body: body.slice() });
    if (nowMs - samples[0]!.atMs >= CHUNK_MS || samples.length >= MAX_SAMPLES) this.#keep(user);
  }

  /** Of people who sent nothing for a while, and of everybody when the room is closed. */
  flush(olderThanMs = Infinity): void {
    for (const [user, samples] of this.#open) if ((samples[0]?.atMs ?? 0) <= olderThanMs) this.#keep(user);
  }

  #keep(user: UserId): void {
    const samples = this.#open.get(user) ?? [];
    this.#open.delete(user);
    this.recordings.keep(this.room, user, samples).catch(this.failed);
  }
}
