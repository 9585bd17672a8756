import { describe, expect, it } from 'vitest';
import { findFeatureEdges } from './feature-edges.ts';
import { toSmoothMesh } from './smooth-regions.ts';

/** Side of a cylinder with `sides` facets, capped, as loose triangles. */
function cylinder(sides: number): Float64Array {
  const out: number[] = [];
  const at = (i: number, z: number) => [Math.cos((2 * Math.PI * i) / sides), Math.sin((2 * Math.PI * i) / sides), z];
  for (let i = 0; i < sides; i++) {
    out.push(...at(i, 0), ...at(i + 1, 0), ...at(i + 1, 1), ...at(i, 0), ...at(i + 1, 1), ...at(i, 1));
    out.push(...at(i + 1, 0), ...at(i, 0), 0, 0, 0, ...at(i, 1), ...at(i + 1, 1), 0, 0, 1);
  }
  // The last point of the circle is the first one, digit by digit.
  return Float64Array.from(out, (value) => Math.round(value * 1e9) / 1e9);
}

describe('a bare mesh gets what a B-rep has', () => {
  it('a cylinder of facets becomes three faces, with edges round both ends only', () => {
    const mesh = toSmoothMesh('c', cylinder(32));
    expect(mesh.faces.map((face) => face.count).sort((a, b) => a - b)).toEqual([32, 32, 64]);
    const edges = findFeatureEdges(Float32Array.from(mesh.positions), mesh.indices, mesh.faces);
    expect(edges.indices.length / 2).toBe(64);
  });
  it('its side is shaded round, its ends flat', () => {
    const mesh = toSmoothMesh('c', cylinder(32));
    const side = mesh.faces.find((face) => face.count === 64)!;
    const v = mesh.indices[side.first * 3]!;
    expect([mesh.normals[v * 3], mesh.normals[v * 3 + 1]]).toEqual(
      [mesh.positions[v * 3], mesh.positions[v * 3 + 1]].map((value) => expect.closeTo(value!, 1)),
    );
    const end = mesh.faces.find((face) => face.count === 32)!;
    expect(Math.abs(mesh.normals[mesh.indices[end.first * 3]! * 3 + 2]!)).toBeCloseTo(1);
  });
  it('a coarse prism keeps each of its sides', () => {
    expect(toSmoothMesh('c', cylinder(6)).faces).toHaveLength(8);
  });
  it('triangles without area are left out', () => {
    const flat = Float64Array.of(0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0);
    expect(toSmoothMesh('c', flat).indices).toHaveLength(3);
  });
});
