export { AssetsModule, chooseAssetStore } from './assets.module.ts';
export {
  AssetStore,
  type AssetReader,
  type ByteRange,
  type ByteSource,
  type CarOptions,
  type CidLike,
  type PutOptions,
  type StoredFile,
} from './asset.store.ts';
export { GatewayReader } from './gateway.reader.ipfs.ts';
export { ImportService, type ImportRequest } from './import/index.ts';
export { sniffType, SNIFF_BYTES, type SafeType } from './content-type.ts';
export { readWhole } from './streams.ts';
export { MAX_BLOCK_BYTES, parseCid } from './verify.ts';
