import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import type { Spawner } from '../../server/ownership/anvil-process.ts';
import { EmbeddedAnvilChain } from '../../server/ownership/embedded-anvil.chain.ts';

/** Run as a program: sends one transaction after the other and prints each hash once the chain has acknowledged it. */
const folder = process.argv[2]!;
mkdirSync(join(folder, 'chain'), { recursive: true });

const children: Spawner = {
  async spawn(name, command, args) {
    const child = spawn(command, args, { stdio: 'ignore' });
    await once(child, 'spawn');
    // The killer ends the node too, sometimes before us and sometimes after us.
    writeFileSync(join(folder, 'node.pid'), String(child.pid));
    return {
      name,
      pid: child.pid!,
      logFile: '',
      stopSignal: 'SIGKILL',
      isAlive: () => child.exitCode === null && child.signalCode === null,
      stop: async () => {
        child.kill('SIGKILL');
      },
    };
  },
};

const chain = new EmbeddedAnvilChain(join(folder, 'chain'), children, { nowMs: () => Date.now() });
const { hallKey, chainId } = await chain.open();
const wallet = new Wallet(hallKey!);
let nonce = Number(await chain.request('eth_getTransactionCount', [wallet.address, 'latest']));
process.stdout.write('open\n');
for (; ; nonce++) {
  const raw = await wallet.signTransaction({
    ...{ chainId, to: wallet.address, value: 1n, gasLimit: 21_000, nonce },
    ...{ type: 2, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
  });
  process.stdout.write(`${String(await chain.request('eth_sendRawTransaction', [raw]))}\n`);
}
