import { expect, it } from 'vitest';
import { laidOut } from './gearbox-product.ts';

it('lays parts out beside each other in their trays, on the bench, none upon another', () => {
  const box = (size: number) => ({ min: [-size, -size / 2, -size] as const, max: [size, size, size] as const });
  const boxes = Array.from({ length: 40 }, (_, n) => [`part-${n}`, box(0.01 + (n % 5) * 0.012)] as const);
  const trays = [
    { min: [-1, -0.35], max: [-0.45, 0.4] },
    { min: [0.45, -0.35], max: [1, 0.4] },
  ] as const;
  const poses = laidOut(boxes, trays);
  expect(poses.size).toBe(40);
  const placed = boxes.map(([thing, { min, max }]) => {
    const [x, y, z] = poses.get(thing)!.position;
    expect(y + min[1]).toBeCloseTo(0);
    return [x + min[0], x + max[0], z + min[2], z + max[2]] as const;
  });
  for (const [i, a] of placed.entries()) {
    expect(
      trays.some(
        ({ min, max }) =>
          a[0] >= min[0] - 1e-9 && a[1] <= max[0] + 1e-9 && a[2] >= min[1] - 1e-9 && a[3] <= max[1] + 1e-9,
      ),
    ).toBe(true);
    for (const b of placed.slice(i + 1)) expect(a[0] < b[1] && b[0] < a[1] && a[2] < b[3] && b[2] < a[3]).toBe(false);
  }
});
