import { describe, expect, it } from 'vitest';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import { pointedTo, wayTo } from './way-mark.ts';

const head: Pose = { position: [1, 1.6, 2], rotation: [0, 0, 0, 1] };

describe('the arrow to what is out of view', () => {
  it('is not there while one looks at it', () => {
    expect(wayTo(head, [1, 1.4, 0])).toBeNull();
  });
  it.each<[string, Vec3, Vec3]>([
    ['to the left', [-3, 1.6, 2], [-1, 0, 0]],
    ['to the right', [5, 1.6, 2], [1, 0, 0]],
    ['down', [1, 0, 2], [0, -1, 0]],
  ])('points %s', (_, place, direction) => {
    const way = wayTo(head, place)!;
    pointedTo(head, way).forEach((value, axis) => expect(value).toBeCloseTo(direction[axis]!, 9));
    // It stands on that side of the view.
    expect(Math.sign(Math.round((way.position[0] * direction[0] + way.position[1] * direction[1]) * 1e6))).toBe(1);
  });
  it('turns one around when it is straight behind', () => {
    expect(wayTo(head, [1, 1.6, 9])).not.toBeNull();
  });
});
