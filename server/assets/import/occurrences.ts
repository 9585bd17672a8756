/**
 * Gives baked meshes their places back.
 *
 * First by the STEP text: its occurrences, opened out in document order, are matched one to one with the kernel's meshes, and
 * believed only when every copy of a product, brought back to the product's own frame, has the same vertices. Otherwise (IGES, or
 * a text we cannot follow) by congruence, under the tree the kernel gave. Either way congruent shapes are then stored once.
 */
import { importProblem } from './import-problem.ts';
import { MAX_PLACED_PARTS } from './cad-model.ts';
import type { CadMesh, CadModel, CadNode } from './cad-model.ts';
import { findInstances, measure } from './congruence.ts';
import { apply, IDENTITY, invertTransform, isIdentity, multiplyTransforms, toPose } from './rigid.ts';
import type { Rigid, Triple } from './rigid.ts';
import type { BakedModel } from './occt.reader.ts';
import type { StepProduct } from './step-products.ts';

const MM = 1e-3;
const SAME_VERTEX_MM = 1e-3;

interface Placed {
  readonly product: StepProduct;
  readonly body: number;
  readonly inRoot: Rigid;
  readonly mesh: number;
}
/** A mesh in its own frame, and the correction of frame its node needs. */
interface Local {
  readonly mesh: number;
  readonly shift: Rigid;
}

export function recoverOccurrences(baked: BakedModel, products: StepProduct[] | undefined, onProgress: (fraction: number) => void): CadModel & { isFromText: boolean } {
  const model = products ? byText(baked, products) : undefined;
  if (model) return { ...model, isFromText: true };
  return { ...byCongruence(baked, onProgress), isFromText: false };
}

function byText(baked: BakedModel, products: StepProduct[]): CadModel | undefined {
  const placed: Placed[] = [];
  const open = (product: StepProduct, inRoot: Rigid): void => {
    for (let body = 0; body < product.bodies; body++) placed.push({ product, body, inRoot, mesh: placed.length });
    for (const child of product.children) open(child.product, multiplyTransforms(inRoot, child.placement));
  };
  for (const product of products) open(product, IDENTITY);
  if (placed.length !== baked.meshes.length) return undefined;

  const firsts = new Map<string, Placed>();
  const order = new Map<StepProduct, number>();
  const meshes: CadMesh[] = [];
  const local = new Map<string, number>();
  for (const one of placed) {
    if (!order.has(one.product)) order.set(one.product, order.size);
    const key = `${order.get(one.product)} ${one.body}`;
    const first = firsts.get(key);
    const mesh = baked.meshes[one.mesh]!;
    if (!first) {
      firsts.set(key, one);
      local.set(key, meshes.length);
      meshes.push(isIdentity(one.inRoot) ? mesh : moved(mesh, invertTransform(one.inRoot)));
    } else if (!isSame(meshes[local.get(key)!]!, mesh, one.inRoot)) return undefined;
  }
  const shared = shareCongruent(meshes);
  let at = 0;
  const build = (product: StepProduct, name: string, key: string, poseInParent: Rigid): CadNode => {
    const bodies = Array.from({ length: product.bodies }, (_, body) => {
      const mesh = baked.meshes[at++]!;
      return { ...shared.of[local.get(`${order.get(product)} ${body}`)!]!, color: mesh.color, name: mesh.name };
    });
    const isPart = product.children.length === 0 && bodies.length === 1;
    const place = isPart ? multiplyTransforms(poseInParent, bodies[0]!.shift) : poseInParent;
    if (isPart) return { name, key, poseInParent: toPose(place, MM), children: [], mesh: bodies[0]!.mesh, color: bodies[0]!.color };
    const ordinals = new Map<string, number>();
    const children = [
      ...bodies.map((body, index): CadNode => ({ name: body.name && body.name !== name ? body.name : `${name} ${index + 1}`, key: `body ${index}`, poseInParent: toPose(body.shift, MM), children: [], mesh: body.mesh, color: body.color })),
      ...product.children.map((child): CadNode => {
        const ordinal = (ordinals.get(child.product.id) ?? 0) + 1;
        ordinals.set(child.product.id, ordinal);
        return build(child.product, child.product.name || child.name, `${child.product.id} ${ordinal}`, child.placement);
      }),
    ];
    return { name, key, poseInParent: toPose(place, MM), children };
  };
  const roots = products.map((product, index) => build(product, product.name, `${product.id} root ${index}`, IDENTITY));
  return { roots: roots.flatMap((root) => withoutEmpty(root)), meshes: shared.shapes.map((index) => meshes[index]!) };
}

