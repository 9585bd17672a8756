import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { GuidanceSession } from '#net/index';
import { jobOf, jobState } from '#protocol/guidance/index';
import { procedureIn } from '#protocol/procedures/index';
import { colorOfUser } from '#protocol/room/index';
import type { Pose } from '#protocol/spatial/index';
import { PARTICIPANT_COLORS } from '../../palette.ts';
import { createPlain } from '../../scene/stage/plain.ts';
import type { Stage } from '../../scene/stage/stage.ts';
import { finalPoseOf, standingThings } from '../guidance-room/model/standing.ts';
import { helpIn } from './help-in.ts';
import { MarksLayer, type MarksPlace } from './marks-layer.ts';

/** What the engineer's overlay gives: its scene, the product in it, and what things look like. */
export interface MarkedOverlay {
  readonly stage: Stage;
  readonly product: TransformNode;
  lookOf(thing: string): ReturnType<MarksPlace['lookOf']>;
}

const POINTER_M = 0.014;
/** A pointer that is not renewed for so long is gone, ms. */
const POINTER_STALE_MS = 1_500;

/** Experts' marks and pointers over the real product. Returns what takes them away again. */
export function layMarks(overlay: MarkedOverlay, session: GuidanceSession): () => void {
  const { stage, product } = overlay;
  let poses: ReadonlyMap<string, Pose> = new Map();
  const colorOf = (person: string) => PARTICIPANT_COLORS[colorOfUser(person)]!;
  const look = () => {
    const document = session.document.get();
    const job = jobOf(document);
    const procedure = job && procedureIn(document, job.procedure);
    if (!job || !procedure) return;
    const standing = standingThings(procedure, jobState(document, job));
    const all = new Map(standing);
    for (const { id } of procedure.workplace.things) {
      // What is not in yet is spoken of at the place where it belongs.
      const pose = all.get(id) ?? finalPoseOf(procedure, standing, id);
      if (pose) all.set(id, pose);
    }
    poses = all;
  };
  look();
  const layer = new MarksLayer(stage.scene, product, helpIn(session).marks, {
    poseOf: (thing) => poses.get(thing) ?? null,
    lookOf: (thing) => overlay.lookOf(thing),
    colorOf,
    changed: stage.invalidate,
  });
  const pointers = new Map<number, { readonly dot: Mesh; atMs: number }>();
  const drop = (participant: number) => {
    pointers.get(participant)?.dot.dispose(false, true);
    pointers.delete(participant);
    stage.invalidate();
  };
  const stops = [
    session.document.subscribe(() => {
      look();
      layer.refresh();
    }),
    session.onBodies((bodies) => {
      for (const { participant, body } of bodies) {
        const { isPointing, rightInRoom } = body;
        if (!isPointing || !rightInRoom) {
          drop(participant);
          continue;
        }
        const user = session.participants.get().find((one) => one.participant === participant)?.user ?? '';
        const dot = pointers.get(participant)?.dot ?? dotOf(stage, product, colorOf(user));
        dot.position.set(...rightInRoom.position);
        pointers.set(participant, { dot, atMs: performance.now() });
        stage.invalidate();
      }
    }),
    session.onLost((participants) => participants.forEach(drop)),
    stage.onTick((nowMs) => {
      for (const [participant, { atMs }] of pointers) if (nowMs - atMs > POINTER_STALE_MS) drop(participant);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const participant of pointers.keys()) drop(participant);
    layer.dispose();
  };
}

function dotOf(stage: Stage, product: TransformNode, color: string): Mesh {
  const dot = CreateSphere('pointer', { diameter: POINTER_M, segments: 10 }, stage.scene);
  dot.material = createPlain(stage.scene, 'pointer', color, 0.9);
  dot.parent = product;
  dot.isPickable = false;
  dot.alwaysSelectAsActiveMesh = true;
  return dot;
}
