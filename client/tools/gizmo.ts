import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { Material } from '@babylonjs/core/Materials/material.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import { rotateVec3, type Quat, type Vec3 } from '#protocol/spatial/index';
import { nearestOnSegment, rayAlongAxis, rayOnPlane } from '../scene/snapping.ts';
import { add, distance, dot, pointOn, quatAbout, scale, sub, type Ray } from '../scene/vec.ts';
import { createPlain, fillPlain } from '../scene/stage/plain.ts';
import type { Stage } from '../scene/stage/stage.ts';

export const AXES: readonly Vec3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
/** X red, Y green, Z blue, held apart in lightness too. */
const COLORS = ['#d6404a', '#3f9d4b', '#2f6fd0'] as const;
const ACTIVE = '#f7a76c';

export type Handle =
  | { readonly kind: 'axis'; readonly axis: number }
  | { readonly kind: 'plane'; readonly axis: number }
  | { readonly kind: 'ring'; readonly axis: number };

/** Length of an arm on the screen, CSS pixels. */
const ARM_PX = 92;
const GRAB_PX = 11;
const RING_SEGMENTS = 72;
const PLANE_FROM = 0.26;
const PLANE_TO = 0.46;

/** Arrows with plane handles, or rings: always the same size on the screen, drawn over everything. */
export class Gizmo {
  readonly #stage: Stage;
  readonly #root: TransformNode;
  readonly #handles: { handle: Handle; mesh: Mesh; material: ShaderMaterial; color: string; opacity: number }[] = [];
  readonly #kind: 'move' | 'rotate';
  #active: Handle | null = null;
  #position: Vec3 = [0, 0, 0];
  #rotation: Quat = [0, 0, 0, 1];
  #sizeM = 1;

  constructor(stage: Stage, kind: 'move' | 'rotate') {
    this.#stage = stage;
    this.#kind = kind;
    this.#root = new TransformNode(`${kind} gizmo`, stage.scene);
    this.#root.rotationQuaternion = Quaternion.Identity();
    for (let axis = 0; axis < 3; axis++) {
      if (kind === 'move') {
        this.#add({ kind: 'axis', axis }, arrow(), 1);
        this.#add({ kind: 'plane', axis }, tile(), 0.55);
      } else this.#add({ kind: 'ring', axis }, ring(), 1);
    }
    this.isVisible = false;
  }

  set isVisible(isVisible: boolean) {
    this.#root.setEnabled(isVisible);
    this.#stage.invalidate();
  }

  get isVisible(): boolean {
    return this.#root.isEnabled();
  }

  place(position: Vec3, rotation: Quat, metresPerPx: number): void {
    this.#position = position;
    this.#rotation = rotation;
    this.#sizeM = metresPerPx * ARM_PX;
    this.#root.position.set(...position);
    this.#root.rotationQuaternion!.set(...rotation);
    this.#root.scaling.setAll(this.#sizeM);
  }

