/** The cast and welded parts of the gearbox: covers, foot, and the wedge that opens them. Gear axis z, millimetres. */
import { draw, drawCircle, drawRoundedRectangle, makeCylinder } from 'replicad';
import type { Shape3D } from 'replicad';
import { around, bore, cutAll, turned } from './turned.ts';

export const FLANGE_R = 90;
export const BOLT_R = 81.5;
/** The wedge a cutaway opens in ring and covers, degrees from x. */
export const CUT_FROM_DEG = 8;
export const CUT_TO_DEG = 112;

/** Cuts the scallops and bolt holes of the flange. */
export type Lobed = (shape: Shape3D, z0: number, z1: number, holeR: number) => Shape3D;

export function inputCoverShape(lobed: Lobed): Shape3D {
  const body = turned([
    [18, -44],
    [20, -44],
    [20, -52],
    [36.5, -52],
    [38, -50.5],
    [38, -31.5],
    [40.5, -29],
    [FLANGE_R - 1.5, -29],
    [FLANGE_R, -27.5],
    [FLANGE_R, -17.5],
    [68, -17.5],
    [68, -24],
    [23.5, -24],
    [23.5, -26.2],
    [24.7, -26.2],
    [24.7, -28],
    [23.5, -28],
    [23.5, -42],
    [18, -42],
  ]);
  return cutAll(
    lobed(body, -29, -17.5, 2.6),
    around(4, 65, 45, (x, y) => bore(3.4, -30, -19, x, y)),
  );
}

export function outputCoverShape(lobed: Lobed): Shape3D {
  const body = turned([
    [68, 17.5],
    [FLANGE_R, 17.5],
    [FLANGE_R, 29.5],
    [FLANGE_R - 1.5, 31],
    [57, 31],
    [54.5, 33.5],
    [52, 40],
    [52, 77],
    [50, 79],
    [31, 79],
    [31, 68],
    [40, 68],
    [40, 25],
    [68, 25],
  ]);
  const rib = (angleDeg: number) => {
    const plate = draw([45, 30.5])
      .lineTo([73, 30.5])
      .lineTo([73, 33])
      .lineTo([53, 66])
      .lineTo([45, 66])
      .close()
      .sketchOnPlane('XZ', 3)
      .extrude(6) as Shape3D;
    return plate.rotate(angleDeg) as Shape3D;
  };
  const ribs = around(6, 0, 0, (_x, _y, angleDeg) => rib(angleDeg));
  const ribbed = ribs.reduce((shape, one) => shape.fuse(one) as Shape3D, lobed(body, 17.5, 31, 3.3));
  return cutAll(ribbed, [
    ...around(6, 42, 30, (x, y) => bore(3.4, 64, 80, x, y)),
    ...[150, 270].map((deg) =>
      bore(6, 20, 32, 64 * Math.cos((deg * Math.PI) / 180), 64 * Math.sin((deg * Math.PI) / 180)),
    ),
  ]);
}

/** Upright plate on the input cover, foot plate below with slots, two gussets. */
export function footShape(): Shape3D {
  const upright = (
    drawCircle(80).fuse(drawRoundedRectangle(160, 120).translate(0, -60)) as ReturnType<typeof drawCircle>
  )
    .sketchOnPlane('XY', -41)
    .extrude(12) as Shape3D;
  const foot = drawRoundedRectangle(200, 150, 14).translate(0, 25).sketchOnPlane('XZ', 112).extrude(12) as Shape3D;
  const gusset = (x: number) =>
    draw([-41, -58]).lineTo([-96, -113]).lineTo([-41, -113]).close().sketchOnPlane('ZY', x).extrude(10) as Shape3D;
  const slots = [
    [-82, -78],
    [82, -78],
    [-82, 28],
    [82, 28],
  ].map(
    ([x, z]) =>
      drawRoundedRectangle(11, 22, 5.45)
        .sketchOnPlane('XY')
        .extrude(30)
        .rotate(90, [0, 0, 0], [1, 0, 0])
        .translate(x!, -100, z!) as Shape3D,
  );
  // The foot is drawn on XZ, whose normal is -y: z of the sketch runs along the axis of the gears.
  let body = upright.fuse(foot.translate(0, 0, -50) as Shape3D) as Shape3D;
  for (const x of [-60, 50]) body = body.fuse(gusset(x)) as Shape3D;
  return cutAll(body, [bore(38.2, -42, -28), ...around(4, 65, 45, (x, y) => bore(4.3, -42, -28, x, y)), ...slots]);
}

export function wedge(): Shape3D {
  const [a, b] = [CUT_FROM_DEG, CUT_TO_DEG].map((deg) => (deg * Math.PI) / 180) as [number, number];
  const far = 260;
  const middle = (a + b) / 2;
  const at = (angle: number): [number, number] => [far * Math.cos(angle), far * Math.sin(angle)];
  const tool = draw([0, 0])
    .lineTo(at(a))
    .lineTo(at(middle))
    .lineTo(at(b))
    .close()
    .sketchOnPlane('XY', -100)
    .extrude(300) as Shape3D;
  // The bearing seats stay whole: what turns is held by them.
  return cutAll(tool, [makeCylinder(52, 300, [0, 0, 25], [0, 0, 1]), makeCylinder(39, 80, [0, 0, -104], [0, 0, 1])]);
}
