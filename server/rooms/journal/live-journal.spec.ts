import { describe, expect, it } from 'vitest';
import { partOf, partsOf } from '#protocol/design/index';
import { stateHash } from '#protocol/document/index';
import { ClientId, OpId, RoomId, UserId, type PartId } from '#protocol/ids';
import { GENESIS_TYPE, sealEntry, type Op, type StoredEntry } from '#protocol/journal/index';
import { ROOM_MODELS } from '#protocol/journal/models';
import type { Role } from '#protocol/permissions/index';
import { Replica } from '../../../client/net/replica.ts';
import { assertTree, Dice, newPart, nextOp } from '../../../test/support/design-arbitraries.ts';
import { notOwner } from './journal-problems.ts';
import { LiveJournal, type Submitter } from './live-journal.ts';
import { MemoryJournalStore } from './memory-journal.store.ts';

const room = RoomId.parse('room');
const who = (name: string, role: Role = 'designer'): Submitter => ({
  author: { id: UserId.parse(name), name },
  role,
  session: ClientId.parse(`at-${name}`),
});
const ann = who('ann');
const ben = who('ben');
const noParent = () => Promise.reject(new Error('no parent'));
const op = (id: string, type: string, payload: unknown, more: Partial<Op> = {}): Op => ({
  id: OpId.parse(id),
  type,
  payload,
  ...more,
});
const addPart = (id: string) => op(`add-${id}`, 'parts.add', { parts: [newPart(id, null, new Dice(7))] });

async function openRoom(store = new MemoryJournalStore()) {
  let now = 1000;
  if (!(await store.find(room))) {
    const genesis = { kind: 'design', purpose: 'project', title: 'Pump' } as const;
    await store.create(
      room,
      genesis,
      sealEntry({
        v: 1,
        room,
        seq: 0,
        prev: null,
        id: OpId.parse('genesis'),
        author: ann.author,
        at: now,
        type: GENESIS_TYPE,
        payload: genesis,
      }),
    );
  }
  return { store, journal: await LiveJournal.open(room, store, () => (now += 5), noParent) };
}

/** A store that fails or stalls when told: the disk as the journal fears it. */
class FragileStore extends MemoryJournalStore {
  isBroken = false;
  /** It is written, and the answer gets lost. */
  losesAnswers = false;
  keepsNoSnapshots = false;
  override async append(at: RoomId, entries: readonly StoredEntry[]): Promise<void> {
    if (this.isBroken) throw new Error('no space left on device');
    await super.append(at, entries);
    if (this.losesAnswers) throw new Error('connection terminated unexpectedly');
  }
  override async saveSnapshot(at: RoomId, length: number, bytes: Uint8Array): Promise<void> {
    if (this.keepsNoSnapshots) throw new Error('no space left on device');
    await super.saveSnapshot(at, length, bytes);
  }
}

describe('a journal of one of several processes', () => {
  it('takes nothing more once it is frozen, and has written what it took', async () => {
    const { store, journal } = await openRoom();
    const taken = journal.submit(addPart('a'), ann);
    const frozen = journal.freeze();
    expect(await journal.submit(addPart('b'), ann)).toMatchObject({ ok: false, problem: { key: 'not_saved' } });
    await frozen;
    expect(await taken).toEqual({ ok: true, seq: 1 });
    expect((await store.find(room))!.length).toBe(2);
  });

  it('is over when its write is refused because another process owns it: said once, to its host alone', async () => {
    class LostStore extends MemoryJournalStore {
      override async append(at: RoomId): Promise<void> {
        throw notOwner(at);
      }
    }
    const { store } = await openRoom(new LostStore());
    let losses = 0;
    const hold = { fence: { process: 'p', epoch: 1 }, onLost: () => void losses++ };
    const journal = await LiveJournal.open(room, store, () => 2000, noParent, hold);
    let resets = 0;
    journal.subscribe({ onEntries: () => {}, onReset: () => void resets++ });
    const verdicts = await Promise.all([journal.submit(addPart('a'), ann), journal.submit(addPart('b'), ben)]);
    for (const verdict of verdicts) expect(verdict).toMatchObject({ ok: false, problem: { key: 'not_saved' } });
    expect(await journal.submit(addPart('c'), ann)).toMatchObject({ ok: false, problem: { key: 'not_saved' } });
    expect([losses, resets]).toEqual([1, 0]);
  });

  it('opens from what was read before, and knows the ops that came since', async () => {
    const { store, journal } = await openRoom();
    await journal.submit(addPart('a'), ann);
    const start = { state: journal.durable, opIds: await store.opIds(room) };
    await journal.submit(addPart('b'), ben);
    const next = await LiveJournal.open(room, store, () => 3000, noParent, { start });
    expect(next.durable.length).toBe(3);
    expect(await next.submit(addPart('b'), ben)).toEqual({ ok: true, seq: 2 });
    expect(await next.submit(addPart('a'), ann)).toEqual({ ok: true, seq: 1 });
  });
});

