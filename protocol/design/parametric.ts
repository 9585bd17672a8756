import { z } from 'zod';

/**
 * Parts defined by named dimensions. Adding a kind: its dimensions with limits here, its tessellation in
 * `client/scene/parametric-mesh.ts`, its words in the client's strings.
 *
 * Frames: the origin is the centre of the bounding box; Y is the height (cylinder axis, plate thickness).
 */
export interface Dimension {
  readonly unit: 'm' | 'count';
  readonly min: number;
  readonly max: number;
  readonly initial: number;
}

const length = (initial: number): Dimension => ({ unit: 'm', min: 0.0001, max: 100, initial });

export const PARAMETRIC = {
  box: { widthM: length(0.1), heightM: length(0.1), depthM: length(0.1) },
  cylinder: { radiusM: length(0.05), heightM: length(0.1) },
  plate: {
    widthM: length(0.2),
    depthM: length(0.12),
    thicknessM: length(0.01),
    holeRadiusM: length(0.005),
    holesAcross: { unit: 'count', min: 0, max: 20, initial: 2 },
    holesAlong: { unit: 'count', min: 0, max: 20, initial: 2 },
    /** Distance of the outer hole centres from the plate's edges. */
    holeMarginM: length(0.02),
  },
} as const satisfies Record<string, Record<string, Dimension>>;

export type ParametricKind = keyof typeof PARAMETRIC;
export const PARAMETRIC_KINDS = Object.keys(PARAMETRIC) as ParametricKind[];

function dimensionsOf<K extends ParametricKind>(kind: K) {
  const fields = Object.entries(PARAMETRIC[kind]).map(([key, { unit, min, max }]: [string, Dimension]) => {
    const number = z.number().min(min).max(max);
    return [key, unit === 'count' ? number.int() : number];
  });
  return z.strictObject(Object.fromEntries(fields) as Record<keyof (typeof PARAMETRIC)[K] & string, z.ZodNumber>);
}

export const ParametricShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('box'), dimensions: dimensionsOf('box') }),
  z.strictObject({ kind: z.literal('cylinder'), dimensions: dimensionsOf('cylinder') }),
  z.strictObject({ kind: z.literal('plate'), dimensions: dimensionsOf('plate') }),
]);
export type ParametricShape = z.infer<typeof ParametricShape>;

export function initialShape(kind: ParametricKind): ParametricShape {
  const dimensions = Object.fromEntries(
    Object.entries(PARAMETRIC[kind]).map(([key, d]: [string, Dimension]) => [key, d.initial]),
  );
  return ParametricShape.parse({ kind, dimensions });
}

/** Hole centres of a plate in its own frame, metres, `[x, z]`. */
export function plateHoles(d: Extract<ParametricShape, { kind: 'plate' }>['dimensions']): [number, number][] {
  const line = (count: number, spanM: number) =>
    count === 1 ? [0] : Array.from({ length: count }, (_, i) => -spanM / 2 + (i * spanM) / (count - 1));
  return line(d.holesAcross, d.widthM - 2 * d.holeMarginM).flatMap((x) =>
    line(d.holesAlong, d.depthM - 2 * d.holeMarginM).map((z): [number, number] => [x, z]),
  );
}

/** Why these dimensions cannot be made, or null when they can: the name of the dimension to change. */
export function impossibleDimension(shape: ParametricShape): string | null {
  if (shape.kind !== 'plate') return null;
  const d = shape.dimensions;
  if (d.holesAcross === 0 || d.holesAlong === 0) return null;
  if (d.holeMarginM <= d.holeRadiusM) return 'holeMarginM';
  if (d.widthM < 2 * d.holeMarginM || d.depthM < 2 * d.holeMarginM) return 'holeMarginM';
  const pitch = (count: number, spanM: number) => (count < 2 ? Infinity : spanM / (count - 1));
  if (pitch(d.holesAcross, d.widthM - 2 * d.holeMarginM) <= 2 * d.holeRadiusM) return 'holesAcross';
  if (pitch(d.holesAlong, d.depthM - 2 * d.holeMarginM) <= 2 * d.holeRadiusM) return 'holesAlong';
  return null;
}
