import { join } from 'node:path';
import { Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Config } from '../platform/config/index.ts';
import { Health } from '../platform/health/index.ts';
import { AssetController } from './asset.controller.ts';
import { AssetStore } from './asset.store.ts';
import { checkAssets } from './assets.health.ts';
import { GatewayController } from './gateway.controller.ts';
import { ImportController, ImportLimits, ImportService } from './import/index.ts';

@Module({
  controllers: [AssetController, GatewayController, ImportController],
  providers: [{ provide: AssetStore, inject: [Config], useFactory: chooseAssetStore }, ImportService, ImportLimits],
  exports: [AssetStore, ImportService],
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

/**
 * The store that the settings ask for, not yet open: `IPFS_API_URL` chooses Kubo, otherwise blocks lie in the data
 * folder. Only the chosen adapter is loaded; the other's libraries would cost 60 MB for nothing.
 */
export async function chooseAssetStore({ tree }: Config): Promise<AssetStore> {
  if (tree.ipfsApiUrl) return new (await import('./kubo.store.ipfs.ts')).KuboAssetStore(tree.ipfsApiUrl);
  return new (await import('./helia.store.ipfs.ts')).HeliaAssetStore(join(tree.dataDir, 'ipfs'));
}
