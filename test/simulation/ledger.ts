import { ancestryOf } from '#protocol/design/index';
import { historyOf, stateHash, type Document } from '#protocol/document/index';
import type { ClientId, PartId, RoomId } from '#protocol/ids';
import {
  advance,
  decodeBlock,
  openEntry,
  openJournal,
  type Entry,
  type Genesis,
  type JournalState,
  type ReplayOutcome,
  type StoredEntry,
} from '#protocol/journal/index';
import { ROOM_MODELS } from '#protocol/journal/models';
import type { Held } from '#protocol/room/index';
import { LiveJournal, loadState } from '../../server/rooms/journal/live-journal.ts';
import { MemoryJournalStore } from '../../server/rooms/journal/memory-journal.store.ts';

/** Who held what when an op was judged. */
interface Judged {
  readonly session: ClientId | null;
  readonly fence: number | undefined;
  readonly held: readonly Held[];
}

const MY_STEP = new Set(['history.undo', 'history.redo']);

/**
 * What must be true of a room whatever happens, checked as it happens: the journal is one chain that replays, each op
 * is in it once and in the order of the page that made it, nothing is acknowledged that is not there, nobody changes
 * what another holds, and every op is answered in the end.
 */
export class Ledger {
  readonly made = new Map<string, { page: object; n: number; type: string }>();
  readonly acknowledged = new Set<string>();
  readonly refused = new Map<string, string>();
  /** Sent past the client's own checks; none of these may ever be written. */
  readonly rogue = new Set<string>();
  /** Replay of the journal from its first entry. */
  state: JournalState | null = null;
  undone = 0;
  judgedWithLeases = 0;
  #names = 0;
  readonly #written = new Map<string, number>();
  readonly #lastOf = new Map<object, number>();
  readonly #judged = new Map<string, Judged>();

  constructor(private readonly fail: (cause: Error) => void) {}

  newName(kind: string): string {
    return `${kind}${(this.#names += 1)}`;
  }

  /** The disk outlives the server; what is written to it is judged here. */
  disk(): MemoryJournalStore {
    const { written } = this;
    const record = written.bind(this);
    return new (class extends MemoryJournalStore {
      override async create(room: RoomId, genesis: Genesis, first: StoredEntry): Promise<void> {
        await super.create(room, genesis, first);
        record([first]);
      }
      override async append(room: RoomId, entries: readonly StoredEntry[]): Promise<void> {
        await super.append(room, entries);
        record(entries);
      }
    })();
  }