describe('a live journal', () => {
  it('acknowledges an op only once it is in the store', async () => {
    const { store, journal } = await openRoom();
    const verdict = await journal.submit(addPart('a'), ann);
    expect(verdict).toEqual({ ok: true, seq: 1 });
    expect((await store.find(room))!.length).toBe(2);
  });

  it('writes ops that come together in one group', async () => {
    const { store, journal } = await openRoom();
    let writes = 0;
    const append = store.append.bind(store);
    store.append = (at, entries) => ((writes += 1), append(at, entries));
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => journal.submit(addPart(id), ann)));
    expect(writes).toBe(1);
    expect(journal.durable.length).toBe(5);
  });

  it('answers a repeated op with its first answer and applies it once', async () => {
    const { journal } = await openRoom();
    const first = await journal.submit(addPart('a'), ann);
    expect(await journal.submit(addPart('a'), ann)).toEqual(first);
    expect(journal.durable.length).toBe(2);
  });

  it('still knows a repeated op after a restart', async () => {
    const { store, journal } = await openRoom();
    await journal.submit(addPart('a'), ann);
    await journal.close();
    const { journal: again } = await openRoom(store);
    expect(await again.submit(addPart('a'), ann)).toEqual({ ok: true, seq: 1 });
    expect(again.durable.length).toBe(2);
  });

  it('refuses what the role does not allow, and the room goes on', async () => {
    const { journal } = await openRoom();
    expect(await journal.submit(addPart('a'), who('eve', 'observer'))).toMatchObject({
      ok: false,
      problem: { key: 'not_allowed' },
    });
    expect(await journal.submit(op('x', 'parts.add', { parts: 'many' }), ann)).toMatchObject({
      ok: false,
      problem: { key: 'malformed_op' },
    });
    expect(await journal.submit(op('y', 'rm -rf', {}), ann)).toMatchObject({
      ok: false,
      problem: { key: 'unknown_op' },
    });
    expect(await journal.submit(addPart('a'), ann)).toMatchObject({ ok: true });
  });

  it('keeps a held part for its holder, through its group too, until the lease is over', async () => {
    const { journal } = await openRoom();
    const group = { ...newPart('g', null, new Dice(1)), shape: null };
    await journal.submit(op('g', 'parts.add', { parts: [group, newPart('a', group.id, new Dice(2))] }), ann);
    const taken = journal.leases.take(journal.document, ann.session!, ['g' as PartId], 0);
    expect(taken).toEqual({ fence: 1 });
    expect(await journal.submit(op('m', 'part.rename', { id: 'a', name: 'Mine' }), ben)).toMatchObject({
      ok: false,
      problem: { key: 'part_held' },
    });
    expect(journal.leases.take(journal.document, ben.session!, ['a' as PartId], 1)).toMatchObject({
      problem: { key: 'part_held' },
    });
    expect(await journal.submit(op('n', 'part.rename', { id: 'a', name: 'Ours' }, { fence: 1 }), ann)).toMatchObject({
      ok: false,
      problem: { key: 'lease_over' },
    });
    expect(journal.leases.expire(60_000)).toBe(true);
    expect(await journal.submit(op('o', 'part.rename', { id: 'a', name: 'Yours' }), ben)).toMatchObject({ ok: true });
  });

  it('refuses the late op of somebody whose lease went to another', async () => {
    const { journal } = await openRoom();
    await journal.submit(addPart('a'), ann);
    journal.leases.take(journal.document, ann.session!, ['a' as PartId], 0);
    journal.leases.expire(60_000);
    journal.leases.take(journal.document, ben.session!, ['a' as PartId], 60_000);
    journal.leases.release(ben.session!, ['a' as PartId]);
    expect(await journal.submit(op('late', 'part.rename', { id: 'a', name: 'Late' }, { fence: 1 }), ann)).toMatchObject(
      { ok: false, problem: { key: 'lease_over' } },
    );
  });

  it('takes nothing back that it acknowledged when the disk fails, and goes on when it works again', async () => {
    const store = new FragileStore();
    const { journal } = await openRoom(store);
    const resets: string[] = [];
    journal.subscribe({ onEntries: () => {}, onReset: (reason) => resets.push(reason.key) });
    await journal.submit(addPart('a'), ann);
    store.isBroken = true;
    expect(await journal.submit(addPart('b'), ann)).toMatchObject({ ok: false, problem: { key: 'not_saved' } });
    expect(partsOf(journal.document).has('b')).toBe(false);
    expect(resets).toEqual(['not_saved']);
    store.isBroken = false;
    await journal.ready();
    expect(await journal.submit(addPart('b'), ann)).toEqual({ ok: true, seq: 2 });
  });

  it('finds an op that was written although the disk said no, tells the others, and takes it once', async () => {
    const store = new FragileStore();
    const { journal } = await openRoom(store);
    const told: string[] = [];
    journal.subscribe({
      onEntries: (entries) => told.push(...entries.map(({ entry }) => entry.id)),
      onReset: () => {},
    });
    store.losesAnswers = true;
    expect(await journal.submit(addPart('a'), ann)).toMatchObject({ ok: false, problem: { key: 'not_saved' } });
    store.losesAnswers = false;
    await journal.ready();
    expect(told).toEqual(['add-a']);
    expect(await journal.submit(addPart('a'), ann)).toEqual({ ok: true, seq: 1 });
    expect(await journal.submit(addPart('b'), ann)).toEqual({ ok: true, seq: 2 });
    expect((await store.find(room))!.length).toBe(3);
  });

  it('does not acknowledge an op that was sent twice while its only write fails', async () => {
    const store = new FragileStore();
    const { journal } = await openRoom(store);
    store.isBroken = true;
    const answers = await Promise.all([journal.submit(addPart('a'), ann), journal.submit(addPart('a'), ann)]);
    expect(answers).toMatchObject([{ problem: { key: 'not_saved' } }, { problem: { key: 'not_saved' } }]);
    store.isBroken = false;
    await journal.ready();
    expect(await journal.submit(addPart('a'), ann)).toEqual({ ok: true, seq: 1 });
  });

  it('goes on when a snapshot cannot be kept', async () => {
    const store = new FragileStore();
    store.keepsNoSnapshots = true;
    const { journal } = await openRoom(store);
    for (let i = 0; i < 520; i++) await journal.submit(addPart(`p${i}`), ann);
    expect(await store.loadSnapshot(room, 1_000)).toBeNull();
    store.keepsNoSnapshots = false;
    expect(await journal.submit(addPart('last'), ann)).toMatchObject({ ok: true });
    await journal.close();
    expect(await store.loadSnapshot(room, 1_000)).not.toBeNull();
  });

  it('refuses again what it refused, also when it would fit by now: its sender has gone on since', async () => {
    const { journal } = await openRoom();
    await journal.submit(addPart('a'), ann);
    const { fence } = journal.leases.take(journal.document, ben.session!, ['a' as PartId], 1) as { fence: number };
    const rename = op('late', 'part.rename', { id: 'a', name: 'Late' });
    expect(await journal.submit(rename, ann)).toMatchObject({ ok: false, problem: { key: 'part_held' } });
    journal.leases.releaseAll(ben.session!);
    expect(fence).toBeGreaterThan(0);
    expect(await journal.submit(rename, ann)).toMatchObject({ ok: false, problem: { key: 'part_held' } });
    expect(journal.answered(['late', 'add-a', 'unheard'] as never, ann.author.id)).toMatchObject([
      { id: 'late', problem: { key: 'part_held' } },
      { id: 'add-a', seq: 1 },
    ]);
  });

  it('comes up after a restart with the same hash and the same undo, from snapshot and tail', async () => {
    const { store, journal } = await openRoom();
    const dice = new Dice(11);
    for (let i = 0; i < 700; i++) {
      const next = nextOp(journal.document, 'ann', dice, () => `p${i}-${dice.upTo(1e9)}`);
      await journal.submit(op(`o${i}`, next.type, next.payload), ann);
    }
    const { journal: again } = await openRoom(store);
    expect(again.durable.length).toBeGreaterThan(500);
    expect(stateHash(again.document)).toBe(stateHash(journal.document));
    expect(again.durable.head.toString()).toBe(journal.durable.head.toString());
    expect(again.document.history.get('ann')?.undo.size).toBe(journal.document.history.get('ann')?.undo.size);
  });
});

