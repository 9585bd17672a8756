import type { Change, Document } from '#protocol/document/index';
import type { DesignOpType, DesignPayload } from '#protocol/design/index';
import { problem, WorkhallError, type Problem } from '#protocol/errors';
import { Author, Op } from '#protocol/journal/index';
import { ClientId, OpId, type PartId } from '#protocol/ids';
import type { Body, Carry } from '#protocol/presence/index';
import { LEASE_MS, PRESENCE_HZ, type Held, type Participant, type ServerMessages } from '#protocol/room/index';
import { newId } from './new-id.ts';
import { PresenceChannel } from './presence-channel.ts';
import { Replica } from './replica.ts';
import { hallRequest, LinkRefused, RoomLink, type LinkListeners } from './room-link.ts';
import type { Connection, ConnectOptions, Origin, RoomSession } from './room-session.types.ts';
import { ServerTime } from './server-time.ts';
import { Signal } from './signal.ts';
import { Store } from './store.ts';

/** Ops in one message; the server takes at most 100. */
const OPS_PER_MESSAGE = 50;
const RETRY_FIRST_MS = 250;
const RETRY_MOST_MS = 5_000;
const PING_EVERY_MS = 2_000;
/** No answer to a ping for this long: the network is gone although no socket has noticed. */
const SILENT_MS = 8_000;

/** Enters a room; resolves when everything that is in it has arrived. Throws a WorkhallError when the hall says no. */
export async function connectRoom(options: ConnectOptions): Promise<RoomSession> {
  const session = new ConnectedRoom(options);
  await session.enter();
  return session;
}

/** See `RoomSession` for what each member promises. Runs in browsers and in Node: bots and benchmarks use it too. */
class ConnectedRoom implements RoomSession {
  readonly room: string;
  readonly connection = new Store<Connection>({ state: 'joining', fraction: 0 });
  readonly document!: Store<Document>;
  readonly participants = new Store<readonly Participant[]>([]);
  readonly held = new Store<ReadonlyMap<string, Held>>(new Map());
  readonly pendingCount = new Store(0);
  readonly undoable = new Store<string | null>(null);
  readonly redoable = new Store<string | null>(null);
  readonly roundTripMs = new Store<number | null>(null);
  me!: RoomSession['me'];

  readonly #client = ClientId.parse(newId());
  readonly #changes = new Signal<[readonly Change[], Origin]>();
  readonly #rejects = new Signal<[Problem, string]>();
  readonly #presence = new PresenceChannel();
  readonly #notices = new Signal<[Problem]>();
  readonly #serverTime = new ServerTime();
  readonly #waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  readonly #leaseRequests = new Map<number, (answer: ServerMessages['lease']) => void>();
  readonly #mine = new Map<PartId, number>();
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  #replica!: Replica;
  #link: RoomLink | null = null;
  #outbox: Op[] = [];
  #isFlushQueued = false;
  #requests = 0;
  #arrived: ((length: number) => void) | null = null;
  #lastHeardMs = 0;
  #isOver = false;

  constructor(private readonly options: ConnectOptions) {
    this.room = options.room;
  }

