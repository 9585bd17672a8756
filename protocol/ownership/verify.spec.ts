import { beforeEach, expect, test } from 'vitest';
import { stateHash } from '../document/index.ts';
import { CID, cidOf, encodeBlock, type Block } from '../journal/block.ts';
import { GENESIS_TYPE, sealEntry, type StoredEntry } from '../journal/entry.ts';
import { contributorsRoot, shareHolders } from './contributor-tree.ts';
import { replayLineage } from './journal-walk.ts';
import {
  decodeManifest,
  digestOfManifest,
  encodeManifest,
  manifestOfDigest,
  type RevisionManifest,
} from './manifest.ts';
import type { MintTerms } from './mint-terms.ts';
import { CURRENT_RUBRIC } from './rubric.ts';
import { verifyRevision, verifyToken, type Check, type TokenFacts, type VerifyPorts } from './verify.ts';

const RAW = 0x55;
const ANN = { id: 'ann' as never, name: 'Ann' };
const BOB = { id: 'bob' as never, name: 'Bob' };
const ADDRESS: Record<string, string> = { ann: `0x${'a'.repeat(40)}`, bob: `0x${'b'.repeat(40)}` };
const BOX = { kind: 'box', dimensions: { widthM: 0.1, heightM: 0.1, depthM: 0.1 } };

let blocks: Map<string, Uint8Array>;
const keep = <T extends Block>(block: T): T => {
  blocks.set(block.cid.toString(), block.bytes);
  return block;
};

type Line = [author: typeof ANN, type: string, payload: unknown, via?: { room: never; cid: CID }];

/** A journal of a room with these ops after its opening. */
function journal(room: string, lines: readonly Line[], fork?: object): StoredEntry[] {
  const opening: Line = [
    ANN,
    GENESIS_TYPE,
    { kind: 'design', purpose: 'project', title: room, ...(fork ? { fork } : {}) },
  ];
  const entries: StoredEntry[] = [];
  for (const [author, type, payload, via] of [opening, ...lines]) {
    const seq = entries.length;
    const base = {
      v: 1 as const,
      room: room as never,
      seq,
      prev: entries.at(-1)?.cid ?? null,
      id: `${room}-${seq}` as never,
    };
    entries.push(keep(sealEntry({ ...base, author, at: seq, type, payload, ...(via ? { via } : {}) })));
  }
  return entries;
}
const part = (id: string) => ({
  ...{ id, parent: null, name: id, order: 'a0', hidden: false, shape: BOX },
  poseInParent: { position: [0, 0, 0], rotation: [0, 0, 0, 1] },
  material: { preset: 'steel', color: '#b8bec6' },
});
const moved = (id: string, x: number) => ({
  moves: [{ id, poseInParent: { position: [x, 0, 0], rotation: [0, 0, 0, 1] } }],
});

async function manifestOf(journals: StoredEntry[][]): Promise<RevisionManifest> {
  const { state, ledger } = await replayLineage(journals.map((entries) => ({ entries })));
  const picture = new Uint8Array([1, 2, 3]);
  const thumbnail = keep({ cid: cidOf(picture, RAW), bytes: picture }).cid;
  const own = journals.at(-1)!;
  return {
    ...{ format: 'workhall.revision' as const, version: 1 as const, notes: '', licence: 'CC0-1.0', createdAt: 7 },
    project: { id: 'pump' as never, title: 'Pump' },
    ...{ room: own[0]!.entry.room, title: 'First', publisher: { id: 'ann' as never, name: 'Ann' }, thumbnail },
    journal: {
      head: own.at(-1)!.cid,
      length: own.length,
      lineage: journals
        .slice(0, -1)
        .reverse()
        .map((entries) => ({ room: entries[0]!.entry.room, head: entries.at(-1)!.cid, length: entries.length })),
    },
    stateHash: stateHash(state.document),
    files: [{ cid: thumbnail, size: 3, role: 'thumbnail', name: 'picture' }],
    contributors: ledger.shares(state.document, CURRENT_RUBRIC).map(({ user, name, points, shareBps }) => ({
      user: user as never,
      name,
      points,
      shareBps,
      address: ADDRESS[user]!,
    })),
    ...{ shareRubric: CURRENT_RUBRIC, parents: [] },
  };
}