/**
 * Two people with replicas, a server, and links that stall and break. Messages of one connection stay in order; a
 * broken connection loses what is on its way. The seed replays a failure.
 */
async function simulate(seed: number, rounds: number): Promise<void> {
  const dice = new Dice(seed);
  const { store, journal: first } = await openRoom();
  let journal = first;
  let ids = 0;
  const log: Uint8Array[] = await store.read(room, 0, 1);
  const watch = (live: LiveJournal) =>
    live.subscribe({ onEntries: (entries) => void log.push(...entries.map(({ bytes }) => bytes)), onReset: () => {} });
  watch(journal);
  const people = ['ann', 'ben', 'cat'].map((name) => {
    const by = who(name);
    return {
      by,
      replica: new Replica(journal.snapshot().bytes, ROOM_MODELS, by.author, () => 1),
      up: [] as Op[],
      acknowledged: new Set<string>(),
    };
  });
  for (let round = 0; round < rounds; round++) {
    const person = dice.pick(people)!;
    const act = dice.next();
    if (act < 0.45) {
      const next = nextOp(
        person.replica.document,
        person.by.author.id,
        dice,
        () => `${person.by.author.id}${(ids += 1)}`,
      );
      const made = op(`${person.by.author.id}-${(ids += 1)}`, next.type, next.payload);
      if ('changes' in person.replica.submit(made)) person.up.push(made);
    } else if (act < 0.75) {
      const sent = person.up.shift();
      if (sent) {
        const verdict = await journal.submit(sent, person.by);
        if (verdict.ok) person.acknowledged.add(sent.id);
        else person.replica.withdraw([sent.id]);
      }
    } else if (act < 0.95) {
      const from = person.replica.length;
      const count = dice.upTo(6);
      person.replica.receive(from, log.slice(from, from + count));
    } else if (act < 0.98) {
      person.up = [...person.replica.pending];
    } else {
      // The server dies: memory is gone, what was acknowledged is on disk; everybody sends again.
      journal = (await openRoom(store)).journal;
      watch(journal);
      for (const one of people) one.up = [...one.replica.pending];
    }
  }
  for (const person of people)
    for (const sent of [...person.replica.pending])
      if (!(await journal.submit(sent, person.by)).ok) person.replica.withdraw([sent.id]);
  const chain = await store.read(room, 0, 1e6);
  const stored = new Set((await store.opIds(room)).keys());
  for (const { replica, acknowledged } of people) {
    replica.receive(replica.length, chain.slice(replica.length));
    if (replica.pending.length) throw new Error('a confirmed op is still pending');
    if (stateHash(replica.document) !== stateHash(journal.document))
      throw new Error('a replica differs from the server');
    for (const id of acknowledged) if (!stored.has(id)) throw new Error(`acknowledged op ${id} is lost`);
  }
  assertTree(journal.document);
}

