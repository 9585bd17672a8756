import { join } from 'node:path';
import { Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Config } from '../platform/config/index.ts';
import { Health } from '../platform/health/index.ts';
import { AssetController } from './asset.controller.ts';
import { AssetStore } from './asset.store.ts';
import { checkAssets } from './assets.health.ts';
import { GatewayController } from './gateway.controller.ts';
import { HeliaAssetStore } from './helia.store.ipfs.ts';
import { KuboAssetStore } from './kubo.store.ipfs.ts';

@Module({
  controllers: [AssetController, GatewayController],
  providers: [{ provide: AssetStore, inject: [Config], useFactory: chooseAssetStore }],
  exports: [AssetStore],
})
export class AssetsModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly assets: AssetStore,
    private readonly health: Health,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.assets.open();
    this.health.register('ipfs', checkAssets(this.assets));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.assets.close();
  }
}

/** The store that the settings ask for, not yet open: `IPFS_API_URL` chooses Kubo, otherwise blocks lie in the data folder. */
export function chooseAssetStore({ tree }: Config): AssetStore {
  return tree.ipfsApiUrl ? new KuboAssetStore(tree.ipfsApiUrl) : new HeliaAssetStore(join(tree.dataDir, 'ipfs'));
}
