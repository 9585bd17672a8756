import { Material } from '@babylonjs/core/Materials/material.js';
import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { mixPose, type Pose } from '#protocol/spatial/index';
import type { ShapeGeometry } from '../../../scene/geometry.ts';
import type { Stage } from '../../../scene/stage/stage.ts';
import { VERTICES_IN_SOFTWARE } from '../../../scene/world/detail.ts';
import { roundAt } from './ghost-rounds.ts';

export interface GhostMotion {
  readonly thing: string;
  readonly frames: readonly { readonly atMs: number; readonly poseInRoom: Pose }[];
}
/** What a thing looks like: its shapes, in its own frame. */
export type LookOf = (
  thing: string,
) => readonly { readonly geometry: ShapeGeometry; readonly poseInThing: Pose }[] | null;

const OPACITY = 0.34;
/** The accent, linear: what is to be done next. */
const TINT = [0.81, 0.11, 0.004] as const;

interface Shown {
  readonly motion: GhostMotion;
  readonly node: TransformNode;
}

/** Translucent twins of things that show the way to their place, again and again, or so many times; still where motion is not wanted. */
export class Ghosts {
  readonly #stage: Stage;
  readonly #lookOf: LookOf;
  readonly #shown = new Map<string, Shown>();
  readonly #material: ShaderMaterial;
  readonly #isCalm: boolean;
  readonly #mostRounds: number;
  #sinceMs = performance.now();
  #wanted = '';

  constructor(stage: Stage, lookOf: LookOf, mostRounds = Infinity) {
    this.#mostRounds = mostRounds;
    this.#stage = stage;
    this.#lookOf = lookOf;
    this.#material = stage.surfaces.create('ghost motion', {
      ...{ metallic: 0, roughness: 0.8, opacity: OPACITY },
      tint: [...TINT],
    });
    // A processor that draws in software has better things to do than to draw without end.
    this.#isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches || stage.vertexBudget <= VERTICES_IN_SOFTWARE;
    stage.onTick((nowMs) => this.#tick(nowMs));
  }

  /** Shows these motions from their beginning, unless they are shown already. */
  show(motions: readonly GhostMotion[]): void {
    const key = JSON.stringify(motions.map(({ thing, frames }) => [thing, frames.length, frames.at(-1)]));
    const isSame = key === this.#wanted;
    if (isSame && this.#shown.size === motions.length) return;
    if (!isSame) this.#sinceMs = performance.now();
    this.#wanted = key;
    this.#clear();
    for (const motion of motions) {
      const node = this.#twin(motion.thing);
      if (!node) continue;
      this.#shown.set(motion.thing, { motion, node });
      stand(node, motion.frames.at(-1)!.poseInRoom);
    }
    this.#stage.invalidate();
  }

  dispose(): void {
    this.#clear();
    this.#stage.surfaces.forget(this.#material);
  }

  #clear(): void {
    for (const { node } of this.#shown.values()) node.dispose(false, false);
    this.#shown.clear();
  }

  #twin(thing: string): TransformNode | null {
    const look = this.#lookOf(thing);
    if (!look) return null;
    const { scene } = this.#stage;
    const node = new TransformNode(`ghost ${thing}`, scene);
    for (const { geometry, poseInThing } of look) {
      const mesh = new Mesh(`ghost ${thing}`, scene);
      const data = new VertexData();
      Object.assign(data, {
        positions: geometry.positions,
        normals: geometry.normals,
        indices: geometry.indices,
      });
      data.applyToMesh(mesh);
      mesh.sideOrientation = Material.CounterClockWiseSideOrientation;
      mesh.material = this.#material;
      mesh.isPickable = false;
      mesh.alwaysSelectAsActiveMesh = true;
      mesh.parent = node;
      stand(mesh, poseInThing);
    }
    return node;
  }

  #tick(nowMs: number): boolean {
    if (this.#shown.size === 0 || this.#isCalm) return false;
    let isMoving = false;
    for (const { motion, node } of this.#shown.values()) {
      const round = roundAt(nowMs - this.#sinceMs, motion.frames.at(-1)!.atMs, this.#mostRounds);
      stand(node, poseAt(motion, round.atMs));
      isMoving ||= round.isMoving;
    }
    return isMoving;
  }
}

/** In between a straight line and the shortest turn. */
export function poseAt({ frames }: GhostMotion, atMs: number): Pose {
  const next = frames.findIndex((frame) => frame.atMs >= atMs);
  if (next <= 0) return (next === 0 ? frames[0]! : frames.at(-1)!).poseInRoom;
  const [a, b] = [frames[next - 1]!, frames[next]!];
  return mixPose(a.poseInRoom, b.poseInRoom, (atMs - a.atMs) / Math.max(1, b.atMs - a.atMs));
}

function stand(node: TransformNode, { position, rotation }: Pose): void {
  node.position.set(...position);
  node.rotationQuaternion ??= Quaternion.Identity();
  node.rotationQuaternion.set(...rotation);
}
