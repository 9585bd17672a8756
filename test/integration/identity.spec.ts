import { Wallet, verifyTypedData } from 'ethers';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { IdentityKeys } from '../../server/identity/index.ts';
import { Database } from '../../server/platform/database/index.ts';
import { InProcessHall, Visitor } from './projects-hall.ts';

let hall: InProcessHall;
beforeAll(async () => void (hall = await InProcessHall.open()));
afterAll(() => hall?.close());

async function signed(
  wallet: Wallet | ReturnType<typeof Wallet.createRandom>,
  by: Visitor = hall.stranger,
  change = (text: string) => text,
) {
  const { body: challenge } = await by.post('/session/wallet/challenge', { address: wallet.address });
  const message = change(challenge.message);
  return { message, signature: await wallet.signMessage(message), nonce: challenge.nonce as string };
}
const withoutNonce = ({ message, signature }: { message: string; signature: string }) => ({ message, signature });

describe('a guest', () => {
  test('comes in with a name, is who they say, and can change the name', async () => {
    const ada = await hall.guest('Ada');
    expect((await ada.get('/me')).body).toEqual({
      id: ada.id,
      name: 'Ada',
      badge: 'guest',
      address: null,
      addressKind: null,
    });
    expect((await ada.ask('PATCH', '/me', { name: '  Ada L.  ' })).body.name).toBe('Ada L.');
    expect((await hall.stranger.post('/session/guest', { name: ' ' })).status).toBe(422);
  });

  test('who signs out is out at once, and the database never had the token', async () => {
    const ada = await hall.guest('Ada');
    const { rows } = await sql<{ row: string }>`select session::text as row from session`.execute(
      hall.app.get(Database).of(),
    );
    expect(
      rows.some(({ row }) => row.includes(ada.token!) || row.includes(Buffer.from(ada.token!).toString('hex'))),
    ).toBe(false);
    expect((await ada.ask('DELETE', '/session')).status).toBe(200);
    expect((await ada.get('/me')).body.key).toBe('not_signed_in');
  });

  test('without a token, with a made-up one, or after thirty days there is no way in', async () => {
    expect((await hall.stranger.get('/me')).status).toBe(401);
    const forged = new Visitor(hall.url, 'x'.repeat(43), hall.stranger.id, 'forged');
    expect((await forged.get('/me')).status).toBe(401);
    const ada = await hall.guest('Ada');
    hall.clock.advance(30 * 24 * 3_600_000 + 1);
    expect((await ada.get('/me')).status).toBe(401);
  });
});

