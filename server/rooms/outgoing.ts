import type { ClientId } from '#protocol/ids';
import type { StoredEntry } from '#protocol/journal/index';
import { CLOSE, type Held } from '#protocol/room/index';
import type { InterestBoard } from './interest.ts';
import { bufferedBytes, packEntries, SharedFrame, type PresenceFrame } from './packing.ts';
import type { Roster, Seat } from './roster.ts';
import { sendAway } from './send-away.ts';

/** With more people than this, what others did goes out once per tick, in one frame with their presence. */
const SMALL_ROOM = 40;
/** Presence is skipped for a client with more than this in its socket; ops never are. */
const SLOW_SOCKET_BYTES = 64 * 1024;
/** A client this far behind is closed: its ops wait on its own disk, and it starts again with a delta. */
const STUCK_SOCKET_BYTES = 16 * 1024 * 1024;

/**
 * What a room sends, and when: acknowledgements as soon as the disk has them, entries at once in a small room and with
 * the tick in a big one, presence and news with the tick (docs/decisions/0009-presence-by-interest.md).
 */
export class Outgoing {
  /** Entries that wait for the tick. */
  #gathered: StoredEntry[] = [];
  readonly #acknowledged = new Set<ClientId>();
  #isHeldNews = false;

  constructor(
    private readonly roster: Roster,
    private readonly interest: InterestBoard<PresenceFrame>,
    private readonly held: () => Held[],
  ) {}

  /** Ops that were written together are acknowledged together, before anybody hears of their entries. */
  acknowledge(seat: Seat, id: string, seq: number): void {
    if (this.#acknowledged.size === 0) setImmediate(() => this.#sendAcks());
    this.#acknowledged.add(seat.session);
    seat.acks.push({ id, seq });
  }

  broadcast(entries: readonly StoredEntry[]): void {
    this.#sendAcks();
    this.#gathered.push(...entries);
    if (this.roster.size > SMALL_ROOM) return;
    for (const message of this.#takeGathered()) {
      const frame = SharedFrame.of('entries', message);
      for (const seat of this.roster.connected()) if (!seat.isBehind && !frame.sendTo(seat.client)) seat.isFull = true;
    }
  }

  /** Entries that one person missed. */
  tellEntries(seat: Seat, from: number, blocks: readonly Uint8Array[]): void {
    for (const message of packEntries(from, blocks)) seat.client.sendBytes('entries', message);
  }

  /** Told with the next tick, once, however often it changes until then. */
  heldChanged(): void {
    this.#isHeldNews = true;
  }

  /** Sends what this tick brings; people who get the same bytes share one encoded message. */
  tick(nowMs: number): void {
    const news = this.roster.takeNews();
    if (news) this.roster.tellAll('roster.news', news);
    if (this.#isHeldNews) this.roster.tellAll('held', { held: this.held() });
    this.#isHeldNews = false;
    const [entries, ...moreEntries] = this.#takeGathered();
    const entriesAlone = entries && SharedFrame.of('entries', entries);
    // Written in one go when all are made: it takes a fifth less than writing and making by turns.
    const due: Seat[] = [];
    const frames: SharedFrame[] = [];
    for (const seat of this.roster.connected()) {
      const presence = this.#presenceFor(seat, nowMs);
      const frame = entries && !seat.isBehind ? (presence?.with(entries) ?? entriesAlone) : presence?.alone;
      if (frame) {
        due.push(seat);
        frames.push(frame);
      } else if (seat.line.isDue(nowMs)) seat.line.ask();
    }
    for (let i = 0; i < due.length; i++) {
      const seat = due[i]!;
      if (!frames[i]!.sendTo(seat.client, seat.line.isDue(nowMs))) seat.isFull = true;
    }
    if (moreEntries.length === 0) return;
    for (const seat of this.roster.connected())
      if (!seat.isBehind) for (const message of moreEntries) seat.client.sendBytes('entries', message);
  }

  #sendAcks(): void {
    for (const session of this.#acknowledged) {
      const seat = this.roster.get(session);
      if (!seat) continue;
      const acks = seat.acks;
      seat.acks = [];
      if (acks.length) this.roster.tell(seat, 'ack', { acks });
    }
    this.#acknowledged.clear();
  }

  /** Null when nothing is to be said, or when the socket or the line is full: then presence is left out, ops never are. */
  #presenceFor(seat: Seat, nowMs: number): PresenceFrame | null {
    const waiting = seat.isFull ? bufferedBytes(seat.client) : 0;
    seat.isFull = waiting > SLOW_SOCKET_BYTES;
    const isLate = seat.line.isLate(nowMs);
    if (!seat.isFull && !isLate) return this.interest.frameFor(seat.participant);
    this.interest.skipped(seat.participant);
    if (waiting > STUCK_SOCKET_BYTES) sendAway(seat.client, CLOSE.tooSlow);
    return null;
  }

  #takeGathered(): Uint8Array[] {
    const gathered = this.#gathered;
    if (gathered.length === 0) return [];
    this.#gathered = [];
    const blocks = gathered.map(({ bytes }) => bytes);
    return [...packEntries(gathered[0]!.entry.seq, blocks)];
  }
}