/** Different products may hold the same geometry (exporters that write a product per copy). */
function shareCongruent(meshes: readonly CadMesh[]): { shapes: number[]; of: Local[] } {
  const found = findInstances(meshes);
  return { shapes: found.shapes, of: found.instances.map(({ shape, placement }) => ({ mesh: shape, shift: placement })) };
}

function byCongruence(baked: BakedModel, onProgress: (fraction: number) => void): CadModel {
  const { shapes, instances } = findInstances(baked.meshes, onProgress);
  // A part's own frame is put in the middle of its box, so that its pose says where it stands.
  const isSingle = baked.meshes.length === 1;
  const centres = shapes.map((index): Triple => {
    const { min, max } = measure(baked.meshes[index]!);
    return isSingle ? [0, 0, 0] : [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
  });
  const meshes = shapes.map((index, shape) => {
    const [x, y, z] = centres[shape]!;
    return moved(baked.meshes[index]!, { ...IDENTITY, t: [-x, -y, -z] });
  });
  const leaf = (index: number, name: string, key: string): CadNode => {
    const { shape, placement } = instances[index]!;
    const pose = toPose(multiplyTransforms(placement, { ...IDENTITY, t: centres[shape]! }), MM);
    return { name, key, poseInParent: pose, children: [], mesh: shape, color: baked.meshes[index]!.color };
  };
  const build = (node: BakedModel['root'], key: string): CadNode => {
    const own = node.meshes.map((index, at) => leaf(index, baked.meshes[index]!.name || `${node.name || 'body'} ${at + 1}`, `body ${at}`));
    const only = own[0];
    if (only && own.length === 1 && node.children.length === 0) return { ...only, name: node.name || only.name, key };
    return { name: node.name, key, poseInParent: toPose(IDENTITY, MM), children: [...own, ...node.children.map((child, at) => build(child, `${child.name} ${at}`))] };
  };
  const root = build(baked.root, 'root');
  const roots = root.mesh === undefined && root.name === '' ? root.children : [root];
  return { roots: roots.flatMap((node) => withoutEmpty(node)), meshes };
}

/** Assemblies that show nothing (construction geometry, empty products) are left out. */
function withoutEmpty(node: CadNode): CadNode[] {
  const children = node.children.flatMap((child) => withoutEmpty(child));
  return node.mesh === undefined && children.length === 0 ? [] : [{ ...node, children }];
}


function isSame(local: CadMesh, placed: CadMesh, inRoot: Rigid): boolean {
  const { positions: p } = local;
  const { positions: q } = placed;
  if (p.length !== q.length || local.indices.length !== placed.indices.length) return false;
  for (let i = 0; i < p.length; i += 3) {
    const [x, y, z] = apply(inRoot, p[i]!, p[i + 1]!, p[i + 2]!);
    if (Math.abs(x - q[i]!) > SAME_VERTEX_MM || Math.abs(y - q[i + 1]!) > SAME_VERTEX_MM || Math.abs(z - q[i + 2]!) > SAME_VERTEX_MM) return false;
  }
  return true;
}

function moved(mesh: CadMesh, by: Rigid): CadMesh {
  const positions = new Float64Array(mesh.positions.length);
  const normals = new Float32Array(mesh.normals.length);
  const turn: Rigid = { r: by.r, t: [0, 0, 0] };
  for (let i = 0; i < positions.length; i += 3) {
    positions.set(apply(by, mesh.positions[i]!, mesh.positions[i + 1]!, mesh.positions[i + 2]!), i);
    normals.set(apply(turn, mesh.normals[i]!, mesh.normals[i + 1]!, mesh.normals[i + 2]!), i);
  }
  return { ...mesh, positions, normals };
}

export function refuseTooManyParts(count: number): void {
  if (count > MAX_PLACED_PARTS) throw importProblem('too_many_parts', { parts: Number.isFinite(count) ? count : 'endless', limit: MAX_PLACED_PARTS });
}
