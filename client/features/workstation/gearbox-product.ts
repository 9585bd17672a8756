import type { Part } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import type { Procedure } from '#protocol/procedures/index';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import type { Bounds } from '../../scene/geometry.ts';
import type { Ray } from '../../scene/vec.ts';
import { World } from '../../scene/world/world.ts';
import { partsOfThings, type ThingParts } from '../training-room/scene/thing-parts.ts';
import type { CameraStage } from './camera-stage.ts';

/** Beside the sheets, left and right: where loose parts lie, metres. */
export interface Tray {
  readonly min: readonly [x: number, z: number];
  readonly max: readonly [x: number, z: number];
}
const GAP_M = 0.02;
/** What is in somebody's hand is held so high. */
const HELD_M = 0.12;

/** The product of parts of a design: what is on it stands there, the rest lies in the trays, each where it was. */
export class PartsProduct {
  readonly world: World;
  readonly #things: ThingParts;
  readonly #lying: ReadonlyMap<string, Pose>;
  #standing: ReadonlyMap<string, Pose> = new Map();
  readonly #put = new Map<string, Pose>();
  inHand: string | null = null;

  constructor(
    stage: CameraStage,
    hallUrl: string,
    procedure: Procedure,
    design: ReadonlyMap<string, Part>,
    trays: readonly Tray[],
  ) {
    this.world = new World(stage, hallUrl);
    this.#things = partsOfThings(procedure, design);
    this.world.apply(this.#things.parts.map((part) => ({ table: 'parts', id: part.id, after: { ...part } })));
    const boxes = [...this.#things.rootOf].map(([thing, root]) => [thing, this.world.boundsInRoom([root])] as const);
    this.#lying = laidOut(boxes, trays);
    this.#show();
  }

  get loading() {
    return this.world.shapes.loading;
  }

  /** Where things stand on the product by the job's own word. */
  follow(standing: ReadonlyMap<string, Pose>): void {
    this.#standing = standing;
    for (const thing of standing.keys()) this.#put.delete(thing);
    if (this.inHand !== null && standing.has(this.inHand)) this.inHand = null;
    this.#show();
  }

  isOnProduct(thing: string): boolean {
    return this.#standing.has(thing) || this.#put.has(thing);
  }

  take(thing: string): boolean {
    if (!this.#things.rootOf.has(thing) || this.#standing.has(thing)) return false;
    this.#put.delete(thing);
    this.inHand = thing;
    this.#show();
    return true;
  }

  /** Onto the product, or (null) back to where it lay. */
  put(pose: Pose | null): void {
    if (this.inHand !== null && pose) this.#put.set(this.inHand, pose);
    this.inHand = null;
    this.#show();
  }

  pick(ray: Ray): string | null {
    const hit = this.world.pick(ray);
    return (hit && this.#things.thingOf.get(hit.part)) ?? null;
  }

  dispose(): void {
    this.world.dispose();
  }

  #show(): void {
    for (const [thing, root] of this.#things.rootOf) {
      const lying = this.#lying.get(thing);
      const pose = this.#standing.get(thing) ?? this.#put.get(thing) ?? (thing === this.inHand ? held(lying) : lying);
      if (pose) this.world.carry(root as PartId, pose);
    }
  }
}

const held = (pose: Pose | undefined): Pose | undefined =>
  pose && { ...pose, position: [pose.position[0], pose.position[1] + HELD_M, pose.position[2]] };

/** Rows from the back of the first tray to the front of the last; what fits nowhere is stacked on the last place. */
export function laidOut(boxes: readonly (readonly [string, Bounds])[], trays: readonly Tray[]): Map<string, Pose> {
  const poses = new Map<string, Pose>();
  let at = 0;
  let [x, z, deepM] = [trays[0]!.min[0], trays[0]!.min[1], 0];
  for (const [thing, { min, max }] of boxes) {
    const [width, depth] = [max[0] - min[0], max[2] - min[2]];
    if (!Number.isFinite(width)) continue;
    let tray = trays[at]!;
    if (x > tray.min[0] && x + width > tray.max[0]) [x, z, deepM] = [tray.min[0], z + deepM + GAP_M, 0];
    if (z + depth > tray.max[1] && at + 1 < trays.length) {
      tray = trays[++at]!;
      [x, z, deepM] = [tray.min[0], tray.min[1], 0];
    }
    const position: Vec3 = [x - min[0], -min[1], Math.min(z, tray.max[1] - depth) - min[2]];
    poses.set(thing, { position, rotation: [0, 0, 0, 1] });
    x += width + GAP_M;
    deepM = Math.max(deepM, depth);
  }
  return poses;
}
