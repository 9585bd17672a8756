import { Room, type Client } from '@colyseus/core';
import type WebSocket from 'ws';
import type { z } from 'zod';
import { problem, toProblem, type Problem } from '#protocol/errors';
import type { ClientId, RoomId, UserId } from '#protocol/ids';
import { Author, decodeBlock, type StoredEntry } from '#protocol/journal/index';
import { decide } from '#protocol/permissions/index';
import { decodeUp } from '#protocol/presence/index';
import {
  CLIENT_MESSAGES,
  CLOSE,
  LEASE_MS,
  PRESENCE_HZ,
  WIRE_VERSION,
  type ClientMessages,
  type JoinOptions,
  encodeTick,
} from '#protocol/room/index';
import { InterestBoard } from './interest.ts';
import type { LiveJournal } from './journal/live-journal.ts';
import { packEntries, packMessage } from './packing.ts';
import { RateLimit } from './rate-limit.ts';
import type { Admitted } from './room-gate.ts';
import { roomServices } from './room-services.ts';
import { Roster, type Seat } from './roster.ts';
import { tickMeter } from './tick-meter.ts';

/** What the matchmaking route hands to a seat, after it has checked the ticket. */
export interface SeatOptions extends Omit<JoinOptions, 'ticket'> {
  readonly admitted: Admitted;
}

const TICK_MS = 1000 / PRESENCE_HZ;
/** With more people than this, what others did goes out once per tick, in one frame with their presence. */
const SMALL_ROOM = 40;
/** Entries sent over the socket at a join; who is further behind fetches the snapshot first. */
const MAX_DELTA = 2000;
/** Presence is skipped for a client with more than this in its socket; ops never are. */
const SLOW_SOCKET_BYTES = 64 * 1024;
/** A client this far behind is closed: its ops wait on its own disk, and it starts again with a delta. */
const STUCK_SOCKET_BYTES = 16 * 1024 * 1024;
/** Messages per second a client may send on average, and at once. Presence takes 20; ops are packed 100 to a message. */
const MESSAGES_PER_SECOND = 100;
const MESSAGES_BURST = 400;
/** Unreadable messages before the connection is closed. */
const MAX_STRIKES = 10;
/** How long a dropped person keeps their place in the roster, ms. */
const GRACE_MS = 15_000;

/**
 * The Colyseus side of a room: seats, messages, presence. What lasts is in the journal, which knows no Colyseus.
 * No schema state: the roster and the leases are two small messages in the same codec as everything else
 * (docs/decisions/0003-rooms-without-schema-state.md).
 */
export class HallRoom extends Room {
  #journal!: LiveJournal;
  #room!: RoomId;
  readonly #roster = new Roster();
  readonly #graceTimers = new Map<ClientId, NodeJS.Timeout>();
  readonly #interest = new InterestBoard();
  /** Entries that wait for the tick. */
  #gathered: StoredEntry[] = [];
  #isHeldNews = false;
  readonly #acknowledged = new Set<ClientId>();
  #unsubscribe: (() => void)[] = [];
  #tick: NodeJS.Timeout | undefined;

