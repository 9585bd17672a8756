import { historyOf, revert, applyChanges, EMPTY_DOCUMENT, type Change, type Document } from '#protocol/document/index';
import { ancestryOf, commentOf, partOf, reduceDesign, designModel } from '#protocol/design/index';
import type { DesignOpType, DesignPayload, Part } from '#protocol/design/index';
import { problem, WorkhallError, type Problem } from '#protocol/errors';
import { ClientId, OpId, UserId, type PartId } from '#protocol/ids';
import type { Author } from '#protocol/journal/index';
import { decide, type Action, type Role } from '#protocol/permissions/index';
import type { Held, Participant } from '#protocol/room/index';
import type { CaughtUp } from '../../client/net/op-stream.ts';
import type { Refusal } from '../../client/net/outbox.ts';
import type { Connection, Origin, RoomSession } from '../../client/net/room-session.types.ts';
import { PresenceChannel } from '../../client/net/presence-channel.ts';
import { Store } from '../../client/net/store.ts';
import { VoiceLine } from '../../client/net/voice-line.ts';

export interface LocalEntry {
  readonly id: OpId;
  readonly group?: OpId;
  readonly seq: number;
  readonly at: number;
  readonly author: Author;
  readonly type: string;
  readonly payload: unknown;
}

/** A person of the local room. */
export interface LocalPerson {
  readonly name: string;
  readonly role?: Role;
  readonly device?: Participant['device'];
  readonly badge?: Participant['badge'];
}

/**
 * A room in memory on the real reducer and the real rights: what a panel sees of a room, without a server. The test
 * plays the other people (`as`), cuts the line (`connection`) and decides when ops reach the disk (`isPaused`).
 */
export class LocalSession implements RoomSession {
  readonly room = 'local';
  readonly me: RoomSession['me'];
  readonly connection = new Store<Connection>({ state: 'live' });
  readonly document = new Store<Document>(EMPTY_DOCUMENT);
  /** Entries that made the room and its parts, before anybody did anything. */
  opened = 2;
  readonly length = new Store(2);
  readonly participants = new Store<readonly Participant[]>([]);
  readonly held = new Store<ReadonlyMap<string, Held>>(new Map());
  readonly pendingCount = new Store(0);
  readonly refused = new Store<readonly Refusal[]>([]);
  readonly caughtUp = new Store<CaughtUp | null>(null);
  readonly replaced = new Store<readonly Refusal[]>([]);
  readonly undoable = new Store<string | null>(null);
  readonly redoable = new Store<string | null>(null);
  readonly roundTripMs = new Store<number | null>(4);
  readonly entries: LocalEntry[] = [];
  /** While true, my ops wait as they do when the line is cut. */
  isPaused = false;
  nowMs: () => number = () => Date.now();

  /** What the room says about voice comes through its `listeners`. */
  readonly voice = new VoiceLine(new PresenceChannel(), () => null);

  readonly #people: Author[] = [];
  readonly #changes = new Set<(changes: readonly Change[], origin: Origin) => void>();
  readonly #rejects = new Set<(problem: Problem, opType: string) => void>();
  readonly #notices = new Set<(problem: Problem) => void>();
  #made = 0;

  constructor(people: readonly [LocalPerson, ...LocalPerson[]], parts: readonly Part[] = []) {
    people.forEach((person) => this.join(person));
    const own = this.participants.get()[0]!;
    this.me = { session: own.session, participant: own.participant, user: own.user, role: own.role };
    this.document.set(
      applyChanges(
        EMPTY_DOCUMENT,
        parts.map((part) => ({ table: 'parts', id: part.id, after: part as never })),
      ),
    );
  }

  join({ name, role = 'designer', device = 'desktop', badge = 'guest' }: LocalPerson): number {
    const participant = this.#people.length;
    const user = UserId.parse(`user-${participant}`);
    this.#people.push({ id: user, name });
    const session = clientOf(participant);
    const row = { participant, session, user, name, role, device, badge, color: participant % 12, isConnected: true };
    this.participants.update((list) => [...list, row]);
    return participant;
  }

  submit<T extends DesignOpType>(type: T, payload: DesignPayload<T>, options: { group?: string } = {}) {
    return this.as(0, type, payload, options);
  }