  async enter(): Promise<void> {
    try {
      const who = (await hallRequest(this.options, 'GET', '/api/me').then((answer) => answer.json())) as {
        id: string;
        name: string;
      };
      const snapshot = await this.#fetchSnapshot();
      this.#replica = new Replica(snapshot, Author.parse({ id: who.id, name: who.name }), () =>
        this.#serverTime.nowMs(),
      );
      (this as { document: Store<Document> }).document = new Store(this.#replica.document);
      this.connection.set({ state: 'joining', fraction: 0.5 });
      await this.#openLink();
    } catch (thrown) {
      this.#end(thrown instanceof LinkRefused ? thrown.problem : null);
      throw thrown instanceof LinkRefused
        ? new WorkhallError(thrown.problem.scope, thrown.problem.key, thrown.problem.message, {
            ...thrown.problem,
            facts: { ...thrown.problem.facts },
            status: thrown.status,
          })
        : thrown;
    }
    this.#timers.push(
      setInterval(() => this.#sendPresence(), 1000 / PRESENCE_HZ),
      setInterval(() => this.#beat(), PING_EVERY_MS),
      setInterval(() => this.#renewLeases(), LEASE_MS / 3),
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
        ? this.#fenceOf((payload as DesignPayload<'part.move'>).moves.map(({ id }) => id))
        : undefined;
    const op: Op = {
      id: OpId.parse(newId()),
      type,
      payload,
      ...(group ? { group: OpId.parse(group) } : {}),
      ...(fence === undefined ? {} : { fence }),
    };
    const applied = this.#replica.submit(op);
    if ('problem' in applied) return applied;
    this.#publish(applied.changes, 'mine');
    this.#outbox.push(applied.op);
    this.#queueFlush();
    return { id: op.id };
  }

  confirmed(opId: string): Promise<void> {
    if (!this.#replica.pendingOp(opId)) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.set(opId, { resolve, reject }));
  }

  undo(): void {
    const step = this.#replica.undoable;
    if (step) this.#report(this.submit('history.undo', { target: OpId.parse(step.target) }), 'history.undo');
  }

  redo(): void {
    const step = this.#replica.redoable;
    if (step) this.#report(this.submit('history.redo', { target: OpId.parse(step.target) }), 'history.redo');
  }

  async hold(parts: readonly PartId[]): Promise<{ ok: true } | { ok: false; problem: Problem }> {
    const answer = await this.#takeLease(parts);
    if ('problem' in answer) return { ok: false, problem: answer.problem };
    for (const part of parts) this.#mine.set(part, answer.fence);
    return { ok: true };
  }

  release(parts: readonly PartId[]): void {
    const mine = parts.filter((part) => this.#mine.delete(part));
    if (mine.length === 0) return;
    // After the op that settles the part, so that nobody gets in between.
    this.#flush();
    this.#link?.tell('lease.release', { parts: mine });
  }

  sendBody(body: Body): void {
    this.#presence.setBody(body);
  }

  sendCarry(carry: Carry): void {
    this.#presence.setCarry(carry);
  }

  onChanges = (listener: (changes: readonly Change[], origin: Origin) => void) => this.#changes.on(listener);
  onReject = (listener: (problem: Problem, opType: string) => void) => this.#rejects.on(listener);
  onBodies: RoomSession['onBodies'] = (listener) => this.#presence.bodies.on(listener);
  onCarries: RoomSession['onCarries'] = (listener) => this.#presence.carries.on(listener);
  onLost: RoomSession['onLost'] = (listener) => this.#presence.lost.on(listener);
  onNotice = (listener: (notice: Problem) => void) => this.#notices.on(listener);

  async leave(): Promise<void> {
    if (this.#isOver) return;
    this.#flush();
    const link = this.#link;
    this.#end(null);
    await link?.leave();
  }

  /** Drops the connection as a lost network would; the session comes back by itself. For tests. */
  dropConnection(): void {
    this.#link?.drop();
  }

  get beyond(): RoomSession['beyond'] {
    return this.#presence.beyond;
  }

  get replica(): Replica {
    return this.#replica;
  }

  async #fetchSnapshot(): Promise<Uint8Array> {
    const answer = await hallRequest(this.options, 'GET', `/api/rooms/${this.room}/snapshot`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /** One attempt: resolves when everything up to the welcome's length is here and unconfirmed ops are on their way. */
  async #openLink(): Promise<void> {
    let isCurrent = true;
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
          goal = message.length;
          check(this.#replica.length);
        },
        closed: (code, isFinal) => {
          if (!isCurrent) return;
          isCurrent = false;
          reject(new LinkRefused(code, closedProblem(code)));
          this.#onClosed(code, isFinal);
        },
      });
      RoomLink.open(this.options, this.#client, this.#replica.length, listeners).then((link) => {
        if (this.#isOver || !isCurrent) return void link.leave();
        this.#link = link;
        check(this.#replica.length);
      }, reject);
    });
    await arrived;
    if (!this.#link || this.#isOver) return;
    this.#lastHeardMs = performance.now();
    this.#presence.restart();
    this.connection.set({ state: 'live' });
    this.#outbox = [...this.#replica.pending];
    this.#flush();
    if (this.#mine.size) this.#renewLeases();
  }

  #listeners(own: Pick<LinkListeners, 'welcome' | 'closed'>): LinkListeners {
    return {
      ...own,
      behind: () => void this.#startAgain(),
      entries: ({ from, blocks }) => this.#onEntries(from, blocks),
      ack: ({ id }) => this.#settle(id, null),
      reject: ({ id, problem: reason }) => this.#onReject(id, reason),
      lease: (answer) => {
        this.#leaseRequests.get(answer.request)?.(answer);
        this.#leaseRequests.delete(answer.request);
      },
      held: ({ held }) => this.held.set(new Map(held.map((one) => [one.part, one]))),
      roster: ({ participants }) => this.#onRoster(participants),
      'roster.news': ({ now, gone }) => {
        const news = new Map(now.map((one) => [one.session, one]));
        const kept = this.participants.get().filter(({ session }) => !gone.includes(session));
        const known = kept.map((one) => news.get(one.session) ?? one);
        const sessions = new Set(kept.map(({ session }) => session));
        this.#onRoster([...known, ...now.filter(({ session }) => !sessions.has(session))]);
      },
      pong: ({ n, serverTimeMs }) => {
        const now = performance.now();
        this.#lastHeardMs = now;
        const sample = now - n;
        this.roundTripMs.set(Math.round((this.roundTripMs.get() ?? sample) * 0.7 + sample * 0.3));
        this.#serverTime.learn(serverTimeMs, sample / 2);
      },
      notice: ({ problem: notice }) => this.#notices.emit(notice),
      presence: (bytes) => {
        this.#lastHeardMs = performance.now();
        this.#presence.receive(bytes, this.me?.participant, this.#lastHeardMs);
      },
    };
  }

  #onEntries(from: number, blocks: Uint8Array[]): void {
    this.#lastHeardMs = performance.now();
    let update;
    try {
      update = this.#replica.receive(from, blocks);
    } catch {
      // The chain here and there differ (a restored backup, say): what is on the server counts.
      return void this.#startAgain();
    }
    for (const id of update.confirmed) this.#settle(id, null);
    if (update.changes.length)
      this.#publish(update.changes, update.confirmed.length === blocks.length ? 'mine' : 'other');
    else this.#publishCounts();
    this.#arrived?.(this.#replica.length);
  }

  async #startAgain(): Promise<void> {
    try {
      const changes = this.#replica.restart(await this.#fetchSnapshot());
      this.#publish(changes, 'other');
      this.#link?.drop();
    } catch {
      this.#link?.drop();
    }
  }

  #onReject(id: string, reason: Problem): void {
    const type = this.#replica.pendingOp(id)?.op.type ?? '';
    const changes = this.#replica.withdraw([id]);
    this.#settle(id, reason);
    this.#publish(changes, 'rollback');
    this.#rejects.emit(reason, type);
  }

  #settle(id: string, reason: Problem | null): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (reason)
      waiting?.reject(new WorkhallError(reason.scope, reason.key, reason.message, { facts: { ...reason.facts } }));
    else waiting?.resolve();
  }

