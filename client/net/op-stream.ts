import type { Change } from '#protocol/document/index';
import { problem, WorkhallError, type Problem } from '#protocol/errors';
import type { OpId } from '#protocol/ids';
import type { Op } from '#protocol/journal/index';
import { MAX_UNANSWERED, type ServerMessages } from '#protocol/room/index';
import { replacedNewer, type Overtaken } from './overtaken.ts';
import { OutboxSender } from './outbox-sender.ts';
import type { Outbox, Refusal } from './outbox.ts';
import type { Replica } from './replica.ts';
import type { Origin } from './room-session.types.ts';

/** Taking many refused ops out, or bringing the view up to date, costs as much for many messages as for one. */
const LATER_SHARE = 0.25;
const LATER_MOST_MS = 2_000;
const FRAME_MS = 16;

export interface OpListeners {
  changed(changes: readonly Change[], origin: Origin): void;
  /** Refused while the person was there. */
  rejected(reason: Problem, opType: string): void;
  /** Everything that was made while away has its answer. */
  caughtUp?(told: CaughtUp): void;
  /** Entries came, from this number on. My ops among them are forgotten when this is done. */
  keep?(from: number, blocks: readonly Uint8Array[]): Promise<void>;
}

/** What became of the ops that were made without the server. */
export interface CaughtUp {
  readonly sent: number;
  readonly refused: number;
  /** Of those that were sent: older than a change of somebody else which they replaced. */
  readonly replaced: number;
}

/**
 * My ops from the moment they are made to the server's answer: shown, kept on the device, sent, and then confirmed,
 * or taken back with the reason.
 */
export class OpStream {
  readonly #sender = new OutboxSender();
  readonly #waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  /** Of ops that an earlier page left: which one made them. */
  readonly #pageOf = new Map<string, string>();
  /** What the server was asked about at the door, in order. */
  #asked: readonly OpId[] = [];
  /** Sent later than they were made, and not answered: refusals of these come as news. */
  #late = new Set<string>();
  #caughtUp = { sent: 0, refused: 0, replaced: 0 };
  /** No line is open: everything that waits is late. */
  #isAway = true;
  /** Ops of mine that are older than what they replace, and whose that was. */
  readonly #overtaken = new Map<string, Overtaken>();
  #keeping: Promise<void> = Promise.resolve();
  /** Answered otherwise than by an entry; taken out of the replica together. */
  #answered: { refused: Map<string, Problem>; known: string[] } = { refused: new Map(), known: [] };
  #takeOutTimer: ReturnType<typeof setTimeout> | undefined;
  #takeOutCostMs = 0;
  #refreshTimer: ReturnType<typeof setTimeout> | undefined;
  #refreshCostMs = 0;
  #isClosed = false;

  /** Takes up what an earlier page of mine could not send. */
  constructor(
    readonly replica: Replica,
    readonly outbox: Outbox,
    private readonly listeners: OpListeners,
  ) {
    const left = outbox.left();
    for (const { op, page } of left) this.#pageOf.set(op.id, page ?? '');
    replica.restore(left);
  }

  submit(op: Op): { id: string } | { problem: Problem } {
    const applied = this.replica.submit(op);
    if ('problem' in applied) return applied;
    this.outbox.add({ op: applied.op, at: applied.at, seen: this.replica.length });
    this.listeners.changed(applied.changes, 'mine');
    this.#sender.push(applied.op);
    return { id: op.id };
  }

