import { Room, type Client } from '@colyseus/core';
import { toProblem, type Problem } from '#protocol/errors';
import type { ClientId, RoomId, UserId } from '#protocol/ids';
import { Author } from '#protocol/journal/index';
import { decide } from '#protocol/permissions/index';
import { decodeUp } from '#protocol/presence/index';
import {
  CLOSE,
  LEASE_MS,
  PRESENCE_HZ,
  WIRE_VERSION,
  type ClientMessages,
  type JoinOptions,
  VOICE_CLIENT_MESSAGES,
  type VoiceClientMessage,
} from '#protocol/room/index';
import { readEarly } from './early-frames.ts';
import { openRoomOf } from './feature-seats.ts';
import { Intake } from './intake.ts';
import { InterestBoard } from './interest.ts';
import type { LiveJournal } from './journal/live-journal.ts';
import { Outgoing } from './outgoing.ts';
import { bodyOf, PresenceFrame, tapFrames } from './packing.ts';
import { LineMeter } from './line-meter.ts';
import { RoomHands } from './room-hands.ts';
import type { FeatureOfRoom } from './room-features.ts';
import type { Admitted } from './room-gate.ts';
import { roomServices } from './room-services.ts';
import type { VoiceOfRoom } from './room-voice.ts';
import { Roster, type Seat } from './roster.ts';
import { tickMeter } from './tick-meter.ts';

/** What the matchmaking route hands to a seat, after it has checked the ticket. */
export interface SeatOptions extends Omit<JoinOptions, 'ticket'> {
  readonly admitted: Admitted;
}

