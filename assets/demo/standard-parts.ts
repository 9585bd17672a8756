/** Bought parts of the gearbox, with the main dimensions of their standards. Axis z, millimetres. */
import { draw, drawPolysides, drawRoundedRectangle, makeSphere } from 'replicad';
import type { Shape3D } from 'replicad';
import type { Assembly, Item, Part } from './step-assembly.ts';
import { around, bore, cutAll, sleeve, turned } from './turned.ts';

export const COLOURS = {
  steel: '#c4c9ce',
  hardened: '#9aa2aa',
  blackOxide: '#33363a',
  brass: '#c19a4b',
  rubber: '#26282b',
  copper: '#b8714a',
  zinc: '#a9b0ad',
} as const;

/** ISO 4762 head proportions; the tip is chamfered, threads are not modelled. Head on z = 0, shank down. */
export function socketScrew(size: number, lengthMm: number): Part {
  const head = size * 0.8125;
  const r = size / 2;
  const blank = turned([
    [0, -lengthMm],
    [r * 0.8, -lengthMm],
    [r, -lengthMm + r * 0.35],
    [r, 0],
    [head, 0],
    [head, size * 0.88],
    [head * 0.9, size],
    [0, size],
  ]);
  const hex = drawPolysides(size * 0.48, 6)
    .sketchOnPlane('XY', size * 0.45)
    .extrude(size) as Shape3D;
  return { name: `Socket screw M${size} x ${lengthMm}`, shape: blank.cut(hex), color: COLOURS.blackOxide };
}

export function washer(size: number): Part {
  return { name: `Washer ${size}`, shape: sleeve(size * 0.535, size, 0, size * 0.26, 0.2), color: COLOURS.zinc };
}

/** ISO 15 deep groove ball bearing from z = 0 to its width: rings with raceways, a solid cage, balls. */
export function ballBearing(
  name: string,
  boreMm: number,
  outerMm: number,
  widthMm: number,
  balls: number,
  ballMm: number,
): Assembly {
  const pitch = (boreMm + outerMm) / 4;
  const [ri, ro, rb] = [boreMm / 2, outerMm / 2, ballMm / 2];
  const middle = widthMm / 2;
  const land = ballMm * 0.3;
  const groove = (shape: Shape3D) => shape.cut(turnedTorus(pitch, rb * 1.03, middle)) as Shape3D;
  const outer: Part = {
    name: `${name} outer ring`,
    shape: groove(sleeve(pitch + land, ro, 0, widthMm, 0.8)),
    color: COLOURS.steel,
  };
  const inner: Part = {
    name: `${name} inner ring`,
    shape: groove(sleeve(ri, pitch - land, 0, widthMm)),
    color: COLOURS.steel,
  };
  const pockets = around(balls, pitch, 0, (x, y) => makeSphere(rb * 1.04).translate(x, y, middle) as Shape3D);
  const cage: Part = {
    name: `${name} cage`,
    shape: cutAll(
      sleeve(pitch - ballMm * 0.13, pitch + ballMm * 0.13, middle - rb * 1.22, middle + rb * 1.22),
      pockets,
    ),
    color: COLOURS.brass,
  };
  const ball: Part = { name: `Ball ${ballMm}`, shape: makeSphere(rb), color: COLOURS.steel };
  const places = around(balls, pitch, 0, (x, y): Item => ({ of: ball, at: [x, y, middle] }));
  return { name, items: [{ of: outer }, { of: inner }, { of: cage }, ...places] };
}

function turnedTorus(pitch: number, r: number, z: number): Shape3D {
  return draw([pitch - r, z])
    .threePointsArcTo([pitch + r, z], [pitch, z + r])
    .threePointsArcTo([pitch - r, z], [pitch, z - r])
    .close()
    .sketchOnPlane('XZ')
    .revolve([0, 0, 1]) as Shape3D;
}

