import type { Vec3 } from '#protocol/spatial/index';
import type { AlignedBy } from './aligner.ts';

/** One press moves the overlay by so much: as far as an eye tells, and ten times that where it was put down by eye. */
const STEP_M = 0.002;
const STEP_RAD = 0.0087;

export interface Nudge {
  readonly key: 'left' | 'right' | 'up' | 'down' | 'nearer' | 'farther' | 'turnLeft' | 'turnRight';
  /** As one sees it: to the right, up, nearer; metres. */
  readonly shift: Vec3;
  readonly turnRad: number;
}

/** Steps along the axes of the view: left is left as one sees it. */
export function nudgesOf(by: AlignedBy | null): readonly Nudge[] {
  const times = by === 'manual' || by === 'hitTest' ? 10 : 1;
  const [m, rad] = [times * STEP_M, times * STEP_RAD];
  return [
    { key: 'left', shift: [-m, 0, 0], turnRad: 0 },
    { key: 'right', shift: [m, 0, 0], turnRad: 0 },
    { key: 'up', shift: [0, m, 0], turnRad: 0 },
    { key: 'down', shift: [0, -m, 0], turnRad: 0 },
    { key: 'nearer', shift: [0, 0, m], turnRad: 0 },
    { key: 'farther', shift: [0, 0, -m], turnRad: 0 },
    { key: 'turnLeft', shift: [0, 0, 0], turnRad: rad },
    { key: 'turnRight', shift: [0, 0, 0], turnRad: -rad },
  ];
}
