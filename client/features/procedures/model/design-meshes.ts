import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Scene } from '@babylonjs/core/scene.js';
import type { Shape } from '#protocol/design/index';
import { ShapeLibrary } from '../../../scene/world/shape-library.ts';

/**
 * Triangles of shapes by their keys, nine numbers each, in the part's frame: read as the design room reads them, and drawn
 * nowhere. A shape that cannot be read is missing: its box stands for it. `onProgress`: 0 to 1.
 */
export async function meshesOf(
  shapes: ReadonlyMap<string, Shape>,
  hallUrl: string,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Map<string, Float32Array>> {
  const engine = new NullEngine();
  const library = new ShapeLibrary(new Scene(engine), hallUrl, () => {});
  try {
    for (const shape of shapes.values()) library.get(shape);
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        const { total, loaded } = library.loading.get();
        onProgress(total === 0 ? 1 : loaded / total);
        if (loaded >= total) resolve();
      };
      library.loading.subscribe(look);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      look();
    });
    const meshes = new Map<string, Float32Array>();
    for (const [key, shape] of shapes) {
      const geometry = library.get(shape)?.geometry;
      if (geometry) meshes.set(key, soupOf(geometry));
    }
    return meshes;
  } finally {
    library.dispose();
    engine.dispose();
  }
}

function soupOf({ positions, indices }: { positions: Float32Array; indices: Uint32Array }): Float32Array {
  const soup = new Float32Array(indices.length * 3);
  indices.forEach((index, at) => soup.set(positions.subarray(index * 3, index * 3 + 3), at * 3));
  return soup;
}
