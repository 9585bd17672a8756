import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HeliaAssetStore } from '../../server/assets/helia.store.ipfs.ts';
import { KuboAssetStore } from '../../server/assets/kubo.store.ipfs.ts';
import { startKuboFacade } from './assets-kubo-facade.ts';
import { describeAssetStore, type StartStore } from './assets-store.behaviour.ts';

const embedded: StartStore = async (folder) => {
  const store = new HeliaAssetStore(folder);
  await store.open();
  return { store, blocks: join(folder, 'blocks'), stop: () => store.close() };
};

const kubo: StartStore = async (folder) => {
  await mkdir(folder, { recursive: true });
  const facade = await startKuboFacade(folder);
  // Small batches, so that a file of 20 MB travels in several CARs.
  const store = new KuboAssetStore(facade.url, { batchBytes: 3 * 1024 * 1024 });
  await store.open();
  const stop = async () => {
    await store.close();
    await facade.stop();
  };
  return { store, blocks: join(folder, 'blocks'), stop };
};

describeAssetStore('embedded Helia', embedded, kubo);
describeAssetStore('Kubo over RPC', kubo, embedded);
