/**
 * Pictures of how it should look, for the sample jobs: drawn from the demo gearbox and the pump skid.
 *
 *   node --experimental-transform-types --conditions=source assets/pictures/job-pictures.ts        writes *.png beside this file
 */
import { NodeIO, type Node } from '@gltf-transform/core';
import { EXTMeshoptCompression, KHRMeshQuantization } from '@gltf-transform/extensions';
import { CarReader } from '@ipld/car';
import { readFile, writeFile } from 'node:fs/promises';
import { MeshoptDecoder } from 'meshoptimizer';
import { CID } from '#protocol/journal/index';
import type { Procedure } from '#protocol/procedures/index';
import { composePose, type Pose, type Vec3 } from '#protocol/spatial/index';
import { demoParts, gearboxAssembly, type DemoPart } from '../procedures/gearbox-assembly.ts';
import { draw, pngOf, type Drawn, type View } from './drawing.ts';

const SIZE = { widthPx: 640, heightPx: 480 };
const STEEL: Drawn['color'] = [178, 184, 190];

export interface JobPicture {
  readonly id: string;
  readonly png: Uint8Array;
}

export const fileOf = (id: string): URL => new URL(`./${id}.png`, import.meta.url);

interface Shown {
  readonly items: () => Promise<Drawn[]>;
  readonly view: Omit<View, 'widthPx' | 'heightPx'>;
}
const CARRIER = /^(carrier|plate|planet-\d|plate-screw-\d)$/;
const PICTURES: Readonly<Record<string, Shown>> = {
  'carrier-done': {
    items: () => gearboxItems(CARRIER),
    view: { from: [0.13, 0.2, -0.36], to: [0, 0.122, 0], fieldOfViewRad: 0.46 },
  },
  'gearbox-done': {
    items: () => gearboxItems(null),
    view: { from: [0.34, 0.36, 0.62], to: [0, 0.1, 0], fieldOfViewRad: 0.46 },
  },
  'breaker-locked': {
    items: () => pumpItems(),
    view: { from: [1.46, 1.14, 1.2], to: [1.46, 1.1, 0.6], fieldOfViewRad: 0.6 },
  },
  'guard-on': {
    items: () => pumpItems(),
    view: { from: [0.72, 1.0, 1.05], to: [0.5, 0.52, 0], fieldOfViewRad: 0.62 },
  },
};

export async function jobPicture(id: string): Promise<JobPicture> {
  const { items, view } = PICTURES[id]!;
  return { id, png: pngOf(draw(await items(), { ...SIZE, ...view }), SIZE.widthPx, SIZE.heightPx) };
}

/** The gearbox, or what belongs to these things of its procedure. */
async function gearboxItems(things: RegExp | null): Promise<Drawn[]> {
  const archive = await CarReader.fromBytes(await readFile(new URL('../demo/planetary-gearbox.car', import.meta.url)));
  const parts = await demoParts();
  const roots = things && thingsOf(await gearboxAssembly(), things);
  const shapes = new Map<string, Drawn[]>();
  const drawn: Drawn[] = [];
  for (const part of parts) {
    const { shape, color } = part;
    if (shape?.kind !== 'asset' || (roots && !isIn(part, roots, parts))) continue;
    const block = await archive.get(CID.parse(shape.cid) as never);
    if (!block) throw new Error(`The archive has no ${part.name}`);
    const known = shapes.get(shape.cid) ?? (await glbItems(block.bytes));
    shapes.set(shape.cid, known);
    drawn.push(...known.map((one) => placed({ ...one, color }, part.poseInRoom)));
  }
  return drawn;
}

function thingsOf({ workplace }: Procedure, wanted: RegExp): Set<string> {
  return new Set(workplace.things.flatMap(({ id, part }) => (part !== null && wanted.test(id) ? [part] : [])));
}

function isIn(part: DemoPart, roots: ReadonlySet<string>, parts: readonly DemoPart[]): boolean {
  for (let at: DemoPart | undefined = part; at; at = parts.find(({ id }) => id === at!.parent))
    if (roots.has(at.id)) return true;
  return false;
}

async function pumpItems(): Promise<Drawn[]> {
  return glbItems(new Uint8Array(await readFile(new URL('../equipment/pump-skid.glb', import.meta.url))), isShown);
}

/** What only shows while something is wrong. */
const isShown = (node: Node): boolean => node.getName() !== 'leak';

async function glbItems(bytes: Uint8Array, isWanted: (node: Node) => boolean = () => true): Promise<Drawn[]> {
  await MeshoptDecoder.ready;
  const io = new NodeIO()
    .registerExtensions([EXTMeshoptCompression, KHRMeshQuantization])
    .registerDependencies({ 'meshopt.decoder': MeshoptDecoder });
  const root = (await io.readBinary(Uint8Array.from(bytes))).getRoot();
  return root.listNodes().flatMap((node) => {
    if (!isWanted(node)) return [];
    const m = node.getWorldMatrix();
    return (node.getMesh()?.listPrimitives() ?? []).flatMap((primitive): Drawn[] => {
      const accessor = primitive.getAttribute('POSITION');
      // Feature edges are lines: the drawing finds its own.
      if (!accessor || primitive.getMode() !== 4) return [];
      const positions = new Float32Array(accessor.getCount() * 3);
      const p = [0, 0, 0];
      for (let i = 0; i < accessor.getCount(); i++) {
        accessor.getElement(i, p);
        for (let k = 0; k < 3; k++)
          positions[3 * i + k] = m[k]! * p[0]! + m[4 + k]! * p[1]! + m[8 + k]! * p[2]! + m[12 + k]!;
      }
      const material = primitive.getMaterial();
      const indices =
        primitive.getIndices()?.getArray() ?? Uint32Array.from({ length: accessor.getCount() }, (_, i) => i);
      const color = material ? srgb(material.getBaseColorFactor()) : STEEL;
      return [{ positions, indices, color, gloss: material && material.getMetallicFactor() > 0.5 ? 0.35 : 0.12 }];
    });
  });
}

function placed(item: Drawn, pose: Pose): Drawn {
  const positions = new Float32Array(item.positions.length);
  for (let i = 0; i < positions.length; i += 3) {
    const at: Vec3 = [item.positions[i]!, item.positions[i + 1]!, item.positions[i + 2]!];
    const moved = composePose(pose, { position: at, rotation: [0, 0, 0, 1] }).position;
    positions.set(moved, i);
  }
  return { ...item, positions };
}

/** From the linear factors of glTF. */
function srgb(factor: readonly number[]): Drawn['color'] {
  const channel = (x: number) => 255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055);
  return [channel(factor[0]!), channel(factor[1]!), channel(factor[2]!)];
}

if (import.meta.main)
  for (const id of Object.keys(PICTURES)) {
    const { png } = await jobPicture(id);
    await writeFile(fileOf(id), png);
    console.log(`${id}.png: ${Math.round(png.byteLength / 1000)} kB`);
  }