  #report(outcome: { id: string } | { problem: Problem }, type: string): void {
    if ('problem' in outcome) this.#rejects.emit(outcome.problem, type);
  }

  #publish(changes: readonly Change[], origin: Origin): void {
    this.document.set(this.#replica.document);
    this.#publishCounts();
    if (changes.length) this.#changes.emit(changes, origin);
  }

  #publishCounts(): void {
    this.pendingCount.set(this.#replica.pendingCount);
    this.undoable.set(this.#replica.undoable?.type ?? null);
    this.redoable.set(this.#replica.redoable?.type ?? null);
  }

  /** Ops of one turn travel in one message. */
  #queueFlush(): void {
    if (this.#isFlushQueued) return;
    this.#isFlushQueued = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushQueued = false;
    if (this.connection.get().state !== 'live' || !this.#link) return;
    while (this.#outbox.length) this.#link.tell('ops', { ops: takeMessage(this.#outbox) });
  }

  #onRoster(participants: readonly Participant[]): void {
    this.participants.set(participants);
    const me = participants.find(({ session }) => session === this.#client);
    if (me && this.me && me.role !== this.me.role) this.me = { ...this.me, role: me.role };
  }

  #sendPresence(): void {
    if (this.connection.get().state !== 'live') return;
    const frame = this.#presence.take(performance.now());
    if (frame) this.#link?.tellPresence(frame);
  }

  #beat(): void {
    if (this.connection.get().state !== 'live') return;
    if (performance.now() - this.#lastHeardMs > SILENT_MS) return this.#link?.drop();
    this.#link?.tell('ping', { n: performance.now() });
  }

  #takeLease(parts: readonly PartId[]): Promise<ServerMessages['lease']> {
    const request = ++this.#requests;
    const offline = problem('room', 'offline', 'The connection is away just now.', { next: 'Wait until it is back.' });
    if (this.connection.get().state !== 'live') return Promise.resolve({ request, problem: offline });
    return new Promise((resolve) => {
      this.#leaseRequests.set(request, resolve);
      this.#link?.tell('lease.take', { request, parts: [...parts] });
    });
  }

  #renewLeases(): void {
    if (this.#mine.size === 0 || this.connection.get().state !== 'live') return;
    const parts = [...this.#mine.keys()];
    void this.#takeLease(parts).then((answer) => {
      for (const part of parts) {
        if (!this.#mine.has(part)) continue;
        if ('fence' in answer) this.#mine.set(part, answer.fence);
        else this.#mine.delete(part);
      }
      if ('problem' in answer) this.#rejects.emit(answer.problem, 'lease.take');
    });
  }

  #fenceOf(parts: readonly PartId[]): number | undefined {
    const fences = parts.map((part) => this.#mine.get(part));
    return fences.every((fence) => fence !== undefined && fence === fences[0]) ? fences[0] : undefined;
  }

  #onClosed(code: number, isFinal: boolean): void {
    this.#link = null;
    for (const [request, answer] of this.#leaseRequests) answer({ request, problem: closedProblem(code) });
    this.#leaseRequests.clear();
    if (this.#isOver) return;
    if (isFinal) return this.#end(closedProblem(code));
    if (this.connection.get().state === 'live') void this.#comeBack();
  }

  async #comeBack(): Promise<void> {
    for (let attempt = 1; !this.#isOver; attempt++) {
      this.connection.set({ state: 'reconnecting', attempt });
      const waitMs = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (this.#isOver) return;
      try {
        await this.#openLink();
        return;
      } catch (thrown) {
        if (thrown instanceof LinkRefused && [401, 403, 404].includes(thrown.status)) return this.#end(thrown.problem);
      }
    }
  }

  #end(reason: Problem | null): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.connection.set({ state: 'closed', problem: reason });
    for (const { reject } of this.#waiting.values()) reject(new Error('The room was left before this was saved.'));
    this.#waiting.clear();
  }
}

/** Takes ops off the front: at most fifty, and few when they are large. */
function takeMessage(outbox: Op[]): Op[] {
  const taken: Op[] = [];
  let parts = 0;
  while (outbox.length && taken.length < OPS_PER_MESSAGE && (taken.length === 0 || parts < 500)) {
    const op = outbox.shift()!;
    taken.push(op);
    const { payload } = op as { payload: { parts?: unknown[]; ids?: unknown[]; moves?: unknown[] } };
    parts += (payload.parts ?? payload.ids ?? payload.moves ?? []).length;
  }
  return taken;
}

const closedProblem = (code: number): Problem =>
  problem('room', `closed_${code}`, CLOSED_WORDS[code] ?? 'The connection to the room was lost.', { facts: { code } });

const CLOSED_WORDS: Record<number, string> = {
  4401: 'Your sign-in is no longer valid.',
  4403: 'You may not enter this room.',
  4404: 'This room does not exist.',
  4409: 'You entered this room from another window.',
  4429: 'This client sent too much at once.',
  4503: 'The server is restarting.',
};
