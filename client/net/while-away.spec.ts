import { describe, expect, it } from 'vitest';
import { OpId, RoomId, UserId } from '#protocol/ids';
import {
  advance,
  encodeSnapshot,
  GENESIS_TYPE,
  openJournal,
  sealEntry,
  type Author,
  type JournalState,
  type Op,
} from '#protocol/journal/index';
import { ROOM_MODELS } from '#protocol/journal/models';
import { problem } from '#protocol/errors';
import { Dice, newPart } from '../../test/support/design-arbitraries.ts';
import { OpStream, type CaughtUp } from './op-stream.ts';
import { MemoryOutboxStore } from './outbox.memory.ts';
import { Outbox } from './outbox.ts';
import { Replica } from './replica.ts';

const [ann, ben] = ['ann', 'ben'].map((id) => ({ id: UserId.parse(id), name: id === 'ann' ? 'Ann' : 'Ben' })) as [
  Author,
  Author,
];
const room = RoomId.parse('room');
let made = 0;
const op = (type: string, payload: unknown): Op => ({ id: OpId.parse(`o${made++}`), type, payload });
const rename = (id: string, name: string) => op('part.rename', { id, name });
const aTurn = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A hall with three parts, and Ann's page that is cut off from it. */
class Away {
  readonly blocks: Uint8Array[] = [];
  readonly sent: Op[] = [];
  readonly caughtUp: CaughtUp[] = [];
  readonly kept: number[] = [];
  nowMs = 1_000;
  stream!: OpStream;
  #state!: JournalState;

  async begin(keep?: () => Promise<void>): Promise<this> {
    const payload = { kind: 'design', purpose: 'project', title: 'Pump' };
    const first = sealEntry({ ...op(GENESIS_TYPE, payload), v: 1, room, seq: 0, prev: null, author: ben, at: 0 });
    const opened = openJournal(first, null, ROOM_MODELS);
    if (!opened.ok) throw new Error(opened.problem.message);
    this.#state = opened.state;
    this.blocks.push(first.bytes);
    const parts = ['shaft', 'wheel', 'case'].map((id) => newPart(id, null, new Dice(1)));
    this.say(op('parts.add', { parts }), ben);
    const replica = new Replica(encodeSnapshot(this.#state), ROOM_MODELS, ann, () => this.nowMs);
    const outbox = await Outbox.open(new MemoryOutboxStore(), { room, user: ann.id, client: 'page' }, () =>
      expect.unreachable(),
    );
    this.stream = new OpStream(replica, outbox, {
      changed: () => undefined,
      rejected: () => expect.unreachable('nobody looks'),
      caughtUp: (told) => this.caughtUp.push(told),
      ...(keep ? { keep: (from) => (this.kept.push(from), keep()) } : {}),
    });
    return this;
  }

  say(one: Op, author: Author): void {
    this.nowMs += 1_000;
    const { length, head } = this.#state;
    const stored = sealEntry({ ...one, v: 1, room, seq: length, prev: head, author, at: this.nowMs });
    const next = advance(this.#state, stored, ROOM_MODELS);
    if (!next.ok) throw new Error(next.problem.message);
    this.#state = next.state;
    this.blocks.push(stored.bytes);
  }
  mine(one: Op): Op {
    this.nowMs += 1_000;
    const done = this.stream.submit(one);
    if ('problem' in done) throw new Error(done.problem.message);
    return one;
  }
  /** The line is back: first what others did, then mine goes out. */
  comeBack(): void {
    this.#deliver();
    this.stream.begin((ops) => this.sent.push(...ops));
  }
  /** The hall takes all that was sent. */
  async takeAll(): Promise<void> {
    for (const one of this.sent.splice(0)) this.say(one, ann);
    this.#deliver();
    await aTurn();
  }
  get replaced() {
    return this.stream.outbox.replaced
      .get()
      .map(({ op: { payload }, problem: { key, facts } }) => [(payload as { name: string }).name, key, facts['by']]);
  }
  #deliver(): void {
    const from = this.stream.replica.length;
    if (from < this.blocks.length) this.stream.receive(from, this.blocks.slice(from));
  }
}

describe('what was done while the line was cut', () => {
  it('says when it was made', async () => {
    const away = await new Away().begin();
    away.mine(rename('shaft', 'Axle'));
    const madeAtMs = away.nowMs;
    away.nowMs += 8 * 3_600_000;
    away.comeBack();
    expect(away.sent).toMatchObject([{ madeAt: madeAtMs }]);
  });

  it('is told when it replaces something newer of somebody else: the same field, another value', async () => {
    const away = await new Away().begin();
    away.mine(rename('shaft', 'Axle'));
    away.mine(rename('wheel', 'Disc'));
    away.mine(rename('case', 'Housing'));
    away.say(rename('shaft', 'Spindle'), ben);
    away.say(rename('case', 'Housing'), ben);
    away.say(op('part.setHidden', { ids: ['wheel'], hidden: true }), ben);
    away.comeBack();
    expect(away.replaced).toEqual([]);
    await away.takeAll();
    expect(away.replaced).toEqual([['Axle', 'replaced_newer', 'Ben']]);
    expect(away.caughtUp).toEqual([{ sent: 3, refused: 0, replaced: 1 }]);
  });

  it('is not called older than what somebody did before', async () => {
    const away = await new Away().begin();
    away.say(rename('shaft', 'Spindle'), ben);
    away.mine(rename('shaft', 'Axle'));
    away.comeBack();
    await away.takeAll();
    expect(away.replaced).toEqual([]);
  });

  it('is told once, over another drop in between, with what was refused', async () => {
    const away = await new Away().begin();
    const [first, second] = [away.mine(rename('shaft', 'Axle')), away.mine(rename('wheel', 'Disc'))];
    away.comeBack();
    away.say(away.sent.splice(0)[0]!, ann);
    away.stream.stop();
    away.comeBack();
    expect(away.caughtUp).toEqual([]);
    away.stream.reject(second.id, problem('permissions', 'not_allowed', 'Your role does not allow this.'));
    await aTurn();
    expect(away.caughtUp).toEqual([{ sent: 1, refused: 1, replaced: 0 }]);
    expect(away.stream.replica.pendingOp(first.id)).toBeUndefined();
  });

  it('stays in the outbox until its entry is on the device', async () => {
    let written = (): void => undefined;
    const away = await new Away().begin(() => new Promise<void>((resolve) => (written = resolve)));
    away.mine(rename('shaft', 'Axle'));
    const forgotten: string[] = [];
    const { outbox } = away.stream;
    const answered = outbox.answered.bind(outbox);
    outbox.answered = (id) => (forgotten.push(id), answered(id));
    away.comeBack();
    await away.takeAll();
    expect(away.stream.replica.pendingCount).toBe(0);
    expect([away.kept, forgotten]).toEqual([[2], []]);
    written();
    await aTurn();
    expect(forgotten).toHaveLength(1);
  });
});
