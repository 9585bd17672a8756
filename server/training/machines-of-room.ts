import type { OpId } from '#protocol/ids';
import { openEntry } from '#protocol/journal/index';
import { may } from '#protocol/permissions/index';
import {
  machineCommitment,
  machineFor,
  procedureIn,
  runOf,
  runsOf,
  type OpenedMachine,
  type RunRow,
  type SealedFact,
  type TrainingOpType,
  type TrainingPayload,
} from '#protocol/training/index';
import type { OpenRoom, SeatOfRoom, Verdict } from '../rooms/index.ts';
import { HostedMachine, type SavedMachine } from './hosted-machine.ts';
import type { MachineStore } from './machine.store.ts';
import { Observations } from './observations.ts';
import type { Secrets } from './secrets.store.ts';

const SAVE_EVERY_TICKS = 100;
/** Instructors see every tenth picture. */
const TO_INSTRUCTORS_EVERY = 10;
/** What was injected takes effect at most this much later. */
const SECRETS_EVERY_TICKS = 10;
const READ_BATCH = 1000;
/** What the run did not let happen is offered to it again this often. */
const OWED_EVERY_TICKS = 20;

export interface MachineParts {
  readonly store: MachineStore;
  readonly secrets: Secrets;
  say<T extends TrainingOpType>(type: T, payload: TrainingPayload<T>): Promise<void>;
  /** As `say`, with the op's own id and what became of it. */
  observe(id: OpId, payload: TrainingPayload<'run.observe'>): Promise<Verdict>;
  nextId(): OpId;
  failed(thrown: unknown): void;
}

interface Running {
  readonly machine: HostedMachine;
  readonly observations: Observations;
  facts: readonly SealedFact[];
}

/** Machines of the runs that go on in one open room. A run stands still with its people, and its machine with it. */
export class MachinesOfRoom {
  readonly #running = new Map<string, Running>();
  readonly #opening = new Set<string>();
  /** Where in the journal runs began while the room was open: their inputs come after that. */
  readonly #begunAt = new Map<string, number>();
  readonly #stop: () => void;
  #ticks = 0;