let honest: RevisionManifest;
let entries: StoredEntry[];
beforeEach(async () => {
  blocks = new Map();
  entries = journal('room', [
    [ANN, 'parts.add', { parts: [part('p')] }],
    [BOB, 'part.move', moved('p', 1)],
  ]);
  honest = await manifestOf([entries]);
});

const source = async (cid: CID): Promise<Uint8Array> => {
  const bytes = blocks.get(cid.toString());
  if (!bytes) throw new Error('not found');
  return bytes;
};
const failures = async (manifest: RevisionManifest) => {
  const { checks } = await verifyRevision(keep(encodeManifest(manifest)).cid, source);
  return checks.filter(({ ok }) => !ok).map(({ name }) => name);
};

test('an honest revision passes every check', async () => {
  expect(await failures(honest)).toEqual([]);
  expect(decodeManifest(encodeManifest(honest).bytes)).toEqual(honest);
});

test('the token’s 32 bytes and the manifest’s CID are each made from the other', () => {
  const { cid } = encodeManifest(honest);
  expect(manifestOfDigest(digestOfManifest(cid)).toString()).toBe(cid.toString());
  expect(() => digestOfManifest(honest.thumbnail)).toThrow(/not a manifest/);
});

test('a manifest that lies is caught at what it lies about', async () => {
  const [ann, bob] = honest.contributors;
  expect(await failures({ ...honest, stateHash: 'f'.repeat(64) })).toEqual(['state hash']);
  expect(
    await failures({
      ...honest,
      contributors: [
        { ...ann!, shareBps: 9_000 },
        { ...bob!, shareBps: 1_000 },
      ],
    }),
  ).toEqual(['shares']);
  expect(await failures({ ...honest, contributors: [{ ...ann!, shareBps: 10_000 }] })).toEqual(['shares']);
  expect(await failures({ ...honest, files: [{ ...honest.files[0]!, size: 4 }] })).toEqual(['files']);
  expect(await failures({ ...honest, files: [] })).toEqual(['files']);
  expect(await failures({ ...honest, room: 'other' as never })).toEqual(['journal']);
  const shorter = { ...honest.journal, head: entries[1]!.cid, length: 2 };
  expect(await failures({ ...honest, journal: shorter })).toEqual(['state hash', 'shares']);
  expect(await failures({ ...honest, journal: { ...honest.journal, length: 2 } })).toEqual(['journal']);
  const invented = [{ room: 'x' as never, head: entries[0]!.cid, length: 1 }];
  expect(await failures({ ...honest, journal: { ...honest.journal, lineage: invented } })).toEqual(['journal']);
});

test('a missing, exchanged or flipped block is named', async () => {
  const manifest = keep(encodeManifest(honest)).cid;
  for (const [cid, bytes] of [...blocks]) {
    for (const damaged of [undefined, Uint8Array.of(0), bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))]) {
      if (damaged) blocks.set(cid, damaged);
      else blocks.delete(cid);
      const bad = (await verifyRevision(manifest, source)).checks.filter(({ ok }) => !ok);
      expect(bad.map((check) => check.cid)).toContain(cid);
      blocks.set(cid, bytes);
    }
  }
});

test('an op that the reducer refuses breaks the proof, even in a chain that is whole', async () => {
  const forged = journal('room', [[ANN, 'part.move', moved('nobody', 1)]]);
  const manifest = { ...honest, journal: { head: forged.at(-1)!.cid, length: 2, lineage: [] } };
  expect(await failures(manifest)).toEqual(['replay']);
});

