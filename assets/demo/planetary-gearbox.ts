/**
 * The demo product: a planetary gearbox on a foot, drawn here and nowhere else.
 *
 *   node --conditions=source assets/demo/planetary-gearbox.ts        writes the two STEP files beside this script
 *
 * Gear axis z while drawing (input at -z, output at +z); the root assembly turns it so that the foot stands on z = 0 of the file.
 */
import { writeFileSync } from 'node:fs';
import { setOC } from 'replicad';
import type { Shape3D } from 'replicad';
import startOpenCascade from 'replicad-opencascadejs';
import { extrudeRingSpaces, extrudeTeeth, tipRadius } from './gear-profile.ts';
import type { GearTeeth } from './gear-profile.ts';
import { DEFAULTS, meshOf } from './gearbox-parameters.ts';
import type { GearboxParameters } from './gearbox-parameters.ts';
import {
  ballBearing,
  circlip,
  COLOURS,
  keyBody,
  lipSeal,
  needleRoller,
  parallelKey,
  screwPlug,
  sleeveRod,
  socketScrew,
  washer,
} from './standard-parts.ts';
import {
  BOLT_R,
  CUT_FROM_DEG,
  CUT_TO_DEG,
  FLANGE_R,
  footShape,
  inputCoverShape,
  outputCoverShape,
  wedge,
} from './gearbox-housing.ts';
import { writeStepAssembly } from './step-assembly.ts';
import type { Assembly, Item, Part } from './step-assembly.ts';
import { around, bore, cutAll, sleeve, turned } from './turned.ts';

const PAINT = {
  ring: '#3f4d5c',
  cover: '#c9ced3',
  foot: '#2f3842',
  carrier: '#57738c',
  sun: '#e07b39',
  planet: '#c3c9cf',
  gasket: '#3d8f73',
} as const;

const AXIS_HEIGHT = 124;

