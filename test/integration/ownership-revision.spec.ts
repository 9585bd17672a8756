import { readFileSync, writeFileSync } from 'node:fs';
import { Wallet } from 'ethers';
import { sql } from 'kysely';
import { CID } from 'multiformats/cid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventsOf } from '#net/server-sent-events';
import { VerifyEvent } from '#protocol/api/index';
import { askHall, verifyFromFolder, verifyOverNetwork } from '../../server/ownership/index.ts';
import { RoomPlaces } from '../../server/design/index.ts';
import { Database } from '../../server/platform/database/index.ts';
import { RoomHost } from '../../server/rooms/index.ts';
import { solid, type Person } from '../support/people.ts';
import { OwnershipHall, type Report, type Revision } from './ownership-hall.ts';

let hall: OwnershipHall;
beforeAll(async () => void (hall = await OwnershipHall.open()));
afterAll(() => hall?.close());

/** Two people make something together. */
async function designed(owner: Person, other: Person): Promise<{ project: string; room: string }> {
  const place = await hall.project(owner, [other]);
  await hall.act(place.room, owner, ['parts.add', { parts: [solid('base'), solid('pin', 'cylinder')] }]);
  await hall.act(place.room, other, [
    'part.move',
    { moves: [{ id: 'pin', poseInParent: { position: [0, 0.1, 0], rotation: [0, 0, 0, 1] } }] },
  ]);
  return place;
}
const signWithServerKey = (by: Person, cid: string) => by.ask<Revision>('POST', `/api/revisions/${cid}/sign`);
const mint = (by: Person, cid: string) => by.ask<Revision>('POST', `/api/revisions/${cid}/mint`);
/** The events of a proof, as a page reads them. */
async function provenEvents(hallUrl: string, tokenId: string): Promise<VerifyEvent[]> {
  const response = await fetch(`${hallUrl}/api/tokens/${tokenId}/verify/events`);
  const events: VerifyEvent[] = [];
  for await (const event of eventsOf(response)) events.push(VerifyEvent.parse(event));
  return events;
}

const verify = (by: Person, tokenId: string) => by.ask<Report>('POST', `/api/tokens/${tokenId}/verify`);
const endpoints = async (contract: string) => ({ rpc: `${hall.url}/api/chain/rpc`, gateway: hall.url, contract });

/** Publishes, signs and mints what the two have made. */
async function minted(owner: Person, other: Person, room: string, title?: string): Promise<Revision> {
  const { cid } = await hall.publish(room, owner, title);
  await signWithServerKey(owner, cid);
  await signWithServerKey(other, cid);
  return mint(owner, cid);
}

test('a revision names its contributors with whole shares, and everything it is made of', async () => {
  const [ann, bob] = [await hall.guest('Ann'), await hall.guest('Bob')];
  const { room } = await designed(ann, bob);
  const revision = await hall.publish(room, ann);
  expect(revision.contributors.map(({ name, points }) => [name, points])).toEqual([
    ['Ann', 11.314],
    ['Bob', 2],
  ]);
  expect(revision.contributors.reduce((sum, { shareBps }) => sum + shareBps, 0)).toBe(10_000);
  expect(revision.contributors.every(({ address }) => /^0x[0-9a-fA-F]{40}$/.test(address))).toBe(true);
  expect(revision.journal.length).toBe(3);
  expect(revision).toMatchObject({ token: null, canMint: false, chainProblem: null });
  const { lines } = await ann.ask<{ lines: { author: string; type: string }[] }>(
    'GET',
    `/api/revisions/${revision.cid}/history`,
  );
  expect(lines.map(({ author, type }) => `${author} ${type}`)).toEqual([
    'Ann room.opened',
    'Ann parts.add',
    'Bob part.move',
  ]);
});

test('it is minted when all have signed, by an owner, once, and verifies from its token alone', async () => {
  const [ann, bob] = [await hall.guest('Ann'), await hall.guest('Bob')];
  const { project, room } = await designed(ann, bob);
  const { cid } = await hall.publish(room, ann);
  await signWithServerKey(ann, cid);
  await expect(mint(ann, cid)).rejects.toMatchObject({ key: 'not_all_signed' });
  const signed = await signWithServerKey(bob, cid);
  expect(signed.canMint).toBe(false); // Bob is a designer
  await expect(mint(bob, cid)).rejects.toMatchObject({ status: 403 });
  const { token, contributors } = await mint(ann, cid);
  expect(contributors.every(({ signedAt }) => signedAt !== null)).toBe(true);
  await expect(mint(ann, cid)).rejects.toMatchObject({ key: 'already_minted' });

  const report = await verify(ann, token!.tokenId);
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(report.ok).toBe(true);
  const events = await provenEvents(hall.url, token!.tokenId);
  expect(events.slice(0, -1)).toEqual(report.checks.map((check) => ({ check })));
  expect(events.at(-1)).toMatchObject({ report: { ok: true, checks: report.checks } });
  expect(await provenEvents(hall.url, '999')).toMatchObject([
    { check: { name: 'token on chain', ok: false } },
    { report: { ok: false } },
  ]);
  expect((await verifyOverNetwork(token!.tokenId, await endpoints(token!.contract))).ok).toBe(true);
  expect(await ann.ask('GET', `/api/tokens/${token!.tokenId}`)).toMatchObject({ cid, token });
  const { revisions } = await ann.ask<{ revisions: { cid: string; tokenId: string }[] }>(
    'GET',
    `/api/projects/${project}`,
  );
  expect(revisions).toMatchObject([{ cid, tokenId: token!.tokenId }]);
});

