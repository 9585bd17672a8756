import type { Carry, PresenceEntry } from '#protocol/presence/index';

interface Latest {
  body: Uint8Array | null;
  /** By part: newest wins within a tick. */
  readonly carries: Map<string, Carry>;
}

/** The newest presence of each participant since the last tick. Older frames of the same tick are overwritten. */
export class PresenceBoard {
  #changed = new Map<number, Latest>();
  /** The last body of everyone, so that who joins sees people who stand still. */
  readonly #standing = new Map<number, Uint8Array>();

  put(participant: number, body: Uint8Array | null, carries: readonly Carry[]): void {
    const latest = this.#changed.get(participant) ?? { body: null, carries: new Map<string, Carry>() };
    if (body) {
      latest.body = body;
      this.#standing.set(participant, body);
    }
    for (const carry of carries) latest.carries.set(carry.part, carry);
    this.#changed.set(participant, latest);
  }

  forget(participant: number): void {
    this.#changed.delete(participant);
    this.#standing.delete(participant);
  }

  /** What changed since the last call, or null when nothing did. */
  take(): PresenceEntry[] | null {
    if (this.#changed.size === 0) return null;
    const entries = [...this.#changed].map(([participant, { body, carries }]) => ({
      participant,
      body,
      carries: [...carries.values()],
    }));
    this.#changed = new Map();
    return entries;
  }

  everyone(): PresenceEntry[] {
    return [...this.#standing].map(([participant, body]) => ({ participant, body, carries: [] }));
  }
}
