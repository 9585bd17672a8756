import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { designModel } from '#protocol/design/index';
import { equalData, historyOf, stateHash, table, type Change, type Document } from '#protocol/document/index';
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
import { Dice, newPart, nextOp } from '../../test/support/design-arbitraries.ts';
import { ReplayingReplica } from '../../test/support/replaying-replica.ts';
import { Replica } from './replica.ts';

const ann: Author = { id: UserId.parse('ann'), name: 'Ann' };
const ben: Author = { id: UserId.parse('ben'), name: 'Ben' };
const room = RoomId.parse('room');
const GENESIS = { kind: 'design', purpose: 'project', title: 'Pump' } as const;

/** The server's side: a chain that grows by one entry at a time. */
class Chain {
  readonly blocks: Uint8Array[] = [];
  #state: JournalState;

  constructor() {
    const op = { id: OpId.parse('genesis'), type: GENESIS_TYPE, payload: GENESIS };
    const first = sealEntry({ ...op, v: 1, room, seq: 0, prev: null, author: ben, at: 0 });
    const opened = openJournal(first, null, ROOM_MODELS);
    if (!opened.ok) throw new Error(opened.problem.message);
    this.#state = opened.state;
    this.blocks.push(first.bytes);
  }

  get state(): JournalState {
    return this.#state;
  }

  /** False when the server refuses it. */
  take(op: Op, author: Author, at: number): boolean {
    const { length, head, lastAt } = this.#state;
    const stored = sealEntry({ ...op, v: 1, room, seq: length, prev: head, author, at: Math.max(at, lastAt) });
    const next = advance(this.#state, stored, ROOM_MODELS);
    if (!next.ok) return false;
    this.#state = next.state;
    this.blocks.push(stored.bytes);
    return true;
  }
}

describe('the replica of a room', () => {
  it('always shows what applying all of my ops again would show', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (seed) => compareOverASession(seed, 120)),
      { numRuns: Number(import.meta.env['FUZZ_RUNS'] ?? 40) },
    );
  }, 120_000);

  it('shows the same in the end when what is much work waits for a better moment', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (seed) => compareOverASession(seed, 120, 3)),
      { numRuns: Number(import.meta.env['FUZZ_RUNS'] ?? 40) },
    );
  }, 120_000);

  it('confirms a long list of mine without applying any of it again', () => {
    const { chain, replica } = begin();
    const ops = drawMany(replica, 3_000);
    for (const op of ops) chain.take(op, ann, 5_000);
    const apply = vi.spyOn(designModel, 'apply');
    for (let from = 1; from < chain.blocks.length; from += 75)
      replica.receive(from, chain.blocks.slice(from, from + 75));
    // Once each: the entry itself, when the chain is checked.
    expect(apply).toHaveBeenCalledTimes(ops.length);
    apply.mockRestore();
    expect(replica.pendingCount).toBe(0);
    expect(stateHash(replica.document)).toBe(stateHash(chain.state.document));
  });

  it('applies only those of mine again that others got in the way of', () => {
    const { chain, replica } = begin();
    const ops = drawMany(replica, 1_000);
    const theirs = newPart('theirs', null, new Dice(1));
    chain.take({ id: OpId.parse('b1'), type: 'parts.add', payload: { parts: [theirs] } }, ben, 1);
    const apply = vi.spyOn(designModel, 'apply');
    replica.receive(1, chain.blocks.slice(1));
    expect(apply).toHaveBeenCalledTimes(1);
    apply.mockRestore();
    for (const op of ops) chain.take(op, ann, 5_000);
    replica.receive(2, chain.blocks.slice(2));
    expect(stateHash(replica.document)).toBe(stateHash(chain.state.document));
  });

  it('puts the time of the server in place of my guess, also in what I can take back', () => {
    const { chain, replica } = begin();
    const part = newPart('part', null, new Dice(1));
    const anchor = { part: part.id, face: null, pointInPart: [0, 0, 0], normalInPart: [0, 1, 0] };
    const ops: Op[] = [
      { id: OpId.parse('o1'), type: 'parts.add', payload: { parts: [part] } },
      { id: OpId.parse('o2'), type: 'comment.add', payload: { id: 'note', anchor, text: 'Look' } },
      { id: OpId.parse('o3'), type: 'part.rename', payload: { id: part.id, name: 'Shaft' } },
    ];
    for (const op of ops) replica.submit(op);
    for (const op of ops.slice(0, 2)) chain.take(op, ann, 77_777);
    const { changes } = replica.receive(1, chain.blocks.slice(1));
    expect(changes).toMatchObject([{ table: 'comments', id: 'note', after: { at: 77_777 } }]);
    expect(historyOf(replica.document, 'ann').undo.get(1)!.changes[0]!.after).toMatchObject({ at: 77_777 });
  });

  it('keeps everything pending when a chain does not fit', () => {
    const { chain, replica } = begin();
    const [op] = drawMany(replica, 1) as [Op];
    chain.take(op, ann, 1);
    const other = new Chain();
    other.take({ ...op, id: OpId.parse('other') }, ben, 1);
    other.take({ ...op, id: OpId.parse('other2') }, ben, 1);
    expect(() => replica.receive(1, [chain.blocks[1]!, other.blocks[2] ?? other.blocks[1]!])).toThrow();
    expect(replica.pendingCount).toBe(1);
    expect(replica.length).toBe(1);
  });
});

