import { CID, isBlock } from '../journal/block.ts';
import { openEntry } from '../journal/entry.ts';

/** Hands out a block by its CID, null where it has none. It may lie: hashes are checked here. */
export type EvidenceSource = (cid: CID) => Promise<Uint8Array | null>;

export type EvidenceVerdict =
  /** `entries`: of the journal from its head to its first; null when the evidence is not a journal. */
  | { readonly outcome: 'found'; readonly entries: number | null; readonly room: string | null }
  | { readonly outcome: 'unreachable' }
  | { readonly outcome: 'mismatch'; readonly cid: string };

/** A shift of a big room; who names a longer one as evidence is told it was not walked. */
const MOST_ENTRIES = 200_000;

/**
 * Whether the evidence is where the certificate says, and is what it says: each block is hashed, and a journal is
 * followed by its links from the head to the entry that opened the room.
 */
export async function checkEvidence(cid: string, source: EvidenceSource): Promise<EvidenceVerdict> {
  let room: string | null = null;
  let next: CID | null = CID.parse(cid);
  for (let entries = 0; next !== null; entries++) {
    const at: CID = next;
    const bytes = await source(at);
    if (bytes === null) return { outcome: 'unreachable' };
    if (!isBlock(at, bytes)) return { outcome: 'mismatch', cid: at.toString() };
    const entry = entryOf(at, bytes);
    if (!entry) return entries === 0 ? { outcome: 'found', entries: null, room } : mismatch(at);
    if (room !== null && entry.room !== room) return mismatch(at);
    room = entry.room;
    next = entry.prev;
    if (next === null) return { outcome: 'found', entries: entries + 1, room };
    if (entries >= MOST_ENTRIES) return { outcome: 'found', entries: null, room };
  }
  return { outcome: 'unreachable' };
}

const mismatch = (cid: CID): EvidenceVerdict => ({ outcome: 'mismatch', cid: cid.toString() });

function entryOf(cid: CID, bytes: Uint8Array) {
  try {
    const stored = openEntry(bytes);
    return stored.cid.equals(cid) ? stored.entry : null;
  } catch {
    return null; // some other content: a manifest, a file
  }
}
