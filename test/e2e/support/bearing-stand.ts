/** A small product for the story: few faces, so that software rendering keeps up, and written by the CAD kernel. */
import { drawRoundedRectangle, makeCylinder, setOC } from 'replicad';
import type { Shape3D } from 'replicad';
import startOpenCascade from 'replicad-opencascadejs';
import { writeStepAssembly, type Part } from '../../../assets/demo/step-assembly.ts';

/** STEP of a shaft in two bearing blocks on a base: twelve solids of five shapes, in mm. */
export async function bearingStandStep(): Promise<Uint8Array> {
  setOC(await startOpenCascade());
  const cylinder = (radius: number, height: number) => makeCylinder(radius, height, [0, 0, 0], [0, 0, 1]) as Shape3D;
  const part = (name: string, color: string, shape: Shape3D): Part => ({ name, color, shape });
  const base = part('Base', '#3d4650', extruded(180, 90, 10, 8));
  const block = part(
    'Bearing block',
    '#5f7f9f',
    extruded(20, 60, 70, 3).cut(makeCylinder(12.5, 60, [-30, 0, 45], [1, 0, 0]) as Shape3D) as Shape3D,
  );
  const shaft = part('Shaft', '#b9bfc6', cylinder(12, 160));
  const collar = part('Collar', '#c8a04a', cylinder(19, 12).cut(cylinder(12, 12)) as Shape3D);
  const screw = part('Screw M8', '#2b2f33', cylinder(6.5, 8));
  return writeStepAssembly({
    name: 'Bearing stand',
    items: [
      { of: base, at: [0, 0, 0] },
      { of: block, at: [-50, 0, 10] },
      { of: block, at: [50, 0, 10] },
      { of: shaft, at: [-80, 0, 55], turnDeg: [0, 90, 0] },
      { of: collar, at: [-36, 0, 55], turnDeg: [0, 90, 0] },
      { of: collar, at: [24, 0, 55], turnDeg: [0, 90, 0] },
      ...[-75, 75].flatMap((x) => [-32, 0, 32].map((y) => ({ of: screw, at: [x, y, 10] as [number, number, number] }))),
    ],
  });
}

const extruded = (x: number, y: number, z: number, corner: number): Shape3D =>
  drawRoundedRectangle(x, y, corner).sketchOnPlane('XY').extrude(z) as Shape3D;