const TICK_MS = 1000 / PRESENCE_HZ;
/** Entries sent over the socket at a join; who is further behind fetches the snapshot first. */
const MAX_DELTA = 2000;
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
  readonly #people = () => this.#roster.participants();
  readonly #graceTimers = new Map<ClientId, NodeJS.Timeout>();
  readonly #interest = new InterestBoard((bytes) => new PresenceFrame(bytes));
  readonly #outgoing = new Outgoing(this.#roster, this.#interest, () => this.#journal.leases.list());
  readonly #intake = new Intake(this.#roster, () => roomServices().clock.nowMs());
  readonly #hands = new RoomHands(this.#roster, this.#interest);
  #voice!: VoiceOfRoom;
  #feature: FeatureOfRoom | undefined;
  #unsubscribe: (() => void)[] = [];
  #tick: NodeJS.Timeout | undefined;

  override async onCreate(options: SeatOptions): Promise<void> {
    const { host, gate, voice, features, clock, maxPeople } = roomServices();
    this.maxClients = maxPeople;
    this.patchRate = null;
    this.#room = options.room;
    this.#journal = await host.journal(options.room);
    host.rosters.set(options.room, this.#people);
    this.#unsubscribe = [
      this.#journal.subscribe({
        onEntries: (entries) => this.#outgoing.broadcast(entries),
        onReset: (reason) => this.#reset(reason),
      }),
      gate.onRoleChange((room, user) => void (room === this.#room && this.#refreshRole(user))),
    ];
    this.#voice = voice.open(options.room, (session, type, message) => {
      const seat = this.#roster.get(session);
      if (seat) this.#roster.tell(seat, type, message);
    });
    tapFrames(this, (client, frame) => this.#isTaken(client, frame));
    this.#feature = features.open(openRoomOf(options.room, this.#journal, this.#roster));
    let dueMs = performance.now() + TICK_MS;
    this.#tick = setInterval(() => {
      const startMs = performance.now();
      this.#onTick(clock.nowMs());
      const nowMs = performance.now();
      tickMeter.record(nowMs - Math.min(dueMs, startMs), nowMs);
      dueMs = startMs + TICK_MS;
    }, TICK_MS);
    this.#on('ops', (seat, { ops }) => this.#onOps(seat, ops));
    this.#on('lease.take', (seat, message) => this.#onLeaseTake(seat, message));
    this.#on(
      'lease.release',
      (seat, { parts }) => void (this.#journal.leases.release(seat.session, parts) && this.#outgoing.heldChanged()),
    );
    this.#on('ping', (seat, { n }) => this.#roster.tell(seat, 'pong', { n, serverTimeMs: clock.nowMs() }));
    for (const type of Object.keys(VOICE_CLIENT_MESSAGES) as VoiceClientMessage[])
      this.#on(type, (seat, message) => this.#voice.hear(seat, type, message));
    this.onMessageBytes('hands', (client: Client, bytes: unknown) => this.#onHands(client, bytes));
    this.onMessage('*', (client: Client, type: unknown) =>
      this.#intake.strike(this.#roster.seatOf(client), `unknown message "${String(type).slice(0, 40)}"`),
    );
  }

  override async onJoin(client: Client, options: SeatOptions): Promise<void> {
    const { gate, clock } = roomServices();
    const { admitted, client: session, device, have, unanswered = [] } = options;
    await this.#journal.ready();
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
      line: new LineMeter(client, () => clock.nowMs()),
      allowance: this.#intake.allow(client),
      strikes: 0,
      isFull: false,
      acks: [],
      isBehind: true,
    };
    this.#roster.seat(seat);
    readEarly(client, 'presence', {
      take: (body, frameBytes) => {
        const nowMs = clock.nowMs();
        if (this.#intake.isWithinRate(seat, frameBytes, nowMs)) this.#onPresence(seat, body, nowMs);
      },
      answered: () => seat.line.answered(),
    });
    const { length } = this.#journal.durable;
    this.#roster.tell(seat, 'welcome', {
      v: WIRE_VERSION,
      participant,
      session,
      user: admitted.user,
      role,
      length,
      serverTimeMs: clock.nowMs(),
      takes: ['hands'],
      answered: this.#journal.answered(unanswered, admitted.user),
    });
    this.#roster.tell(seat, 'roster', { participants: this.#roster.participants() });
    this.#roster.tell(seat, 'held', { held: this.#journal.leases.list() });
    await this.#catchUp(seat, have);
    this.#interest.watch(participant);
    // A new connection is told again who sees its hands.
    this.#hands.forget(participant);
  }

  override onLeave(client: Client, code?: number): void {
    const seat = this.#roster.disconnect(client);
    if (!seat) return;
    const hasLeft = code === 1000 || code === 4000 || code === CLOSE.forbidden;
    if (hasLeft) return this.#remove(seat);
    this.#roster.change(seat, { isConnected: false });
    this.#graceTimers.set(seat.session, setTimeout(() => this.#remove(seat), GRACE_MS).unref());
    this.#interest.unwatch(seat.participant);
    this.#hands.forget(seat.participant);
  }

  override onDispose(): void {
    clearInterval(this.#tick);
    for (const timer of this.#graceTimers.values()) clearTimeout(timer);
    for (const stop of this.#unsubscribe) stop();
    for (const seat of this.#roster.all()) this.#journal.leases.releaseAll(seat.session);
    this.#voice.close();
    this.#feature?.close();
    // A room that was lost may have been opened again before this one is quite gone.
    const { rosters } = roomServices().host;
    if (rosters.get(this.#room) === this.#people) rosters.delete(this.#room);
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
      this.#outgoing.tellEntries(seat, from, blocks);
      from += blocks.length;
    }
    const current = this.#roster.get(seat.session);
    if (current) current.isBehind = false;
  }

  #onOps(seat: Seat, ops: ClientMessages['ops']['ops']): void {
    const author = Author.parse({ id: seat.user, name: seat.name });
    for (const op of ops) {
      const refusal = this.#feature?.refusal?.(op, seat) ?? null;
      this.#journal.take(op, { author, role: seat.role, session: seat.session, refusal }, (verdict) => {
        const target = this.#roster.get(seat.session);
        if (!target?.isConnected) return;
        if (verdict.ok) this.#outgoing.acknowledge(target, op.id, verdict.seq);
        else {
          this.#roster.tell(target, 'reject', { id: op.id, problem: verdict.problem });
          this.#intake.refused(target, verdict.problem);
        }
      });
    }
  }

  #onLeaseTake(seat: Seat, { request, parts }: ClientMessages['lease.take']): void {
    const denied = decide(seat.role, 'lease.take', { own: false, held: 'nobody', room: 'open' });
    const taken = denied
      ? { problem: denied }
      : this.#journal.leases.take(this.#journal.document, seat.session, parts, roomServices().clock.nowMs());
    if ('problem' in taken) return this.#roster.tell(seat, 'lease', { request, problem: taken.problem });
    this.#roster.tell(seat, 'lease', { request, fence: taken.fence, expiresInMs: LEASE_MS });
    this.#outgoing.heldChanged();
  }

  /** Most frames are presence: nearly all are read before they come here (early-frames.ts), the others here and now. */
  #isTaken(client: Client, frame: Uint8Array): boolean {
    const nowMs = roomServices().clock.nowMs();
    const seat = this.#intake.admit(client, frame, nowMs);
    if (!seat) return true;
    const body = bodyOf('presence', frame);
    if (body) this.#onPresence(seat, body, nowMs);
    return body !== null;
  }

  #onPresence(seat: Seat, bytes: Uint8Array, nowMs: number): void {
    const up = decodeUp(bytes);
    if (!up) return this.#intake.strike(seat, 'unreadable presence frame');
    const held = up.carries.length === 0 ? up.carries : up.carries.filter(({ part }) => this.#mayCarry(seat, part));
    if (up.body) this.#feature?.hear?.(seat.user, up.body, nowMs);
    this.#interest.hear(seat.participant, up.body, held, nowMs);
  }

  #mayCarry(seat: Seat, part: string): boolean {
    return (
      this.#journal.leases.isHeldBy(seat.session, part as never) || this.#feature?.carries?.(seat.user, part) === true
    );
  }

  #onHands(client: Client, bytes: unknown): void {
    const seat = this.#intake.seatOf(client);
    if (seat && !this.#hands.hear(seat, bytes, roomServices().clock.nowMs()))
      this.#intake.strike(seat, 'unreadable hands frame');
  }

  #onTick(nowMs: number): void {
    if (this.#journal.leases.expire(nowMs)) this.#outgoing.heldChanged();
    this.#interest.advance(nowMs);
    this.#outgoing.tick(nowMs);
    this.#hands.tick(nowMs);
    this.#voice.tick(nowMs);
    this.#feature?.tick(nowMs);
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
      this.#voice.roleChanged({ ...seat, role });
      if (
        decide(role, 'lease.take', { own: false, held: 'nobody', room: 'open' }) &&
        this.#journal.leases.releaseAll(seat.session)
      )
        this.#outgoing.heldChanged();
    }
  }

  #remove(seat: Seat): void {
    clearTimeout(this.#graceTimers.get(seat.session));
    this.#graceTimers.delete(seat.session);
    this.#roster.remove(seat);
    this.#interest.forget(seat.participant);
    this.#hands.forget(seat.participant);
    this.#voice.left(seat.session);
    if (this.#journal.leases.releaseAll(seat.session)) this.#outgoing.heldChanged();
  }

  #on<K extends keyof ClientMessages>(type: K, react: (seat: Seat, message: ClientMessages[K]) => void): void {
    this.onMessageBytes(type, this.#intake.reader(type, react));
  }

  override onUncaughtException(error: Error, hook: string): void {
    roomServices().logger.error(`Room ${this.#room}, ${hook}: ${toProblem(error).key}`, error.stack);
  }
}
