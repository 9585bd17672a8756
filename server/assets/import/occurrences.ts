/**
 * Gives baked meshes their places back.
 *
 * The first choice needs no recovery: parts read one by one (see isolate-parts) are placed as the STEP text says. Where that
 * cannot be, the baked meshes are matched one to one with the occurrences of the text, opened out in document order, and
 * believed only when every copy of a product, brought back to the product's own frame, has the same vertices. Otherwise (IGES,
 * or a text we cannot follow) by congruence, under the tree the kernel gave. Congruent shapes are then stored once.
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

/** The meshes of each product in its own frame, one per body, as indices into `meshes`. */
interface ProductMeshes {
  readonly meshes: readonly CadMesh[];
  readonly of: ReadonlyMap<StepProduct, readonly number[]>;
}
/** A mesh in its own frame, and the correction of frame its node needs. */
interface Local {
  readonly mesh: number;
  readonly shift: Rigid;
}

/** From parts that were read one by one; undefined when the kernel found other bodies than the text names. */
export function placeIsolated(
  read: BakedModel,
  productOf: ReadonlyMap<string, StepProduct>,
  roots: readonly StepProduct[],
): CadModel | undefined {
  const of = new Map<StepProduct, readonly number[]>();
  const visit = (node: BakedModel['root']): void => {
    const product = productOf.get(node.name);
    if (product) of.set(product, [...(of.get(product) ?? []), ...node.meshes, ...node.children.flatMap(meshesUnder)]);
    else node.children.forEach(visit);
  };
  visit(read.root);
  for (const product of productOf.values()) if ((of.get(product)?.length ?? 0) !== product.bodies) return undefined;
  const meshes = read.meshes.map((mesh) =>
    productOf.has(mesh.name) ? { ...mesh, name: productOf.get(mesh.name)!.name } : mesh,
  );
  return assemble(roots, { meshes, of });
}

function meshesUnder(node: BakedModel['root']): number[] {
  return [...node.meshes, ...node.children.flatMap(meshesUnder)];
}

/** From baked meshes: matched with the occurrences in document order, or else found by congruence. */
export function recoverOccurrences(
  baked: BakedModel,
  roots: readonly StepProduct[] | undefined,
  onProgress: (fraction: number) => void,
): CadModel & { isFromText: boolean } {
  const model = roots ? byText(baked, roots) : undefined;
  if (model) return { ...model, isFromText: true };
  return { ...byCongruence(baked, onProgress), isFromText: false };
}

function byText(baked: BakedModel, roots: readonly StepProduct[]): CadModel | undefined {
  const placed: { readonly product: StepProduct; readonly body: number; readonly inRoot: Rigid }[] = [];
  const open = (product: StepProduct, inRoot: Rigid): void => {
    for (let body = 0; body < product.bodies; body++) placed.push({ product, body, inRoot });
    for (const child of product.children) open(child.product, multiplyTransforms(inRoot, child.placement));
  };
  for (const root of roots) open(root, IDENTITY);
  if (placed.length !== baked.meshes.length) return undefined;

  const meshes: CadMesh[] = [];
  const of = new Map<StepProduct, number[]>();
  for (const [index, { product, body, inRoot }] of placed.entries()) {
    const mesh = baked.meshes[index]!;
    const known = of.get(product) ?? [];
    of.set(product, known);
    const first = known[body];
    if (first !== undefined) {
      if (!isSame(meshes[first]!, mesh, inRoot)) return undefined;
      continue;
    }
    known[body] = meshes.length;
    meshes.push(isIdentity(inRoot) ? mesh : moved(mesh, invertTransform(inRoot)));
  }
  return assemble(roots, { meshes, of });
}

function assemble(roots: readonly StepProduct[], { meshes, of }: ProductMeshes): CadModel {
  const shared = shareCongruent(meshes);
  const build = (product: StepProduct, name: string, key: string, poseInParent: Rigid): CadNode => {
    const bodies = (of.get(product) ?? []).map((index) => ({
      ...shared.of[index]!,
      color: meshes[index]!.color,
      name: meshes[index]!.name,
    }));
    const only = bodies[0];
    if (only && bodies.length === 1 && product.children.length === 0)
      return {
        name,
        key,
        poseInParent: toPose(multiplyTransforms(poseInParent, only.shift), MM),
        children: [],
        mesh: only.mesh,
        color: only.color,
      };
    const ordinals = new Map<string, number>();
    const children = [
      ...bodies.map((body, index): CadNode => ({
        name: body.name && body.name !== name ? body.name : `${name} ${index + 1}`,
        key: `body ${index}`,
        poseInParent: toPose(body.shift, MM),
        children: [],
        mesh: body.mesh,
        color: body.color,
      })),
      ...product.children.map((child): CadNode => {
        const ordinal = (ordinals.get(child.product.id) ?? 0) + 1;
        ordinals.set(child.product.id, ordinal);
        return build(
          child.product,
          child.product.name || child.name,
          `${child.product.id} ${ordinal}`,
          child.placement,
        );
      }),
    ];
    return { name, key, poseInParent: toPose(poseInParent, MM), children };
  };
  const trees = roots.map((root, index) => build(root, root.name, `${root.id} root ${index}`, IDENTITY));
  return { roots: trees.flatMap((tree) => withoutEmpty(tree)), meshes: shared.shapes.map((index) => meshes[index]!) };
}

/** Different products may hold the same geometry (exporters that write a product per copy). */
function shareCongruent(meshes: readonly CadMesh[]): { shapes: number[]; of: Local[] } {
  const found = findInstances(meshes);
  return {
    shapes: found.shapes,
    of: found.instances.map(({ shape, placement }) => ({ mesh: shape, shift: placement })),
  };
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
    const own = node.meshes.map((index, at) =>
      leaf(index, baked.meshes[index]!.name || `${node.name || 'body'} ${at + 1}`, `body ${at}`),
    );
    const only = own[0];
    if (only && own.length === 1 && node.children.length === 0) return { ...only, name: node.name || only.name, key };
    return {
      name: node.name,
      key,
      poseInParent: toPose(IDENTITY, MM),
      children: [...own, ...node.children.map((child, at) => build(child, `${child.name} ${at}`))],
    };
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
    if (
      Math.abs(x - q[i]!) > SAME_VERTEX_MM ||
      Math.abs(y - q[i + 1]!) > SAME_VERTEX_MM ||
      Math.abs(z - q[i + 2]!) > SAME_VERTEX_MM
    )
      return false;
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
  if (count > MAX_PLACED_PARTS)
    throw importProblem('too_many_parts', {
      parts: Number.isFinite(count) ? count : 'endless',
      limit: MAX_PLACED_PARTS,
    });
}