  watch(journal: LiveJournal): void {
    const take = journal.take.bind(journal);
    journal.take = (op, by, settle, via) => {
      if (this.#judged.has(op.id) || this.#written.has(op.id)) return take(op, by, settle, via);
      const held = journal.leases.list();
      if (held.length || op.fence !== undefined)
        this.#judged.set(op.id, { session: by.session, fence: op.fence, held });
      take(
        op,
        by,
        (verdict) => {
          if (!verdict.ok) this.#judged.delete(op.id);
          settle(verdict);
        },
        via,
      );
    };
  }

  /** A new life of the server judges anew what the former one had not written. */
  restarted(): void {
    this.#judged.clear();
  }

  /** What the server is about to say: an acknowledgement is a promise that must be true already. */
  sends(bytes: Uint8Array): void {
    if (bytes[0] !== 0x11 || bytes[1] !== 0xa3 || bytes[2] !== 0x61 || bytes[3] !== 0x63 || bytes[4] !== 0x6b) return;
    const { acks } = decodeBlock(Uint8Array.from(bytes.subarray(5))) as { acks: { id: string; seq: number }[] };
    for (const { id, seq } of acks)
      if (this.#written.get(id) !== seq)
        this.fail(
          new Error(`Op ${id} is acknowledged as entry ${seq}, but on the disk it is ${this.#written.get(id)}.`),
        );
  }

  written(entries: readonly StoredEntry[]): void {
    try {
      for (const stored of entries) this.#check(stored);
    } catch (cause) {
      this.fail(cause as Error);
    }
  }

  get length(): number {
    return this.state?.length ?? 0;
  }

  /** After everything has come to rest. */
  async settle(room: RoomId, disk: MemoryJournalStore): Promise<void> {
    const unanswered = [...this.made.keys()].filter((id) => !this.#written.has(id) && !this.refused.has(id));
    if (unanswered.length)
      throw new Error(
        `${unanswered.length} ops are neither saved nor refused: ${unanswered
          .slice(0, 5)
          .map((id) => `${id} (${this.made.get(id)!.type})`)
          .join(', ')}`,
      );
    for (const id of this.acknowledged)
      if (!this.#written.has(id)) throw new Error(`Op ${id} was acknowledged and is not in the journal.`);
    for (const [id, key] of this.refused)
      if (this.#written.has(id)) throw new Error(`Op ${id} was refused (${key}) and is in the journal.`);
    const noParent = () => Promise.reject(new Error('no parent'));
    const hash = stateHash(this.state!.document);
    const fromSnapshot = await loadState(room, disk, noParent);
    if (fromSnapshot.state.length !== this.length || stateHash(fromSnapshot.state.document) !== hash)
      throw new Error(`From the snapshot after ${fromSnapshot.snapshotLength} entries another state follows.`);
    let state: JournalState | null = null;
    for (const bytes of await disk.read(room, 0, Number.MAX_SAFE_INTEGER)) {
      const next: ReplayOutcome = state
        ? advance(state, openEntry(bytes), ROOM_MODELS)
        : openJournal(openEntry(bytes), null, ROOM_MODELS);
      if (!next.ok) throw new Error(`The stored journal does not replay: ${next.problem.message}`);
      state = next.state;
    }
    if (stateHash(state!.document) !== hash) throw new Error('From the stored blocks another state follows.');
  }

  #check(stored: StoredEntry): void {
    const { entry } = stored;
    const before = this.#written.get(entry.id);
    if (before !== undefined) throw new Error(`Op ${entry.id} is entry ${before} and again entry ${entry.seq}.`);
    this.#written.set(entry.id, entry.seq);
    if (this.rogue.has(entry.id)) throw new Error(`Op ${entry.id} (${entry.type}) should never have been taken.`);
    const document = this.state?.document;
    const next = this.state ? advance(this.state, stored, ROOM_MODELS) : openJournal(stored, null, ROOM_MODELS);
    if (!next.ok) throw new Error(`Entry ${entry.seq} does not follow: ${next.problem.message}`);
    this.state = next.state;
    const made = this.made.get(entry.id);
    if (made) {
      if ((this.#lastOf.get(made.page) ?? -1) > made.n)
        throw new Error(
          `Op ${entry.id} (${made.n}, ${made.type}) comes after a later one (${this.#lastOf.get(made.page)}) of the same page, by ${entry.author.id}: refused ${[...this.refused].filter(([id]) => this.made.get(id)?.page === made.page).length}`,
        );
      this.#lastOf.set(made.page, made.n);
    }
    if (!document) return;
    if (MY_STEP.has(entry.type)) this.#checkStep(document, entry);
    const judged = this.#judged.get(entry.id);
    if (!judged) return;
    this.#judged.delete(entry.id);
    this.judgedWithLeases += 1;
    for (const { table, id, before: row } of next.changes)
      if (table === 'parts' && row) checkLeases(document, entry, id as PartId, judged);
  }

  #checkStep(document: Document, { type, payload, author }: Entry): void {
    const { undo, redo } = historyOf(document, author.id);
    const newest = (type === 'history.undo' ? undo : redo).last();
    const { target } = payload as { target: string };
    if (newest?.target !== target) throw new Error(`${author.id} took back ${target}, which is not their newest step.`);
    this.undone += 1;
  }
}

function checkLeases(document: Document, entry: Entry, part: PartId, { session, fence, held }: Judged): void {
  const above = new Set(ancestryOf(document, part).map(({ id }) => id));
  for (const lease of held) {
    if (lease.session === session) continue;
    const below = ancestryOf(document, lease.part).some(({ id }) => id === part);
    if (above.has(lease.part) || below)
      throw new Error(`${entry.type} of ${session} changed part ${part} while ${lease.session} held ${lease.part}.`);
  }
  if (fence === undefined) return;
  if (held.find((lease) => lease.part === part)?.fence !== fence)
    throw new Error(`${entry.type} of ${session} changed part ${part} with fence ${fence}, which is over.`);
}
