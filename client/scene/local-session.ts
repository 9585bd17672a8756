import { EMPTY_DOCUMENT, historyOf, type Change, type Document } from '#protocol/document/index';
import { reduceDesign, type DesignOpType, type DesignPayload } from '#protocol/design/index';
import { problem, type Problem } from '#protocol/errors';
import type { ClientId, PartId, UserId } from '#protocol/ids';
import { decide, ACTIONS, type Action } from '#protocol/permissions/index';
import type { Body, Carry, HandsPose } from '#protocol/presence/index';
import type { Held, Participant } from '#protocol/room/index';
import type { CaughtUp } from '../net/op-stream.ts';
import type { Refusal } from '../net/outbox.ts';
import type { Connection, Origin, RemoteBody, RemoteHands, RoomSession } from '../net/room-session.types.ts';
import { PresenceChannel } from '../net/presence-channel.ts';
import { Store } from '../net/store.ts';
import { VoiceLine } from '../net/voice-line.ts';

interface Person {
  readonly name: string;
  readonly color: number;
  readonly badge?: 'guest' | 'wallet';
  readonly device?: Participant['device'];
}

/**
 * A room without a server, on the same reducer: one document in memory, and people whom a page can move about by hand.
 * Shows the scene on its own (`scene/dev`) and drives its tests; rights and leases are judged as the hall judges them.
 */
export class LocalSession implements RoomSession {
  readonly room = 'local';
  readonly me = { session: sessionId(0), participant: 0, user: 'me' as UserId, role: 'owner' as const };
  readonly connection = new Store<Connection>({ state: 'live' });
  readonly document = new Store<Document>(EMPTY_DOCUMENT);
  readonly length = new Store(1);
  readonly participants: Store<readonly Participant[]>;
  readonly held = new Store<ReadonlyMap<string, Held>>(new Map());
  readonly pendingCount = new Store(0);
  readonly refused = new Store<readonly Refusal[]>([]);
  readonly caughtUp = new Store<CaughtUp | null>(null);
  readonly replaced = new Store<readonly Refusal[]>([]);
  readonly undoable = new Store<string | null>(null);
  readonly redoable = new Store<string | null>(null);
  readonly roundTripMs = new Store<number | null>(1);
  /** What was sent, for tests. */
  readonly sentCarries: Carry[] = [];
  readonly sentBodies: Body[] = [];
  readonly sentHands: (HandsPose | null)[] = [];
  readonly sentOps: { type: string; payload: unknown }[] = [];
  readonly #changes = new Set<(changes: readonly Change[], origin: Origin) => void>();
  readonly #rejects = new Set<(problem: Problem, opType: string) => void>();
  readonly #bodies = new Set<(bodies: readonly RemoteBody[]) => void>();
  readonly #hands = new Set<(hands: readonly RemoteHands[]) => void>();
  readonly #carries = new Set<(carries: readonly (Carry & { participant: number })[]) => void>();
  #ids = 0;

  constructor(me: Person, others: readonly Person[] = []) {
    this.participants = new Store<readonly Participant[]>(
      [me, ...others].map((person, index): Participant => ({
        participant: index,
        session: sessionId(index),
        user: (index === 0 ? 'me' : `user-${index}`) as UserId,
        name: person.name,
        role: index === 0 ? 'owner' : 'designer',
        device: person.device ?? 'desktop',
        badge: person.badge ?? 'guest',
        color: person.color,
        isConnected: true,
      })),
    );
  }

  submit<T extends DesignOpType>(type: T, payload: DesignPayload<T>, options: { group?: string } = {}) {
    return this.#apply(type, payload, 'me', options.group);
  }

  /** Another person does something. */
  submitAs<T extends DesignOpType>(participant: number, type: T, payload: DesignPayload<T>) {
    return this.#apply(type, payload, this.#person(participant).user, undefined);
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
    const taken = parts
      .map((part) => this.held.get().get(part))
      .find((held) => held && held.session !== this.me.session);
    if (taken)
      return {
        ok: false,
        problem: problem('room', 'part_held', 'Somebody else is holding this part.', { facts: { part: taken.part } }),
      };
    this.held.update(
      (held) =>
        new Map([...held, ...parts.map((part) => [part, { part, session: this.me.session, fence: 1 }] as const)]),
    );
    return { ok: true };
  }