function begin(): { chain: Chain; replica: Replica } {
  const chain = new Chain();
  return { chain, replica: new Replica(encodeSnapshot(chain.state), ROOM_MODELS, ann, () => 1_000) };
}

/** Adds parts and moves them about. */
function drawMany(replica: Replica, count: number): Op[] {
  const dice = new Dice(7);
  return Array.from({ length: count }, (_, i) => {
    const id = OpId.parse(`op${i}`);
    const rotation = [0, 0, 0, 1];
    const moves = [{ id: `part${i - (i % 10)}`, poseInParent: { position: [i / 100, 0, 0], rotation } }];
    const op: Op =
      i % 10 === 0
        ? { id, type: 'parts.add', payload: { parts: [newPart(`part${i}`, null, dice)] } }
        : { id, type: 'part.move', payload: { moves } };
    const applied = replica.submit(op);
    if ('problem' in applied) throw new Error(applied.problem.message);
    return op;
  });
}

/**
 * One session of Ann beside Ben and another window of hers: ops, refusals, late and merged messages, a server clock
 * that is not hers. After every step both replicas show the same.
 */
function compareOverASession(seed: number, steps: number, applyAtOnce?: number): void {
  const dice = new Dice(seed + 1);
  const chain = new Chain();
  let nowMs = 1_000;
  const quick = new Replica(encodeSnapshot(chain.state), ROOM_MODELS, ann, () => nowMs, applyAtOnce);
  const plain = new ReplayingReplica(encodeSnapshot(chain.state), ann, () => nowMs);
  const shown = new Mirror(quick.document);
  const up: Op[] = [];
  let refused: string[] = [];
  let ids = 0;
  let group: string | undefined;
  const newOp = (document: Document, author: string): Op => {
    const { type, payload } = nextOp(document, author, dice, () => `n${(ids += 1)}`);
    return { id: OpId.parse(`o${(ids += 1)}`), type, payload, ...(group ? { group: OpId.parse(group) } : {}) };
  };
  // Some sessions take nothing back: those are the ones in which little is applied again.
  const takesBack = dice.next() < 0.5;
  const deliver = (count: number) => {
    const blocks = chain.blocks.slice(quick.length, quick.length + count);
    const from = Math.max(0, quick.length - dice.upTo(3));
    const sent = [...chain.blocks.slice(from, quick.length), ...blocks];
    shown.take(quick.receive(from, sent).changes);
    plain.receive(from, sent);
  };
  for (let step = 0; step < steps; step++) {
    nowMs += dice.upTo(50);
    const act = dice.next();
    if (act < 0.45) {
      // My next step builds on what I see, and what I see is what the plain one shows.
      shown.take(quick.refresh());
      if (dice.next() < 0.1) group = group ? undefined : `g${(ids += 1)}`;
      const op = newOp(quick.document, 'ann');
      if (!takesBack && op.type.startsWith('history.')) continue;
      const made = quick.submit(op);
      expect('problem' in plain.submit(op)).toBe('problem' in made);
      if ('changes' in made) shown.take(made.changes);
      if ('changes' in made) up.push(op);
    } else if (act < 0.6) {
      const isMine = takesBack && dice.next() < 0.1;
      const author = isMine ? ann : ben;
      const kept = group;
      group = undefined;
      chain.take(newOp(chain.state.document, author.id), author, nowMs + dice.upTo(20));
      group = kept;
    } else if (act < 0.8) {
      for (let i = dice.upTo(5); i > 0 && up.length; i--) {
        const op = up.shift()!;
        if (dice.next() < 0.08 || !chain.take(op, ann, nowMs + dice.upTo(20))) refused.push(op.id);
      }
    } else if (act < 0.88) {
      shown.take(quick.withdraw(refused));
      for (const id of refused) plain.reject(id);
      refused = [];
    } else if (act < 0.99) deliver(dice.upTo(12));
    else {
      const snapshot = encodeSnapshot(chain.state);
      const sure = new Set(chain.blocks.slice(quick.length).length ? plain.pending.map(({ id }) => id) : []);
      if (sure.size === 0) continue;
      shown.take(quick.restart(snapshot));
      plain.restart(snapshot);
      // What is in the snapshot is answered by its first acknowledgement.
      const known = [...sure].filter((id) => !up.some((op) => op.id === id) && !refused.includes(id));
      shown.take(quick.withdraw(known));
      for (const id of known) plain.reject(id);
    }
    if (dice.next() < 0.3) shown.take(quick.refresh());
    if (!quick.isStale) expectSame(quick, plain, seed);
    shown.expectToBe(quick.document);
  }
  for (const op of up) if (!chain.take(op, ann, nowMs)) refused.push(op.id);
  shown.take(quick.withdraw(refused));
  deliver(1e6);
  expect(quick.pendingCount).toBe(0);
  expect(stateHash(quick.document)).toBe(stateHash(chain.state.document));
  shown.expectToBe(quick.document);
}