describe('a wallet', () => {
  test('signs in, and is the same person the next time', async () => {
    const wallet = Wallet.createRandom();
    const first = await hall.stranger.post('/session/wallet', { ...withoutNonce(await signed(wallet)), name: 'Lin' });
    expect(first.body.me).toMatchObject({
      name: 'Lin',
      badge: 'wallet',
      address: wallet.address,
      addressKind: 'wallet',
    });
    const again = await hall.stranger.post('/session/wallet', withoutNonce(await signed(wallet)));
    expect(again.body.me).toEqual(first.body.me);
  });

  test('shows the person a text that names this hall, its chain and an end', async () => {
    const { message } = await signed(Wallet.createRandom());
    const host = new URL(hall.url).host;
    expect(message.startsWith(`${host} wants you to sign in with your Ethereum account:`)).toBe(true);
    expect(message).toContain(`URI: ${hall.url}`);
    expect(message).toContain('Chain ID: 31337');
    expect(message).toContain('Expiration Time: ');
  });

  test('a signature serves once', async () => {
    const proof = withoutNonce(await signed(Wallet.createRandom()));
    expect((await hall.stranger.post('/session/wallet', proof)).status).toBe(200);
    expect((await hall.stranger.post('/session/wallet', proof)).body).toMatchObject({
      scope: 'identity',
      key: 'nonce_unknown',
    });
  });

  test('a challenge lives for five minutes', async () => {
    const proof = withoutNonce(await signed(Wallet.createRandom()));
    hall.clock.advance(5 * 60_000);
    const answer = await hall.stranger.post('/session/wallet', proof);
    expect([answer.status, answer.body.key]).toEqual([401, 'nonce_expired']);
  });

  test.each([
    ['domain', (text: string) => text.replace(/^\S+/, 'evil.example.com'), 'domain'],
    ['URI', (text: string) => text.replace(/URI: .*/, 'URI: https://evil.example.com'), 'address of the page'],
    ['chain', (text: string) => text.replace('Chain ID: 31337', 'Chain ID: 1'), 'chain'],
  ])('a text with another %s is refused, although it is well signed', async (_what, change, field) => {
    const proof = withoutNonce(await signed(Wallet.createRandom(), hall.stranger, change));
    const { status, body } = await hall.stranger.post('/session/wallet', proof);
    expect([status, body.key, body.facts.field]).toEqual([401, 'message_mismatch', field]);
  });

  test('a challenge made for one page is worth nothing on another', async () => {
    const local = hall.url.replace('127.0.0.1', 'localhost');
    const onOtherPage = new Visitor(local, null, hall.stranger.id, 'x');
    const proof = withoutNonce(await signed(Wallet.createRandom()));
    expect((await onOtherPage.post('/session/wallet', proof)).body.key).toBe('message_mismatch');
  });

  test('somebody else’s signature, or none, is refused', async () => {
    const wallet = Wallet.createRandom();
    const { message } = await signed(wallet);
    const other = await Wallet.createRandom().signMessage(message);
    expect((await hall.stranger.post('/session/wallet', { message, signature: other })).body.key).toBe('bad_signature');
    const { message: second } = await signed(wallet);
    expect((await hall.stranger.post('/session/wallet', { message: second, signature: '0x00' })).body.key).toBe(
      'bad_signature',
    );
    expect((await hall.stranger.post('/session/wallet', { message: 'let me in', signature: '0x00' })).status).toBe(422);
  });

  test('is linked to the guest who is signed in, who keeps their account', async () => {
    const ada = await hall.guest('Ada');
    const wallet = Wallet.createRandom();
    const linked = await ada.post('/session/wallet', withoutNonce(await signed(wallet, ada)));
    expect(linked.body.me).toMatchObject({ id: ada.id, name: 'Ada', badge: 'wallet', address: wallet.address });
    const back = await hall.stranger.post('/session/wallet', withoutNonce(await signed(wallet)));
    expect(back.body.me.id).toBe(ada.id);
    const eve = await hall.guest('Eve');
    expect((await eve.post('/session/wallet', withoutNonce(await signed(wallet, eve)))).body.key).toBe('wallet_taken');
  });
});

test('a hall behind a public address and on another chain says so in what is signed', async () => {
  const chain = createServer((request, response) => {
    request.resume().on('end', () => response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: '0x2105' })));
  }).listen(0, '127.0.0.1');
  await once(chain, 'listening');
  const { port } = chain.address() as AddressInfo;
  const other = await InProcessHall.open({
    env: { PUBLIC_URL: 'https://hall.example.com', CHAIN_RPC_URL: `http://127.0.0.1:${port}` },
  });
  try {
    const wallet = Wallet.createRandom();
    const proof = withoutNonce(await signed(wallet, other.stranger));
    expect(proof.message).toMatch(/^hall\.example\.com wants you/);
    expect(proof.message).toContain('URI: https://hall.example.com\nVersion: 1\nChain ID: 8453');
    expect((await other.stranger.post('/session/wallet', proof)).status).toBe(200);
  } finally {
    await other.close();
    chain.close();
  }
});

test('while the chain of the hall is down, wallets are told so and guests come in', async () => {
  const other = await InProcessHall.open({ env: { CHAIN_RPC_URL: 'http://127.0.0.1:9' } });
  try {
    const { address } = Wallet.createRandom();
    const { status, body } = await other.stranger.post('/session/wallet/challenge', { address });
    expect([status, body.key]).toEqual([503, 'chain_unreachable']);
    await other.guest('Ada');
  } finally {
    await other.close();
  }
});