  constructor(
    private readonly open: OpenRoom,
    private readonly parts: MachineParts,
  ) {
    this.#stop = open.journal.subscribe({
      onEntries: (entries) => {
        for (const { entry } of entries)
          if (entry.type === 'run.start')
            this.#begunAt.set((entry.payload as TrainingPayload<'run.start'>).run, entry.seq);
        for (const { machine } of this.#running.values()) for (const stored of entries) machine.offer(stored);
      },
      // What was lost was never on disk, and machines take only what is.
      onReset: () => {},
    });
  }

  tick(): void {
    this.#ticks += 1;
    const { document } = this.open.journal.durable;
    // Once for all runs: a class of fifty has fifty machines, twenty times a second.
    const seats = this.#running.size > 0 ? [...this.open.seats()] : [];
    const isShown = this.#ticks % TO_INSTRUCTORS_EVERY === 0;
    const instructors = isShown ? seats.filter(({ role }) => may(role, 'fault.inject')) : [];
    for (const run of runsOf(document)) {
      if (run.outcome !== null) continue;
      const running = this.#running.get(run.id);
      if (!running) this.#begin(run);
      else if (run.state.pausedAtMs === null) this.#step(run, running, seats, instructors);
    }
  }

  /** A hash of where the machine stands now, for the journal; called with each seal. */
  async mark(run: string): Promise<void> {
    const running = this.#running.get(run);
    if (!running) return;
    const salt = await this.parts.secrets.machineSalt(this.open.room, run);
    const saved = savedOf(running);
    const commitment = machineCommitment(run, salt, saved.state);
    const inputs = running.machine.takeUnmarked();
    // First the state, then the word about it: after a crash the machine goes on from there or later, never before.
    await this.parts.store.save(run, saved);
    await this.parts.say('machine.mark', {
      run: run as never,
      tick: saved.state.tick,
      commitment,
      inputs: [...inputs],
    });
  }

  /** What anybody needs to run it again; null: there was no machine. */
  async reveal(run: RunRow): Promise<OpenedMachine | null> {
    const procedure = procedureIn(this.open.journal.document, run.procedure);
    if (!procedure || !machineFor(procedure)) return null;
    this.#running.get(run.id)?.observations.close();
    const saved = this.#running.get(run.id)?.machine.saved ?? (await this.parts.store.load(run.id));
    this.#running.delete(run.id);
    const salt = await this.parts.secrets.machineSalt(this.open.room, run.id);
    return { salt, faults: (saved?.faults ?? []).map(({ tick, event }) => ({ tick, event })) };
  }

  close(): void {
    this.#stop();
    for (const [run, running] of this.#running) {
      running.observations.close();
      this.#save(run, running);
    }
  }

  #begin(run: RunRow): void {
    const procedure = procedureIn(this.open.journal.document, run.procedure);
    const model = procedure && machineFor(procedure);
    if (!model || this.#opening.has(run.id)) return;
    this.#opening.add(run.id);
    const begin = async () => {
      const known = await this.parts.store.load(run.id);
      const first = HostedMachine.first(model, run, this.#begunAt.get(run.id) ?? 0);
      const machine = new HostedMachine(model, run.id, procedure, known ?? first);
      const observations = new Observations(
        {
          nextId: () => this.parts.nextId(),
          say: (id, events) => this.parts.observe(id, { run: run.id as never, events: [...events] }),
          failed: (thrown) => this.parts.failed(thrown),
        },
        known?.unsaid,
      );
      const running: Running = { machine, observations, facts: await this.parts.secrets.of(run.id) };
      for (let from = machine.saved.seq; from < this.open.journal.durable.length; from += READ_BATCH)
        for (const bytes of await this.open.journal.read(from, READ_BATCH)) machine.offer(openEntry(bytes));
      if (runOf(this.open.journal.document, run.id)?.outcome === null) this.#running.set(run.id, running);
    };
    begin()
      .catch((thrown: unknown) => this.parts.failed(thrown))
      .finally(() => this.#opening.delete(run.id));
  }

  #step(run: RunRow, running: Running, seats: readonly SeatOfRoom[], instructors: readonly SeatOfRoom[]): void {
    const { machine } = running;
    if (this.#ticks % SECRETS_EVERY_TICKS === 0)
      this.parts.secrets.of(run.id).then(
        (facts) => void (running.facts = facts),
        (thrown: unknown) => this.parts.failed(thrown),
      );
    const { observed, happened, isTouched } = machine.step(running.facts);
    running.observations.tell(observed);
    if (this.#ticks % OWED_EVERY_TICKS === 0)
      running.observations.tellOwed((control, to) => machine.saved.state.controls[control] === to);
    const { tick } = machine.saved.state;
    if (isTouched || tick % SAVE_EVERY_TICKS === 0) this.#save(run.id, running);
    const isOwn = (seat: SeatOfRoom) => run.participants.some(({ id }) => id === seat.user);
    const own = seats.filter(isOwn);
    for (const seat of [...own, ...instructors.filter((one) => !isOwn(one))]) {
      if (seat.isSlow && happened.length === 0) continue;
      const delta = machine.deltaFor(seat.client);
      const told = own.includes(seat) ? happened : [];
      if (delta || told.length > 0)
        this.open.tell(seat, 'machine', { run: run.id, tick, delta: delta ?? new Uint8Array(0), happened: told });
    }
  }

  #save(run: string, running: Running): void {
    this.parts.store.save(run, savedOf(running)).catch((thrown: unknown) => this.parts.failed(thrown));
  }
}

/** With what the run has not confirmed: after a crash it is told again, under the same ids. */
const savedOf = ({ machine, observations }: Running): SavedMachine => ({
  ...machine.saved,
  unsaid: observations.unsaid,
});
