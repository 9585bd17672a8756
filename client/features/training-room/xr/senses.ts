import { indexOf, type Leaf } from '#protocol/procedures/index';
import { rotateVec3, type Pose } from '#protocol/spatial/index';
import type { TrainingView } from '../scene/training-view.ts';

const LOOK_EVERY_MS = 250;

/** Where the person stands and what they look at, told to the run when a step at hand asks for it: nobody presses that. */
export class Senses {
  readonly #view: TrainingView;
  #lastMs = -Infinity;

  constructor(view: TrainingView) {
    this.#view = view;
  }

  tick(headInRoom: Pose, nowMs: number): void {
    if (nowMs - this.#lastMs < LOOK_EVERY_MS) return;
    this.#lastMs = nowMs;
    const { procedure, state, hand, session } = this.#view.handling.run;
    const me = session.me.user;
    const asked = state.active.flatMap(({ step }) => indexOf(procedure).steps.get(step)?.leaves ?? []);
    const asks = (kind: Leaf['kind']) => asked.some(({ leaf }) => leaf.kind === kind);
    if (asks('dwell')) {
      const [x, , z] = headInRoom.position;
      const places = procedure.workplace.places
        .filter(({ poseInRoom: { position }, radiusM }) => Math.hypot(position[0] - x, position[2] - z) <= radiusM)
        .map(({ id }) => id);
      const known = state.world.places[me] ?? [];
      if (places.join(' ') !== known.join(' ')) hand.act({ type: 'moved', places });
    }
    if (asks('gaze')) {
      const hit = this.#view.pick({
        origin: headInRoom.position,
        direction: rotateVec3(headInRoom.rotation, [0, 0, -1]),
      });
      const thing = hit?.kind === 'thing' ? hit.id : null;
      if (thing !== (state.world.gaze[me] ?? null)) hand.act({ type: 'gazed', thing: thing as never });
    }
  }
}
