import { expect, it } from 'vitest';
import { initialShape } from '#protocol/design/index';
import { tessellate } from '../scene/parametric-mesh.ts';
import { weldedNormals } from './welded-normals.ts';

it('keeps an outline closed at the corners of a box: all vertices of a corner go the same way', () => {
  const { positions, normals } = tessellate(initialShape('box'));
  const welded = weldedNormals(positions, normals);
  const byCorner = new Map<string, string>();
  for (let i = 0; i < positions.length; i += 3) {
    const corner = positions.slice(i, i + 3).join();
    const way = [...welded.slice(i, i + 3)].map((value) => value.toFixed(4)).join();
    expect(byCorner.get(corner) ?? way).toBe(way);
    byCorner.set(corner, way);
    expect(Math.hypot(welded[i]!, welded[i + 1]!, welded[i + 2]!)).toBeCloseTo(1, 4);
  }
  expect(byCorner.size).toBe(8);
});