test('people are told what waits for their signature until they sign, strangers are not', async () => {
  const [ann, bob, eve] = [await hall.guest('Ann'), await hall.guest('Bob'), await hall.guest('Eve')];
  const waitingFor = async (by: Person) =>
    (await by.ask<{ revisions: { cid: string; title: string; project: object }[] }>('GET', '/api/revisions/to-sign'))
      .revisions;
  const { project, room } = await designed(ann, bob);
  expect(await waitingFor(bob)).toEqual([]);
  const { cid } = await hall.publish(room, ann);
  const line = { cid, title: 'First', project: { id: project, title: 'Pump' } };
  expect(await waitingFor(ann)).toMatchObject([line]);
  // Bob leaves the project: his share and his signature stay wanted, only the project's page is closed to him.
  await ann.ask('DELETE', `/api/projects/${project}/members/${bob.id}`);
  expect(await waitingFor(bob)).toMatchObject([line]);
  const seen = await bob.ask<{ project: object }>('GET', `/api/revisions/${cid}`);
  expect(seen.project).toMatchObject({ id: project, mayOpen: false });
  expect((await ann.ask<{ project: object }>('GET', `/api/revisions/${cid}`)).project).toMatchObject({ mayOpen: true });
  expect(await waitingFor(eve)).toEqual([]);

  await signWithServerKey(bob, cid);
  expect(await waitingFor(bob)).toEqual([]);
  expect(await waitingFor(ann)).toMatchObject([line]);
  await signWithServerKey(ann, cid);
  await mint(ann, cid);
  expect(await waitingFor(ann)).toEqual([]);
});

test('revisions of a hall that did not keep contributors yet are waited for too', async () => {
  const [ann, bob] = [await hall.guest('Ann'), await hall.guest('Bob')];
  const { room } = await designed(ann, bob);
  const { cid } = await hall.publish(room, ann);
  await sql`delete from revision_contributor where revision = ${cid}`.execute(hall.get(Database).of());
  await hall.restart();
  const again = { revisions: [{ cid }] };
  const asked = await fetch(`${hall.url}/api/revisions/to-sign`, { headers: { authorization: `Bearer ${bob.token}` } });
  expect(await asked.json()).toMatchObject(again);
});

test('someone with a wallet signs in the browser what the page hands them', async () => {
  const wallet = Wallet.createRandom();
  const [ann, bob] = [await hall.guest('Ann'), await hall.guest('Bob')];
  const { message } = await bob.ask<{ message: string }>('POST', '/api/session/wallet/challenge', {
    address: wallet.address,
  });
  await bob.ask('POST', '/api/session/wallet', { message, signature: await wallet.signMessage(message) });
  const { room } = await designed(ann, bob);
  const { cid, typedData } = await hall.publish(room, ann);
  const { EIP712Domain: _, ...types } = typedData!.types;
  const signature = await wallet.signTypedData(typedData!.domain, types, typedData!.message);
  const forged = await Wallet.createRandom().signTypedData(typedData!.domain, types, typedData!.message);
  const send = (address: string, text: string) =>
    bob.ask<Revision>('POST', `/api/revisions/${cid}/signatures`, { address, signature: text });
  await expect(send(wallet.address, forged)).rejects.toMatchObject({ key: 'bad_signature' });
  await expect(send(Wallet.createRandom().address, signature)).rejects.toMatchObject({ key: 'not_a_contributor' });
  const { contributors } = await send(wallet.address, signature);
  expect(contributors.find(({ name }) => name === 'Bob')).toMatchObject({
    address: wallet.address,
    signedAt: expect.any(Number),
  });
  await signWithServerKey(ann, cid);
  expect((await mint(ann, cid)).token).not.toBeNull();
});

