import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProcesses, DataFolder } from '../../server/platform/processes/index.ts';
import { findAnvil, startAnvil, type RunningAnvil } from '../../server/ownership/anvil-process.ts';

/** Account 0 of anvil's well-known test mnemonic: it has coins on every plain anvil. */
export const RICH_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';

/** A data folder of its own, with its child processes, gone when the test ends. */
export interface Ground {
  readonly folder: DataFolder;
  readonly children: ChildProcesses;
  readonly path: string;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function newGround(): Promise<Ground> {
  const path = mkdtempSync(join(tmpdir(), 'workhall-ownership-'));
  return openGround(path);
}

/** Opens a folder that another ground or process has left. */
export async function openGround(path: string): Promise<Ground> {
  const folder = await DataFolder.open(path);
  const children = new ChildProcesses(folder);
  await children.endOrphans();
  return {
    folder,
    children,
    path,
    [Symbol.asyncDispose]: async () => {
      await children.stopAll();
      folder.release();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A plain anvil as others run it: what `CHAIN_RPC_URL` may point to. */
export async function plainAnvil(ground: Ground): Promise<RunningAnvil> {
  const binary = findAnvil();
  if (!binary) throw new Error('these tests need anvil: npm ci brings it on Linux x64, elsewhere put it on the PATH');
  return startAnvil(ground.children, {
    binary,
    name: 'external-anvil',
    home: ground.path,
    args: ['--chain-id', '7777'],
  });
}
