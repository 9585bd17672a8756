import type { Change } from '#protocol/document/index';
import { WorkhallError, type Problem } from '#protocol/errors';
import type { Op } from '#protocol/journal/index';
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
}

/**
 * My ops from the moment they are made to the server's answer: shown, kept on the device, sent, and then confirmed,
 * or taken back with the reason.
 */
export class OpStream {
  readonly #sender = new OutboxSender();
  readonly #waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  /** Sent later than they were made: refusals of these come as news. */
  #late: ReadonlySet<string> = new Set();
  /** Answered otherwise than by an entry; taken out of the replica together. */
  #answered: { refused: Map<string, Problem>; known: string[] } = { refused: new Map(), known: [] };
  #takeOutTimer: ReturnType<typeof setTimeout> | undefined;
  #takeOutCostMs = 0;
  #refreshTimer: ReturnType<typeof setTimeout> | undefined;
  #refreshCostMs = 0;

  /** Takes up what an earlier page of mine could not send. */
  constructor(
    readonly replica: Replica,
    readonly outbox: Outbox,
    private readonly listeners: OpListeners,
  ) {
    replica.restore(outbox.left());
  }

  submit(op: Op): { id: string } | { problem: Problem } {
    const applied = this.replica.submit(op);
    if ('problem' in applied) return applied;
    this.outbox.add({ op: applied.op, at: applied.at });
    this.listeners.changed(applied.changes, 'mine');
    this.#sender.push(applied.op);
    return { id: op.id };
  }

  /** Resolves when it is on disk; rejects when it was refused. */
  confirmed(id: string): Promise<void> {
    if (!this.replica.pendingOp(id)) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** A connection is there: everything unanswered goes out. */
  begin(send: (ops: Op[]) => void): void {
    const unanswered = this.replica.pending.filter(({ id }) => !this.#answered.refused.has(id));
    this.#late = new Set(unanswered.map(({ id }) => id));
    this.#sender.begin(unanswered, send);
  }

  /** The connection is gone. */
  stop(): void {
    this.#sender.stop();
  }

  /** Sends what may be sent now, before something that must come after it. */
  flush(): void {
    this.#sender.flush();
  }

  /** Throws when the chain does not fit: start again from a snapshot. */
  receive(from: number, blocks: readonly Uint8Array[]): void {
    // First, so that those after a refused one are the next in line.
    this.#takeOut();
    const { changes, confirmed } = this.replica.receive(from, blocks);
    for (const id of confirmed) {
      this.#sender.answered(id);
      this.outbox.answered(id);
      this.#settle(id, null);
    }
    this.listeners.changed(changes, confirmed.length === blocks.length ? 'mine' : 'other');
    this.#refreshSoon();
  }

  restart(snapshot: Uint8Array): void {
    this.listeners.changed(this.replica.restart(snapshot), 'other');
  }

  acknowledge(id: string, seq: number): void {
    this.#sender.answered(id);
    this.#settle(id, null);
    // An op of an earlier connection whose entry came with the snapshot: no entry will follow.
    if (seq >= this.replica.length || !this.replica.pendingOp(id)) return;
    this.#answered.known.push(id);
    this.#takeOutSoon();
  }

  reject(id: string, reason: Problem): void {
    this.#sender.answered(id);
    // The server could not write: nothing is decided yet, and the op goes out again with the next connection.
    if (reason.scope === 'journal' && reason.key === 'not_saved') return;
    this.#answered.refused.set(id, reason);
    this.#takeOutSoon();
  }

  /** What is unanswered is for the next page. */
  close(): Promise<void> {
    clearTimeout(this.#takeOutTimer);
    clearTimeout(this.#refreshTimer);
    this.#sender.stop();
    for (const { reject } of this.#waiting.values()) reject(new Error('The room was left before this was saved.'));
    this.#waiting.clear();
    return this.outbox.close();
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
      const op = this.replica.pendingOp(id)?.op;
      if (op) refusals.push({ op, problem: reason, atMs: Date.now(), wasTold: !this.#late.has(id) });
    }
    const changes = this.replica.withdraw([...refused.keys(), ...known]);
    for (const id of known) this.outbox.answered(id);
    this.outbox.refuse(refusals);
    this.listeners.changed(changes, refused.size ? 'rollback' : 'other');
    this.#takeOutCostMs = performance.now() - startMs;
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

/** Leaves three quarters of the time to everything else. */
const laterMs = (costMs: number) => Math.min(LATER_MOST_MS, costMs * (1 / LATER_SHARE - 1));
