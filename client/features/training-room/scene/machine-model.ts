import type { AssetContainer } from '@babylonjs/core/assetContainer.js';
import { VertexBuffer } from '@babylonjs/core/Buffers/buffer.js';
import type { Material } from '@babylonjs/core/Materials/material.js';
import type { PBRMaterial } from '@babylonjs/core/Materials/PBR/pbrMaterial.js';
import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { EquipmentModel } from '#protocol/equipment/index';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import {
  boundsOfPositions,
  EMPTY_BOUNDS,
  joinBounds,
  type Bounds,
  type ShapeGeometry,
} from '../../../scene/geometry.ts';
import { rayEntersBounds, rayHitsShape } from '../../../scene/picking.ts';
import type { Stage } from '../../../scene/stage/stage.ts';
import { distance, normalize, type Ray } from '../../../scene/vec.ts';
import { MaterialLibrary } from '../../../scene/world/materials.ts';
import type { LoadedShape } from '../../../scene/world/shape-library.ts';
import type { MachinePicture } from '../model/machine-feed.ts';
import { motionsOf, movesIn, rolesOf, type Motion, type Moves, type NodeRole } from './machine-nodes.ts';

export interface MachineHit {
  readonly kind: 'control' | 'thing';
  readonly id: string;
  readonly distanceM: number;
  readonly pointInRoom: Vec3;
}

/** As much of a stage as a model needs: also one that is looked at through a rendered lens. */
type ModelStage = Pick<Stage, 'invalidate' | 'scene' | 'surfaces'>;

interface Piece {
  readonly mesh: Mesh;
  /** In the mesh's own frame. */
  readonly geometry: ShapeGeometry;
  /** Its node or the next one above that means something. */
  readonly role: NodeRole | null;
  readonly own: Material | null;
}
interface Rest {
  readonly node: TransformNode;
  readonly position: Vector3;
  readonly rotation: Quaternion;
  spinRad: number;
}

/** How bright a lamp shines that is lit, and one that is not. */
const LIT = 2.6;
const UNLIT = 0.35;
const TURN = 2 * Math.PI;

// Scratch of the per-frame code.
const axisV = new Vector3();
const turnQ = new Quaternion();

/** A simulated machine in the scene: its GLB, moved by the machine's pictures. */
export class MachineModel {
  readonly #stage: ModelStage;
  readonly #container: AssetContainer;
  readonly #materials: MaterialLibrary;
  readonly #rests = new Map<string, Rest>();
  readonly #pieces: Piece[] = [];
  readonly #moves: ReadonlyMap<string, Moves>;
  readonly #spinning = new Map<string, { axis: Vec3; hz: number }>();
  readonly #shapes = new Map<string, LoadedShape>();
  readonly #lamps = new Map<string, Material>();
  readonly #last = new Map<string, Motion>();
  #leftOut: ReadonlySet<string> = new Set();
  #shown: readonly number[] = [];

