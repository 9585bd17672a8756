import { stateHash } from '#protocol/document/index';
import { RoomId, UserId } from '#protocol/ids';
import { encodeBlock, GENESIS_TYPE, sealEntry } from '#protocol/journal/index';
import { FallibleDisk, type DiskFaults } from './fallible-disk.ts';
import { Ledger } from './ledger.ts';
import { GENESIS_ID, openColyseus, SimulatedGate, SimulatedHall, type SimulatedPerson } from './simulated-hall.ts';
import { Device, SimulatedPage } from './simulated-page.ts';
import { VirtualTime } from './virtual-time.ts';
import { Wire, type Connection } from './virtual-wire.ts';
import { rogueOp } from './worker.ts';

/** Six people, two of whom have a second tab open. */
const PAGES = [0, 1, 2, 3, 4, 5, 0, 1];
const ROOM = RoomId.parse('room');
/** Of each write; some ten in a thousand go wrong in one way or another. */
const FAULTS: DiskFaults = {
  crashBefore: 0.001,
  crashWithin: 0.001,
  crashAfter: 0.002,
  refuse: 0.003,
  refuseAfter: 0.002,
};
const REST_MS = 240_000;

export interface Tale {
  readonly ops: number;
  readonly saved: number;
  readonly refused: number;
  readonly undone: number;
  /** Ops that were judged while somebody held something, or carried a fence. */
  readonly judgedWithLeases: number;
  readonly crashes: number;
  readonly drops: number;
  readonly reloads: number;
  readonly seconds: number;
  readonly events: number;
}

/** One room from its first op to its rest: everything goes wrong on the way. Throws when a promise was broken. */
export async function tell(seed: number, ops: number): Promise<Tale> {
  await openColyseus();
  const world = new World(seed);
  return world.run(ops);
}

class World {
  readonly #time: VirtualTime;
  readonly #wire: Wire;
  readonly #ledger: Ledger;
  readonly #disk;
  readonly #people = new Map<string, SimulatedPerson>();
  readonly #gate: SimulatedGate;
  readonly #pages: SimulatedPage[];
  #hall: SimulatedHall | null = null;
  #isRough = true;
  #crashes = 0;
  #drops = 0;

  constructor(seed: number) {
    this.#time = new VirtualTime(seed);
    this.#wire = new Wire(this.#time);
    this.#ledger = new Ledger((cause) => this.#time.fail(cause));
    this.#disk = this.#ledger.disk();
    for (let i = 0; i < 6; i++) {
      const id = UserId.parse(`user-${i}`);
      this.#people.set(id, { id, name: `Person ${i}`, role: i === 0 ? 'owner' : 'designer' });
    }
    this.#gate = new SimulatedGate(this.#people, ROOM);
    const devices = [...this.#people.keys()].map(() => new Device());
    const people = [...this.#people.values()];
    this.#pages = PAGES.map(
      (one, n) =>
        new SimulatedPage(`page-${n}.test`, people[one]!, devices[one]!, ROOM, this.#time, this.#wire, this.#ledger),
    );
  }

  async run(ops: number): Promise<Tale> {
    const time = this.#time;
    const startedMs = performance.now();
    const says = { warn: console.warn, info: console.info, error: console.error };
    const onRejection = (cause: unknown) => time.fail(cause);
    process.on('unhandledRejection', onRejection);
    time.install();
    this.#wire.install();
    // What Colyseus says about seats that nobody came for is no news here.
    Object.assign(console, { warn: () => undefined, info: () => undefined, error: () => undefined });
    try {
      await this.#create();
      this.#start();
      for (const page of this.#pages) page.open();
      this.#pages.forEach((page) => this.#trouble(page));
      await time.until(`${ops} ops are made`, () => this.#ledger.made.size >= ops, ops * 1_000 + 600_000);
      await this.#comeToRest();
      await this.#ledger.settle(ROOM, this.#disk);
      this.#compare();
      for (const page of this.#pages) page.die();
      await this.#hall!.die();
    } finally {
      time.restore();
      this.#wire.restore();
      Object.assign(console, says);
      process.off('unhandledRejection', onRejection);
    }
    const { made, refused, undone, judgedWithLeases, length } = this.#ledger;
    return {
      ops: made.size,
      saved: length - 1,
      refused: refused.size,
      undone,
      judgedWithLeases,
      crashes: this.#crashes,
      drops: this.#drops,
      reloads: this.#pages.reduce((sum, { lives }) => sum + lives - 1, 0),
      seconds: (performance.now() - startedMs) / 1000,
      events: time.events,
    };
  }

  async #create(): Promise<void> {
    const genesis = { kind: 'design', purpose: 'project', title: 'Pump' } as const;
    const author = { id: UserId.parse('user-0'), name: 'Person 0' };
    const head = { v: 1, room: ROOM, seq: 0, prev: null, id: GENESIS_ID, author, at: Date.now() } as const;
    await this.#disk.create(ROOM, genesis, sealEntry({ ...head, type: GENESIS_TYPE, payload: genesis }));
  }

  #start(): void {
    const life = { isGone: false };
    const faults = () => (this.#isRough ? FAULTS : null);
    const store = new FallibleDisk(this.#disk, this.#time, life, faults, () => this.#crash());
    const hall = this.#time.as(life, () => new SimulatedHall(life, store, this.#gate, this.#ledger, this.#time));
    this.#hall = hall;
    this.#wire.callee = hall;
    // Also between writes.
    this.#time.after(1_000 + this.#time.dice.upTo(12_000), life, () => void (this.#isRough && this.#crash()));
  }

  #crash(): void {
    const { dice } = this.#time;
    this.#crashes += 1;
    this.#wire.callee = null;
    for (const line of this.#wire.lines.values())
      for (const connection of [...line.connections]) connection.break(dice.next() < 0.2 ? null : dice.upTo(60), 0);
    void this.#hall!.die();
    this.#time.after(30 + dice.upTo(1_500), this.#time.world, () => this.#start());
  }

  /** What one page has to put up with, until the world comes to rest. */
  #trouble(page: SimulatedPage): void {
    const { dice } = this.#time;
    this.#time.after(50 + dice.upTo(2_000), this.#time.world, () => {
      if (!this.#isRough) return;
      this.#time.as(this.#time.world, () => this.#strike(page));
      this.#trouble(page);
    });
  }

  #strike(page: SimulatedPage): void {
    const { dice } = this.#time;
    const { line } = page;
    const [connection] = line.connections;
    const chance = dice.next();
    if (page.isOver) return page.reload();
    if (chance < 0.35) return connection && this.#break(connection);
    if (chance < 0.5) return this.#outage(page);
    if (chance < 0.6) return void (line.latencyMs = 1 + dice.upTo(dice.next() < 0.5 ? 30 : 300));
    if (chance < 0.7) return page.reload();
    if (chance < 0.75) {
      void this.#time.as(line.owner, () => page.leave());
      return this.#time.after(300, this.#time.world, () => page.reload());
    }
    if (chance < 0.8) return this.#changeRole(page.person);
    if (connection && chance < 0.95) this.#sendRogue(connection);
  }

  #break(connection: Connection): void {
    const { dice } = this.#time;
    this.#drops += 1;
    const hallHearsAfterMs = dice.next() < 0.3 ? dice.upTo(20_000) : dice.upTo(300);
    const pageHearsAfterMs = dice.next() < 0.3 ? null : dice.upTo(300);
    // Often one direction goes first: the server takes ops whose acknowledgement never arrives.
    const first = dice.pick(['down', 'down', 'up', 'both'] as const);
    if (first === 'down') connection.isDownDead = true;
    if (first === 'up') connection.isUpDead = true;
    this.#time.after(dice.upTo(1_500), this.#time.world, () => connection.break(pageHearsAfterMs, hallHearsAfterMs));
  }

  #outage({ line }: SimulatedPage): void {
    const { dice } = this.#time;
    line.isCut = true;
    for (const connection of [...line.connections]) this.#break(connection);
    const forMs = dice.next() < 0.2 ? dice.upTo(12_000) : dice.upTo(1_500);
    this.#time.after(forMs, this.#time.world, () => void (line.isCut = false));
  }