test('a fork is proven back to the first entry of what it was forked from', async () => {
  const fork = journal('fork', [[BOB, 'part.move', moved('p', 2)]], { room: 'room', head: entries[1]!.cid, length: 2 });
  const parent = entries.slice(0, 2);
  const manifest = await manifestOf([parent, fork]);
  expect(manifest.contributors.map(({ name }) => name)).toEqual(['Ann', 'Bob']);
  expect(await failures(manifest)).toEqual([]);
  expect(await failures({ ...manifest, journal: { ...manifest.journal, lineage: [] } })).toEqual(['journal']);
  blocks.delete(entries[0]!.cid.toString());
  expect(await failures(manifest)).toEqual(['journal']);
});

test('work that is said to come from another journal must be there, and be that person’s', async () => {
  const submission = journal('submission', [[BOB, 'parts.add', { parts: [part('q')] }]]);
  const origin = { room: 'submission' as never, cid: submission[1]!.cid };
  const accepted = journal('room', [[BOB, 'parts.add', { parts: [part('q')] }, origin]]);
  expect(await failures(await manifestOf([accepted]))).toEqual([]);
  const stolen = journal('room', [[ANN, 'parts.add', { parts: [part('q')] }, origin]]);
  expect(await failures(await manifestOf([stolen]))).toEqual(['journal']);
});

test('a token proves what its chain, its people and its manifest say together', async () => {
  const { cid } = keep(encodeManifest(honest));
  const root = contributorsRoot(shareHolders(honest.contributors));
  const terms: MintTerms = {
    ...{ manifestDigest: digestOfManifest(cid), contributorsRoot: root, parentTokens: [], owner: ADDRESS['ann']! },
    ...{ royaltyBps: 500, deadline: '9' },
  };
  const signatures = ['ann', 'bob'].map((user) => ({ account: ADDRESS[user]!, signature: `0x${user}` }));
  const token: TokenFacts = {
    ...{ tokenId: '1', manifestDigest: terms.manifestDigest, contributorsRoot: root, contributorCount: 2 },
    ...{ unanimous: true, parentTokens: [], mint: { terms, signatures } },
  };
  const failing = async (facts: TokenFacts | null, isSignedBy: VerifyPorts['isSignedBy'] = async () => true) => {
    const { ok, checks } = await verifyToken('1', { blocks: source, token: async () => facts, isSignedBy });
    const names = checks.filter((check) => !check.ok).map(({ name }) => name);
    expect(ok).toBe(names.length === 0);
    return names;
  };
  const told: string[] = [];
  const isSignedBy = async () => {
    expect(told.at(-1)).toBe('lineage on chain'); // told before the next check begins
    return true;
  };
  const ports = { blocks: source, token: async () => token, isSignedBy, onCheck: ({ name }: Check) => told.push(name) };
  const { checks } = await verifyToken('1', ports);
  expect(told).toEqual(checks.map(({ name }) => name));
  expect(await failing(token)).toEqual([]);
  expect(await failing(null)).toEqual(['token on chain']);
  expect(await failing({ ...token, contributorsRoot: `0x${'0'.repeat(64)}` })).toEqual([
    'contributors root',
    'signatures',
  ]);
  expect(await failing({ ...token, parentTokens: ['9'] })).toEqual(['lineage on chain']);
  expect(await failing(token, async (account) => account !== ADDRESS['bob'])).toEqual(['signatures']);
  expect(await failing({ ...token, mint: { terms, signatures: signatures.slice(0, 1) } })).toEqual(['signatures']);
  expect(await failing({ ...token, mint: null })).toEqual([]);
  expect(await failing({ ...token, mint: null, unanimous: false })).toEqual(['signatures']);
});

test('a block that holds more than an entry is not an entry', async () => {
  const { bytes } = encodeBlock({ ...entries[2]!.entry, extra: 1 });
  const foreign = keep({ cid: cidOf(bytes, 0x71), bytes });
  expect(await failures({ ...honest, journal: { ...honest.journal, head: foreign.cid } })).toEqual(['journal']);
});
