/**
 * A person in a room, from the way in to the way out. One file past 400 lines, because everything in it shares one
 * connection and its life; what has a life of its own (ops, leases, presence, hands, voice) stands beside.
 */
import type { Change, Document } from '#protocol/document/index';
import { DESIGN_ROOMS, type DesignOpType, type DesignPayload } from '#protocol/design/index';
import { problem, WorkhallError, type Problem } from '#protocol/errors';
import { encodeSnapshot, Op, type RoomModels } from '#protocol/journal/index';
import { ClientId, OpId, type PartId, type UserId } from '#protocol/ids';
import type { Role } from '#protocol/permissions/index';
import type { Body, Carry, HandsPose } from '#protocol/presence/index';
import { CLOSE, LEASE_MS, PRESENCE_HZ, type Held, type Participant, type ServerMessages } from '#protocol/room/index';
import { closedProblem } from './closed-problem.ts';
import { moveDelayMs, retryDelayMs, sleepUntilOnline } from './come-back.ts';
import { HandsChannel } from './hands-channel.ts';
import { newId } from './new-id.ts';
import { LeaseHolder } from './lease-holder.ts';
import { OpStream, type CaughtUp } from './op-stream.ts';
import { defaultOutbox, Outbox } from './outbox.ts';
import { PresenceChannel } from './presence-channel.ts';
import type { Replica } from './replica.ts';
import { LinkRefused, RoomLink, type LinkListeners } from './room-link.ts';
import type {
  Connection,
  ConnectOptions,
  GuidanceSession,
  Origin,
  RoomSession,
  TrainingSession,
} from './room-session.types.ts';
import { fetchSnapshot, startRoom } from './room-start.ts';
import { withNews } from './roster-news.ts';
import { ServerTime } from './server-time.ts';
import { Signal } from './signal.ts';
import { Store } from './store.ts';
import { defaultTakenRooms, markOf, notTaken, type TakenRooms } from './taken-rooms.ts';
import { VoiceLine } from './voice-line.ts';

const PING_EVERY_MS = 2_000;
/** No answer to a ping for this long: the network is gone although no socket has noticed. */
const SILENT_MS = 8_000;
/** On a line whose round trip is long already, what was lost and sent again takes several: silence is measured in them. */
const SILENT_ROUND_TRIPS = 10;
const SILENT_AT_MOST_MS = 30_000;
/** The same while the way in is still open, and while a large delta may be coming in over a thin line, ms. */
const SILENT_BEFORE_WELCOME_MS = 20_000;
const SILENT_DURING_DELTA_MS = 60_000;
/** Snapshots fetched while entering before we give up: a room grows while its delta travels. */
const MOST_STARTS = 5;
const DROPPED = 4900;
/** How long the way into a room that is on this device waits for the line, ms: then it opens without. */
const FROM_HERE_MS = 2_500;
/** Entries that are kept one by one before the state after them takes their place: so many are applied at the next start. */
const MOST_KEPT_BLOCKS = 500;
/** In place of a number among the participants, while alone. */
const NOBODY = -1;

/** Enters a room; resolves when everything that is in it has arrived. Throws a WorkhallError when the hall says no. */
export async function connectRoom(options: ConnectOptions): Promise<RoomSession> {
  return enterRoom(options, DESIGN_ROOMS);
}

/** The same for rooms of the kinds in `models`. */
export async function enterRoom(
  options: ConnectOptions,
  models: RoomModels,
): Promise<TrainingSession & GuidanceSession> {
  const session = new ConnectedRoom(options, models);
  await session.enter();
  return session;
}