describe('people who edit together over bad networks', () => {
  const seed = Number(import.meta.env['FUZZ_SEED'] ?? Date.now() % 1e6);
  const runs = Number(import.meta.env['FUZZ_RUNS'] ?? 30);

  it(`all end with the same design and lose nothing that was acknowledged (seed ${seed}, ${runs} sessions)`, async () => {
    for (let i = 0; i < runs; i++)
      await simulate(seed + i, 400).catch((thrown: unknown) =>
        Promise.reject(new Error(`seed ${seed + i}: ${String(thrown)}`)),
      );
  }, 60_000);

  it('see each other move the same part, the last one that reached the server counts', async () => {
    const { journal } = await openRoom();
    await journal.submit(addPart('a'), ann);
    const replica = new Replica(journal.snapshot().bytes, ROOM_MODELS, ann.author, () => 1);
    const mine = op('mine', 'part.rename', { id: 'a', name: 'Mine' });
    replica.submit(mine);
    const lines: Uint8Array[] = [];
    journal.subscribe({
      onEntries: (entries) => void lines.push(...entries.map(({ bytes }) => bytes)),
      onReset: () => {},
    });
    await journal.submit(op('theirs', 'part.rename', { id: 'a', name: 'Theirs' }), ben);
    replica.receive(2, lines);
    expect(partOf(replica.document, 'a' as PartId)?.name).toBe('Mine');
    await journal.submit(mine, ann);
    replica.receive(3, lines.slice(1));
    expect(replica.pending).toEqual([]);
    expect(stateHash(replica.document)).toBe(stateHash(journal.document));
  });
});