  axisInRoom(axis: number): Vec3 {
    return rotateVec3(this.#rotation, AXES[axis]!);
  }

  /** The handle under the ray, or null. */
  pick(ray: Ray, metresPerPx: number): Handle | null {
    if (!this.isVisible) return null;
    const reach = GRAB_PX * metresPerPx;
    let best: { handle: Handle; away: number } | null = null;
    const offer = (handle: Handle, away: number) => {
      if (away < reach && (!best || away < best.away)) best = { handle, away };
    };
    for (let axis = 0; axis < 3; axis++) {
      const direction = this.axisInRoom(axis);
      if (this.#kind === 'move') {
        const t = rayAlongAxis(ray, this.#position, direction);
        if (t !== null && t > 0.12 * this.#sizeM && t < 1.12 * this.#sizeM)
          offer({ kind: 'axis', axis }, rayDistance(ray, add(this.#position, scale(direction, t))));
        if (this.#isInTile(ray, axis)) offer({ kind: 'plane', axis }, reach * 0.4);
      } else {
        const point = rayOnPlane(ray, this.#position, direction);
        if (point) offer({ kind: 'ring', axis }, Math.abs(distance(point, this.#position) - this.#sizeM));
        // Seen edge-on, a ring is a line.
        const across = Math.abs(dot(ray.direction, direction));
        if (across < 0.15) offer({ kind: 'ring', axis }, this.#edgeOn(ray, direction));
      }
    }
    return (best as { handle: Handle } | null)?.handle ?? null;
  }

  highlight(handle: Handle | null): void {
    if (handle?.kind === this.#active?.kind && handle?.axis === this.#active?.axis) return;
    this.#active = handle;
    for (const { handle: own, material, color, opacity } of this.#handles) {
      const isOn = own.kind === handle?.kind && own.axis === handle.axis;
      fillPlain(material, isOn ? ACTIVE : color, opacity);
    }
    this.#stage.invalidate();
  }

  dispose(): void {
    this.#root.dispose(false, true);
  }

  #isInTile(ray: Ray, axis: number): boolean {
    const point = rayOnPlane(ray, this.#position, this.axisInRoom(axis));
    if (!point) return false;
    const local = sub(point, this.#position);
    return [1, 2].every((by) => {
      const along = dot(local, this.axisInRoom((axis + by) % 3)) / this.#sizeM;
      return along > PLANE_FROM && along < PLANE_TO;
    });
  }

  #edgeOn(ray: Ray, normal: Vec3): number {
    const side: Vec3 = [
      ray.direction[1] * normal[2] - ray.direction[2] * normal[1],
      ray.direction[2] * normal[0] - ray.direction[0] * normal[2],
      ray.direction[0] * normal[1] - ray.direction[1] * normal[0],
    ];
    const reach = scale(side, this.#sizeM / (Math.hypot(...side) || 1));
    const closest = pointOn(ray, dot(sub(this.#position, ray.origin), ray.direction));
    return distance(closest, nearestOnSegment(sub(this.#position, reach), add(this.#position, reach), closest));
  }

  #add(handle: Handle, data: VertexData, opacity: number): void {
    const { scene } = this.#stage;
    const mesh = new Mesh(`${handle.kind} ${handle.axis}`, scene);
    data.applyToMesh(mesh);
    const color = COLORS[handle.axis]!;
    const material = createPlain(scene, mesh.name, color, opacity);
    mesh.material = material;
    mesh.parent = this.#root;
    mesh.isPickable = false;
    mesh.renderingGroupId = 2;
    mesh.alwaysSelectAsActiveMesh = true;
    mesh.sideOrientation = Material.CounterClockWiseSideOrientation;
    mesh.rotationQuaternion = handle.axis === 1 ? Quaternion.Identity() : new Quaternion(...turnOf(handle.axis));
    this.#handles.push({ handle, mesh, material, color, opacity });
  }
}

/** Shapes are built along Y; this turns them onto X or Z. For planes the tile lies in the other two axes, in + + . */
const turnOf = (axis: number): Quat =>
  axis === 0
    ? multiply(quatAbout([0, 1, 0], Math.PI / 2), quatAbout([1, 0, 0], Math.PI / 2))
    : multiply(quatAbout([1, 0, 0], Math.PI / 2), quatAbout([0, 1, 0], Math.PI / 2));

function multiply(a: Quat, b: Quat): Quat {
  const q = new Quaternion(...a).multiply(new Quaternion(...b));
  return [q.x, q.y, q.z, q.w];
}

const rayDistance = (ray: Ray, point: Vec3): number =>
  distance(point, pointOn(ray, Math.max(0, dot(sub(point, ray.origin), ray.direction))));

/** A round shaft with a cone, along +Y, of length 1. */
function arrow(): VertexData {
  return turned([
    [0.012, 0.1],
    [0.012, 0.84],
    [0.045, 0.84],
    [0, 1],
  ]);
}

/** A body of revolution about Y from a profile of [radius, height]. */
function turned(profile: readonly (readonly [number, number])[], sides = 20): VertexData {
  const positions: number[] = [];
  const indices: number[] = [];
  for (let s = 0; s <= sides; s++) {
    const angle = (s / sides) * 2 * Math.PI;
    for (const [radius, height] of profile) positions.push(radius * Math.cos(angle), height, radius * Math.sin(angle));
  }
  const n = profile.length;
  for (let s = 0; s < sides; s++)
    for (let i = 0; i + 1 < n; i++) {
      const a = s * n + i;
      indices.push(a, a + 1, a + n, a + 1, a + n + 1, a + n);
    }
  return vertexData(positions, indices);
}

/** A small square in the XZ plane, in the + + quarter. */
function tile(): VertexData {
  const [a, b] = [PLANE_FROM, PLANE_TO];
  return vertexData([a, 0, a, b, 0, a, b, 0, b, a, 0, b], [0, 2, 1, 0, 3, 2]);
}

/** A thin tube around Y of radius 1. */
function ring(): VertexData {
  const positions: number[] = [];
  const indices: number[] = [];
  const sides = 8;
  for (let i = 0; i <= RING_SEGMENTS; i++) {
    const angle = (i / RING_SEGMENTS) * 2 * Math.PI;
    for (let s = 0; s < sides; s++) {
      const around = (s / sides) * 2 * Math.PI;
      const radius = 1 + 0.012 * Math.cos(around);
      positions.push(radius * Math.cos(angle), 0.012 * Math.sin(around), radius * Math.sin(angle));
    }
  }
  for (let i = 0; i < RING_SEGMENTS; i++)
    for (let s = 0; s < sides; s++) {
      const a = i * sides + s;
      const b = i * sides + ((s + 1) % sides);
      indices.push(a, b, a + sides, b, b + sides, a + sides);
    }
  return vertexData(positions, indices);
}

function vertexData(positions: number[], indices: number[]): VertexData {
  const data = new VertexData();
  data.positions = positions;
  data.indices = indices;
  data.normals = positions.map((_, i) => (i % 3 === 1 ? 1 : 0));
  return data;
}
