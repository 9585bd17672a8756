import { describe, expect, it } from 'vitest';
import { problem } from '#protocol/errors';
import { OpId, RoomId, UserId } from '#protocol/ids';
import { encodeSnapshot, GENESIS_TYPE, openJournal, sealEntry, type Op } from '#protocol/journal/index';
import { ROOM_MODELS } from '#protocol/journal/models';
import { Dice, newPart } from '../../test/support/design-arbitraries.ts';
import { OpStream } from './op-stream.ts';
import { MemoryOutboxStore } from './outbox.memory.ts';
import { Outbox } from './outbox.ts';
import { Replica } from './replica.ts';

const ann = { id: UserId.parse('ann'), name: 'Ann' };
const room = RoomId.parse('room');
const add = (id: string): Op => ({
  id: OpId.parse(`op-${id}`),
  type: 'parts.add',
  payload: { parts: [newPart(id, null, new Dice(1))] },
});
const notSaved = problem('journal', 'not_saved', 'The server could not write to disk.');
const notAllowed = problem('permissions', 'not_allowed', 'Your role does not allow this.');
const aTurn = () => new Promise((resolve) => setTimeout(resolve, 20));

async function begin() {
  const payload = { kind: 'design', purpose: 'project', title: 'Pump' };
  const first = { v: 1, room, seq: 0, prev: null, id: OpId.parse('genesis'), author: ann, at: 0 } as const;
  const opened = openJournal(sealEntry({ ...first, type: GENESIS_TYPE, payload }), null, ROOM_MODELS);
  if (!opened.ok) throw new Error(opened.problem.message);
  const told: string[] = [];
  const sent: string[] = [];
  const owner = { room, user: ann.id, client: 'page' };
  const outbox = await Outbox.open(new MemoryOutboxStore(), owner, () => expect.unreachable());
  const stream = new OpStream(new Replica(encodeSnapshot(opened.state), ROOM_MODELS, ann, () => 1), outbox, {
    changed: () => undefined,
    rejected: ({ key }) => told.push(key),
  });
  const connect = () => stream.begin((ops) => sent.push(...ops.map(({ id }) => id)));
  return { stream, told, sent, connect };
}

describe('an op on its way to the server', () => {
  it('is kept and sent again when the server could not write, because nothing is decided then', async () => {
    const { stream, told, sent, connect } = await begin();
    connect();
    stream.submit(add('a'));
    await aTurn();
    stream.reject('op-a', notSaved);
    await aTurn();
    expect(stream.replica.pendingCount).toBe(1);
    stream.stop();
    connect();
    expect(sent).toEqual(['op-a', 'op-a']);
    expect([told, stream.outbox.refused.get()]).toEqual([[], []]);
  });

  it('is taken back and told at once when it is refused while I am there', async () => {
    const { stream, told, connect } = await begin();
    connect();
    stream.submit(add('a'));
    const confirmed = stream.confirmed('op-a');
    await aTurn();
    stream.reject('op-a', notAllowed);
    await expect(confirmed).rejects.toMatchObject({ problem: { key: 'not_allowed' } });
    expect(stream.replica.pendingCount).toBe(0);
    expect(told).toEqual(['not_allowed']);
    expect(stream.outbox.refused.get()).toMatchObject([{ wasTold: true, atMs: 1 }]);
  });

  it('is listed instead when I made it while the connection was away', async () => {
    const { stream, told, connect } = await begin();
    stream.submit(add('a'));
    stream.submit(add('b'));
    connect();
    stream.reject('op-a', notAllowed);
    stream.reject('op-b', notAllowed);
    await aTurn();
    expect(told).toEqual([]);
    // With the time at which I made it, whenever the answer comes.
    expect(stream.outbox.refused.get().map(({ op, wasTold, atMs }) => [op.id, wasTold, atMs])).toEqual([
      ['op-a', false, 1],
      ['op-b', false, 1],
    ]);
  });

  it('is told what became of it at the door, and is not sent again after what I did later', async () => {
    const { stream, told, sent } = await begin();
    for (const one of ['a', 'b', 'c', 'd']) stream.submit(add(one));
    expect(stream.unanswered()).toEqual(['op-a', 'op-b', 'op-c', 'op-d']);
    stream.begin(
      (ops) => sent.push(...ops.map(({ id }) => id)),
      [
        { id: 'op-a', problem: notAllowed },
        { id: 'op-c', seq: 1 },
      ],
    );
    await aTurn();
    expect(sent).toEqual(['op-c', 'op-d']);
    expect(told).toEqual([]);
    expect(stream.outbox.refused.get().map(({ op, problem: { key } }) => [op.id, key])).toEqual([
      ['op-a', 'not_allowed'],
      ['op-b', 'reason_lost'],
    ]);
  });

  it('waits for its entry after the acknowledgement, unless the entry came with a snapshot', async () => {
    const { stream, connect } = await begin();
    connect();
    stream.submit(add('a'));
    await aTurn();
    stream.acknowledge('op-a', 1);
    await aTurn();
    expect(stream.replica.pendingCount).toBe(1);
    stream.acknowledge('op-a', 0);
    await aTurn();
    expect(stream.replica.pendingCount).toBe(0);
  });
});
