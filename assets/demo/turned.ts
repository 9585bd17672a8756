/** The shapes a lathe and a drill make. Axis z, millimetres. */
import { draw, makeCylinder } from 'replicad';
import type { Shape3D } from 'replicad';

/** Revolves a closed outline of [radius, z] about the z axis. */
export function turned(outline: readonly (readonly [radius: number, z: number])[]): Shape3D {
  const [first, ...rest] = outline;
  let pen = draw([first![0], first![1]]);
  for (const [radius, z] of rest) pen = pen.lineTo([radius, z]);
  return pen.close().sketchOnPlane('XZ').revolve([0, 0, 1]) as Shape3D;
}

/** A disc or sleeve from z0 to z1 with its outer edges chamfered. */
export function sleeve(inner: number, outer: number, z0: number, z1: number, chamfer = 0): Shape3D {
  const c = chamfer;
  const outside: [number, number][] =
    c > 0
      ? [
          [outer - c, z0],
          [outer, z0 + c],
          [outer, z1 - c],
          [outer - c, z1],
        ]
      : [
          [outer, z0],
          [outer, z1],
        ];
  return turned([[inner, z0], ...outside, [inner, z1]]);
}

export function bore(radius: number, z0: number, z1: number, x = 0, y = 0): Shape3D {
  return makeCylinder(radius, z1 - z0, [x, y, z0], [0, 0, 1]);
}

/** One tool per place on a circle, `startDeg` from the x axis. */
export function around<T>(
  count: number,
  radius: number,
  startDeg: number,
  make: (x: number, y: number, angleDeg: number) => T,
): T[] {
  return Array.from({ length: count }, (_, index) => {
    const angleDeg = startDeg + (360 * index) / count;
    const angle = (angleDeg * Math.PI) / 180;
    return make(radius * Math.cos(angle), radius * Math.sin(angle), angleDeg);
  });
}

export function cutAll(body: Shape3D, tools: readonly Shape3D[]): Shape3D {
  return tools.reduce((shape, tool) => shape.cut(tool) as Shape3D, body);
}