/** ISO 6194 lip seal from z = 0 to its width. */
export function lipSeal(name: string, shaftMm: number, outerMm: number, widthMm: number): Part {
  const [rs, ro] = [shaftMm / 2, outerMm / 2];
  const shape = turned([
    [rs + 0.05, widthMm * 0.45],
    [rs + 2.2, 0.2 * widthMm],
    [rs + 2.2, 0],
    [ro, 0],
    [ro, widthMm],
    [ro - 2.4, widthMm],
    [ro - 2.4, 0.3 * widthMm],
    [rs + 4, 0.3 * widthMm],
    [rs + 2.6, widthMm * 0.8],
    [rs + 1, widthMm * 0.8],
  ]);
  return { name, shape, color: COLOURS.rubber };
}

/** DIN 471 ring for a shaft, or DIN 472 for a bore: an open ring with two eyes, from z = 0. */
export function circlip(name: string, radiusMm: number, thicknessMm: number, isForBore: boolean): Part {
  const width = radiusMm * 0.16 + 0.8;
  const [inner, outer] = isForBore ? [radiusMm - width, radiusMm + 0.6] : [radiusMm - 0.6, radiusMm + width];
  const eyeAt = isForBore ? inner - 0.2 : outer + 0.2;
  const eye = width * 0.75;
  let shape = sleeve(inner, outer, 0, thicknessMm);
  const eyes = [-1, 1].map((side) => ({ x: eyeAt * Math.cos(side * 0.24), y: eyeAt * Math.sin(side * 0.24) }));
  for (const { x, y } of eyes) shape = shape.fuse(bore(eye, 0, thicknessMm, x, y)) as Shape3D;
  const gap = drawRoundedRectangle(outer * 1.6, outer * 0.22)
    .translate(outer * 1.1, 0)
    .sketchOnPlane('XY', -1)
    .extrude(thicknessMm + 2) as Shape3D;
  return {
    name,
    shape: cutAll(shape, [gap, ...eyes.map(({ x, y }) => bore(eye * 0.45, -1, thicknessMm + 1, x, y))]),
    color: COLOURS.hardened,
  };
}

/** ISO 773 form A key: bottom on z = 0, along x, centred. */
export function parallelKey(widthMm: number, heightMm: number, lengthMm: number): Part {
  return {
    name: `Key ${widthMm} x ${heightMm} x ${lengthMm}`,
    shape: keyBody(widthMm, heightMm, lengthMm),
    color: COLOURS.hardened,
  };
}
export function keyBody(widthMm: number, heightMm: number, lengthMm: number): Shape3D {
  return drawRoundedRectangle(lengthMm, widthMm, widthMm / 2 - 0.01)
    .sketchOnPlane('XY')
    .extrude(heightMm) as Shape3D;
}

export function needleRoller(diameterMm: number, lengthMm: number): Part {
  return {
    name: `Needle ${diameterMm} x ${lengthMm}`,
    shape: sleeveRod(diameterMm / 2, -lengthMm / 2, lengthMm / 2, 0.3),
    color: COLOURS.steel,
  };
}
export function sleeveRod(radius: number, z0: number, z1: number, chamfer: number): Shape3D {
  return turned([
    [0, z0],
    [radius - chamfer, z0],
    [radius, z0 + chamfer],
    [radius, z1 - chamfer],
    [radius - chamfer, z1],
    [0, z1],
  ]);
}

/** Hexagon screw plug with its copper ring below; sealing face on z = 0. */
export function screwPlug(): Assembly {
  const shank = turned([
    [0, -9],
    [5, -9],
    [6, -8],
    [6, 1.5],
    [10.5, 1.5],
    [10.5, 3.6],
    [9.9, 4.2],
    [0, 4.2],
  ]);
  const hex = drawPolysides(8.1, 6).sketchOnPlane('XY', 4).extrude(6.5) as Shape3D;
  const crown = turned([
    [0, 3],
    [8.3, 3],
    [8.3, 9.6],
    [7.2, 10.5],
    [0, 10.5],
  ]);
  const plug: Part = { name: 'Screw plug M12', shape: shank.fuse(hex.intersect(crown)), color: COLOURS.zinc };
  const ring: Part = { name: 'Sealing ring 12', shape: sleeve(6.1, 9.6, 0, 1.5, 0.3), color: COLOURS.copper };
  return { name: 'Oil plug', items: [{ of: plug }, { of: ring }] };
}