export function planetaryGearbox(p: GearboxParameters = DEFAULTS): Assembly {
  const mesh = meshOf(p);
  const half = p.faceWidthMm / 2;
  const gear = (teeth: number): GearTeeth => ({ moduleMm: p.moduleMm, teeth, pressureAngleDeg: p.pressureAngleDeg });
  const opened = (shape: Shape3D) => (p.isCutaway ? (shape.cut(wedge()) as Shape3D) : shape);
  const boltStart = 180 / p.flangeBolts;
  const boltPlaces = around(p.flangeBolts, BOLT_R, boltStart, (x, y, angleDeg) => ({ x, y, angleDeg })).filter(
    ({ angleDeg }) => !p.isCutaway || angleDeg < CUT_FROM_DEG - 3 || angleDeg > CUT_TO_DEG + 3,
  );
  const lobed = (shape: Shape3D, z0: number, z1: number, holeR: number) =>
    cutAll(shape, [
      ...around(p.flangeBolts, FLANGE_R + 8, 0, (x, y) => bore(12.5, z0 - 1, z1 + 1, x, y)),
      ...around(p.flangeBolts, BOLT_R, boltStart, (x, y) => bore(holeR, z0 - 1, z1 + 1, x, y)),
    ]);

  // Ring gear and housing in one.
  const r = FLANGE_R;
  const ringBlank = turned([
    [60, -17],
    [r - 1, -17],
    [r, -16],
    [r, -6],
    [r - 2, -4],
    [r - 2, 4],
    [r, 6],
    [r, 16],
    [r - 1, 17],
    [60, 17],
  ]);
  const spaces = extrudeRingSpaces(gear(mesh.ringTeeth), 40).rotate(mesh.ringTurnDeg) as Shape3D;
  const ring: Part = {
    name: 'Ring gear housing',
    shape: opened(lobed(ringBlank, -17, 17, 3.3).cut(spaces) as Shape3D),
    color: PAINT.ring,
  };
  const gasket: Part = {
    name: 'Cover gasket',
    shape: opened(lobed(sleeve(76, r - 0.3, 0, 0.5), 0, 0.5, 3.4)),
    color: PAINT.gasket,
  };

  const inputCover: Part = { name: 'Input cover', shape: opened(inputCoverShape(lobed)), color: PAINT.cover };
  const outputCover: Part = { name: 'Output cover', shape: opened(outputCoverShape(lobed)), color: PAINT.cover };

  // Sun shaft, input key.
  const sunTeeth = chamferTips(
    extrudeTeeth(gear(p.sunTeeth), p.faceWidthMm + 2),
    tipRadius(gear(p.sunTeeth)),
    half + 1,
  );
  const sunShaft = turned([
    [0, -95],
    [9, -95],
    [10, -94],
    [10, -28],
    [11.5, -28],
    [11.5, -half - 3],
    [13, -half - 1],
    [13, half + 1],
    [8, half + 1],
    [8, half + 3],
    [7, half + 4],
    [0, half + 4],
  ]);
  const sun: Part = {
    name: 'Sun shaft',
    shape: (sunTeeth.fuse(sunShaft) as Shape3D).cut(lying(keyBody(6, 10, 28), 6.5, -76)) as Shape3D,
    color: PAINT.sun,
  };
  const inputKey = parallelKey(6, 6, 28);

  // Planets.
  const planetGear = gear(p.planetTeeth);
  const planetBlank = chamferTips(extrudeTeeth(planetGear, p.faceWidthMm), tipRadius(planetGear), half);
  const recess = [-1, 1].map((side) =>
    side < 0 ? sleeve(15, 21, -half - 1, -half + 2) : sleeve(15, 21, half - 2, half + 1),
  );
  const planet: Part = {
    name: 'Planet gear',
    shape: cutAll(planetBlank, [bore(12, -half - 1, half + 1), ...recess]),
    color: PAINT.planet,
  };
  const needle = needleRoller(4, p.faceWidthMm - 3);
  const thrust: Part = { name: 'Thrust washer', shape: sleeve(8.2, 14, 0, 1.6, 0.2), color: COLOURS.brass };
  const pin: Part = {
    name: 'Planet pin',
    shape: sleeveRod(8, -half - 12, half + 12, 1).cut(bore(2.5, -half - 13, half + 13)) as Shape3D,
    color: COLOURS.hardened,
  };
  const needles = Math.floor((2 * Math.PI * 10) / 4);
  const planetSet: Assembly = {
    name: 'Planet',
    items: [
      { of: planet },
      { of: pin },
      { of: thrust, at: [0, 0, half + 0.2] },
      { of: thrust, at: [0, 0, -half - 1.8] },
      ...around(needles, 10, 0, (x, y): Item => ({ of: needle, at: [x, y, 0] })),
    ],
  };

  // Carrier with the output shaft.
  const d = mesh.centreDistanceMm;
  const pinHoles = (z0: number, z1: number) => around(p.planets, d, 0, (x, y) => bore(8, z0, z1, x, y));
  const posts = around(p.planets, 50, 180 / p.planets, (x, y) => bore(11, -half - 2, half + 3, x, y));
  const shaft = turned([
    [0, 12],
    [62.5, 12],
    [64, 13.5],
    [64, 20.5],
    [62.5, 22],
    [24, 22],
    [24, 28],
    [20, 28],
    [20, 128.5],
    [18.5, 130],
    [0, 130],
  ]);
  const carrierBody = posts.reduce((body, post) => body.fuse(post) as Shape3D, shaft);
  const carrier: Part = {
    name: 'Planet carrier with output shaft',
    shape: cutAll(carrierBody, [
      ...pinHoles(11, 23),
      ...around(p.planets, 50, 180 / p.planets, (x, y) => bore(3.4, -13, 8, x, y)),
      turned([
        [0, 108],
        [5, 110],
        [5, 127],
        [6.5, 131],
        [0, 131],
      ]),
      lying(keyBody(12, 12, 36), 15, 106),
    ]),
    color: PAINT.carrier,
  };
  const plate: Part = {
    name: 'Carrier plate',
    shape: cutAll(sleeve(24, 64, -22, -12, 1.5), [
      ...pinHoles(-23, -11),
      ...around(p.planets, 50, 180 / p.planets, (x, y) => bore(4.3, -23, -11, x, y)),
      ...around(p.planets, 50, 180 / p.planets, (x, y) => bore(7, -23, -14, x, y)),
    ]),
    color: PAINT.carrier,
  };
  const carrierScrew = socketScrew(8, 20);
  const carrierSet: Assembly = {
    name: 'Planet carrier',
    items: [
      { of: carrier },
      { of: plate },
      ...around(p.planets, 50, 180 / p.planets, (x, y): Item => ({
        of: carrierScrew,
        at: [x, y, -14],
        turnDeg: [180, 0, 0],
      })),
      ...around(p.planets, d, 0, (x, y): Item => ({ of: planetSet, at: [x, y, 0] })).map((item, index) => ({
        ...item,
        turnDeg: [0, 0, mesh.planetTurnDeg[index]!] as const,
      })),
      { of: parallelKey(12, 8, 36), at: [0, 15, 106], turnDeg: [-90, 0, 90] },
    ],
  };
  const inputSet: Assembly = {
    name: 'Input shaft',
    items: [
      { of: sun },
      { of: inputKey, at: [0, 6.5, -76], turnDeg: [-90, 0, 90] },
      { of: ballBearing('Bearing 6204', 20, 47, 14, 8, 7.94), at: [0, 0, -42] },
      { of: circlip('Circlip 20', 10, 1.2, false), at: [0, 0, -43.2] },
    ],
  };
  const outputBearing = ballBearing('Bearing 6208', 40, 80, 18, 9, 12);
  const screw = socketScrew(6, 60);
  const washer6 = washer(6);
  const plug = screwPlug();
  const footScrew = socketScrew(8, 20);
  const housing: Assembly = {
    name: 'Housing',
    items: [
      { of: ring },
      { of: gasket, at: [0, 0, 17] },
      { of: gasket, at: [0, 0, -17.5] },
      { of: inputCover },
      { of: outputCover },
      { of: circlip('Circlip 47', 23.5, 1.75, true), at: [0, 0, -28], turnDeg: [0, 0, 180] },
      { of: lipSeal('Shaft seal 20 x 40 x 7', 20, 40, 7), at: [0, 0, -51.5] },
      { of: lipSeal('Shaft seal 40 x 62 x 8', 40, 62, 8), at: [0, 0, 70] },
      { of: outputBearing, at: [0, 0, 28] },
      { of: outputBearing, at: [0, 0, 50] },
      { of: { name: 'Spacer sleeve', shape: sleeve(33, 40, 46, 50), color: COLOURS.hardened } },
      ...boltPlaces.flatMap(({ x, y }): Item[] => [
        { of: washer6, at: [x, y, 31] },
        { of: screw, at: [x, y, 32.56] },
      ]),
      ...[150, 270].map((deg): Item => ({
        of: plug,
        at: [64 * Math.cos((deg * Math.PI) / 180), 64 * Math.sin((deg * Math.PI) / 180), 31],
      })),
    ],
  };
  // Where the cover is cut away a screw would hold nothing.
  const footPlaces = around(4, 65, 45, (x, y) => [x, y] as const).slice(p.isCutaway ? 1 : 0);
  const base: Assembly = {
    name: 'Base',
    items: [
      { of: { name: 'Foot bracket', shape: footShape(), color: PAINT.foot } },
      ...footPlaces.map(([x, y]): Item => ({ of: footScrew, at: [x, y, -41], turnDeg: [180, 0, 0] })),
    ],
  };
  const upright = { at: [0, 0, AXIS_HEIGHT], turnDeg: [90, 0, 0] } as const;
  return { name: 'Planetary gearbox', items: [housing, carrierSet, inputSet, base].map((of) => ({ of, ...upright })) };
}