test('the next revision and a fork name what they derive from, and the chain knows it', async () => {
  const [ann, bob] = [await hall.guest('Ann'), await hall.guest('Bob')];
  const { project, room } = await designed(ann, bob);
  const first = await minted(ann, bob, room);
  await hall.act(room, bob, ['parts.add', { parts: [solid('lid', 'plate')] }]);
  const second = await minted(ann, bob, room, 'Second');
  expect(second.parents).toMatchObject([{ manifest: first.cid, tokenId: first.token!.tokenId }]);
  expect((await verify(ann, second.token!.tokenId)).checks.filter(({ ok }) => !ok)).toEqual([]);

  const fork = await hall.get(RoomHost).create({
    purpose: 'project',
    title: 'Fork',
    author: { id: bob.id as never, name: bob.name },
    fork: { room: room as never },
  });
  await hall
    .get(RoomPlaces)
    .add({ room: fork, project: project as never, purpose: 'project', person: bob.id as never });
  await hall.act(fork, bob, ['part.setMaterial', { ids: ['base'], material: { preset: 'brass', color: '#c9a227' } }]);
  const forked = await minted(ann, bob, fork, 'Fork');
  expect(forked.parents).toMatchObject([{ manifest: second.cid, tokenId: second.token!.tokenId }]);
  // Ann never touched the fork; her share came with the lineage.
  expect(forked.contributors.map(({ name }) => name).sort()).toEqual(['Ann', 'Bob']);
  expect((await verify(ann, forked.token!.tokenId)).checks.filter(({ ok }) => !ok)).toEqual([]);
});

test(
  'one flipped byte in any stored block fails the verification and names the block',
  { timeout: 120_000 },
  async () => {
    const own = await OwnershipHall.open();
    const before = hall;
    try {
      hall = own;
      const [ann, bob] = [await own.guest('Ann'), await own.guest('Bob')];
      const { room } = await designed(ann, bob);
      const { token } = await minted(ann, bob, room);
      const blocks = own.blocks();
      expect(blocks.length).toBe(5); // manifest, picture, three entries
      for (const { file, cid } of blocks) {
        const whole = readFileSync(file);
        const bad = Buffer.from(whole);
        bad[bad.length >> 1]! ^= 1;
        writeFileSync(file, bad);
        for (const report of [
          await verify(ann, token!.tokenId),
          await verifyOverNetwork(token!.tokenId, await endpoints(token!.contract)),
        ]) {
          const failed = report.checks.filter(({ ok }) => !ok);
          expect(report.ok, file).toBe(false);
          expect(failed[0]!.cid && sameHash(failed[0]!.cid, cid), JSON.stringify(failed)).toBe(true);
        }
        writeFileSync(file, whole);
      }
      expect((await verify(ann, token!.tokenId)).ok).toBe(true);
    } finally {
      hall = before;
      await own.close();
    }
  },
);

test('after a restart the token is there, and without a server it verifies from the data folder', async () => {
  const own = await OwnershipHall.open();
  const before = hall;
  try {
    hall = own;
    const [ann, bob] = [await own.guest('Ann'), await own.guest('Bob')];
    const { room } = await designed(ann, bob);
    const { token } = await minted(ann, bob, room);
    await own.restart();
    expect((await verify({ ...ann, ask: (await own.guest('Eve')).ask }, token!.tokenId)).ok).toBe(true);
    await own.stop();
    const report = await verifyFromFolder(token!.tokenId, own.config);
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  } finally {
    hall = before;
    own.remove();
  }
});

test('the public RPC reads the chain and takes signed transactions, and nothing else', async () => {
  const call = async (body: unknown) =>
    (await fetch(`${hall.url}/api/chain/rpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).then((answer) => answer.json())) as { result?: string; error?: { code: number } };
  const rpc = (method: string, params: unknown[] = []) => call({ jsonrpc: '2.0', id: 1, method, params });
  expect(Number((await rpc('eth_chainId')).result)).toBe(31337);
  for (const method of [
    'anvil_setBalance',
    'evm_mine',
    'eth_sendTransaction',
    'debug_traceCall',
    'eth_accounts',
    'anvil_dumpState',
  ])
    expect((await rpc(method)).error?.code, method).toBe(-32_601);
  expect((await rpc('eth_sendRawTransaction', ['0x00'])).error?.code).toBe(-32_000);
  expect(
    await call([
      { jsonrpc: '2.0', id: 1, method: 'eth_chainId' },
      { jsonrpc: '2.0', id: 2, method: 'evm_mine' },
    ]),
  ).toMatchObject([
    { id: 1, result: '0x7a69' },
    { id: 2, error: { code: -32_601 } },
  ]);
  expect(await askHall(hall.url)).toMatchObject({ contract: expect.stringMatching(/^0x/) });
});

test('without a usable chain designs are published, and minting says why it cannot', async () => {
  const before = hall;
  const own = await OwnershipHall.open({ CHAIN_RPC_URL: 'http://127.0.0.1:9' });
  try {
    hall = own;
    const [ann, bob] = [await own.guest('Ann'), await own.guest('Bob')];
    const { room } = await designed(ann, bob);
    const revision = await own.publish(room, ann);
    expect(revision.contributors.length).toBe(2);
    expect(revision.chainProblem).toContain('127.0.0.1:9');
    await expect(mint(ann, revision.cid)).rejects.toMatchObject({ status: 503 });
  } finally {
    hall = before;
    await own.close();
  }
});

/** The manifest's own CID carries another codec than the name of its file. */
const sameHash = (text: string, cid: { multihash: { digest: Uint8Array } }): boolean =>
  Buffer.from(CID.parse(text).multihash.digest).equals(Buffer.from(cid.multihash.digest));