  holdAs(participant: number, part: PartId): void {
    const { session } = this.#person(participant);
    this.held.update((held) => new Map([...held, [part, { part, session, fence: 1 }]]));
  }

  release(parts: readonly PartId[]): void {
    this.held.update((held) => new Map([...held].filter(([part]) => !parts.includes(part as PartId))));
  }

  sendBody(body: Body): void {
    this.sentBodies.push(body);
  }

  sendHands(pose: HandsPose | null): void {
    this.sentHands.push(pose);
  }

  sendCarry(carry: Carry): void {
    this.sentCarries.push(carry);
  }

  moveBody(participant: number, body: Body): void {
    for (const listener of this.#bodies) listener([{ participant, body, atMs: performance.now() }]);
  }

  moveHands(participant: number, pose: HandsPose): void {
    for (const listener of this.#hands) listener([{ participant, ...pose }]);
  }

  moveCarry(participant: number, carry: Carry): void {
    for (const listener of this.#carries) listener([{ ...carry, participant }]);
  }

  onChanges = (listener: (changes: readonly Change[], origin: Origin) => void) => subscribe(this.#changes, listener);
  onReject = (listener: (problem: Problem, opType: string) => void) => subscribe(this.#rejects, listener);
  onBodies = (listener: (bodies: readonly RemoteBody[]) => void) => subscribe(this.#bodies, listener);
  onCarries = (listener: (carries: readonly (Carry & { participant: number })[]) => void) =>
    subscribe(this.#carries, listener);
  onHands = (listener: (hands: readonly RemoteHands[]) => void) => subscribe(this.#hands, listener);
  onLost = () => () => {};
  readonly beyond = new Store(0);
  onNotice = () => () => {};
  /** Nobody answers here. */
  readonly voice = new VoiceLine(new PresenceChannel(), () => null);

  async leave(): Promise<void> {
    this.connection.set({ state: 'closed', problem: null });
  }

  #person(participant: number): Participant {
    const person = this.participants.get().find((one) => one.participant === participant);
    if (!person) throw new Error(`nobody has the number ${participant}`);
    return person;
  }

  #takeBack(direction: 'undo' | 'redo'): void {
    const step = historyOf(this.document.get(), 'me')[direction].last();
    if (step) this.#apply(`history.${direction}`, { target: step.target as never }, 'me');
  }

  #apply<T extends DesignOpType>(
    type: T,
    payload: DesignPayload<T>,
    user: string,
    group?: string,
  ): { id: string } | { problem: Problem } {
    const mine = user === 'me';
    const held = mine && isAction(type) ? decide('owner', type, { own: true, held: 'nobody', room: 'open' }) : null;
    if (held) return { problem: held };
    const id = `op-${++this.#ids}`;
    const author = { id: user as UserId, name: user };
    const outcome = reduceDesign(this.document.get(), type, payload, { author, at: Date.now(), target: group ?? id });
    if (!outcome.ok) {
      for (const listener of this.#rejects) listener(outcome.problem, type);
      return { problem: outcome.problem };
    }
    this.sentOps.push({ type, payload });
    this.document.set(outcome.document);
    const history = historyOf(outcome.document, 'me');
    this.undoable.set(history.undo.last()?.type ?? null);
    this.redoable.set(history.redo.last()?.type ?? null);
    for (const listener of this.#changes) listener(outcome.changes, mine ? 'mine' : 'other');
    return { id };
  }
}

const sessionId = (index: number) => `session-${index}` as ClientId;

const isAction = (type: string): type is Action => (ACTIONS as readonly string[]).includes(type);

function subscribe<L>(listeners: Set<L>, listener: L): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
