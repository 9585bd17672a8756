import type { Change, Document } from '#protocol/document/index';
import { ancestryOf, partOf } from '#protocol/design/index';
import { problem, type Problem } from '#protocol/errors';
import type { ClientId, PartId } from '#protocol/ids';
import { LEASE_MS, type Held } from '#protocol/room/index';

interface Lease {
  readonly session: ClientId;
  readonly fence: number;
  expiresAtMs: number;
}

/**
 * Who holds which part. Leases live in memory only: they end with their holder, and a restarted server starts without
 * any. Each take gets a higher fence, so a late op of a former holder can be told from one of the present holder.
 */
export class Leases {
  readonly #byPart = new Map<PartId, Lease>();
  #fence = 0;

  /** All or nothing. Taking what one holds already renews it and keeps its fence. */
  take(
    document: Document,
    session: ClientId,
    parts: readonly PartId[],
    nowMs: number,
  ): { fence: number } | { problem: Problem } {
    this.expire(nowMs);
    for (const part of parts) {
      if (!partOf(document, part))
        return { problem: problem('design', 'no_such_part', 'This part is not there any more.', { facts: { part } }) };
      const other = this.#conflict(document, part, session);
      if (other) return { problem: heldProblem(part, other) };
    }
    const kept = parts.map((part) => this.#byPart.get(part)).find((lease) => lease !== undefined);
    const fence = kept?.fence ?? ++this.#fence;
    for (const part of parts) this.#byPart.set(part, { session, fence, expiresAtMs: nowMs + LEASE_MS });
    return { fence };
  }

  release(session: ClientId, parts: readonly PartId[]): boolean {
    let changed = false;
    for (const part of parts)
      if (this.#byPart.get(part)?.session === session) changed = this.#byPart.delete(part) || changed;
    return changed;
  }

  releaseAll(session: ClientId): boolean {
    return this.release(session, [...this.#byPart.keys()]);
  }

  /** Forgets what was not renewed in time. Returns true when something was. */
  expire(nowMs: number): boolean {
    let changed = false;
    for (const [part, lease] of this.#byPart)
      if (lease.expiresAtMs <= nowMs) changed = this.#byPart.delete(part) || changed;
    return changed;
  }

  /** Whether changes touch a part that somebody else holds, or come from a lease that is over. */
  judge(
    document: Document,
    changes: readonly Change[],
    session: ClientId | null,
    fence: number | undefined,
  ): Problem | null {
    if (this.#byPart.size === 0 && fence === undefined) return null;
    for (const { table, id, before } of changes) {
      if (table !== 'parts' || !before) continue;
      const other = this.#conflict(document, id as PartId, session);
      if (other) return heldProblem(id, other);
      if (fence !== undefined && this.#byPart.get(id as PartId)?.fence !== fence)
        return problem('design', 'lease_over', 'You no longer hold this part; somebody may have changed it since.', {
          facts: { part: id },
          next: 'Take hold of it again.',
        });
    }
    return null;
  }

  isHeldBy(session: ClientId, part: PartId): boolean {
    return this.#byPart.get(part)?.session === session;
  }

  list(): Held[] {
    return [...this.#byPart].map(([part, { session, fence }]) => ({ part, session, fence }));
  }

  /** A part is held through its groups, and a group cannot be taken from under somebody who holds a part in it. */
  #conflict(document: Document, part: PartId, session: ClientId | null): ClientId | null {
    for (const { id } of ancestryOf(document, part)) {
      const lease = this.#byPart.get(id);
      if (lease && lease.session !== session) return lease.session;
    }
    for (const [held, lease] of this.#byPart)
      if (lease.session !== session && ancestryOf(document, held).some(({ id }) => id === part)) return lease.session;
    return null;
  }
}

const heldProblem = (part: string, session: ClientId) =>
  problem('permissions', 'part_held', 'Somebody else is holding this part.', {
    facts: { part, session },
    next: 'Wait until they let go, or ask them.',
  });
