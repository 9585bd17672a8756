/**
 * Spur gears with involute flanks (ISO 21771; basic rack ISO 53 profile A: pressure angle 20 degrees, addendum 1 m, dedendum 1.25 m).
 *
 * At radius r the half thickness of a tooth, as an angle, is psi(r) = pi/2z + inv(alpha) - inv(alpha_r), with
 * cos(alpha_r) = r_base / r and inv(a) = tan(a) - a. Below the base circle there is no involute: an arc rounds the root.
 */
import {
  assembleWire,
  basicFaceExtrusion,
  makeBSplineApproximation,
  makeFace,
  makeThreePointArc,
  Vector,
} from 'replicad';
import type { Edge, Shape3D } from 'replicad';

export interface GearTeeth {
  readonly moduleMm: number;
  readonly teeth: number;
  readonly pressureAngleDeg: number;
}

const FLANK_POINTS = 10;
/** Thinning of each flank at the pitch circle, millimetres: the play that lets real gears turn. */
const BACKLASH_MM = 0.04;

export const pitchRadius = ({ moduleMm, teeth }: GearTeeth) => (moduleMm * teeth) / 2;
export const tipRadius = (gear: GearTeeth) => pitchRadius(gear) + gear.moduleMm;
export const rootRadius = (gear: GearTeeth) => pitchRadius(gear) - 1.25 * gear.moduleMm;

/** External gear between z = -width/2 and width/2, a tooth on the x axis. */
export function extrudeTeeth(gear: GearTeeth, widthMm: number): Shape3D {
  return extrudeOutline(outline(gear, tipRadius(gear), rootRadius(gear), -BACKLASH_MM), widthMm);
}

/** What a ring gear leaves free: its tooth spaces have the shape of the teeth of an external gear. A space on the x axis. */
export function extrudeRingSpaces(gear: GearTeeth, widthMm: number): Shape3D {
  return extrudeOutline(
    outline(gear, pitchRadius(gear) + 1.25 * gear.moduleMm, pitchRadius(gear) - gear.moduleMm, BACKLASH_MM),
    widthMm,
  );
}

function extrudeOutline(edges: Edge[], widthMm: number): Shape3D {
  const solid = basicFaceExtrusion(makeFace(assembleWire(edges)), new Vector([0, 0, widthMm]));
  return solid.translate(0, 0, -widthMm / 2);
}

function outline(gear: GearTeeth, outerMm: number, innerMm: number, playMm: number): Edge[] {
  const pitch = pitchRadius(gear);
  const alpha = (gear.pressureAngleDeg * Math.PI) / 180;
  const base = pitch * Math.cos(alpha);
  const inv = (angle: number) => Math.tan(angle) - angle;
  const half = Math.PI / (2 * gear.teeth) + inv(alpha) + playMm / pitch;
  const psi = (r: number) => half - inv(Math.acos(Math.min(1, base / r)));
  const start = Math.max(base, innerMm + 0.35 * gear.moduleMm);
  const rootSpan = Math.min((0.42 * gear.moduleMm) / innerMm, (Math.PI / gear.teeth - psi(start)) * 0.8);
  const step = (2 * Math.PI) / gear.teeth;

  const edges: Edge[] = [];
  for (let tooth = 0; tooth < gear.teeth; tooth++) {
    const centre = tooth * step;
    const on = (r: number, angle: number): [number, number, number] => [
      r * Math.cos(centre + angle),
      r * Math.sin(centre + angle),
      0,
    ];
    const radii = Array.from({ length: FLANK_POINTS }, (_, i) => start + ((outerMm - start) * i) / (FLANK_POINTS - 1));
    const fillet = (side: number) =>
      [
        on(innerMm, side * (psi(start) + rootSpan)),
        on(innerMm + 0.29 * (start - innerMm), side * (psi(start) + 0.29 * rootSpan)),
        on(start, side * psi(start)),
      ] as const;
    const rising = fillet(-1);
    const falling = fillet(1);
    edges.push(makeThreePointArc(...rising));
    edges.push(
      makeBSplineApproximation(
        radii.map((r) => on(r, -psi(r))),
        { tolerance: 1e-4 },
      ),
    );
    edges.push(makeThreePointArc(on(outerMm, -psi(outerMm)), on(outerMm, 0), on(outerMm, psi(outerMm))));
    edges.push(makeBSplineApproximation(radii.map((r) => on(r, psi(r))).reverse(), { tolerance: 1e-4 }));
    edges.push(makeThreePointArc(falling[2], falling[1], falling[0]));
    const gap = step - 2 * (psi(start) + rootSpan);
    const from = psi(start) + rootSpan;
    edges.push(makeThreePointArc(on(innerMm, from), on(innerMm, from + gap / 2), on(innerMm, from + gap)));
  }
  return edges;
}
