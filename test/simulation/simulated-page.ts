// First: the SDK takes the browser's socket as it finds it when it is loaded.
import './virtual-wire.ts';
import {
  connectRoom,
  MemoryOutboxStore,
  type OutboxBox,
  type OutboxOwner,
  type OutboxStore,
  type Replica,
  type RoomSession,
} from '#net/index';
import { WorkhallError } from '#protocol/errors';
import type { Owner, VirtualTime } from './virtual-time.ts';
import type { Ledger } from './ledger.ts';
import type { SimulatedPerson } from './simulated-hall.ts';
import type { Line, Wire } from './virtual-wire.ts';
import { Worker } from './worker.ts';

/** What one browser keeps: shared by the tabs of one person, and safe over the end of each. */
export class Device implements OutboxStore {
  readonly #store = new MemoryOutboxStore();
  readonly #boxes = new Map<string, OutboxBox>();

  async open(owner: OutboxOwner): Promise<OutboxBox> {
    const box = await this.#store.open(owner);
    this.#boxes.set(owner.client, box);
    return {
      ...box,
      write: (turn) => (this.#boxes.has(owner.client) ? box.write(turn) : Promise.resolve()),
      close: () => this.#end(owner.client),
    };
  }

  /** The pages with these clients are gone without a word: their locks are free. */
  async lose(clients: readonly string[]): Promise<void> {
    for (const client of clients) await this.#end(client);
  }

  async #end(client: string): Promise<void> {
    const box = this.#boxes.get(client);
    this.#boxes.delete(client);
    await box?.close();
  }
}

type Session = RoomSession & { readonly replica: Replica };

const GIVE_UP_MS = 40_000;

/** One tab of one person: enters, works, dies and comes again. Everything in it is the real client. */
export class SimulatedPage {
  session: Session | null = null;
  readonly line: Line;
  isWorking = true;
  lives = 0;
  #life = { isGone: true };
  #clients: string[] = [];

  constructor(
    private readonly host: string,
    readonly person: SimulatedPerson,
    private readonly device: Device,
    private readonly room: string,
    private readonly time: VirtualTime,
    wire: Wire,
    private readonly ledger: Ledger,
  ) {
    this.line = wire.lineFor(host, this.#life);
  }

  open(): void {
    this.lives += 1;
    this.#life = { isGone: false };
    this.line.owner = this.#life;
    const life = this.#life;
    this.time.after(0, life, () => void this.#enter(life));
    // A page that does not open is opened again.
    this.time.after(GIVE_UP_MS, life, () => void (this.session ?? this.reload()));
  }

  /** Ends without a word, as a tab does that crashes or is loaded again; `hallHearsAfterMs` until the socket is noticed. */
  die(hallHearsAfterMs = 0): void {
    this.#life.isGone = true;
    this.session = null;
    for (const connection of [...this.line.connections]) connection.break(null, hallHearsAfterMs);
    void this.device.lose(this.#clients);
    this.#clients = [];
  }

  reload(): void {
    this.die(this.time.dice.upTo(3_000));
    this.time.after(20 + this.time.dice.upTo(400), this.time.world, () => this.open());
  }

  async leave(): Promise<void> {
    const { session } = this;
    this.session = null;
    await session?.leave();
  }

  get isSettled(): boolean {
    const { session } = this;
    return session?.connection.get().state === 'live' && session.pendingCount.get() === 0 && !session.replica.isStale;
  }

  /** For a session that the server ended for good. */
  get isOver(): boolean {
    return this.session?.connection.get().state === 'closed';
  }

  async #enter(life: Owner): Promise<void> {
    const store: OutboxStore = {
      open: (owner) => {
        this.#clients.push(owner.client);
        return this.device.open(owner);
      },
    };
    const options = { hallUrl: `http://${this.host}`, token: this.person.id, room: this.room, device: 'bot' } as const;
    let session: Session;
    try {
      session = (await connectRoom({ ...options, outbox: store })) as Session;
    } catch (thrown) {
      if (thrown instanceof TypeError && !String(thrown.message).includes('fetch')) this.time.fail(thrown);
      return void setTimeout(() => this.reload(), 300);
    }
    if (life.isGone) return;
    this.session = session;
    const note = () => {
      for (const { op, problem } of session.refused.get()) this.ledger.refused.set(op.id, problem.key);
    };
    note();
    session.refused.subscribe(note);
    const worker = new Worker(
      session,
      this.person.id,
      this.time.dice,
      (kind) => this.ledger.newName(kind),
      (id, type) => {
        this.ledger.made.set(id, { page: life, n: this.ledger.made.size, type });
        session.confirmed(id).then(
          () => this.ledger.acknowledged.add(id),
          (thrown) => thrown instanceof WorkhallError && this.ledger.refused.set(id, thrown.problem.key),
        );
      },
    );
    const go = () => {
      setTimeout(
        () => {
          if (this.isWorking && session === this.session) worker.step();
          go();
        },
        2 + this.time.dice.upTo(90),
      );
    };
    go();
  }
}
