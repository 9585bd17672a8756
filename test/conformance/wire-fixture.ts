import { EMPTY_DOCUMENT, stateHash } from '#protocol/document/index';
import { OpId, PartId, RoomId, UserId } from '#protocol/ids';
import {
  advance,
  encodeBlock,
  GENESIS_TYPE,
  openJournal,
  sealEntry,
  type Entry,
  type JournalState,
  type StoredEntry,
} from '#protocol/journal/index';
import { ROOM_MODELS } from '#protocol/journal/models';
import { encodeBody, encodeDown, encodeEntry, encodeUp, type Body } from '#protocol/presence/index';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const room = RoomId.parse('room-of-the-fixture');
const author = { id: UserId.parse('ann'), name: 'Ann' };

const shaft = {
  id: PartId.parse('shaft'),
  parent: null,
  name: 'Shaft',
  order: 'a0',
  poseInParent: { position: [0, 0.05, 0], rotation: [0, 0, 0, 1] },
  hidden: false,
  material: { preset: 'steel', color: '#8899aa' },
  shape: { kind: 'cylinder', dimensions: { radiusM: 0.01, heightM: 0.2 } },
};
const ops: { type: string; payload: unknown }[] = [
  { type: GENESIS_TYPE, payload: { kind: 'design', purpose: 'project', title: 'Fixture' } },
  { type: 'parts.add', payload: { parts: [shaft] } },
  {
    type: 'part.move',
    payload: { moves: [{ id: 'shaft', poseInParent: { position: [0.125, 0.05, -1.5], rotation: [0, 1, 0, 0] } }] },
  },
  { type: 'part.setDimensions', payload: { id: 'shaft', dimensions: { heightM: 0.25 } } },
  {
    type: 'comment.add',
    payload: {
      id: 'c1',
      anchor: { part: 'shaft', face: 2, pointInPart: [0, 0.1, 0], normalInPart: [0, 1, 0] },
      text: '轴太短 – too short?',
    },
  },
  { type: 'history.undo', payload: { target: 'op-4' } },
];

/** A short journal, entry by entry, with the state hash after each. */
function journal(): { entries: StoredEntry[]; hashes: string[] } {
  const entries: StoredEntry[] = [];
  const hashes: string[] = [];
  let state: JournalState | null = null;
  ops.forEach(({ type, payload }, seq) => {
    const entry: Entry = {
      v: 1,
      room,
      seq,
      prev: entries.at(-1)?.cid ?? null,
      id: OpId.parse(`op-${seq}`),
      author,
      at: 1_700_000_000_000 + seq,
      type,
      payload,
    };
    const stored = sealEntry(entry);
    const next = state ? advance(state, stored, ROOM_MODELS) : openJournal(stored, null, ROOM_MODELS);
    if (!next.ok) throw new Error(`${type}: ${next.problem.message}`);
    state = next.state;
    entries.push(stored);
    hashes.push(stateHash(state.document));
  });
  return { entries, hashes };
}

/** Recorded bytes for people who write a client: `wire.fixture.json` is this, and a test holds them together. */
export function wireFixture() {
  const { entries, hashes } = journal();
  const body: Body = {
    headInRoom: { position: [1.25, 1.7, -3.001], rotation: [0, Math.SQRT1_2, 0, Math.SQRT1_2] },
    rightInRoom: { position: [-0.5, 1.1, 0.002], rotation: [0, 0, 0, 1] },
    isRightClosed: true,
    isHeadset: true,
  };
  const carry = {
    part: 'shaft',
    poseInParent: {
      position: [0.5, 0, -0.25] as [number, number, number],
      rotation: [0, 0, 0, 1] as [number, number, number, number],
    },
  };
  return {
    version: 1,
    emptyStateHash: stateHash(EMPTY_DOCUMENT),
    journal: entries.map(({ cid, bytes, entry }, seq) => ({
      seq,
      type: entry.type,
      cid: cid.toString(),
      block: hex(bytes),
      stateHashAfter: hashes[seq],
    })),
    messages: [
      { from: 'client', name: 'ping', message: { n: 7 }, bytes: hex(encodeBlock({ n: 7 }).bytes) },
      {
        from: 'client',
        name: 'lease.take',
        message: { request: 1, parts: ['shaft'] },
        bytes: hex(encodeBlock({ request: 1, parts: ['shaft'] }).bytes),
      },
      {
        from: 'server',
        name: 'ack',
        message: { acks: [{ id: 'op-1', seq: 1 }] },
        bytes: hex(encodeBlock({ acks: [{ id: 'op-1', seq: 1 }] }).bytes),
      },
    ],
    presence: {
      body,
      carry,
      bodyBytes: hex(encodeBody(body)),
      upBytes: hex(encodeUp({ body, carries: [carry] })),
      downBytes: hex(
        encodeDown({ serverTimeMs: 305_419_896, isComplete: false, beyond: 7 }, [
          encodeEntry({ participant: 258, body: encodeBody(body), carries: [carry] }),
        ]),
      ),
    },
  };
}