/** See `RoomSession` for what each member promises. Runs in browsers and in Node: bots and benchmarks use it too. */
class ConnectedRoom implements TrainingSession, GuidanceSession {
  readonly room: string;
  readonly connection = new Store<Connection>({ state: 'joining', fraction: 0 });
  readonly document!: Store<Document>;
  readonly length = new Store(0);
  readonly participants = new Store<readonly Participant[]>([]);
  readonly held = new Store<ReadonlyMap<string, Held>>(new Map());
  readonly pendingCount = new Store(0);
  readonly undoable = new Store<string | null>(null);
  readonly redoable = new Store<string | null>(null);
  readonly roundTripMs = new Store<number | null>(null);
  readonly caughtUp = new Store<CaughtUp | null>(null);
  me!: RoomSession['me'];

  readonly #client = ClientId.parse(newId());
  readonly #changes = new Signal<[readonly Change[], Origin]>();
  readonly #rejects = new Signal<[Problem, string]>();
  readonly #presence = new PresenceChannel();
  readonly voice = new VoiceLine(this.#presence, () => (this.#link && this.#isLive ? this.#link.tell : null));
  readonly #hands = new HandsChannel();
  readonly #notices = new Signal<[Problem]>();
  readonly #machines = new Signal<[ServerMessages['machine']]>();
  /** Frames that came on the way in: a machine's picture is whole only with its first. Null once one is in. */
  #earlyMachines: ServerMessages['machine'][] | null = [];
  readonly #serverTime = new ServerTime();
  readonly #leases = new LeaseHolder(
    () => (this.#link && this.#isLive ? this.#link.tell : null),
    (reason) => this.#rejects.emit(reason, 'lease.take'),
  );
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  #link: RoomLink | null = null;
  #ops!: OpStream;
  #lose: ((code: number) => void) | null = null;
  #hasStartedAgain = false;
  /** What the server said at the door about ops of mine that I had not heard of. */
  #answered: NonNullable<ServerMessages['welcome']['answered']> = [];
  #arrived: ((length: number) => void) | null = null;
  #lastHeardMs = 0;
  #isOver = false;
  /** Where this room is kept, when it was taken along. */
  #taken: TakenRooms | null = null;
  #isClockNoted = false;
  #keptBlocks = 0;

  constructor(
    private readonly options: ConnectOptions,
    private readonly models: RoomModels,
  ) {
    this.room = options.room;
  }

  async enter(): Promise<void> {
    try {
      const { options, models } = this;
      const rooms = options.taken ?? defaultTakenRooms();
      const openOutbox = (user: string) => this.#openOutbox(user);
      const start = await startRoom({ options, models, time: this.#serverTime, rooms, openOutbox });
      const { author, replica, outbox, taken } = start;
      this.#taken = taken?.rooms ?? null;
      this.#ops = new OpStream(replica, outbox, {
        changed: (changes, origin) => this.#publish(changes, origin),
        rejected: (reason, type) => this.#rejects.emit(reason, type),
        caughtUp: (told) => this.caughtUp.set(told),
        ...(taken ? { keep: (from, blocks) => this.#keep(from, blocks) } : {}),
      });
      (this as { document: Store<Document> }).document = new Store(replica.document);
      this.#publishCounts();
      if (taken) return await this.#enterFromHere(author.id, taken.role);
      this.connection.set({ state: 'joining', fraction: 0.5 });
      for (let start = 1; ; start++) {
        this.#hasStartedAgain = false;
        try {
          await this.#openLink();
          break;
        } catch (thrown) {
          if (!this.#hasStartedAgain || start === MOST_STARTS) throw thrown;
        }
      }
    } catch (thrown) {
      void this.#end(thrown instanceof LinkRefused ? thrown.problem : null);
      throw thrown instanceof LinkRefused
        ? new WorkhallError(thrown.problem.scope, thrown.problem.key, thrown.problem.message, {
            ...thrown.problem,
            facts: { ...thrown.problem.facts },
            status: thrown.status,
          })
        : thrown;
    }
    this.#begin();
  }

  /** The room is here; the line to it opens by itself, whenever it can. Throws when the hall says no at once. */
  async #enterFromHere(user: UserId, role: Role): Promise<void> {
    this.me = { session: this.#client, participant: NOBODY, user, role };
    this.connection.set({ state: 'reconnecting', attempt: 0 });
    this.#begin();
    void this.#comeBack(0);
    if (globalThis.navigator?.onLine === false) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FROM_HERE_MS);
      this.connection.subscribe(() => {
        const now = this.connection.get();
        // Nobody waits for a second try.
        if (now.state === 'reconnecting' && now.attempt < 2) return;
        clearTimeout(timer);
        resolve();
      });
    });
    const now = this.connection.get();
    if (now.state === 'closed') throw new LinkRefused(403, now.problem ?? closedProblem(CLOSE.forbidden));
  }

  #begin(): void {
    // Who follows machines listens as soon as they are in.
    setTimeout(() => (this.#earlyMachines = null));
    this.#timers.push(
      setInterval(() => this.#sendPresence(), 1000 / PRESENCE_HZ),
      setInterval(() => this.#beat(), PING_EVERY_MS),
      setInterval(() => this.#leases.renew(), LEASE_MS / 3),
    );
  }

  submit<T extends DesignOpType>(
    type: T,
    payload: DesignPayload<T>,
    { group }: { group?: string } = {},
  ): { id: string } | { problem: Problem } {
    if (this.#isOver) return { problem: problem('room', 'closed', 'You have left this room.', {}) };
    const fence =
      type === 'part.move'
        ? this.#leases.fenceOf((payload as DesignPayload<'part.move'>).moves.map(({ id }) => id))
        : undefined;
    const op: Op = {
      id: OpId.parse(newId()),
      type,
      payload,
      ...(group ? { group: OpId.parse(group) } : {}),
      ...(fence === undefined ? {} : { fence }),
      ...this.#madeAway(),
    };
    return this.#submit(op);
  }

  submitTraining: TrainingSession['submitTraining'] = (type, payload) =>
    this.#isOver
      ? { problem: problem('room', 'closed', 'You have left this room.', {}) }
      : this.#submit({ id: OpId.parse(newId()), type, payload, ...this.#madeAway() });

  submitJob: GuidanceSession['submitJob'] = (type, payload) =>
    this.#isOver
      ? { problem: problem('room', 'closed', 'You have left this room.', {}) }
      : this.#submit({ id: OpId.parse(newId()), type, payload, ...this.#madeAway() });

  confirmed(opId: string): Promise<void> {
    return this.#ops.confirmed(opId);
  }

  undo(): void {
    const step = this.replica.undoable;
    if (step) this.#report(this.submit('history.undo', { target: OpId.parse(step.target) }), 'history.undo');
  }

  redo(): void {
    const step = this.replica.redoable;
    if (step) this.#report(this.submit('history.redo', { target: OpId.parse(step.target) }), 'history.redo');
  }

  hold(parts: readonly PartId[]): Promise<{ ok: true } | { ok: false; problem: Problem }> {
    return this.#leases.take(parts);
  }

  release(parts: readonly PartId[]): void {
    // After the op that settles the part, so that nobody gets in between.
    this.#leases.release(parts, () => this.#ops.flush());
  }

  sendBody(body: Body): void {
    this.#presence.setBody(body);
  }

  sendHands(pose: HandsPose | null): void {
    this.#hands.set(pose);
  }

  sendCarry(carry: Carry): void {
    this.#presence.setCarry(carry);
  }

  onChanges = (listener: (changes: readonly Change[], origin: Origin) => void) => this.#changes.on(listener);
  onReject = (listener: (problem: Problem, opType: string) => void) => this.#rejects.on(listener);
  onBodies: RoomSession['onBodies'] = (listener) => this.#presence.onBodies(listener);
  onCarries: RoomSession['onCarries'] = (listener) => this.#presence.carries.on(listener);
  onHands: RoomSession['onHands'] = (listener) => this.#hands.on(listener);
  onLost: RoomSession['onLost'] = (listener) => this.#presence.lost.on(listener);
  onMachine: TrainingSession['onMachine'] = (listener) => {
    for (const frame of this.#earlyMachines ?? []) listener(frame);
    this.#earlyMachines = null;
    return this.#machines.on(listener);
  };
  onNotice = (listener: (notice: Problem) => void) => this.#notices.on(listener);

  async leave(): Promise<void> {
    if (this.#isOver) return;
    this.#ops.flush();
    const link = this.#link;
    await Promise.all([this.#end(null), link?.leave()]);
  }

  /** Drops the connection as a lost network would; the session comes back by itself. For tests. */
  dropConnection(): void {
    this.#link?.drop();
  }

  get beyond(): RoomSession['beyond'] {
    return this.#presence.beyond;
  }

  get refused(): RoomSession['refused'] {
    return this.#ops.outbox.refused;
  }

  get replaced(): RoomSession['replaced'] {
    return this.#ops.outbox.replaced;
  }

  unsent(): readonly Op[] {
    return this.replica.pending;
  }

  dismissRefused(ids?: readonly string[]): void {
    this.#ops.outbox.dismiss(ids);
  }

  get replica(): Replica {
    return this.#ops.replica;
  }

  get #isLive(): boolean {
    return this.connection.get().state === 'live';
  }

  #submit(op: Op): { id: string } | { problem: Problem } {
    const refusal = this.#isLive ? null : (this.options.guard?.(this.replica.document, op) ?? null);
    return refusal ? { problem: refusal } : this.#ops.submit(op);
  }

  /** When it was made, as far as this device knows, where the server cannot say so itself. */
  #madeAway(): Pick<Op, 'madeAt'> {
    return this.#isLive ? {} : { madeAt: this.#serverTime.nowMs() };
  }

  /** On a device that keeps no more the room goes on as any other: what is here might have a gap. */
  async #keep(from: number, blocks: readonly Uint8Array[]): Promise<void> {
    try {
      await this.#taken?.append(this.room, from, blocks);
    } catch (cause) {
      return this.#letGo(cause);
    }
    this.#keptBlocks += blocks.length;
    if (this.#keptBlocks < MOST_KEPT_BLOCKS) return;
    this.#keptBlocks = 0;
    void this.#keepShort();
  }

  async #keepShort(): Promise<void> {
    if (await this.#ops.settled()) await this.#keepAnew(encodeSnapshot(this.replica.confirmed));
  }

  async #letGo(cause: unknown): Promise<void> {
    const rooms = this.#taken;
    this.#taken = null;
    await rooms?.remove(this.room).catch(() => undefined);
    if (rooms) this.#notices.emit(notTaken(cause));
  }

  async #keepAnew(snapshot: Uint8Array): Promise<void> {
    const { user, role } = this.me;
    const person = { id: user, name: this.#ops.replica.author.name };
    const session = markOf(this.options.token);
    const clockOffsetMs = this.#serverTime.offsetMs;
    const taken = { person, session, role, clockOffsetMs, snapshot, blocks: [] };
    await this.#taken?.put(this.room, taken).catch((cause: unknown) => this.#letGo(cause));
  }

  #openOutbox(user: string): Promise<Outbox> {
    const owner = { room: this.room, user, client: this.#client };
    // A turn later: who listens for notices does so once the room is entered.
    const tell = (trouble: Problem) => void setTimeout(() => this.#notices.emit(trouble));
    return Outbox.open(this.options.outbox ?? defaultOutbox(), owner, tell);
  }

  /** What I have, and what I wait for, as the server is told at the door. */
  #standing() {
    return { have: this.replica.length, unanswered: this.#ops.unanswered() };
  }

  /** One attempt: resolves when everything up to the welcome's length is here and unconfirmed ops are on their way. */
  async #openLink(): Promise<void> {
    let isCurrent = true;
    let isWelcome = false;
    this.#lastHeardMs = performance.now();
    const arrived = new Promise<void>((resolve, reject) => {
      let goal = Infinity;
      const check = (length: number) => length >= goal && resolve();
      this.#arrived = check;
      const listeners = this.#listeners({
        welcome: (message) => {
          this.me = {
            session: message.session,
            participant: message.participant,
            user: message.user,
            role: message.role,
          };
          this.#hands.restart(message.takes?.includes('hands') ?? false);
          isWelcome = true;
          this.#lastHeardMs = performance.now();
          this.#answered = message.answered ?? [];
          goal = message.length;
          check(this.replica.length);
        },
        closed: (code, isFinal) => {
          if (!isCurrent) return;
          isCurrent = false;
          reject(new LinkRefused(code, closedProblem(code)));
          this.#onClosed(code, isFinal);
        },
      });
      // A socket on a dead network may take minutes to notice: whoever calls this need not wait for it.
      this.#lose = (code) => {
        const link = this.#link;
        listeners.closed(code, false);
        link?.drop();
      };
      RoomLink.open(this.options, this.#client, this.#standing(), listeners).then((link) => {
        if (this.#isOver || !isCurrent) return void link.leave();
        this.#link = link;
        check(this.replica.length);
      }, reject);
    });
    const watch = setInterval(() => {
      const mostMs = isWelcome ? SILENT_DURING_DELTA_MS : SILENT_BEFORE_WELCOME_MS;
      if (performance.now() - this.#lastHeardMs > mostMs) this.#lose?.(DROPPED);
    }, 1_000);
    await arrived.finally(() => clearInterval(watch));
    if (!this.#link || this.#isOver) return;
    this.#lastHeardMs = performance.now();
    this.#presence.restart();
    await this.options.beforeSending?.();
    if (this.#isOver) return;
    if (!this.#link) throw new LinkRefused(DROPPED, closedProblem(DROPPED));
    this.#isClockNoted = false;
    this.connection.set({ state: 'live' });
    const link = this.#link;
    this.#ops.begin((ops) => link.tell('ops', { ops }), this.#answered);
    this.#leases.renew();
  }

  #listeners(own: Pick<LinkListeners, 'welcome' | 'closed'>): LinkListeners {
    return {
      ...own,
      ...this.voice.listeners,
      behind: () => void this.#startAgain(),
      entries: ({ from, blocks }) => this.#onEntries(from, blocks),
      ack: ({ acks }) => acks.forEach(({ id, seq }) => this.#ops.acknowledge(id, seq)),
      reject: ({ id, problem: reason }) => this.#ops.reject(id, reason),
      lease: (answer) => this.#leases.answered(answer),
      held: ({ held }) => this.held.set(new Map(held.map((one) => [one.part, one]))),
      roster: ({ participants }) => this.#onRoster(participants),
      'roster.news': (news) => this.#onRoster(withNews(this.participants.get(), news)),
      pong: ({ n, serverTimeMs }) => {
        const now = performance.now();
        this.#lastHeardMs = now;
        const sample = now - n;
        this.roundTripMs.set(Math.round((this.roundTripMs.get() ?? sample) * 0.7 + sample * 0.3));
        this.#serverTime.learn(serverTimeMs, sample / 2);
        this.#noteClock();
      },
      machine: (frame) => void (this.#earlyMachines ? this.#earlyMachines.push(frame) : this.#machines.emit(frame)),
      notice: ({ problem: notice }) => this.#notices.emit(notice),
      'hands.wanted': ({ wanted }) => void (this.#hands.isWanted = wanted),
      hands: (bytes) => this.#hands.receive(bytes),
      presence: (bytes) => {
        this.#lastHeardMs = performance.now();
        this.#presence.receive(bytes, this.me?.participant, this.#lastHeardMs);
      },
    };
  }

  #onEntries(from: number, blocks: Uint8Array[]): void {
    this.#lastHeardMs = performance.now();
    try {
      this.#ops.receive(from, blocks);
    } catch {
      // The chain here and there differ (a restored backup, say): what is on the server counts.
      return void this.#startAgain();
    }
    this.#arrived?.(this.replica.length);
  }

  async #startAgain(): Promise<void> {
    // Out of reach just now: coming back asks again.
    const snapshot = await fetchSnapshot(this.options).catch(() => null);
    if (snapshot) {
      await this.#keepAnew(snapshot);
      this.#ops.restart(snapshot);
      this.#hasStartedAgain = true;
    }
    this.#lose?.(DROPPED);
  }

  /** Once for each line: what the device will go by when it is alone again. */
  #noteClock(): void {
    if (!this.#taken || this.#isClockNoted) return;
    this.#isClockNoted = true;
    const change = { role: this.me.role, clockOffsetMs: this.#serverTime.offsetMs };
    this.#taken.note(this.room, change).catch(() => undefined); // the former one will do
  }

  #report(outcome: { id: string } | { problem: Problem }, type: string): void {
    if ('problem' in outcome) this.#rejects.emit(outcome.problem, type);
  }

  #publish(changes: readonly Change[], origin: Origin): void {
    if (changes.length) this.document.set(this.replica.document);
    this.#publishCounts();
    if (changes.length) this.#changes.emit(changes, origin);
  }

  #publishCounts(): void {
    this.length.set(this.replica.length);
    this.pendingCount.set(this.replica.pendingCount);
    this.undoable.set(this.replica.undoable?.type ?? null);
    this.redoable.set(this.replica.redoable?.type ?? null);
  }

  #onRoster(participants: readonly Participant[]): void {
    this.participants.set(participants);
    const me = participants.find(({ session }) => session === this.#client);
    if (me && this.me && me.role !== this.me.role) this.me = { ...this.me, role: me.role };
  }

  #sendPresence(): void {
    if (!this.#isLive) return;
    const frame = this.#presence.take(performance.now());
    if (frame) this.#link?.tellPresence(frame);
    const hands = this.#hands.take(performance.now());
    if (hands) this.#link?.tellHands(hands);
  }

  #beat(): void {
    if (!this.#isLive) return;
    const patienceMs = Math.max(SILENT_MS, SILENT_ROUND_TRIPS * (this.roundTripMs.get() ?? 0));
    if (performance.now() - this.#lastHeardMs > Math.min(patienceMs, SILENT_AT_MOST_MS)) return this.#lose?.(DROPPED);
    this.#link?.tell('ping', { n: performance.now() });
  }

  #onClosed(code: number, isFinal: boolean): void {
    this.#link = null;
    this.#ops.stop();
    this.#leases.stop(closedProblem(code));
    if (this.#isOver) return;
    if (isFinal) return void this.#end(closedProblem(code));
    if (this.#isLive) void this.#comeBack(code);
  }

  async #comeBack(code: number): Promise<void> {
    const lostAtMs = performance.now();
    for (let attempt = 1; !this.#isOver; attempt++) {
      this.connection.set({ state: 'reconnecting', attempt });
      const isMove = attempt === 1 && code === CLOSE.restarting;
      const isFirst = attempt === 1 && code === 0;
      if (!isFirst) await sleepUntilOnline(isMove ? moveDelayMs() : retryDelayMs(performance.now() - lostAtMs));
      if (this.#isOver) return;
      try {
        await this.#openLink();
        return;
      } catch (thrown) {
        if (thrown instanceof LinkRefused && [401, 403, 404].includes(thrown.status))
          return void this.#end(thrown.problem);
      }
    }
  }

  async #end(reason: Problem | null): Promise<void> {
    this.#isOver = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.connection.set({ state: 'closed', problem: reason });
    await this.#ops?.close();
  }
}
