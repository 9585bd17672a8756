import type { Vec3 } from '#protocol/spatial/index';

/** The plan never shows less than this, metres, so that one person alone is not a map of a square metre. */
const LEAST_SIDE_M = 4;
const MARGIN_M = 0.8;

/** A view box around points of the floor plan: metres, x to the right, z down the page. */
export function boxAround(points: readonly { readonly x: number; readonly z: number }[]): string {
  let [fromX, toX, fromZ, toZ] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, z } of points) {
    [fromX, toX] = [Math.min(fromX, x), Math.max(toX, x)];
    [fromZ, toZ] = [Math.min(fromZ, z), Math.max(toZ, z)];
  }
  const width = Math.max(LEAST_SIDE_M * 2, toX - fromX + MARGIN_M * 2);
  const height = Math.max(LEAST_SIDE_M, toZ - fromZ + MARGIN_M * 2);
  return `${(fromX + toX - width) / 2} ${(fromZ + toZ - height) / 2} ${width} ${height}`;
}

interface MarkProps {
  readonly name: string;
  readonly x: number;
  readonly z: number;
  /** Where they look; its height is left out. */
  readonly forwardInRoom: Vec3;
  readonly color: string;
}

/** Somebody from above, with a wedge where they look. */
export function PersonMark({ name, x, z, forwardInRoom: [dx, , dz], color }: MarkProps) {
  const headingDeg = (Math.atan2(dx, -dz) * 180) / Math.PI;
  return (
    <g transform={`translate(${x} ${z})`} data-person={name}>
      <path
        d="M0 0 L-0.45 -1 A1.1 1.1 0 0 1 0.45 -1 Z"
        transform={`rotate(${headingDeg})`}
        fill={color}
        opacity={0.35}
      />
      <circle r={0.16} fill={color} stroke="var(--wh-surface)" strokeWidth={0.03} />
      <text y={0.42} fontSize={0.24} textAnchor="middle" fill="var(--wh-text)">
        {name}
      </text>
    </g>
  );
}
