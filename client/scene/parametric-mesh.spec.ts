import { describe, expect, it } from 'vitest';
import { initialShape, type ParametricShape } from '#protocol/design/parametric';
import { faceOfTriangle, type ShapeGeometry } from './geometry.ts';
import { circleSegments, parametricKey, tessellate } from './parametric-mesh.ts';

/** Signed volume by the divergence theorem: right only when every triangle faces outwards and the mesh is closed. */
function volume({ positions: p, indices }: ShapeGeometry): number {
  let sum = 0;
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [indices[i]! * 3, indices[i + 1]! * 3, indices[i + 2]! * 3];
    sum +=
      p[a]! * (p[b + 1]! * p[c + 2]! - p[b + 2]! * p[c + 1]!) +
      p[a + 1]! * (p[b + 2]! * p[c]! - p[b]! * p[c + 2]!) +
      p[a + 2]! * (p[b]! * p[c + 1]! - p[b + 1]! * p[c]!);
  }
  return sum / 6;
}

/** Every normal must agree with the side its triangle shows. */
function flippedTriangles({ positions: p, normals: n, indices }: ShapeGeometry): number {
  let flipped = 0;
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [indices[i]! * 3, indices[i + 1]! * 3, indices[i + 2]! * 3];
    const u = [0, 1, 2].map((k) => p[b + k]! - p[a + k]!);
    const v = [0, 1, 2].map((k) => p[c + k]! - p[a + k]!);
    const cross = [u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!];
    if (cross[0]! * n[a]! + cross[1]! * n[a + 1]! + cross[2]! * n[a + 2]! < 0) flipped++;
  }
  return flipped;
}

const polygonArea = (radius: number) => {
  const count = circleSegments(radius);
  return (count / 2) * radius * radius * Math.sin((2 * Math.PI) / count);
};

describe('tessellation of parametric parts', () => {
  it('makes a closed box of the volume its dimensions say', () => {
    const box = tessellate({ kind: 'box', dimensions: { widthM: 0.2, heightM: 0.1, depthM: 0.3 } });
    expect(volume(box)).toBeCloseTo(0.006, 7);
    expect(box.faces).toHaveLength(6);
    expect(box.edges.length / 6).toBe(12);
    expect(flippedTriangles(box)).toBe(0);
  });

  it('makes a closed cylinder within the chord error of its radius', () => {
    const cylinder = tessellate(initialShape('cylinder'));
    expect(volume(cylinder)).toBeCloseTo(polygonArea(0.05) * 0.1, 7);
    expect(cylinder.faces).toHaveLength(3);
    expect(flippedTriangles(cylinder)).toBe(0);
    expect(cylinder.boundsM.max[1]).toBeCloseTo(0.05, 6);
  });

  it('drills every hole of a plate through and gives each wall its own face', () => {
    const plate: ParametricShape = {
      kind: 'plate',
      dimensions: {
        widthM: 0.2,
        depthM: 0.12,
        thicknessM: 0.01,
        holeRadiusM: 0.005,
        holesAcross: 4,
        holesAlong: 3,
        holeMarginM: 0.02,
      },
    };
    const mesh = tessellate(plate);
    expect(mesh.faces).toHaveLength(6 + 12);
    expect(volume(mesh)).toBeCloseTo((0.2 * 0.12 - 12 * polygonArea(0.005)) * 0.01, 7);
    expect(flippedTriangles(mesh)).toBe(0);
  });

  it('numbers faces the same way whatever the dimensions, so that comments stay where they were pinned', () => {
    const mesh = tessellate(initialShape('box'));
    mesh.faces.forEach(([first, count], face) => {
      expect(faceOfTriangle(mesh.faces, first)).toBe(face);
      expect(faceOfTriangle(mesh.faces, first + count - 1)).toBe(face);
    });
    expect(faceOfTriangle(mesh.faces, 12)).toBeNull();
    const top = mesh.indices[mesh.faces[2]![0] * 3]! * 3;
    expect(mesh.normals[top + 1]).toBe(1);
  });

  it('gives equal dimensions one key and other dimensions another', () => {
    const a = initialShape('plate');
    expect(parametricKey(a)).toBe(parametricKey(initialShape('plate')));
    expect(parametricKey(tweak(a))).not.toBe(parametricKey(a));
  });
});

const tweak = (shape: ParametricShape): ParametricShape =>
  ({ ...shape, dimensions: { ...shape.dimensions, widthM: 0.25 } }) as ParametricShape;
