import { describe, expect, it } from 'vitest';
import { boxOf, isFar } from './detail.ts';

const eye = { position: [0, 0, 0] as [number, number, number], pixelsPerRad: 1000 };

describe('detail by size in the picture', () => {
  it('draws a small or distant part as its box, and a near or large one as it is', () => {
    expect(isFar(eye, 0, 0, -10, 0.1, false)).toBe(true);
    expect(isFar(eye, 0, 0, -2, 0.1, false)).toBe(false);
    expect(isFar(eye, 0, 0, -10, 1, false)).toBe(false);
    expect(isFar(eye, 0, 0, 0, 0.1, false)).toBe(false);
  });

  it('does not flicker when somebody stands at the limit', () => {
    expect(isFar(eye, 0, 0, -3.8, 0.1, false)).toBe(false);
    expect(isFar(eye, 0, 0, -3.8, 0.1, true)).toBe(true);
  });

  it('makes a closed box whose faces look outward', () => {
    const { positions, normals, indices } = boxOf({ min: [-1, -2, -3], max: [1, 2, 3] });
    const point = (i: number) => [positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!] as const;
    let volume = 0;
    for (let i = 0; i < indices.length; i += 3) {
      const [a, b, c] = [point(indices[i]!), point(indices[i + 1]!), point(indices[i + 2]!)];
      const cross = [b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0]] as const;
      volume += (a[0] * cross[0] + a[1] * cross[1] + a[2] * cross[2]) / 6;
      const n = indices[i]! * 3;
      expect(a[0] * normals[n]! + a[1] * normals[n + 1]! + a[2] * normals[n + 2]!).toBeGreaterThan(0);
    }
    expect(volume).toBeCloseTo(2 * 4 * 6, 4);
  });
});
