import earcut from 'earcut';
import { plateHoles, type ParametricShape } from '#protocol/design/parametric';
import { boundsOfPositions, type ShapeGeometry } from './geometry.ts';

/**
 * Turns named dimensions into triangles, faces and feature edges. Pure, so that a changed dimension rebuilds one mesh
 * and nothing else. Face numbers are part of the agreement: comments are pinned to them, so they keep their order.
 *
 * box: 0 right, 1 left, 2 top, 3 bottom, 4 front, 5 back. cylinder: 0 side, 1 top, 2 bottom.
 * plate: 0-5 as the box, then one face per hole wall in the order of `plateHoles`.
 */
export function tessellate(shape: ParametricShape): ShapeGeometry {
  const mesh = new MeshWriter();
  if (shape.kind === 'box') {
    const { widthM, heightM, depthM } = shape.dimensions;
    const outline = rectangle(widthM / 2, depthM / 2);
    writeBox(mesh, widthM / 2, heightM / 2, depthM / 2, () => writeCaps(mesh, outline, [], heightM / 2));
  } else if (shape.kind === 'cylinder') {
    writeCylinder(mesh, shape.dimensions.radiusM, shape.dimensions.heightM / 2);
  } else {
    writePlate(mesh, shape.dimensions);
  }
  return mesh.finish();
}

/** Key under which equal parametric shapes share one mesh. */
export const parametricKey = (shape: ParametricShape): string =>
  `${shape.kind}:${Object.entries(shape.dimensions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(',')}`;

/** Largest distance between a circle and its chords, metres: what a good printer can make. */
const CHORD_ERROR_M = 0.0001;
const FEWEST_SEGMENTS = 20;
const MOST_SEGMENTS = 96;

export function circleSegments(radiusM: number): number {
  const wanted = Math.PI / Math.acos(Math.max(0, 1 - CHORD_ERROR_M / radiusM));
  return Math.max(FEWEST_SEGMENTS, Math.min(MOST_SEGMENTS, Math.ceil(wanted / 4) * 4));
}

type P3 = readonly [number, number, number];

class MeshWriter {
  readonly #positions: number[] = [];
  readonly #normals: number[] = [];
  readonly #indices: number[] = [];
  readonly #faces: [number, number][] = [];
  readonly #edges: number[] = [];

  vertex(position: P3, normal: P3): number {
    this.#positions.push(...position);
    this.#normals.push(...normal);
    return this.#positions.length / 3 - 1;
  }

  triangle(a: number, b: number, c: number): void {
    this.#indices.push(a, b, c);
  }

  edge(from: P3, to: P3): void {
    this.#edges.push(...from, ...to);
  }

  /** Everything written inside belongs to one face. */
  face(write: () => void): void {
    const first = this.#indices.length / 3;
    write();
    this.#faces.push([first, this.#indices.length / 3 - first]);
  }

  quad(a: P3, b: P3, c: P3, d: P3, normal: P3): void {
    const [i, j, k, l] = [a, b, c, d].map((p) => this.vertex(p, normal)) as [number, number, number, number];
    this.triangle(i, j, k);
    this.triangle(i, k, l);
  }