describe('a key that the hall keeps', () => {
  const domain = { name: 'Workhall', version: '1', chainId: 31_337 };
  const types = { Share: [{ name: 'bps', type: 'uint256' }] };

  test('is made once, signs typed data, and is given to its owner', async () => {
    const ada = await hall.guest('Ada');
    const made = await ada.post('/me/key');
    expect(made.body).toMatchObject({ addressKind: 'server', badge: 'guest' });
    expect((await ada.post('/me/key')).body.address).toBe(made.body.address);
    const { address, signature } = await hall.app
      .get(IdentityKeys, { strict: false })
      .signTypedData(ada.id, domain, types, { bps: 10_000 });
    expect(verifyTypedData(domain, types, { bps: 10_000 }, signature)).toBe(address);
    const exported = await ada.get('/me/key');
    expect(new Wallet(exported.body.privateKey).address).toBe(made.body.address);
    expect(exported.headers.get('cache-control')).toBe('no-store');
  });

  test('is nobody else’s: not by asking, not without a session, not by moving it in the database', async () => {
    const [ada, eve] = [await hall.guest('Ada'), await hall.guest('Eve')];
    await ada.post('/me/key');
    expect((await eve.get('/me/key')).body.key).toBe('no_key');
    expect((await hall.stranger.get('/me/key')).status).toBe(401);
    const db = hall.app.get(Database).of();
    await sql`update server_key set person = ${eve.id} where person = ${ada.id}`.execute(db);
    expect((await eve.get('/me/key')).body.key).toBe('key_unreadable');
  });

  test('is not in the database in the open', async () => {
    const ada = await hall.guest('Ada');
    await ada.post('/me/key');
    const { privateKey } = (await ada.get('/me/key')).body;
    const { rows } = await sql<{ row: string }>`select server_key::text as row from server_key`.execute(
      hall.app.get(Database).of(),
    );
    expect(rows.some(({ row }) => row.includes(privateKey.slice(2)))).toBe(false);
  });

  test('is the way back: taken along into a wallet, it signs in the guest it was made for, and nobody else', async () => {
    const ada = await hall.guest('Ada');
    await ada.post('/me/key');
    const wallet = new Wallet((await ada.get('/me/key')).body.privateKey);
    expect((await ada.ask('DELETE', '/session')).status).toBe(200);

    const eve = await hall.guest('Eve');
    const stolen = await eve.post('/session/wallet', withoutNonce(await signed(wallet, eve)));
    expect([stolen.status, stolen.body.key]).toEqual([409, 'wallet_taken']);

    const back = await hall.stranger.post('/session/wallet', { ...withoutNonce(await signed(wallet)), name: 'Other' });
    expect(back.body.me).toMatchObject({ id: ada.id, name: 'Ada', address: wallet.address });
    const again = new Visitor(hall.url, back.body.token, back.body.me.id, 'Ada');
    expect((await again.get('/me')).body.id).toBe(ada.id);
    // Linked to its own person it becomes a wallet like any other.
    const linked = await again.post('/session/wallet', withoutNonce(await signed(wallet, again)));
    expect(linked.body.me).toMatchObject({ id: ada.id, badge: 'wallet', address: wallet.address });
  });

  test('is for people without a wallet', async () => {
    const wallet = Wallet.createRandom();
    const { body } = await hall.stranger.post('/session/wallet', withoutNonce(await signed(wallet)));
    const lin = new Visitor(hall.url, body.token, body.me.id, body.me.name);
    expect((await lin.post('/me/key')).status).toBe(409);
  });
});

test('too many sign-ins from one address are told to wait', async () => {
  let last = 200;
  for (let i = 0; i < 120 && last === 200; i++)
    last = (await hall.stranger.post('/session/wallet/challenge', { address: Wallet.createRandom().address })).status;
  expect(last).toBe(429);
});