  #changeRole(person: SimulatedPerson): void {
    if (person.role === 'owner') return;
    this.#time.as(this.#hall!, () => this.#gate.change(person, 'reviewer'));
    this.#time.after(this.#time.dice.upTo(800), this.#time.world, () =>
      this.#time.as(this.#hall!, () => this.#gate.change(person, 'designer')),
    );
  }

  #sendRogue({ hall, callee }: Connection): void {
    const ops = Array.from({ length: 1 + this.#time.dice.upTo(5) }, () => {
      const id = `rogue-${this.#ledger.rogue.size}`;
      this.#ledger.rogue.add(id);
      return { id, ...rogueOp(this.#time.dice) };
    });
    const frame = Buffer.concat([Buffer.from([0x11, 0xa3]), Buffer.from('ops'), encodeBlock({ ops }).bytes]);
    this.#time.after(1, callee, () => void hall.emit('message', frame));
  }

  /** No more trouble, no more work: everybody comes back and everything is answered. */
  async #comeToRest(): Promise<void> {
    const time = this.#time;
    this.#isRough = false;
    for (const page of this.#pages) page.isWorking = false;
    const gather = () => {
      for (const page of this.#pages) {
        page.line.isCut = false;
        page.line.latencyMs = 5;
        if (page.isOver) page.reload();
      }
      time.after(500, time.world, gather);
    };
    gather();
    const isAtRest = () =>
      this.#wire.callee !== null &&
      this.#pages.every((page) => page.isSettled && page.session!.replica.length === this.#ledger.length);
    let quietSinceMs = Infinity;
    await time
      .until(
        'everybody is back and everything is answered',
        () => {
          if (!isAtRest()) quietSinceMs = Infinity;
          else quietSinceMs = Math.min(quietSinceMs, time.nowMs);
          // A gesture that was under way may still put something down.
          return time.nowMs - quietSinceMs > 3_000;
        },
        REST_MS,
      )
      .catch((cause: Error) => {
        throw new Error(`${cause.message}\n${this.#describe()}`, { cause });
      });
  }

  #describe(): string {
    const lines = this.#pages.map(({ session, isOver, lives }, n) =>
      session
        ? `page ${n} (life ${lives}): ${session.connection.get().state}${isOver ? ' over' : ''}, ${session.pendingCount.get()} pending, ${session.replica.length} entries, stale ${session.replica.isStale}`
        : `page ${n} (life ${lives}): not in the room`,
    );
    return [`journal: ${this.#ledger.length} entries, hall ${this.#wire.callee ? 'up' : 'down'}`, ...lines].join('\n');
  }

  #compare(): void {
    const hash = stateHash(this.#ledger.state!.document);
    this.#pages.forEach(({ session }, n) => {
      if (stateHash(session!.document.get()) !== hash)
        throw new Error(`Page ${n} shows another state than the journal.`);
      if (stateHash(session!.replica.confirmed.document) !== hash) throw new Error(`Page ${n} keeps another state.`);
    });
  }
}