/** A key or its seat, drawn lying on the x axis, set along the shaft with its bottom at height y. */
function lying(shape: Shape3D, y: number, z: number): Shape3D {
  return (shape.rotate(90, [0, 0, 0], [0, 1, 0]) as Shape3D)
    .rotate(-90, [0, 0, 0], [0, 0, 1])
    .rotate(180, [0, 0, 0], [0, 0, 1])
    .translate(0, y, z) as Shape3D;
}

/** Breaks the corners of the teeth at both ends, as a hobbed gear has them. */
function chamferTips(teeth: Shape3D, tipMm: number, half: number): Shape3D {
  const c = 0.8;
  const reach = tipMm + 0.05;
  return teeth.intersect(
    turned([
      [0, -half],
      [reach - c, -half],
      [reach, -half + c],
      [reach, half - c],
      [reach - c, half],
      [0, half],
    ]),
  ) as Shape3D;
}

export function countParts(item: Part | Assembly): number {
  return 'shape' in item ? 1 : item.items.reduce((sum, child) => sum + countParts(child.of), 0);
}

if (import.meta.main) {
  setOC(await startOpenCascade());
  const product = planetaryGearbox(DEFAULTS);
  const file = new URL('./planetary-gearbox.step', import.meta.url);
  const bytes = writeStepAssembly(product);
  writeFileSync(file, bytes);
  console.log(
    `${file.pathname.split('/').at(-1)}: ${countParts(product)} parts, ${Math.round(bytes.byteLength / 1024)} kB`,
  );
}