  private constructor(
    stage: ModelStage,
    readonly model: EquipmentModel,
    container: AssetContainer,
    moves: ReadonlyMap<string, Moves>,
  ) {
    this.#stage = stage;
    this.#container = container;
    this.#moves = moves;
    this.#materials = new MaterialLibrary(stage.scene, stage.surfaces);
    container.addAllToScene();
    const roles = rolesOf(model);
    for (const node of [...container.transformNodes, ...container.meshes]) {
      node.rotationQuaternion ??= Quaternion.FromEulerVector(node.rotation);
      const [position, rotation] = [node.position.clone(), node.rotationQuaternion.clone()];
      if (!this.#rests.has(node.name)) this.#rests.set(node.name, { node, position, rotation, spinRad: 0 });
    }
    for (const mesh of container.meshes) this.#take(mesh, roles);
    // Drawn by the hall's own surface: see client/scene/stage/surface.ts.
    for (const material of container.materials) material.dispose();
  }

  static async load(stage: ModelStage, model: EquipmentModel, url: string): Promise<MachineModel> {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the model of ${model.about.id} did not come: ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { readGlb } = await import('../../../scene/world/glb-reader.ts');
    return new MachineModel(stage, model, await readGlb(bytes, stage.scene), movesIn(bytes));
  }

  /** Meshes that throw a shadow. */
  get meshes(): Mesh[] {
    return this.#pieces.filter(({ mesh }) => mesh.isEnabled()).map(({ mesh }) => mesh);
  }

  /** Brings every node to where the picture has it. */
  show(picture: MachinePicture): void {
    if (picture.shown === this.#shown) return;
    const isSame =
      this.#shown.length === picture.shown.length && this.#shown.every((value, at) => value === picture.shown[at]);
    this.#shown = picture.shown;
    if (isSame) return;
    let isSeen = false;
    for (const [name, motion] of motionsOf(this.model, picture, this.#moves)) {
      const last = this.#last.get(name);
      // Instruments tremble all the time: what nobody sees moves nothing and draws nothing.
      if (last && !isSeenFrom(last, motion)) continue;
      this.#last.set(name, motion);
      this.#move(name, motion);
      isSeen = true;
    }
    if (isSeen) this.#stage.invalidate();
  }

  /** Turns what spins by so much time. Returns whether anything does. */
  spin(elapsedMs: number): boolean {
    let isSpinning = false;
    for (const [name, { axis, hz }] of this.#spinning) {
      if (hz === 0) continue;
      isSpinning = true;
      const rest = this.#rests.get(name)!;
      // Beyond a few turns a second the eye sees no more of it.
      rest.spinRad = (rest.spinRad + Math.min(hz, 3) * TURN * (elapsedMs / 1000)) % TURN;
      this.#turn(rest, axis, rest.spinRad);
    }
    return isSpinning;
  }

  /** Nearest control or thing that the ray meets; whatever else stands in the way hides it. */
  pick(ray: Ray, limitM = Infinity): MachineHit | null {
    let best: (Omit<MachineHit, 'kind' | 'id'> & { role: NodeRole | null }) | null = null;
    for (const { mesh, geometry, role } of this.#pieces) {
      if (!mesh.isEnabled()) continue;
      const matrix = mesh.computeWorldMatrix(true);
      const local = inFrameOf(ray, matrix);
      if (rayEntersBounds(local, geometry.boundsM, 1e-5) === null) continue;
      const hit = rayHitsShape(local, geometry);
      if (!hit) continue;
      const { origin, direction } = local;
      const at = new Vector3(
        origin[0] + direction[0] * hit.distanceM,
        origin[1] + direction[1] * hit.distanceM,
        origin[2] + direction[2] * hit.distanceM,
      );
      const { x, y, z } = Vector3.TransformCoordinates(at, matrix);
      const distanceM = distance(ray.origin, [x, y, z]);
      if (distanceM < (best?.distanceM ?? limitM)) best = { distanceM, pointInRoom: [x, y, z], role };
    }
    const { control = null, thing = null } = best?.role ?? {};
    if (!best || (control === null && thing === null)) return null;
    const { distanceM, pointInRoom } = best;
    return { kind: control ? 'control' : 'thing', id: (control ?? thing)!, distanceM, pointInRoom };
  }

  /** Name of the node that stands for a control, a thing or a sensor; null: the model shows none. A procedure's own things have nodes of their names. */
  nodeOf(kind: 'control' | 'thing' | 'sensor', id: string): string | null {
    const { about } = this.model;
    const node =
      kind === 'control'
        ? about.controls.find((one) => one.id === id)?.joint.node
        : about[`${kind}s`].some((one) => one.id === id)
          ? about[`${kind}s`].find((one) => one.id === id)!.node
          : id;
    return node && this.#rests.has(node) ? node : null;
  }

  /** Its rigid pose now: what scales has no say. */
  poseInRoom(node: string): Pose {
    const rest = this.#rests.get(node);
    const [position, rotation] = [new Vector3(), new Quaternion()];
    rest?.node.computeWorldMatrix(true).decompose(undefined, rotation, position);
    return {
      position: [position.x, position.y, position.z],
      rotation: [rotation.x, rotation.y, rotation.z, rotation.w],
    };
  }

  isShown(node: string): boolean {
    return this.#rests.get(node)?.node.isEnabled() ?? false;
  }

  /** Exactly these nodes are left out, with all below them: what has been taken off. */
  leaveOut(nodes: ReadonlySet<string>): void {
    for (const [name, { node }] of this.#rests) {
      if (nodes.has(name) === this.#leftOut.has(name)) continue;
      node.setEnabled(!nodes.has(name));
      this.#stage.invalidate();
    }
    this.#leftOut = new Set(nodes);
  }

  /** Axis of a control's joint, in the room, unit length. */
  axisInRoom(control: string): Vec3 | null {
    const joint = this.model.about.controls.find(({ id }) => id === control)?.joint;
    const rest = joint && this.#rests.get(joint.node);
    if (!rest) return null;
    const { x, y, z } = Vector3.TransformNormal(new Vector3(...joint.axis), rest.node.computeWorldMatrix(true));
    return normalize([x, y, z]);
  }

  /** Around the node and all below it, as it is drawn now; without a name, all of the machine. */
  boundsInRoom(node?: string): Bounds {
    const top = node === undefined ? null : this.#rests.get(node)?.node;
    let bounds = EMPTY_BOUNDS;
    for (const { mesh } of this.#pieces) {
      if (top && mesh !== top && !mesh.isDescendantOf(top)) continue;
      mesh.computeWorldMatrix(true);
      const { minimumWorld: a, maximumWorld: b } = mesh.getBoundingInfo().boundingBox;
      bounds = joinBounds(bounds, { min: [a.x, a.y, a.z], max: [b.x, b.y, b.z] });
    }
    return bounds;
  }

  /** The node and all below it as one shape in its frame, for outlines. */
  shapeOf(node: string): LoadedShape | null {
    const known = this.#shapes.get(node);
    if (known) return known;
    const rest = this.#rests.get(node);
    if (!rest) return null;
    const toNode = Matrix.Invert(rest.node.computeWorldMatrix(true));
    const positions: number[] = [];
    const normals: number[] = [];
    const indices: number[] = [];
    for (const { mesh, geometry } of this.#pieces) {
      if (mesh !== rest.node && !mesh.isDescendantOf(rest.node)) continue;
      const matrix = mesh.computeWorldMatrix(true).multiply(toNode);
      const first = positions.length / 3;
      for (const index of geometry.indices) indices.push(index + first);
      for (let at = 0; at < geometry.positions.length; at += 3) {
        const p = new Vector3(geometry.positions[at]!, geometry.positions[at + 1]!, geometry.positions[at + 2]!);
        const { x, y, z } = Vector3.TransformCoordinates(p, matrix);
        positions.push(x, y, z);
        const n = new Vector3(geometry.normals[at]!, geometry.normals[at + 1]!, geometry.normals[at + 2]!);
        const across = Vector3.TransformNormal(n, matrix).normalize();
        normals.push(across.x, across.y, across.z);
      }
    }
    const shape = {
      geometry: geometryOf(Float32Array.from(positions), Float32Array.from(normals), Uint32Array.from(indices)),
      pieces: [],
    };
    this.#shapes.set(node, shape);
    return shape;
  }

  dispose(): void {
    this.#container.dispose();
  }

  #take(mesh: AbstractMesh, roles: ReadonlyMap<string, NodeRole>): void {
    const positions = mesh.getVerticesData(VertexBuffer.PositionKind);
    if (!positions?.length) return;
    const own = mesh.material ? this.#materials.original(mesh.material, false) : null;
    const { name, albedoColor } = (mesh.material as PBRMaterial | null) ?? { name: '', albedoColor: null };
    mesh.isPickable = false;
    let role: NodeRole | null = null;
    for (let node: TransformNode | null = mesh; node && !role; node = node.parent as TransformNode | null)
      role = roles.get(node.name) ?? null;
    const normals = mesh.getVerticesData(VertexBuffer.NormalKind) ?? positions.map(() => 0);
    const geometry = geometryOf(
      Float32Array.from(positions),
      Float32Array.from(normals),
      Uint32Array.from(mesh.getIndices() ?? []),
    );
    this.#pieces.push({ mesh: mesh as Mesh, geometry, role, own });
    mesh.material = own;
    if (!albedoColor) return;
    const { r, g, b } = albedoColor;
    mesh.metadata = { ...(mesh.metadata as object | null), paint: [name, r, g, b] };
  }

  #move(name: string, motion: Motion): void {
    const rest = this.#rests.get(name);
    if (!rest) return;
    switch (motion.kind) {
      case 'turn':
        return this.#turn(rest, motion.axis, motion.angleRad);
      case 'shift':
        axisV.set(...motion.axis).scaleInPlace(motion.metres);
        axisV.rotateByQuaternionToRef(rest.rotation, axisV);
        rest.node.position.copyFrom(rest.position).addInPlace(axisV);
        return;
      case 'scale':
        rest.node.scaling.set(...motion.by);
        return;
      case 'spin':
        this.#spinning.set(name, motion);
        return;
      case 'show':
        rest.node.setEnabled(motion.isShown);
        return;
      case 'light':
        this.#light(rest.node, motion.isLit);
        return;
    }
  }

  #turn({ node, rotation }: Rest, axis: Vec3, angleRad: number): void {
    Quaternion.RotationAxisToRef(axisV.set(...axis), angleRad, turnQ);
    rotation.multiplyToRef(turnQ, node.rotationQuaternion!);
  }

  #light(node: TransformNode, isLit: boolean): void {
    for (const { mesh } of this.#pieces) {
      if (mesh !== node && !mesh.isDescendantOf(node)) continue;
      const paint = (mesh.metadata as { paint?: [string, number, number, number] } | null)?.paint;
      if (!paint) continue;
      const strength = isLit ? LIT : UNLIT;
      const [name, r, g, b] = paint;
      const key = `lamp ${name} ${isLit}`;
      const known = this.#lamps.get(key);
      const material =
        known ??
        this.#stage.surfaces.create(key, {
          ...{ metallic: 0, roughness: 0.9, opacity: 1 },
          tint: [r * strength, g * strength, b * strength],
        });
      this.#lamps.set(key, material);
      mesh.material = material;
    }
  }
}

