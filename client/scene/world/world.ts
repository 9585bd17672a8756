import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { partsOf, type Part } from '#protocol/design/index';
import type { Change, Document } from '#protocol/document/index';
import type { PartId } from '#protocol/ids';
import { composePose, IDENTITY_POSE, invertPose, rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import { EMPTY_BOUNDS, faceOfTriangle, joinBounds, type Bounds } from '../geometry.ts';
import { distanceToBounds, rayEntersBounds, rayHitsShape } from '../picking.ts';
import type { Stage } from '../stage/stage.ts';
import { pointOn, rayInFrame, transformPoint, type Ray } from '../vec.ts';
import { Batch } from './batch.ts';
import { batchKey, shapeKey } from './instancing-plan.ts';
import { linearColor, MaterialLibrary } from './materials.ts';
import { ShapeLibrary, type LoadedShape } from './shape-library.ts';

export interface PartHit {
  readonly part: PartId;
  readonly face: number | null;
  readonly distanceM: number;
  readonly pointInRoom: Vec3;
  readonly pointInPart: Vec3;
  readonly normalInPart: Vec3;
  readonly normalInRoom: Vec3;
}

interface Node {
  part: Part;
  readonly children: Set<PartId>;
  poseInRoom: Pose;
  /** Neither the part nor any group above it is hidden. */
  isShown: boolean;
  batch: string | null;
}

const WHITE = [1, 1, 1] as const;
/** Parts beside the selection step back by this much. */
const DIMMED = 0.8;

/** The design as it stands in the room: who is inside whom, where it is, and in which draw call. Knows nothing of tools. */
export class World {
  readonly shapes: ShapeLibrary;
  readonly #stage: Pick<Stage, 'eye' | 'invalidate' | 'onTheme' | 'scene' | 'surfaces' | 'vertexBudget'>;
  readonly #materials: MaterialLibrary;
  readonly #nodes = new Map<PartId, Node>();
  readonly #roots = new Set<PartId>();
  readonly #batches = new Map<string, Batch>();
  /** Parts that wait for their shape, by shape key. */
  readonly #waiting = new Map<string, Set<PartId>>();
  /** Poses shown instead of the document's: what somebody drags right now. In the part's parent. */
  readonly #carried = new Map<PartId, Pose>();
  readonly #changeListeners = new Set<() => void>();
  #bright: ReadonlySet<PartId> = new Set();
  #isXray = false;
  #showsFullShapes = false;
  #isDirty = true;
  #castersChanged = true;

  constructor(
    stage: Pick<Stage, 'eye' | 'invalidate' | 'onTheme' | 'scene' | 'surfaces' | 'vertexBudget'>,
    hallUrl: string,
  ) {
    this.#stage = stage;
    this.#materials = new MaterialLibrary(stage.scene, stage.surfaces);
    this.shapes = new ShapeLibrary(stage.scene, hallUrl, (key) => this.#shapeArrived(key));
    stage.onTheme(({ edge }) => this.#materials.setEdgeShade(edge));
    stage.scene.onBeforeRenderObservable.add(() => this.#flush());
  }

  /** Told once per drawn frame in which something moved, came or went. */
  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => void this.#changeListeners.delete(listener);
  }

  /** Starts over from a whole document. */
  load(document: Document): void {
    for (const id of [...this.#nodes.keys()]) this.#take(id);
    this.#nodes.clear();
    this.#roots.clear();
    const parts = partsOf(document);
    for (const part of parts.values()) this.#nodes.set(part.id, newNode(part));
    for (const part of parts.values()) this.#link(part);
    for (const root of this.#roots) this.#place(root);
  }

  /** In any order: a part may come before the group that it is in. */
  apply(changes: readonly Change[]): void {
    const moved = new Set<PartId>();
    for (const { table, id, before, after } of changes) {
      if (table !== 'parts') continue;
      const partId = id as PartId;
      const was = before as unknown as Part | undefined;
      const is = after as unknown as Part | undefined;
      if (was) this.#unlink(was);
      if (!is) {
        this.#take(partId);
        this.#nodes.delete(partId);
        this.#carried.delete(partId);
        moved.delete(partId);
        continue;
      }
      const node = this.#nodes.get(partId);
      if (node) node.part = is;
      else this.#nodes.set(partId, newNode(is));
      moved.add(partId);
      if (was?.shape && was.shape.kind !== 'asset' && was.shape !== is.shape) this.#forgetShape(was);
    }
    for (const id of moved) this.#link(this.#nodes.get(id)!.part);
    for (const id of moved) this.#place(id);
  }

  /** Shows a part somewhere else than the document says (null: where the document says). */
  carry(id: PartId, poseInParent: Pose | null): void {
    if (!this.#nodes.has(id)) return;
    if (poseInParent) this.#carried.set(id, poseInParent);
    else if (!this.#carried.delete(id)) return;
    this.#place(id);
  }

  /** Parts that stay bright while the others step back; empty: all are bright. */
  emphasize(parts: ReadonlySet<PartId>): void {
    this.#bright = this.withChildren(parts);
    this.#repaint();
  }

  setXray(isOn: boolean): void {
    this.#isXray = isOn;
    this.#repaint();
  }

  /** For a picture that is kept: every part has its shape in it, whatever it costs and however small it is. */
  set showsFullShapes(isOn: boolean) {
    this.#showsFullShapes = isOn;
    this.#stage.invalidate();
  }

  part(id: PartId): Part | undefined {
    return this.#nodes.get(id)?.part;
  }

  has(id: PartId): boolean {
    return this.#nodes.has(id);
  }

  isShown(id: PartId): boolean {
    return this.#nodes.get(id)?.isShown ?? false;
  }

  /** Where it is drawn now, drags included. */
  poseInRoom(id: PartId): Pose {
    return this.#nodes.get(id)?.poseInRoom ?? IDENTITY_POSE;
  }

  poseInParent(id: PartId): Pose {
    return this.#carried.get(id) ?? this.#nodes.get(id)?.part.poseInParent ?? IDENTITY_POSE;
  }

  parentPoseInRoom(id: PartId): Pose {
    const parent = this.#nodes.get(id)?.part.parent;
    return parent ? this.poseInRoom(parent) : IDENTITY_POSE;
  }

  shapeOf(id: PartId): LoadedShape | null {
    const shape = this.#nodes.get(id)?.part.shape;
    return shape ? this.shapes.get(shape) : null;
  }

  /** Every part with a shape that is shown. */
  *shownParts(): Iterable<PartId> {
    for (const [id, node] of this.#nodes) if (node.isShown && node.part.shape) yield id;
  }

  /** The parts and everything below them. */
  withChildren(parts: Iterable<PartId>): Set<PartId> {
    const all = new Set(parts);
    for (const id of all) for (const child of this.#nodes.get(id)?.children ?? []) all.add(child);
    return all;
  }

  boundsInRoom(parts?: Iterable<PartId>): Bounds {
    let bounds = EMPTY_BOUNDS;
    for (const id of parts ? this.withChildren(parts) : this.#nodes.keys()) {
      const node = this.#nodes.get(id);
      if (!node?.part.shape || (!node.isShown && !parts)) continue;
      bounds = joinBounds(bounds, turnedBounds(this.localBounds(node.part), node.poseInRoom));
    }
    return bounds;
  }

  localBounds(part: Part): Bounds {
    if (!part.shape) return EMPTY_BOUNDS;
    if (part.shape.kind === 'asset') return part.shape.boundsM;
    return this.shapes.get(part.shape)!.geometry.boundsM;
  }

  /** Nearest shown part under the ray. Parts whose model is still on its way are met at their box. */
  pick(ray: Ray, limitM = Infinity): PartHit | null {
    const candidates: { id: PartId; node: Node; local: Ray; entersM: number }[] = [];
    for (const [id, node] of this.#nodes) {
      if (!node.isShown || !node.part.shape) continue;
      const local = rayInFrame(ray, node.poseInRoom);
      const entersM = rayEntersBounds(local, this.localBounds(node.part), 1e-5);
      if (entersM !== null && entersM < limitM) candidates.push({ id, node, local, entersM });
    }
    candidates.sort((a, b) => a.entersM - b.entersM);
    let best: PartHit | null = null;
    for (const { id, node, local, entersM } of candidates) {
      if (best && entersM > best.distanceM) break;
      const shape = this.shapeOf(id);
      if (!shape) continue;
      const hit = rayHitsShape(local, shape.geometry, best?.distanceM ?? limitM);
      if (!hit) continue;
      best = {
        part: id,
        face: faceOfTriangle(shape.geometry.faces, hit.triangle),
        distanceM: hit.distanceM,
        pointInRoom: pointOn(ray, hit.distanceM),
        pointInPart: pointOn(local, hit.distanceM),
        normalInPart: hit.normal,
        normalInRoom: rotateVec3(node.poseInRoom.rotation, hit.normal),
      };
    }
    return best;
  }

  /** The smallest part whose box is within reach of a point: what a hand means when it closes there. */
  nearest(pointInRoom: Vec3, reachM: number): PartId | null {
    let best: PartId | null = null;
    let bestScore = Infinity;
    for (const [id, node] of this.#nodes) {
      if (!node.isShown || !node.part.shape) continue;
      const bounds = this.localBounds(node.part);
      const away = distanceToBounds(transformPoint(invertPose(node.poseInRoom), pointInRoom), bounds);
      if (away > reachM) continue;
      const size = Math.hypot(
        bounds.max[0] - bounds.min[0],
        bounds.max[1] - bounds.min[1],
        bounds.max[2] - bounds.min[2],
      );
      const score = away + size * 0.2;
      if (score < bestScore) {
        bestScore = score;
        best = id;
      }
    }
    return best;
  }

  dispose(): void {
    this.shapes.dispose();
    for (const batch of this.#batches.values()) batch.dispose();
  }

  /** Meshes that throw the contact shadow, when their list changed since the last call. */
  takeCasters(): Mesh[] | null {
    if (!this.#castersChanged) return null;
    this.#castersChanged = false;
    return [...this.#batches].filter(([key]) => key.endsWith('solid')).flatMap(([, batch]) => batch.casters);
  }

  #link(part: Part): void {
    if (part.parent === null) this.#roots.add(part.id);
    else this.#nodes.get(part.parent)?.children.add(part.id);
  }

  #unlink(part: Part): void {
    if (part.parent === null) this.#roots.delete(part.id);
    else this.#nodes.get(part.parent)?.children.delete(part.id);
  }

  /** Works out where the part and everything below it stand, and hands them to their draw calls. */
  #place(id: PartId): void {
    const node = this.#nodes.get(id);
    if (!node) return;
    const above = node.part.parent === null ? null : this.#nodes.get(node.part.parent);
    node.poseInRoom = composePose(above?.poseInRoom ?? IDENTITY_POSE, this.poseInParent(id));
    node.isShown = !node.part.hidden && (above?.isShown ?? true);
    this.#draw(id, node);
    for (const child of node.children) this.#place(child);
  }

  #draw(id: PartId, node: Node): void {
    const isGhost = this.#isXray && !this.#bright.has(id);
    const key = node.isShown ? batchKey(node.part, isGhost) : null;
    const shape = key && node.part.shape ? this.shapes.get(node.part.shape) : null;
    if (key && !shape) this.#waitFor(id, node.part);
    if (node.batch && node.batch !== (shape ? key : null)) this.#take(id);
    if (key && shape) {
      const isFaded = this.#bright.size > 0 && !this.#bright.has(id);
      const base = node.part.material.preset === 'original' ? WHITE : linearColor(node.part.material.color);
      this.#batch(key, node.part, shape, isGhost).write(
        id,
        node.poseInRoom,
        isFaded ? [base[0] * DIMMED, base[1] * DIMMED, base[2] * DIMMED] : base,
      );
      node.batch = key;
    }
    this.#changed();
  }

  #batch(key: string, part: Part, shape: LoadedShape, isGhost: boolean): Batch {
    const known = this.#batches.get(key);
    if (known) return known;
    const { preset } = part.material;
    const surfaces =
      preset === 'original'
        ? shape.pieces.map(({ material }) => this.#materials.original(material, isGhost))
        : [this.#materials.preset(preset, isGhost)];
    const edge = isGhost ? this.#materials.ghostEdge : this.#materials.solidEdge;
    const batch = new Batch(this.#stage.scene, key, shape, { surfaces, edge, keepsPieces: preset === 'original' });
    this.#batches.set(key, batch);
    this.#castersChanged = true;
    return batch;
  }

  #waitFor(id: PartId, part: Part): void {
    const key = shapeKey(part.shape!);
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting.add(id));
  }

  #shapeArrived(key: string): void {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    for (const id of waiting ?? []) {
      const node = this.#nodes.get(id);
      if (node) this.#draw(id, node);
    }
  }

  /** Takes a part out of its draw call; an empty one is let go. */
  #take(id: PartId): void {
    const node = this.#nodes.get(id);
    if (!node?.batch) return;
    const batch = this.#batches.get(node.batch)!;
    batch.remove(id);
    if (batch.size === 0) {
      batch.dispose();
      this.#batches.delete(node.batch);
      this.#castersChanged = true;
    }
    node.batch = null;
    this.#changed();
  }

  #forgetShape(was: Part): void {
    const key = shapeKey(was.shape!);
    for (const { part } of this.#nodes.values()) if (part.shape && shapeKey(part.shape) === key) return;
    this.shapes.forgetParametric(key);
  }

  #repaint(): void {
    for (const [id, node] of this.#nodes) if (node.part.shape) this.#draw(id, node);
  }

  #changed(): void {
    this.#isDirty = true;
    this.#stage.invalidate();
  }

  #flush(): void {
    this.#chooseDetail();
    for (const batch of this.#batches.values()) batch.flush();
    if (!this.#isDirty) return;
    this.#isDirty = false;
    for (const listener of this.#changeListeners) listener();
  }

  /** Leaves out what is too small to be seen, as soon as everything together would cost too much. */
  #chooseDetail(): void {
    let cost = 0;
    for (const batch of this.#batches.values()) cost += batch.cost;
    const isTooMuch = cost > this.#stage.vertexBudget && !this.#showsFullShapes;
    const eye = isTooMuch ? this.#stage.eye : null;
    for (const batch of this.#batches.values()) batch.chooseDetail(eye);
  }
}

const newNode = (part: Part): Node => ({
  part,
  children: new Set(),
  poseInRoom: IDENTITY_POSE,
  isShown: false,
  batch: null,
});

/** Box around a turned box. */
export function turnedBounds(bounds: Bounds, pose: Pose): Bounds {
  let result = EMPTY_BOUNDS;
  for (const x of [bounds.min[0], bounds.max[0]])
    for (const y of [bounds.min[1], bounds.max[1]])
      for (const z of [bounds.min[2], bounds.max[2]]) {
        const p = transformPoint(pose, [x, y, z]);
        result = joinBounds(result, { min: p, max: p });
      }
  return result;
}
