import { createReadStream, existsSync } from 'node:fs';
import { ImportResult } from '#protocol/assets/import-status';
import { CID, decodeBlock, encodeBlock } from '#protocol/journal/index';
import { AssetStore } from '../assets/index.ts';

/**
 * An import done beforehand, as one archive (CARv1): its root is a dag-cbor block with the result, and links to every
 * shape. The demo comes with one, because the CAD kernel works on it for ten seconds and more, and on a first start
 * that is time in which nobody else can import. `npx workhall seed --prepare` writes it again.
 */
interface Prepared {
  readonly v: 1;
  readonly result: unknown;
  readonly shapes: readonly CID[];
}

/** Stores the shapes of an archive and tells their import; null when there is none, or it is of another file. */
export async function takePrepared(
  assets: AssetStore,
  archive: string,
  original: string,
): Promise<ImportResult | null> {
  if (!existsSync(archive)) return null;
  const [root] = await assets.importCar(createReadStream(archive));
  // An archive of another release may not fit any more: then the file is imported as any other.
  const result = ImportResult.safeParse((decodeBlock(await assets.getBlock(root!)) as Prepared).result);
  if (result.success && result.data.original.cid === original) return result.data;
  await assets.unpin(root!);
  return null;
}

/** The archive for an import whose shapes are in the store. The same import gives the same bytes. */
export async function* writePrepared(assets: AssetStore, result: ImportResult): AsyncIterable<Uint8Array> {
  const timeless = JSON.parse(JSON.stringify({ ...result, figures: {} })) as ImportResult;
  const shapes = [...new Set(result.structure.shapes.map(({ cid }) => cid))].sort().map((cid) => CID.parse(cid));
  const { cid, bytes } = encodeBlock({ v: 1, result: timeless, shapes } satisfies Prepared);
  await assets.putBlock(cid, bytes);
  yield* assets.exportCar([cid]);
}
