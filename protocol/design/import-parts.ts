import * as dagCbor from '@ipld/dag-cbor';
import { sha256 } from '@noble/hashes/sha2.js';
import { generateNKeysBetween } from 'fractional-indexing';
import type { ImportResult } from '../assets/import-status.ts';
import type { ProductNode, ProductShape, ProductStructure } from '../assets/product-structure.ts';
import { PartId, type CidText, type OpId } from '../ids.ts';
import { composePose, IDENTITY_POSE, normalizeQuat, rotateVec3, type Pose, type Vec3 } from '../spatial/pose.ts';
import { nearestMaterial } from './nearest-material.ts';
import { MAX_PARTS_PER_OP } from './ops.ts';
import { DEFAULT_MATERIAL, type Part } from './part.ts';

export interface ImportPlacement {
  /** One import is one step for undo: all its ops carry this group. Part ids are derived from it. */
  readonly group: OpId;
  /** Group the product goes into, or null for the top of the tree. */
  readonly parent: PartId | null;
  /** Order key of the last sibling there, or null when there is none. */
  readonly after: string | null;
  /** Where the middle of the product's underside stands, in the parent's frame, metres. Null: as the file has it. */
  readonly standAt: Vec3 | null;
}

/** Well under the limit of an op (256 KiB), with room for the envelope. */
const BATCH_BYTES = 200 * 1024;
const MAX_NAME = 200;
const MAX_SOURCE_NODE = 500;

/**
 * Parts for a product that came in, in batches that fit one `parts.add` each; send them in order, with `group`.
 *
 * Every import gets part ids of its own (sha-256 of group and node id): the same file can come in twice, and into a
 * submission and its project. What stays the same over imports is `source.node`. Pure: the same arguments, the same
 * parts. A file with several roots is put into a group of its own, so that a product is always one thing to grab.
 */
export function importParts(
  result: Pick<ImportResult, 'structure' | 'fileName' | 'original'>,
  to: ImportPlacement,
): Part[][] {
  const { structure, fileName, original } = result;
  const offset = to.standAt ? standOffset(structure, to.standAt) : ([0, 0, 0] as Vec3);
  const roots = structure.nodes.filter((node) => node.parent === null);
  const parts: Part[] = [];
  const wrapper = roots.length > 1 ? derivedId(to.group, '') : null;
  const [rootOrder] = generateNKeysBetween(to.after, null, 1);
  if (wrapper)
    parts.push({
      id: wrapper,
      parent: to.parent,
      name: titleOf(fileName),
      order: rootOrder!,
      poseInParent: { ...IDENTITY_POSE, position: offset },
      hidden: false,
      material: DEFAULT_MATERIAL,
      shape: null,
    });
  const orders = ordersBySibling(structure.nodes);
  for (const node of structure.nodes) {
    const isRoot = node.parent === null;
    const pose: Pose = { position: node.poseInParent.position, rotation: normalizeQuat(node.poseInParent.rotation) };
    parts.push({
      id: derivedId(to.group, node.id),
      parent: isRoot ? (wrapper ?? to.parent) : derivedId(to.group, node.parent),
      name: node.name.trim().slice(0, MAX_NAME) || 'Part',
      order: isRoot && !wrapper ? rootOrder! : orders.get(node.id)!,
      poseInParent: isRoot && !wrapper ? { ...pose, position: sum(pose.position, offset) } : pose,
      hidden: false,
      ...surfaceAndShape(node, structure.shapes),
      source: { file: original.cid, node: node.id.slice(0, MAX_SOURCE_NODE) },
    });
  }
  return batches(parts);
}

/** Bounds of the whole product in its own frame, or null when it has no shape. */
export function productBoundsM({ nodes, shapes }: ProductStructure): { min: Vec3; max: Vec3 } | null {
  const poses = new Map<string | null, Pose>([[null, IDENTITY_POSE]]);
  const min: Vec3 = [Infinity, Infinity, Infinity];
  const max: Vec3 = [-Infinity, -Infinity, -Infinity];
  for (const node of nodes) {
    const pose = composePose(poses.get(node.parent)!, node.poseInParent);
    poses.set(node.id, pose);
    const bounds = node.shape === undefined ? undefined : shapes[node.shape]!.boundsM;
    if (!bounds) continue;
    for (const corner of cornersOf(bounds)) {
      const at = sum(rotateVec3(pose.rotation, corner), pose.position);
      for (const axis of [0, 1, 2] as const) {
        min[axis] = Math.min(min[axis], at[axis]);
        max[axis] = Math.max(max[axis], at[axis]);
      }
    }
  }
  return min[0] === Infinity ? null : { min, max };
}

function standOffset(structure: ProductStructure, standAt: Vec3): Vec3 {
  const bounds = productBoundsM(structure);
  if (!bounds) return standAt;
  const { min, max } = bounds;
  return [standAt[0] - (min[0] + max[0]) / 2, standAt[1] - min[1], standAt[2] - (min[2] + max[2]) / 2];
}

function surfaceAndShape(node: ProductNode, shapes: readonly ProductShape[]): Pick<Part, 'material' | 'shape'> {
  const shape = node.shape === undefined ? undefined : shapes[node.shape]!;
  if (!shape) return { material: DEFAULT_MATERIAL, shape: null };
  return {
    material: node.color === null ? { preset: 'original', color: DEFAULT_MATERIAL.color } : nearestMaterial(node.color),
    shape: { kind: 'asset', cid: shape.cid as CidText, boundsM: shape.boundsM, triangleCount: shape.triangleCount },
  };
}

/** Order keys that keep the file's own sequence among the children of each node. */
function ordersBySibling(nodes: readonly ProductNode[]): Map<string, string> {
  const siblings = new Map<string | null, string[]>();
  for (const { id, parent } of nodes) {
    const ids = siblings.get(parent);
    if (ids) ids.push(id);
    else siblings.set(parent, [id]);
  }
  const orders = new Map<string, string>();
  for (const ids of siblings.values())
    generateNKeysBetween(null, null, ids.length).forEach((order, index) => orders.set(ids[index]!, order));
  return orders;
}

function batches(parts: readonly Part[]): Part[][] {
  const result: Part[][] = [];
  let bytes = Infinity;
  for (const part of parts) {
    const size = dagCbor.encode(part).length;
    const batch = result.at(-1);
    if (!batch || batch.length === MAX_PARTS_PER_OP || bytes + size > BATCH_BYTES) {
      result.push([part]);
      bytes = size;
    } else {
      batch.push(part);
      bytes += size;
    }
  }
  return result;
}

/** 128 bits of sha-256 as 32 hex digits. */
function derivedId(group: string, node: string | null): PartId {
  const digest = sha256(new TextEncoder().encode(`${group}/${node}`)).subarray(0, 16);
  return PartId.parse(Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''));
}

const sum = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];

const titleOf = (fileName: string): string =>
  fileName
    .replace(/\.[A-Za-z0-9]{1,8}$/, '')
    .trim()
    .slice(0, MAX_NAME) || 'Product';

function* cornersOf({ min, max }: ProductShape['boundsM']): Generator<Vec3> {
  for (const x of [min[0], max[0]]) for (const y of [min[1], max[1]]) for (const z of [min[2], max[2]]) yield [x, y, z];
}