  override async onCreate(options: SeatOptions): Promise<void> {
    const { host, gate, clock, maxPeople } = roomServices();
    this.maxClients = maxPeople;
    this.patchRate = null;
    this.#room = options.room;
    this.#journal = await host.journal(options.room);
    host.rosters.set(options.room, () => this.#roster.participants());
    this.#unsubscribe = [
      this.#journal.subscribe({
        onEntries: (entries) => this.#broadcastEntries(entries),
        onReset: (reason) => this.#reset(reason),
      }),
      gate.onRoleChange((room, user) => void (room === this.#room && this.#refreshRole(user))),
    ];
    let dueMs = performance.now() + TICK_MS;
    this.#tick = setInterval(() => {
      const startMs = performance.now();
      this.#onTick(clock.nowMs());
      const nowMs = performance.now();
      tickMeter.record(nowMs - Math.min(dueMs, startMs), nowMs);
      dueMs = startMs + TICK_MS;
    }, TICK_MS);
    this.#handle('ops', (seat, { ops }) => this.#onOps(seat, ops));
    this.#handle('lease.take', (seat, message) => this.#onLeaseTake(seat, message));
    this.#handle(
      'lease.release',
      (seat, { parts }) => void (this.#journal.leases.release(seat.session, parts) && this.#heldChanged()),
    );
    this.#handle('ping', (seat, { n }) => this.#roster.tell(seat, 'pong', { n, serverTimeMs: clock.nowMs() }));
    this.onMessageBytes('presence', (client: Client, bytes: unknown) => this.#onPresence(client, bytes));
    this.onMessage('*', (client: Client, type: unknown) =>
      this.#strike(this.#roster.seatOf(client), `unknown message "${String(type).slice(0, 40)}"`),
    );
  }

  override async onJoin(client: Client, options: SeatOptions): Promise<void> {
    const { gate, clock } = roomServices();
    const { admitted, client: session, device, have } = options;
    const role = await gate.roleIn(this.#room, admitted.user);
    if (!role || decide(role, 'room.enter', { own: false, held: 'nobody', room: 'open' })) {
      client.leave(CLOSE.forbidden);
      return;
    }
    const former = this.#roster.get(session);
    if (former && former.user !== admitted.user) {
      client.leave(CLOSE.forbidden);
      return;
    }
    clearTimeout(this.#graceTimers.get(session));
    if (former?.isConnected) former.client.leave(CLOSE.replaced);
    const participant = former?.participant ?? this.#roster.freeNumber();
    const seat: Seat = {
      participant,
      session,
      user: admitted.user,
      name: admitted.name,
      badge: admitted.badge,
      role,
      device,
      color: former?.color ?? this.#roster.colorOf(admitted.user),
      isConnected: true,
      client,
      limit: new RateLimit(MESSAGES_PER_SECOND, MESSAGES_BURST, clock.nowMs()),
      strikes: 0,
      acks: [],
      isBehind: true,
    };
    this.#roster.seat(seat);
    const { length } = this.#journal.durable;
    this.#roster.tell(seat, 'welcome', {
      v: WIRE_VERSION,
      participant,
      session,
      user: admitted.user,
      role,
      length,
      serverTimeMs: clock.nowMs(),
    });
    this.#roster.tell(seat, 'roster', { participants: this.#roster.participants() });
    this.#roster.tell(seat, 'held', { held: this.#journal.leases.list() });
    await this.#catchUp(seat, have);
    this.#interest.watch(participant);
  }

  override onLeave(client: Client, code?: number): void {
    const seat = this.#roster.disconnect(client);
    if (!seat) return;
    const hasLeft = code === 1000 || code === 4000 || code === CLOSE.forbidden;
    if (hasLeft) return this.#remove(seat);
    this.#roster.change(seat, { isConnected: false });
    this.#graceTimers.set(seat.session, setTimeout(() => this.#remove(seat), GRACE_MS).unref());
    this.#interest.unwatch(seat.participant);
  }

  override onDispose(): void {
    clearInterval(this.#tick);
    for (const timer of this.#graceTimers.values()) clearTimeout(timer);
    for (const stop of this.#unsubscribe) stop();
    for (const seat of this.#roster.all()) this.#journal.leases.releaseAll(seat.session);
    roomServices().host.rosters.delete(this.#room);
  }

  /** Sends what the client lacks. Entries that come in meanwhile are in what it reads or in what follows, never twice. */
  async #catchUp(seat: Seat, have: number): Promise<void> {
    if (have > this.#journal.durable.length || this.#journal.durable.length - have > MAX_DELTA) {
      this.#roster.tell(seat, 'behind', { length: this.#journal.durable.length });
      return;
    }
    let from = have;
    while (from < this.#journal.durable.length) {
      const blocks = await this.#journal.read(from, MAX_DELTA);
      this.#tellEntries(seat, from, blocks);
      from += blocks.length;
    }
    const current = this.#roster.get(seat.session);
    if (current) current.isBehind = false;
  }

  #onOps(seat: Seat, ops: ClientMessages['ops']['ops']): void {
    const author = Author.parse({ id: seat.user, name: seat.name });
    for (const op of ops)
      this.#journal.take(op, { author, role: seat.role, session: seat.session }, (verdict) => {
        const target = this.#roster.get(seat.session);
        if (!target?.isConnected) return;
        if (verdict.ok) this.#acknowledge(target, op.id, verdict.seq);
        else this.#roster.tell(target, 'reject', { id: op.id, problem: verdict.problem });
      });
  }

  /** Ops that were written together are acknowledged together, before anybody hears of their entries. */
  #acknowledge(seat: Seat, id: string, seq: number): void {
    if (this.#acknowledged.size === 0) setImmediate(() => this.#sendAcks());
    this.#acknowledged.add(seat.session);
    seat.acks.push({ id, seq });
  }

  #sendAcks(): void {
    for (const session of this.#acknowledged) {
      const seat = this.#roster.get(session);
      if (!seat) continue;
      const acks = seat.acks;
      seat.acks = [];
      if (acks.length) this.#roster.tell(seat, 'ack', { acks });
    }
    this.#acknowledged.clear();
  }

  #onLeaseTake(seat: Seat, { request, parts }: ClientMessages['lease.take']): void {
    const denied = decide(seat.role, 'lease.take', { own: false, held: 'nobody', room: 'open' });
    const taken = denied
      ? { problem: denied }
      : this.#journal.leases.take(this.#journal.document, seat.session, parts, roomServices().clock.nowMs());
    if ('problem' in taken) return this.#roster.tell(seat, 'lease', { request, problem: taken.problem });
    this.#roster.tell(seat, 'lease', { request, fence: taken.fence, expiresInMs: LEASE_MS });
    this.#heldChanged();
  }

  #onPresence(client: Client, bytes: unknown): void {
    const seat = this.#roster.seatOf(client);
    if (!seat || !this.#isWithinRate(seat)) return;
    const up = bytes instanceof Uint8Array ? decodeUp(bytes) : null;
    if (!up) return this.#strike(seat, 'unreadable presence frame');
    const carries = up.carries.filter(({ part }) => this.#journal.leases.isHeldBy(seat.session, part as never));
    // The frame's memory belongs to the socket: keep a copy of the 36 bytes.
    this.#interest.hear(seat.participant, up.body && up.body.slice(), carries, roomServices().clock.nowMs());
  }

  #onTick(nowMs: number): void {
    if (this.#journal.leases.expire(nowMs)) this.#heldChanged();
    const news = this.#roster.takeNews();
    if (news) this.#roster.tellAll('roster.news', news);
    if (this.#isHeldNews) this.#tellHeld();
    this.#interest.advance(nowMs);
    const [entries, ...moreEntries] = this.#takeGathered();
    // People who get the same bytes share one encoded message, so that a tick costs one copy per square of the floor.
    const encoded = new Map<Uint8Array | null, Uint8Array>();
    const alone = new Map<Uint8Array | null, Uint8Array>();
    for (const seat of this.#roster.connected()) {
      const presence = this.#presenceFor(seat);
      const withEntries = entries && !seat.isBehind ? entries : null;
      if (presence || withEntries) this.#sendShared(seat, withEntries ? encoded : alone, presence, withEntries);
      if (withEntries) for (const message of moreEntries) seat.client.sendBytes('entries', message);
    }
  }

  /** Null when nothing is to be said, or when the socket is full: then presence is left out, ops never are. */
  #presenceFor(seat: Seat): Uint8Array | null {
    const { bufferedAmount } = seat.client.ref as unknown as WebSocket;
    if (bufferedAmount <= SLOW_SOCKET_BYTES) return this.#interest.frameFor(seat.participant);
    this.#interest.skipped(seat.participant);
    if (bufferedAmount > STUCK_SOCKET_BYTES) seat.client.leave(CLOSE.tooSlow);
    return null;
  }

  #sendShared(
    seat: Seat,
    made: Map<Uint8Array | null, Uint8Array>,
    presence: Uint8Array | null,
    entries: Uint8Array | null,
  ): void {
    let message = made.get(presence);
    if (!message) {
      message = entries
        ? presence
          ? packMessage('tick', encodeTick(presence, entries))
          : packMessage('entries', entries)
        : packMessage('presence', presence!);
      made.set(presence, message);
    }
    seat.client.enqueueRaw(message);
  }

  #broadcastEntries(entries: readonly StoredEntry[]): void {
    this.#sendAcks();
    this.#gathered.push(...entries);
    if (this.#roster.size > SMALL_ROOM) return;
    for (const message of this.#takeGathered())
      for (const seat of this.#roster.connected()) if (!seat.isBehind) seat.client.sendBytes('entries', message);
  }

  #takeGathered(): Uint8Array[] {
    const gathered = this.#gathered;
    if (gathered.length === 0) return [];
    this.#gathered = [];
    return [
      ...packEntries(
        gathered[0]!.entry.seq,
        gathered.map(({ bytes }) => bytes),
      ),
    ];
  }

  #tellEntries(seat: Seat, from: number, blocks: readonly Uint8Array[]): void {
    for (const message of packEntries(from, blocks)) seat.client.sendBytes('entries', message);
  }

  #reset(reason: Problem): void {
    for (const seat of this.#roster.all()) {
      this.#roster.tell(seat, 'notice', { problem: reason });
      if (seat.isConnected) seat.client.leave(CLOSE.journalFailed);
    }
  }

  async #refreshRole(user: UserId): Promise<void> {
    const role = await roomServices().gate.roleIn(this.#room, user);
    for (const seat of this.#roster.all()) {
      if (seat.user !== user || seat.role === role) continue;
      if (!role) {
        seat.client.leave(CLOSE.forbidden);
        continue;
      }
      this.#roster.change(seat, { role });
      if (
        decide(role, 'lease.take', { own: false, held: 'nobody', room: 'open' }) &&
        this.#journal.leases.releaseAll(seat.session)
      )
        this.#heldChanged();
    }
  }

  #remove(seat: Seat): void {
    clearTimeout(this.#graceTimers.get(seat.session));
    this.#graceTimers.delete(seat.session);
    this.#roster.remove(seat);
    this.#interest.forget(seat.participant);
    if (this.#journal.leases.releaseAll(seat.session)) this.#heldChanged();
  }

  /** Registers a message: readable, of the right shape, within the rate, from somebody who is seated. */
  #handle<K extends keyof ClientMessages>(type: K, react: (seat: Seat, message: ClientMessages[K]) => void): void {
    this.onMessageBytes(type, (client: Client, bytes: unknown) => {
      const seat = this.#roster.seatOf(client);
      if (!seat || !this.#isWithinRate(seat)) return;
      let message: unknown;
      try {
        message = decodeBlock(bytes as Uint8Array);
      } catch (thrown) {
        return this.#strike(seat, `unreadable ${type} message: ${thrown instanceof Error ? thrown.message : ''}`);
      }
      const parsed = (CLIENT_MESSAGES[type] as unknown as z.ZodType<ClientMessages[K]>).safeParse(message);
      if (!parsed.success)
        return this.#refuseMalformed(seat, type, message, parsed.error.issues[0]?.message ?? 'malformed');
      react(seat, parsed.data);
    });
  }

  /** A malformed op that still has an id is answered like any refused op, so that its sender can take it back. */
  #refuseMalformed(seat: Seat, type: string, message: unknown, reason: string): void {
    const reject = problem('room', 'malformed', `This ${type} message is malformed: ${reason}.`, {
      facts: { type },
      next: 'Nothing was changed.',
    });
    const ops: unknown[] =
      type === 'ops' && Array.isArray((message as { ops?: unknown } | null)?.ops)
        ? (message as { ops: unknown[] }).ops
        : [];
    for (const op of ops.slice(0, 100)) {
      const id = (op as { id?: unknown } | null)?.id;
      if (typeof id === 'string' && id.length <= 64) this.#roster.tell(seat, 'reject', { id, problem: reject });
    }
    this.#strike(seat, reason);
  }

  #strike(seat: Seat | undefined, reason: string): void {
    if (!seat) return;
    seat.strikes += 1;
    this.#roster.tell(seat, 'notice', {
      problem: problem('room', 'malformed', `Unreadable message: ${reason}.`, { facts: { strikes: seat.strikes } }),
    });
    if (seat.strikes >= MAX_STRIKES) seat.client.leave(CLOSE.malformed);
  }

  #isWithinRate(seat: Seat): boolean {
    if (seat.limit.take(roomServices().clock.nowMs())) return true;
    seat.client.leave(CLOSE.tooMany);
    return false;
  }

  /** Told with the next tick, once, however often it changes until then. */
  #heldChanged(): void {
    this.#isHeldNews = true;
  }

  #tellHeld(): void {
    this.#isHeldNews = false;
    this.#roster.tellAll('held', { held: this.#journal.leases.list() });
  }

  override onUncaughtException(error: Error, hook: string): void {
    roomServices().logger.error(`Room ${this.#room}, ${hook}: ${toProblem(error).key}`, error.stack);
  }
}