const geometryOf = (positions: Float32Array, normals: Float32Array, indices: Uint32Array): ShapeGeometry => ({
  positions,
  normals,
  indices,
  faces: [],
  edges: new Float32Array(0),
  boundsM: boundsOfPositions(positions),
});

/** Least that is seen of a turn, a shift and a scale. */
const SEEN = { rad: 0.012, m: 0.0004, share: 0.004 };

function isSeenFrom(before: Motion, after: Motion): boolean {
  if (before.kind === 'turn' && after.kind === 'turn') return Math.abs(before.angleRad - after.angleRad) > SEEN.rad;
  if (before.kind === 'shift' && after.kind === 'shift') return Math.abs(before.metres - after.metres) > SEEN.m;
  if (before.kind === 'scale' && after.kind === 'scale')
    return before.by.some((by, axis) => Math.abs(by - after.by[axis]!) > SEEN.share * Math.max(by, 0.05));
  if (before.kind === 'show' && after.kind === 'show') return before.isShown !== after.isShown;
  if (before.kind === 'light' && after.kind === 'light') return before.isLit !== after.isLit;
  return true;
}

/** The ray in a frame that may be scaled; its direction has unit length there. */
function inFrameOf(ray: Ray, matrix: Matrix): Ray {
  const inverse = Matrix.Invert(matrix);
  const origin = Vector3.TransformCoordinates(new Vector3(...ray.origin), inverse);
  const direction = Vector3.TransformNormal(new Vector3(...ray.direction), inverse).normalize();
  return { origin: [origin.x, origin.y, origin.z], direction: [direction.x, direction.y, direction.z] };
}