  /** The same for any person of the room; others are always on line. */
  as<T extends DesignOpType>(
    person: number,
    type: T,
    payload: DesignPayload<T>,
    { group }: { group?: string } = {},
  ): { id: string } | { problem: Problem } {
    const author = this.#people[person]!;
    const refused = this.#judge(person, type, payload);
    if (refused) return { problem: refused };
    const id = OpId.parse(`op-${++this.#made}`);
    const at = this.nowMs();
    const outcome = reduceDesign(this.document.get(), type, payload, { author, at, target: group ?? id });
    if (!outcome.ok) return { problem: outcome.problem };
    const inGroup = group ? { group: OpId.parse(group) } : {};
    this.entries.push({ id, seq: this.entries.length + 1, at, author, type, payload, ...inGroup });
    this.document.set(outcome.document);
    this.length.set(this.entries.length + this.opened);
    this.#refreshHistory();
    if (person === 0 && this.isPaused) this.pendingCount.update((count) => count + 1);
    for (const listener of this.#changes) listener(outcome.changes, person === 0 ? 'mine' : 'other');
    return { id };
  }

  /** The server answers what it had not answered. */
  resume(): void {
    this.isPaused = false;
    this.pendingCount.set(0);
    this.connection.set({ state: 'live' });
  }

  /** The server takes back my newest step, as after a conflict. */
  rejectLast(reason: Problem): void {
    const step = historyOf(this.document.get(), this.me.user).undo.last();
    if (!step) return;
    const reversal = revert(this.document.get(), step.changes, 'undo');
    if (!reversal.ok) throw new WorkhallError('test', 'cannot_roll_back', `Field ${reversal.field} has changed.`);
    this.document.set(applyChanges(this.document.get(), reversal.changes));
    for (const listener of this.#changes) listener(reversal.changes, 'rollback');
    for (const listener of this.#rejects) listener(reason, step.type);
  }

  async confirmed(): Promise<void> {}

  unsent(): readonly [] {
    return [];
  }

  dismissRefused(ids?: readonly string[]): void {
    this.refused.update((list) => (ids ? list.filter(({ op }) => !ids.includes(op.id)) : []));
  }

  undo(): void {
    this.#takeBack('undo');
  }

  redo(): void {
    this.#takeBack('redo');
  }

  async hold(parts: readonly PartId[]): Promise<{ ok: true } | { ok: false; problem: Problem }> {
    return this.holdAs(0, parts);
  }

  holdAs(person: number, parts: readonly PartId[]): { ok: true } | { ok: false; problem: Problem } {
    const session = clientOf(person);
    const taken = parts.find((part) => this.#holderOf(part, session) === 'another');
    if (taken)
      return { ok: false, problem: problem('permissions', 'part_held', 'Somebody else is holding this part.') };
    const next = new Map(this.held.get());
    for (const part of parts) next.set(part, { part, session, fence: this.#made });
    this.held.set(next);
    return { ok: true };
  }

  release(parts: readonly PartId[]): void {
    const next = new Map(this.held.get());
    for (const part of parts) next.delete(part);
    this.held.set(next);
  }

  sendBody(): void {}
  sendHands(): void {}
  sendCarry(): void {}
  onChanges = (listener: (changes: readonly Change[], origin: Origin) => void) => subscribe(this.#changes, listener);
  onReject = (listener: (problem: Problem, opType: string) => void) => subscribe(this.#rejects, listener);
  onBodies = () => () => undefined;
  onCarries = () => () => undefined;
  onHands = () => () => undefined;
  onLost = () => () => undefined;
  readonly beyond = new Store(0);
  onNotice = (listener: (problem: Problem) => void) => subscribe(this.#notices, listener);
  notice(reason: Problem): void {
    for (const listener of this.#notices) listener(reason);
  }

  async leave(): Promise<void> {
    this.connection.set({ state: 'closed', problem: null });
  }

  #judge(person: number, type: DesignOpType, payload: unknown): Problem | null {
    const row = this.participants.get()[person]!;
    const valid = designModel.validate(type, payload);
    if (!valid.ok) return valid.problem;
    const op = { id: OpId.parse('asked'), type, payload };
    const { action, situation } = designModel.demand(this.document.get(), op, row.user);
    const parts = partsIn(payload);
    const held = parts.some((part) => this.#holderOf(part, row.session) === 'another') ? 'another' : 'nobody';
    return decide(row.role, action as Action, { ...situation, held, room: 'open' });
  }

  #holderOf(part: PartId, session: string): 'nobody' | 'me' | 'another' {
    for (const { id } of ancestryOf(this.document.get(), part)) {
      const holder = this.held.get().get(id);
      if (holder) return holder.session === session ? 'me' : 'another';
    }
    return 'nobody';
  }

  #takeBack(direction: 'undo' | 'redo'): void {
    const step = historyOf(this.document.get(), this.me.user)[direction].last();
    if (!step) return;
    const outcome = this.submit(`history.${direction}`, { target: OpId.parse(step.target) });
    if ('problem' in outcome) for (const listener of this.#rejects) listener(outcome.problem, `history.${direction}`);
  }

  #refreshHistory(): void {
    const { undo, redo } = historyOf(this.document.get(), this.me.user);
    this.undoable.set(undo.last()?.type ?? null);
    this.redoable.set(redo.last()?.type ?? null);
  }

  /** For tests that read one part or comment. */
  part = (id: PartId) => partOf(this.document.get(), id);
  comment = (id: Parameters<typeof commentOf>[1]) => commentOf(this.document.get(), id);
}

const clientOf = (person: number) => ClientId.parse(`client-${person}`);

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function partsIn(payload: unknown): PartId[] {
  const { id, ids, moves } = payload as { id?: PartId; ids?: PartId[]; moves?: { id: PartId }[] };
  return [...(ids ?? []), ...(moves ?? []).map((move) => move.id), ...(id ? [id] : [])];
}
