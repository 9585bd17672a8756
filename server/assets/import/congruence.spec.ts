import { describe, expect, it } from 'vitest';
import type { CadMesh } from './cad-model.ts';
import { findInstances, measure, register } from './congruence.ts';
import { apply, fromAxes } from './rigid.ts';
import type { Rigid } from './rigid.ts';

/** An L-shaped bracket without any symmetry, as triangles of a height field: enough corners to tell left from right. */
function bracket(): CadMesh {
  const points = [
    0, 0, 0, 40, 0, 0, 40, 10, 0, 10, 10, 0, 10, 25, 0, 0, 25, 0, 0, 0, 5, 40, 0, 5, 40, 10, 6, 10, 10, 7, 10, 25, 8, 0,
    25, 9,
  ];
  const triangles = [
    0, 2, 1, 0, 3, 2, 0, 4, 3, 0, 5, 4, 6, 7, 8, 6, 8, 9, 6, 9, 10, 6, 10, 11, 0, 1, 7, 0, 7, 6, 1, 2, 8, 1, 8, 7, 2, 3,
    9, 2, 9, 8, 3, 4, 10, 3, 10, 9, 4, 5, 11, 4, 11, 10, 5, 0, 6, 5, 6, 11,
  ];
  return {
    name: 'bracket',
    positions: Float64Array.from(points),
    normals: new Float32Array(points.length),
    indices: Uint32Array.from(triangles),
    faces: [{ first: 0, count: triangles.length / 3 }],
    color: null,
  };
}

const moved = (mesh: CadMesh, by: Rigid): CadMesh => {
  const positions = mesh.positions.slice();
  for (let i = 0; i < positions.length; i += 3)
    positions.set(apply(by, mesh.positions[i]!, mesh.positions[i + 1]!, mesh.positions[i + 2]!), i);
  return { ...mesh, positions };
};
const shuffled = (mesh: CadMesh): CadMesh => {
  const count = mesh.positions.length / 3;
  const to = Array.from({ length: count }, (_, v) => (v * 5 + 3) % count);
  const positions = new Float64Array(mesh.positions.length);
  to.forEach((target, v) => positions.set(mesh.positions.subarray(v * 3, v * 3 + 3), target * 3));
  return { ...mesh, positions, indices: mesh.indices.map((v) => to[v]!) };
};
const mirrored = (mesh: CadMesh): CadMesh => ({
  ...mesh,
  positions: mesh.positions.map((value, at) => (at % 3 === 0 ? -value : value)),
  indices: mesh.indices.map((_, at) => mesh.indices[at % 3 === 0 ? at : at % 3 === 1 ? at + 1 : at - 1]!),
});
const away = fromAxes([120, -35, 60], [1, 2, 3], [0, 1, -0.5]);

describe('the same part in another place', () => {
  it('is found, and the placement brings one onto the other', () => {
    const placement = register(bracket(), moved(bracket(), away))!;
    expect(apply(placement, 40, 10, 6)).toEqual(apply(away, 40, 10, 6).map((value) => expect.closeTo(value, 6)));
  });
  it('is found although its vertices come in another order', () => {
    const placement = register(bracket(), shuffled(moved(bracket(), away)))!;
    expect(placement.t).toEqual(away.t.map((value) => expect.closeTo(value, 3)));
  });
  it('is stored once', () => {
    const { shapes, instances } = findInstances([bracket(), moved(bracket(), away), shuffled(moved(bracket(), away))]);
    expect([shapes, instances.map((instance) => instance.shape)]).toEqual([[0], [0, 0, 0]]);
  });
});

describe('parts that are merely alike', () => {
  it('a mirror image is a part of its own', () => {
    expect(measure(mirrored(bracket())).volumeMm3).toBeCloseTo(measure(bracket()).volumeMm3);
    expect(findInstances([bracket(), mirrored(bracket())]).shapes).toEqual([0, 1]);
  });
  it('a part with one corner moved by a tenth of a millimetre is a part of its own', () => {
    const other = bracket();
    other.positions[3]! += 0.1;
    expect(findInstances([bracket(), other]).shapes).toEqual([0, 1]);
  });
  it('a part with another colour on a face is a part of its own', () => {
    const painted: CadMesh = { ...bracket(), faces: [{ first: 0, count: 20, color: '#ff0000' }] };
    expect(findInstances([bracket(), painted]).shapes).toEqual([0, 1]);
  });
});