  finish(): ShapeGeometry {
    const positions = Float32Array.from(this.#positions);
    return {
      positions,
      normals: Float32Array.from(this.#normals),
      indices: Uint32Array.from(this.#indices),
      faces: this.#faces,
      edges: Float32Array.from(this.#edges),
      boundsM: boundsOfPositions(positions),
    };
  }
}

/** A box whose top and bottom are given; a plate puts its caps with holes there. */
function writeBox(mesh: MeshWriter, x: number, y: number, z: number, writeTopAndBottom: () => void): void {
  mesh.face(() => mesh.quad([x, -y, z], [x, -y, -z], [x, y, -z], [x, y, z], [1, 0, 0]));
  mesh.face(() => mesh.quad([-x, -y, -z], [-x, -y, z], [-x, y, z], [-x, y, -z], [-1, 0, 0]));
  writeTopAndBottom();
  mesh.face(() => mesh.quad([-x, -y, z], [x, -y, z], [x, y, z], [-x, y, z], [0, 0, 1]));
  mesh.face(() => mesh.quad([x, -y, -z], [-x, -y, -z], [-x, y, -z], [x, y, -z], [0, 0, -1]));
  for (const s of [-1, 1]) {
    for (const t of [-1, 1]) {
      mesh.edge([-x, s * y, t * z], [x, s * y, t * z]);
      mesh.edge([s * x, -y, t * z], [s * x, y, t * z]);
      mesh.edge([s * x, t * y, -z], [s * x, t * y, z]);
    }
  }
}

/** Points of a circle in the XZ plane, counter-clockwise seen from above (+Y). */
function circle(cx: number, cz: number, radius: number): [number, number][] {
  const count = circleSegments(radius);
  return Array.from({ length: count }, (_, i) => {
    const angle = (i / count) * 2 * Math.PI;
    return [cx + radius * Math.cos(angle), cz - radius * Math.sin(angle)];
  });
}

/** Wall along a closed circle from -y to y; `outward` is 1 for a shaft and -1 for a hole. */
function writeWall(mesh: MeshWriter, ring: [number, number][], centre: [number, number], y: number, outward: 1 | -1) {
  mesh.face(() => {
    const columns = [...ring, ring[0]!].map(([x, z]) => {
      const dx = x - centre[0];
      const dz = z - centre[1];
      const length = Math.hypot(dx, dz);
      const normal: P3 = [(outward * dx) / length, 0, (outward * dz) / length];
      return [mesh.vertex([x, -y, z], normal), mesh.vertex([x, y, z], normal)] as const;
    });
    for (let i = 0; i + 1 < columns.length; i++) {
      const [low, high] = columns[i]!;
      const [nextLow, nextHigh] = columns[i + 1]!;
      if (outward === 1) {
        mesh.triangle(low, nextLow, nextHigh);
        mesh.triangle(low, nextHigh, high);
      } else {
        mesh.triangle(low, nextHigh, nextLow);
        mesh.triangle(low, high, nextHigh);
      }
    }
  });
  ring.forEach(([x, z], i) => {
    const [nx, nz] = ring[(i + 1) % ring.length]!;
    mesh.edge([x, y, z], [nx, y, nz]);
    mesh.edge([x, -y, z], [nx, -y, nz]);
  });
}

function writeCap(mesh: MeshWriter, outline: [number, number][], holes: [number, number][][], y: number, up: boolean) {
  const flat = [outline, ...holes].flat(2);
  const starts: number[] = [];
  let at = outline.length;
  for (const hole of holes) {
    starts.push(at);
    at += hole.length;
  }
  const triangles = earcut(flat, starts);
  mesh.face(() => {
    const normal: P3 = [0, up ? 1 : -1, 0];
    const first: number[] = [];
    for (let i = 0; i < flat.length; i += 2) first.push(mesh.vertex([flat[i]!, y, flat[i + 1]!], normal));
    for (let i = 0; i < triangles.length; i += 3) {
      const [a, b, c] = [triangles[i]!, triangles[i + 1]!, triangles[i + 2]!];
      // Seen from above, x to the right and z towards the viewer: a positive area in (x, z) turns clockwise.
      const area =
        (flat[2 * b]! - flat[2 * a]!) * (flat[2 * c + 1]! - flat[2 * a + 1]!) -
        (flat[2 * c]! - flat[2 * a]!) * (flat[2 * b + 1]! - flat[2 * a + 1]!);
      if (area > 0 === up) mesh.triangle(first[a]!, first[c]!, first[b]!);
      else mesh.triangle(first[a]!, first[b]!, first[c]!);
    }
  });
}

function writeCylinder(mesh: MeshWriter, radius: number, y: number): void {
  const ring = circle(0, 0, radius);
  writeWall(mesh, ring, [0, 0], y, 1);
  writeCaps(mesh, ring, [], y);
}

const rectangle = (x: number, z: number): [number, number][] => [
  [-x, z],
  [x, z],
  [x, -z],
  [-x, -z],
];

function writeCaps(mesh: MeshWriter, outline: [number, number][], holes: [number, number][][], y: number): void {
  writeCap(mesh, outline, holes, y, true);
  writeCap(mesh, outline, holes, -y, false);
}

function writePlate(mesh: MeshWriter, d: Extract<ParametricShape, { kind: 'plate' }>['dimensions']): void {
  const [x, y, z] = [d.widthM / 2, d.thicknessM / 2, d.depthM / 2];
  const centres = plateHoles(d);
  const holes = centres.map(([cx, cz]) => circle(cx, cz, d.holeRadiusM));
  writeBox(mesh, x, y, z, () => writeCaps(mesh, rectangle(x, z), holes, y));
  holes.forEach((ring, i) => writeWall(mesh, ring, centres[i]!, y, -1));
}
