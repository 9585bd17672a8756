import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { commentsOf } from '#protocol/design/index';
import type { CommentId } from '#protocol/ids';
import { rotateVec3, type Vec3 } from '#protocol/spatial/index';
import { add, distance, scale, transformPoint } from '../scene/vec.ts';
import { colorOf } from './grabbing.ts';
import { bareMesh, PlainMaterial } from './plain-material.ts';
import type { XrGround } from './xr-ground.types.ts';

const RADIUS_DMM = 9;
/** The pin's head stands off the face by so much, in its own radii. */
const OFF = 1.2;

/** Open comments as coloured pin heads on their faces, the same size at any distance. */
export class RoomPins {
  readonly #pins = new Map<CommentId, { mesh: Mesh; look: PlainMaterial }>();
  readonly #ground: XrGround;
  readonly #stop: () => void;

  constructor(ground: XrGround) {
    this.#ground = ground;
    this.#stop = ground.session.document.subscribe(() => this.#sync());
    this.#sync();
  }

  tick(eye: Vec3): void {
    const { session, world } = this.#ground;
    const comments = commentsOf(session.document.get());
    for (const [id, { mesh }] of this.#pins) {
      const anchor = comments.get(id)?.anchor;
      const isSeen = anchor !== undefined && world.isShown(anchor.part);
      mesh.setEnabled(isSeen);
      if (!isSeen) continue;
      const pose = world.poseInRoom(anchor.part);
      const foot = transformPoint(pose, anchor.pointInPart);
      const radius = (RADIUS_DMM / 1000) * Math.max(0.25, distance(foot, eye));
      mesh.position.set(...add(foot, scale(rotateVec3(pose.rotation, anchor.normalInPart), radius * OFF)));
      mesh.scaling.setAll(radius);
    }
  }

  dispose(): void {
    this.#stop();
    for (const { mesh } of this.#pins.values()) mesh.dispose(false, true);
    this.#pins.clear();
  }

  #sync(): void {
    const { session, stage } = this.#ground;
    const open = new Map([...commentsOf(session.document.get())].filter(([, { resolved }]) => !resolved));
    for (const [id, { mesh }] of this.#pins) {
      if (open.has(id as never)) continue;
      mesh.dispose(false, true);
      this.#pins.delete(id);
    }
    for (const comment of open.values()) {
      if (this.#pins.has(comment.id)) continue;
      const author = session.participants.get().find(({ user }) => user === comment.author.id);
      const look = new PlainMaterial(stage.scene, 'pin', colorOf(author));
      const mesh = bareMesh(stage.scene, 'pin', gem());
      mesh.material = look.material;
      this.#pins.set(comment.id, { mesh, look });
    }
  }
}

/** A ball of radius 1. */
function gem(): { positions: number[]; indices: number[] } {
  const [positions, indices] = [[] as number[], [] as number[]];
  const [rows, columns] = [8, 14];
  for (let r = 0; r <= rows; r++)
    for (let c = 0; c <= columns; c++) {
      const [polar, around] = [(r / rows) * Math.PI, (c / columns) * 2 * Math.PI];
      positions.push(Math.sin(polar) * Math.cos(around), Math.cos(polar), Math.sin(polar) * Math.sin(around));
      if (r === rows || c === columns) continue;
      const at = r * (columns + 1) + c;
      indices.push(at, at + columns + 1, at + 1, at + 1, at + columns + 1, at + columns + 2);
    }
  return { positions, indices };
}