function expectSame(quick: Replica, plain: ReplayingReplica, seed: number): void {
  if (stateHash(quick.document) !== stateHash(plain.document)) throw new Error(`seed ${seed}: another document`);
  expect(quick.pending.map(({ id }) => id)).toEqual(plain.pending.map(({ id }) => id));
  for (const author of ['ann', 'ben'])
    for (const side of ['undo', 'redo'] as const) {
      const a = historyOf(quick.document, author)[side].toArray();
      const b = historyOf(plain.document, author)[side].toArray();
      if (!equalData(a, b)) throw new Error(`seed ${seed}: other ${side} steps of ${author}`);
    }
  expect(quick.document.children.equals(plain.document.children)).toBe(true);
}

/** What somebody sees who draws nothing but the reported changes. */
class Mirror {
  readonly #rows = new Map<string, unknown>();

  constructor(document: Document) {
    for (const [name, rows] of document.tables) for (const [id, row] of rows) this.#rows.set(`${name}/${id}`, row);
  }

  take(changes: readonly Change[]): void {
    for (const { table: name, id, after } of changes)
      if (after) this.#rows.set(`${name}/${id}`, after);
      else this.#rows.delete(`${name}/${id}`);
  }

  expectToBe(document: Document): void {
    let size = 0;
    for (const [name, rows] of document.tables)
      for (const id of rows.keys()) {
        size += 1;
        if (!equalData(this.#rows.get(`${name}/${id}`), table(document, name).get(id)))
          throw new Error(`${name}/${id} is shown otherwise`);
      }
    if (size !== this.#rows.size) throw new Error('something gone is still shown');
  }
}
