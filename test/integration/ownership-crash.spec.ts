import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { EmbeddedAnvilChain } from '../../server/ownership/embedded-anvil.chain.ts';
import { SystemClock } from '../../server/platform/clock/index.ts';
import { newGround } from './ownership-ground.ts';

const MINTER = join(import.meta.dirname, 'ownership-crash-minter.ts');
const KILLS = 8;

/** Lets the program work for a while, then kills it and its node, in either order. Returns what was acknowledged. */
async function workAndKill(folder: string, round: number): Promise<string[]> {
  const flags = ['--conditions=source', '--experimental-transform-types', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, MINTER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the program ended by itself')));
    child.stdout.on('data', (text) => {
      output += text;
      if (output.startsWith('open\n')) resolve();
    });
  });
  // Whatever the machine does in a second: some are acknowledged, and the kill falls anywhere into the next ones.
  const wanted = 1 + ((round * 5) % 7);
  while (output.split('\n').length < wanted + 2) await sleep(5);
  await sleep((round * 53) % 60);
  const node = Number(readFileSync(join(folder, 'node.pid'), 'utf8'));
  if (round % 2) process.kill(node, 'SIGKILL');
  child.kill('SIGKILL');
  await exited;
  if (round % 2 === 0) process.kill(node, 'SIGKILL');
  // Only whole lines: a hash that was cut off by the kill was not acknowledged.
  return output.split('\n').slice(1, -1);
}

test('after kills at any moment, every acknowledged transaction is in its block', async () => {
  await using ground = await newGround();
  const acknowledged: string[] = [];
  for (let round = 0; round < KILLS; round++) acknowledged.push(...(await workAndKill(ground.path, round)));
  const chain = new EmbeddedAnvilChain(join(ground.path, 'chain'), ground.children, new SystemClock());
  await chain.open();
  for (const hash of acknowledged) {
    const receipt = (await chain.request('eth_getTransactionReceipt', [hash])) as { status: string } | null;
    expect(Number(receipt?.status), hash).toBe(1);
  }
  console.log(`${acknowledged.length} acknowledged over ${KILLS} kills, none lost`);
  expect(acknowledged.length).toBeGreaterThan(KILLS);
  await chain.close();
});