  /** Resolves when it is on disk; rejects when it was refused. */
  confirmed(id: string): Promise<void> {
    if (!this.replica.pendingOp(id)) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** The ops that may have been sent without an answer, in order: what to ask about at the door. */
  unanswered(): OpId[] {
    const ids: OpId[] = [];
    for (const { op } of this.replica.waiting()) {
      if (ids.length === MAX_UNANSWERED) break;
      ids.push(op.id);
    }
    this.#asked = ids;
    return ids;
  }

  /** A connection is there: what is decided is settled, everything else that is unanswered goes out. */
  begin(send: (ops: Op[]) => void, answered: NonNullable<ServerMessages['welcome']['answered']> = []): void {
    const waiting = [...this.replica.waiting()];
    for (const { op } of waiting) this.#late.add(op.id);
    this.#isAway = false;
    this.#takeAnswers(answered);
    this.#sender.begin(
      waiting
        .filter(({ op }) => !this.#answered.refused.has(op.id))
        .map(({ op, at }) => (op.madeAt === undefined ? { ...op, madeAt: at } : op)),
      send,
    );
    this.#tellCaughtUp();
  }

  /**
   * The server judges the ops of one page in order. One that it does not have, before one that it has, was refused, and
   * its reason was lost with the connection: sent again it would come after what I did later.
   */
  #takeAnswers(answered: NonNullable<ServerMessages['welcome']['answered']>): void {
    const saved = new Set<string>();
    for (const one of answered) {
      if ('seq' in one) saved.add(one.id);
      else if (this.replica.pendingOp(one.id)) this.reject(one.id, one.problem);
    }
    const goneOn = new Set<string>();
    for (const id of this.#asked.toReversed()) {
      const page = this.#pageOf.get(id) ?? MINE;
      if (saved.has(id)) goneOn.add(page);
      else if (goneOn.has(page) && this.replica.pendingOp(id) && !this.#answered.refused.has(id))
        this.reject(id, reasonLost());
    }
    this.#asked = [];
  }

  /** The connection is gone. */
  stop(): void {
    this.#isAway = true;
    this.#sender.stop();
  }

  /** Sends what may be sent now, before something that must come after it. */
  flush(): void {
    this.#sender.flush();
  }

  /** Throws when the chain does not fit: start again from a snapshot. */
  receive(from: number, blocks: readonly Uint8Array[]): void {
    if (this.#isClosed) return;
    // First, so that those after a refused one are the next in line.
    this.#takeOut();
    const had = this.replica.length;
    const { changes, confirmed, overtaken } = this.replica.receive(from, blocks);
    const kept = this.listeners.keep?.(had, blocks.slice(had - from));
    for (const one of overtaken) if (this.#isAway || this.#late.has(one.op.id)) this.#overtaken.set(one.op.id, one);
    const replaced = confirmed.flatMap((id) => this.#replacing(id));
    this.#caughtUp.replaced += replaced.length;
    for (const id of confirmed) {
      this.#sender.answered(id);
      this.#settle(id, null);
    }
    const forget = () => {
      for (const id of confirmed) this.outbox.answered(id);
      this.outbox.refuse(replaced);
    };
    // What I see after a crash must not be older than what I saw before.
    if (kept) this.#keeping = kept.then(forget);
    else forget();
    this.listeners.changed(changes, confirmed.length === blocks.length ? 'mine' : 'other');
    this.#countLate(confirmed, 'sent');
    this.#refreshSoon();
  }

  restart(snapshot: Uint8Array): void {
    this.listeners.changed(this.replica.restart(snapshot), 'other');
  }

  acknowledge(id: string, seq: number): void {
    if (this.#isClosed) return;
    this.#sender.answered(id);
    this.#settle(id, null);
    // An op of an earlier connection whose entry came with the snapshot: no entry will follow.
    if (seq >= this.replica.length || !this.replica.pendingOp(id)) return;
    this.#answered.known.push(id);
    this.#countLate([id], 'sent');
    this.#takeOutSoon();
  }

  reject(id: string, reason: Problem): void {
    if (this.#isClosed) return;
    this.#sender.answered(id);
    // The server could not write: nothing is decided yet, and the op goes out again with the next connection.
    if (reason.scope === 'journal' && reason.key === 'not_saved') return;
    this.#answered.refused.set(id, reason);
    this.#takeOutSoon();
  }

  /** What is unanswered is for the next page, and so is what the server still says to this one. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#takeOutTimer);
    clearTimeout(this.#refreshTimer);
    this.#sender.stop();
    for (const { reject } of this.#waiting.values()) reject(new Error('The room was left before this was saved.'));
    this.#waiting.clear();
    await this.#keeping;
    return this.outbox.close();
  }

  /** Whether nothing of mine waits any more, here and on the device. */
  async settled(): Promise<boolean> {
    await this.#keeping;
    await this.outbox.written();
    return this.replica.pendingCount === 0 && !this.#isClosed;
  }

  /** As an entry of the list of what could not be applied: it is there until the person has seen it. */
  #replacing(id: string): Refusal[] {
    const found = this.#overtaken.get(id);
    this.#overtaken.delete(id);
    return found ? [{ op: found.op, problem: replacedNewer(found.by), atMs: found.at, wasTold: false }] : [];
  }

  #countLate(ids: readonly string[], as: 'sent' | 'refused'): void {
    for (const id of ids) if (this.#late.delete(id)) this.#caughtUp[as] += 1;
    this.#tellCaughtUp();
  }

  #tellCaughtUp(): void {
    const told = this.#caughtUp;
    if (this.#isAway || this.#late.size > 0 || told.sent + told.refused === 0) return;
    this.#caughtUp = { sent: 0, refused: 0, replaced: 0 };
    this.listeners.caughtUp?.(told);
  }

  #takeOutSoon(): void {
    this.#takeOutTimer ??= setTimeout(() => this.#takeOut(), laterMs(this.#takeOutCostMs));
  }

  #refreshSoon(): void {
    if (!this.replica.isStale) return;
    this.#refreshTimer ??= setTimeout(
      () => {
        this.#refreshTimer = undefined;
        const startMs = performance.now();
        const changes = this.replica.refresh();
        this.listeners.changed(changes, 'other');
        this.#refreshCostMs = performance.now() - startMs;
      },
      Math.max(FRAME_MS, laterMs(this.#refreshCostMs)),
    );
  }

  #takeOut(): void {
    clearTimeout(this.#takeOutTimer);
    this.#takeOutTimer = undefined;
    const { refused, known } = this.#answered;
    if (refused.size + known.length === 0) return;
    this.#answered = { refused: new Map(), known: [] };
    const startMs = performance.now();
    const refusals: Refusal[] = [];
    for (const [id, reason] of refused) {
      const made = this.replica.pendingOp(id);
      if (made) refusals.push({ op: made.op, problem: reason, atMs: made.at, wasTold: !this.#late.has(id) });
    }
    for (const id of refused.keys()) this.#overtaken.delete(id);
    const changes = this.replica.withdraw([...refused.keys(), ...known]);
    for (const id of known) this.outbox.answered(id);
    this.outbox.refuse(refusals);
    this.listeners.changed(changes, refused.size ? 'rollback' : 'other');
    this.#takeOutCostMs = performance.now() - startMs;
    this.#countLate([...refused.keys()], 'refused');
    this.#refreshSoon();
    for (const { op, problem: reason, wasTold } of refusals) {
      this.#settle(op.id, reason);
      if (wasTold) this.listeners.rejected(reason, op.type);
    }
  }

  #settle(id: string, reason: Problem | null): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    if (reason)
      waiting.reject(new WorkhallError(reason.scope, reason.key, reason.message, { facts: { ...reason.facts } }));
    else waiting.resolve();
  }
}

/** In place of a page's id: this one. */
const MINE = '.';

const reasonLost = (): Problem =>
  problem('room', 'reason_lost', 'This change could not be applied; the reason was lost with the connection.', {
    next: 'Somebody else was probably faster. Look at it, and make it again.',
  });

/** Leaves three quarters of the time to everything else. */
const laterMs = (costMs: number) => Math.min(LATER_MOST_MS, costMs * (1 / LATER_SHARE - 1));
