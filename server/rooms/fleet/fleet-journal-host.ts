import { setTimeout as sleep } from 'node:timers/promises';
import type { RoomId } from '#protocol/ids';
import {
  decodeBlock,
  encodeBlock,
  encodeSnapshot,
  type Author,
  type JournalState,
  type Op,
} from '#protocol/journal/index';
import type { Participant } from '#protocol/room/index';
import type { Clock, Ids } from '../../platform/clock/index.ts';
import { isNoAnswer, ProcessGone, type RedisFleet } from '../../platform/fleet/index.ts';
import { JournalHost } from '../journal-host.ts';
import type { JournalOwners } from '../journal/journal-owners.ts';
import { isNotOwner } from '../journal/journal-problems.ts';
import { JournalReader } from '../journal/journal-reader.ts';
import type { JournalStore } from '../journal/journal.store.ts';
import { loadState, type Hold, type LiveJournal, type Verdict } from '../journal/live-journal.ts';
import type { SubmitOptions } from '../room-host.ts';

const SUBMIT = 'journal.submit';
const SUBMIT_TIMEOUT_MS = 5_000;
/** How long a submit looks for somebody who takes it: a dead owner's room is free again after 3 s at most. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;
/** People of a room, told to the other processes with each beat. */
const PEOPLE_TTL_MS = 4_000;

interface Submission {
  readonly room: RoomId;
  readonly author: Author;
  readonly ops: readonly Op[];
  readonly options: SubmitOptions;
}

/**
 * Journals in a hall of several processes. Only the owner of a journal writes it, and each of its writes proves that it
 * still is (`JournalOwners`); everybody else reads along in the database, and asks the owner to write.
 */
export class FleetJournalHost extends JournalHost {
  readonly reader: JournalReader;
  /** Told when a room of ours is another process's now. */
  onLost: (room: RoomId) => void = () => {};

  constructor(
    store: JournalStore,
    clock: Clock,
    ids: Ids,
    private readonly fleet: RedisFleet,
    readonly owners: JournalOwners,
  ) {
    super(store, clock, ids);
    this.reader = new JournalReader(store, (room, length) => this.state(room, length));
    fleet.answer(SUBMIT, async ({ block }: { block: string }) => {
      const { room, author, ops, options } = decodeBlock(Buffer.from(block, 'base64')) as Submission;
      return super.submit(room, author, ops, options);
    });
    fleet.onBeat(() => this.#onBeat());
  }

  override async submit(
    room: RoomId,
    author: Author,
    ops: readonly Op[],
    options: SubmitOptions = {},
  ): Promise<Verdict[]> {
    const endMs = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        // Sending ops again is safe: each is written once, and answered with its first outcome.
        const verdicts = await this.#submitOnce(room, author, ops, options);
        if (!verdicts.some(isUnsaved) || performance.now() > endMs) return verdicts;
      } catch (thrown) {
        const mayPass = thrown instanceof ProcessGone || isNotOwner(thrown) || isNoAnswer(thrown);
        if (!mayPass || performance.now() > endMs) throw thrown;
      }
      await sleep(PAUSE_MS);
    }
  }

  override async state(room: RoomId, length?: number): Promise<JournalState> {
    // What is just being opened here may turn out to be another's.
    const here = await this.openHere(room)?.catch(() => undefined);
    const newest = here?.durable ?? (await this.reader.state(room));
    if (length === undefined || length >= newest.length) return newest;
    return (await loadState(room, this.store, (parent, at) => this.state(parent, at), length)).state;
  }

  override async snapshot(room: RoomId): Promise<{ bytes: Uint8Array; length: number }> {
    const state = await this.state(room);
    return { bytes: encodeSnapshot(state), length: state.length };
  }

  override async participants(room: RoomId): Promise<readonly Participant[]> {
    if (this.rosters.has(room)) return super.participants(room);
    // While Redis is away nobody knows who is in the rooms of others; that fails no page.
    const people = await this.fleet.recall<Participant[]>(`people:${room}`).catch(() => null);
    return people ?? [];
  }

  override async onApplicationShutdown(): Promise<void> {
    this.reader.close();
    await super.onApplicationShutdown();
  }

  /** Stops using a journal that another process has, or is about to have. */
  override forget(room: RoomId): void {
    super.forget(room);
  }

  protected override async hold(room: RoomId): Promise<Hold> {
    const fence = await this.owners.take(room);
    return { fence, start: this.reader.handOut(room), onLost: () => this.#lose(room) };
  }

  protected override async letGo(journal: LiveJournal): Promise<void> {
    if (journal.fence) await this.owners.release(journal.room, journal.fence);
  }

  async #submitOnce(room: RoomId, author: Author, ops: readonly Op[], options: SubmitOptions): Promise<Verdict[]> {
    const owner = this.openHere(room) ? null : await this.owners.ownerOf(room);
    if (!owner || owner.id === this.fleet.self.id) return super.submit(room, author, ops, options);
    const submission: Submission = { room, author, ops, options };
    const block = Buffer.from(encodeBlock(withoutUndefined(submission)).bytes).toString('base64');
    return this.fleet.ask<Verdict[]>(owner, SUBMIT, { block }, SUBMIT_TIMEOUT_MS);
  }

  /** Looks whether a room was taken from us while we did not notice, and tells the others who is in ours. */
  async #onBeat(): Promise<void> {
    const opened = await Promise.all(this.roomsHere.map((room) => this.openHere(room)?.catch(() => undefined)));
    const mine = await this.owners.mine();
    for (const journal of opened) {
      if (!journal?.fence || mine.get(journal.room) === journal.fence.epoch) continue;
      // Unless we let it go ourselves meanwhile.
      if ((await this.openHere(journal.room)?.catch(() => undefined)) !== journal) continue;
      void journal.freeze();
      this.#lose(journal.room);
    }
    for (const [room, people] of this.rosters) await this.fleet.keep(`people:${room}`, people(), PEOPLE_TTL_MS);
  }

  #lose(room: RoomId): void {
    this.forget(room);
    this.onLost(room);
  }
}

const isUnsaved = (verdict: Verdict): boolean => !verdict.ok && verdict.problem.key === 'not_saved';

/** dag-cbor has no undefined; a CID in `via` must stay one. */
function withoutUndefined(submission: Submission): Submission {
  const clean = <T extends object>(from: T): T =>
    Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as T;
  return { ...submission, ops: submission.ops.map(clean), options: clean(submission.options) };
}
