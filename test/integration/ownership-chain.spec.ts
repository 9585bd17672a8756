import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import { expect, test } from 'vitest';
import { AbsentChain } from '../../server/ownership/absent.chain.ts';
import { EmbeddedAnvilChain } from '../../server/ownership/embedded-anvil.chain.ts';
import { ExternalRpcChain } from '../../server/ownership/external-rpc.chain.ts';
import { SystemClock } from '../../server/platform/clock/index.ts';
import { behavesAsChain } from './ownership-chain.behaviour.ts';
import { newGround, plainAnvil, RICH_KEY, type Ground } from './ownership-ground.ts';

const embedded = (ground: Ground) =>
  new EmbeddedAnvilChain(ground.folder.folder('chain'), ground.children, new SystemClock());

behavesAsChain('embedded', async () => {
  const ground = await newGround();
  const chain = embedded(ground);
  const identity = await chain.open();
  return {
    chain,
    identity,
    [Symbol.asyncDispose]: async () => {
      await chain.close();
      await ground[Symbol.asyncDispose]();
    },
  };
});

behavesAsChain('CHAIN_RPC_URL', async () => {
  const ground = await newGround();
  const node = await plainAnvil(ground);
  const chain = new ExternalRpcChain(node.rpc.url, RICH_KEY);
  return { chain, identity: await chain.open(), [Symbol.asyncDispose]: () => ground[Symbol.asyncDispose]() };
});

/** Sends `count` transfers of one unit each. */
async function work(chain: EmbeddedAnvilChain, hallKey: string, from: number, count: number): Promise<string[]> {
  const wallet = new Wallet(hallKey);
  const hashes: string[] = [];
  for (let nonce = from; nonce < from + count; nonce++) {
    const raw = await wallet.signTransaction({
      ...{ chainId: 31337, to: wallet.address, value: 1n, gasLimit: 21_000, nonce },
      ...{ type: 2, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
    });
    hashes.push((await chain.request('eth_sendRawTransaction', [raw])) as string);
  }
  return hashes;
}
const tipOf = async (chain: EmbeddedAnvilChain) =>
  ((await chain.request('eth_getBlockByNumber', ['latest', false])) as { hash: string }).hash;

test('a restart comes to the same tip: from the snapshot, from the log alone, and with a damaged snapshot', async () => {
  await using ground = await newGround();
  const first = embedded(ground);
  const { hallKey } = await first.open();
  const [early] = await work(first, hallKey!, 0, 205);
  const tip = await tipOf(first);
  await first.close();

  const snapshot = join(ground.path, 'chain', 'snapshot.json');
  const variants = [
    () => {},
    () => writeFileSync(snapshot, '{"height":'),
    () => writeFileSync(snapshot, badTip(snapshot)),
  ];
  for (const prepare of variants) {
    prepare();
    const again = embedded(ground);
    await again.open();
    expect(await tipOf(again)).toBe(tip);
    // Old transactions are still found: verifying a token reads the one that minted it.
    expect(await again.request('eth_getTransactionByHash', [early])).toMatchObject({ hash: early });
    await again.close();
  }
});

function badTip(file: string): string {
  try {
    return JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), tip: `0x${'0'.repeat(64)}` });
  } catch {
    return '';
  }
}

test('a log whose last line a power cut has torn opens with all lines before it', async () => {
  await using ground = await newGround();
  const first = embedded(ground);
  const { hallKey } = await first.open();
  await work(first, hallKey!, 0, 3);
  const tip = await tipOf(first);
  await first.close();
  appendFileSync(join(ground.path, 'chain', 'blocks.log'), '{"height":4,"time":17');
  const again = embedded(ground);
  await again.open();
  expect(await tipOf(again)).toBe(tip);
  await work(again, hallKey!, 3, 1);
  await again.close();
});

test('a node that dies under the server comes back with everything that was acknowledged', async () => {
  await using ground = await newGround();
  const chain = embedded(ground);
  const { hallKey } = await chain.open();
  await work(chain, hallKey!, 0, 5);
  const tip = await tipOf(chain);
  process.kill(JSON.parse(readFileSync(join(ground.path, 'run', 'anvil.pid'), 'utf8')).pid, 'SIGKILL');
  const deadline = Date.now() + 10_000;
  const alive = () => tipOf(chain).catch(() => undefined);
  let now = await alive();
  while (now === undefined && Date.now() < deadline) now = await alive();
  expect(now).toBe(tip);
  await work(chain, hallKey!, 5, 1);
  await chain.close();
});

test('without a chain the reason and the way to one are said', async () => {
  const chain = new AbsentChain('no anvil program was found for this machine.');
  await expect(chain.open()).rejects.toMatchObject({
    status: 503,
    problem: { key: 'chain_off', next: expect.stringContaining('CHAIN_RPC_URL') },
  });
  expect(chain.place).toContain('off');
});

test('the address of an external chain is shown without the key in its path', () => {
  expect(new ExternalRpcChain('https://rpc.example.com/v2/secret', null).place).toBe('rpc.example.com');
});
