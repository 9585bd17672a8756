/** Reading parts one by one and placing them by the text must show what the CAD kernel shows when it places them itself. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { composePose, IDENTITY_POSE, rotateVec3 } from '#protocol/spatial/pose';
import type { Pose } from '#protocol/spatial/pose';
import type { CadModel, CadNode } from '../../server/assets/import/cad-model.ts';
import { isolateParts } from '../../server/assets/import/isolate-parts.ts';
import { loadOcct, readBaked } from '../../server/assets/import/occt.reader.ts';
import { placeIsolated, recoverOccurrences } from '../../server/assets/import/occurrences.ts';
import { readStepProducts } from '../../server/assets/import/step-products.ts';

const SAMPLES = join(
  dirname(createRequire(import.meta.url).resolve('occt-import-js/package.json')),
  'test/testfiles/cax-if',
);
const MM_IN_M = 1e-3;

interface Box {
  readonly color: string | null;
  /** Least and greatest x, y, z; millimetres, in the file's frame. */
  readonly extentMm: readonly number[];
}

/** Where each placed part lies: its box, from every vertex moved to its place. */
function boxes(model: CadModel): Box[] {
  const found: Box[] = [];
  const visit = (node: CadNode, above: Pose): void => {
    const pose = composePose(above, node.poseInParent);
    if (node.mesh !== undefined) {
      const min = [Infinity, Infinity, Infinity];
      const max = [-Infinity, -Infinity, -Infinity];
      const { positions } = model.meshes[node.mesh]!;
      for (let i = 0; i < positions.length; i += 3)
        rotateVec3(pose.rotation, [
          positions[i]! * MM_IN_M,
          positions[i + 1]! * MM_IN_M,
          positions[i + 2]! * MM_IN_M,
        ]).forEach((value, axis) => {
          min[axis] = Math.min(min[axis]!, value + pose.position[axis]!);
          max[axis] = Math.max(max[axis]!, value + pose.position[axis]!);
        });
      found.push({ color: node.color ?? null, extentMm: [...min, ...max].map((value) => value / MM_IN_M) });
    }
    for (const child of node.children) visit(child, pose);
  };
  for (const root of model.roots) visit(root, IDENTITY_POSE);
  return found;
}

describe('parts read one by one', { timeout: 60_000 }, () => {
  let occt: Awaited<ReturnType<typeof loadOcct>>;
  beforeAll(async () => {
    occt = await loadOcct();
  });
  it.each(['as1-oc-214.stp', 'as1-tu-203.stp', 'as1_pe_203.stp', 'dm1-id-214.stp', 'dm1-oc-214.stp', 'dm1-pe-214.stp'])(
    '%s: every part lies where the kernel puts it',
    async (file) => {
      const bytes = new Uint8Array(await readFile(join(SAMPLES, file)));
      const structure = readStepProducts(bytes)!;
      const isolated = isolateParts(structure)!;
      // Curved faces are cut into facets by the size of what is read at once: fine on both sides, the boxes agree to a hair.
      const fine = { linearDeflection: 0.0002, angularDeflection: 0.1 };
      const apart = placeIsolated(readBaked(occt, isolated.bytes, 'step', fine), isolated.productOf, structure.roots)!;
      const whole = recoverOccurrences(readBaked(occt, bytes, 'step', fine), undefined, () => undefined);
      const left = boxes(whole);
      for (const box of boxes(apart)) {
        const sizeMm = Math.hypot(...[0, 1, 2].map((axis) => box.extentMm[axis + 3]! - box.extentMm[axis]!));
        const at = left.findIndex(
          (other) =>
            other.color === box.color &&
            other.extentMm.every((value, side) => Math.abs(value - box.extentMm[side]!) < sizeMm * 0.004),
        );
        expect(at, `a part at ${box.extentMm.map((value) => value.toFixed(2)).join(' ')}`).toBeGreaterThanOrEqual(0);
        left.splice(at, 1);
      }
      expect(left).toEqual([]);
      expect(apart.meshes).toHaveLength(whole.meshes.length);
    },
  );
});
