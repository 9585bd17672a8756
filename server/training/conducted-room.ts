import type { Document, Table } from '#protocol/document/index';
import { table } from '#protocol/document/index';
import type { Problem } from '#protocol/errors';
import { OpId, type UserId } from '#protocol/ids';
import type { Op } from '#protocol/journal/index';
import { nextDueAtMs } from '#protocol/procedures/index';
import {
  commitmentOf,
  procedureIn,
  runOf,
  runsOf,
  SEAL_EVERY_MS,
  sealOf,
  stateOf,
  type RunRow,
  type TrainingOpType,
  type TrainingPayload,
} from '#protocol/training/index';
import { authorOf, HALL } from '../identity/index.ts';
import type { Ids } from '../platform/clock/index.ts';
import type { FeatureOfRoom, OpenRoom, SeatOfRoom } from '../rooms/index.ts';
import type { AttemptLimits, LimitsOfRoom } from './attempt-limits.service.ts';
import { HeldThings } from './held-things.ts';
import type { MachineStore } from './machine.store.ts';
import { MachinesOfRoom } from './machines-of-room.ts';
import { MotionOfRoom } from './motion-of-room.ts';
import type { Recordings } from './recordings.service.ts';
import type { Results } from './results.service.ts';
import type { RunStatements, StatementsOfRoom } from './run-statements.service.ts';
import type { Secrets } from './secrets.store.ts';

/** A part that failed (the database, say) is tried again after this long, ms. */
const AGAIN_MS = 2_000;
/** Motion of somebody who has gone quiet is kept after this long, ms. */
const QUIET_MS = 15_000;

const BY_HALL = { author: authorOf(HALL), role: 'owner', session: null } as const;

export interface Conducting {
  readonly ids: Ids;
  readonly secrets: Secrets;
  readonly machines: MachineStore;
  readonly results: Results;
  readonly recordings: Recordings;
  readonly statements: RunStatements;
  readonly limits: AttemptLimits;
  /** Something went wrong that nobody asked for; it is tried again. */
  failed(room: string, thrown: unknown): void;
}

/**
 * What the hall does by itself while people are in a training room: says when time has come for something, seals at even
 * intervals, and after the end of a run opens the seals and keeps the result. All of it through ops, so a room that was
 * closed in the middle goes on where its journal ends.
 */
export class ConductedRoom implements FeatureOfRoom {
  #seen: Table | null = null;
  #dueAtMs = 0;
  #isBusy = false;
  #isClosed = false;
  readonly #machines: MachinesOfRoom;
  readonly #held: HeldThings;
  readonly #motion: MotionOfRoom;
  readonly #statements: StatementsOfRoom;
  readonly #limits: LimitsOfRoom;

  constructor(
    private readonly open: OpenRoom,
    private readonly parts: Conducting,
  ) {
    this.#statements = parts.statements.ofRoom(open.room);
    this.#limits = parts.limits.ofRoom(open, (thrown) => parts.failed(open.room, thrown));
    this.#motion = new MotionOfRoom(open.room, parts.recordings, (thrown) => parts.failed(open.room, thrown));
    this.#held = new HeldThings(
      open,
      (payload) => this.#say('run.observe', payload),
      (thrown) => parts.failed(open.room, thrown),
    );
    this.#machines = new MachinesOfRoom(open, {
      store: parts.machines,
      secrets: parts.secrets,
      say: (type, payload) => this.#say(type, payload),
      observe: (id, payload) => this.open.journal.submit({ id, type: 'run.observe', payload }, BY_HALL),
      nextId: () => OpId.parse(parts.ids.next()),
      failed: (thrown) => parts.failed(open.room, thrown),
    });
  }

  tick(nowMs: number): void {
    if (this.#isClosed) return;
    this.#machines.tick();
    this.#held.tick(nowMs);
    this.#limits.tick(nowMs);
    this.#motion.flush(nowMs - QUIET_MS);
    if (this.#isBusy) return;
    const { document } = this.open.journal;
    const runs = table(document, 'runs');
    if (runs !== this.#seen) {
      this.#seen = runs;
      this.#dueAtMs = Math.min(...runsOf(document).map((run) => dueAt(document, run)), Infinity);
    }
    if (nowMs < this.#dueAtMs) return;
    this.#isBusy = true;
    this.#conduct(nowMs)
      .then(() => (this.#seen = null))
      .catch((thrown: unknown) => {
        this.#dueAtMs = nowMs + AGAIN_MS;
        this.parts.failed(this.open.room, thrown);
      })
      .finally(() => (this.#isBusy = false));
  }

  close(): void {
    this.#isClosed = true;
    this.#machines.close();
    this.#motion.flush();
  }

  hear(user: UserId, body: Uint8Array, nowMs: number): void {
    this.#motion.hear(this.open.journal.durable.document, user, body, nowMs);
  }

  carries(user: UserId, thing: string): boolean {
    return this.#held.isHeldBy(user, thing);
  }

  refusal(op: Op, by: Pick<SeatOfRoom, 'role'>): Problem | null {
    return this.#limits.refusal(op, by);
  }

  async #conduct(nowMs: number): Promise<void> {
    for (const run of runsOf(this.open.journal.document)) {
      if (this.#isClosed) return;
      const { document } = this.open.journal;
      if (run.outcome !== null) {
        if (!run.isRevealed) await this.#debrief(run);
        continue;
      }
      const isSealDue = sealDueAt(document, run) <= nowMs;
      if (timeDueAt(document, run) <= nowMs) await this.#say('run.time', { run: run.id as never });
      if (isSealDue) await this.#seal(run.id);
      if (isSealDue) await this.#statements.tell(run.id);
    }
  }

  async #seal(run: string): Promise<void> {
    await this.#machines.mark(run);
    const slot = runOf(this.open.journal.document, run)!.seals;
    const commitment = commitmentOf(run, slot, await this.parts.secrets.gather(this.open.room, run, slot));
    await this.#say('run.seal', { run: run as never, slot, commitment });
  }

  async #debrief(row: RunRow): Promise<void> {
    const { id: run } = row;
    // The last seal stands for what came after the one before, up to the end.
    await this.#seal(run);
    const { seals } = runOf(this.open.journal.document, run)!;
    await this.#say('run.reveal', {
      run: run as never,
      seals: await this.parts.secrets.all(this.open.room, run, seals),
      machine: await this.#machines.reveal(row),
    });
    await this.parts.results.keep(this.open.room, run);
    this.#limits.changed();
    await this.#statements.tellEnd(run);
  }

  /** Resolves when it is on disk. A refusal means that the run has gone on meanwhile: it is looked at again. */
  async #say<T extends TrainingOpType>(type: T, payload: TrainingPayload<T>): Promise<void> {
    await this.open.journal.submit({ id: OpId.parse(this.parts.ids.next()), type, payload }, BY_HALL);
  }
}

function dueAt(document: Document, run: RunRow): number {
  if (run.outcome !== null) return run.isRevealed ? Infinity : 0;
  return Math.min(timeDueAt(document, run), sealDueAt(document, run));
}

function timeDueAt(document: Document, run: RunRow): number {
  const procedure = procedureIn(document, run.procedure);
  return (procedure && nextDueAtMs(stateOf(document, run, procedure))) ?? Infinity;
}

const sealDueAt = (document: Document, { id, seals, startedAtMs }: RunRow): number =>
  (seals > 0 ? sealOf(document, id, seals - 1)!.atMs : startedAtMs) + SEAL_EVERY_MS;
