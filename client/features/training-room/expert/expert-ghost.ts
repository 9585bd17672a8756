import { composePose, IDENTITY_POSE, invertPose, type Pose } from '#protocol/spatial/index';
import { Ghosts, type GhostMotion } from '../scene/ghosts.ts';
import type { TrainingView } from '../scene/training-view.ts';
import { expertHand } from './expert-hand.ts';
import type { ExpertStep } from './expert-track.ts';

const HAND = 'hand:';

/**
 * The expert beside the trainee: hands and parts, translucent, doing the step at hand again and again until the trainee
 * has done it, then the next. Where the trainee's base stands elsewhere, all of it goes along.
 */
export class ExpertGhost {
  readonly #view: TrainingView;
  readonly #steps: ReadonlyMap<string, ExpertStep>;
  readonly #ghosts: Ghosts;
  readonly #stop: () => void;
  #isOn = true;
  #shown: { readonly step: string; readonly by: Pose; readonly motions: readonly GhostMotion[] } | null = null;

  constructor(view: TrainingView, steps: ReadonlyMap<string, ExpertStep>) {
    this.#view = view;
    this.#steps = steps;
    const hands = { left: expertHand('left'), right: expertHand('right') };
    this.#ghosts = new Ghosts(view.stage, (thing) =>
      thing.startsWith(HAND)
        ? [{ geometry: hands[thing.slice(HAND.length) as 'left'], poseInThing: IDENTITY_POSE }]
        : view.lookOf(thing),
    );
    this.#stop = view.handling.poses.subscribe(() => this.show());
    this.show();
  }

  /** The step that is shown, for tests. */
  get step(): string | null {
    return this.#shown?.step ?? null;
  }

  set isOn(isOn: boolean) {
    this.#isOn = isOn;
    this.show();
  }

  /** The step at hand as it is now. */
  show(): void {
    const { state, row } = this.#view.handling.run;
    const active = state.active.find(({ step }) => this.#steps.has(step))?.step;
    // In an exam nobody helps.
    if (!this.#isOn || !active || row.mode === 'exam' || row.outcome !== null) {
      this.#shown = null;
      return this.#ghosts.show([]);
    }
    const by = this.#shiftOf(active);
    if (this.#shown?.step !== active || !isNear(this.#shown.by, by))
      this.#shown = { step: active, by, motions: motionsOf(this.#steps.get(active)!, by) };
    this.#ghosts.show(this.#shown.motions);
  }

  dispose(): void {
    this.#stop();
    this.#ghosts.dispose();
  }

  /** From where the expert put the first thing to where its place is now. */
  #shiftOf(step: string): Pose {
    const first = this.#steps.get(step)!.things[0];
    const seat = first && this.#view.handling.seats(first.thing).find(({ seat: one }) => one.step === step);
    return first && seat ? composePose(seat.poseInRoom, invertPose(first.frames.at(-1)!.poseInRoom)) : IDENTITY_POSE;
  }
}

function motionsOf({ hands, things }: ExpertStep, by: Pose): readonly GhostMotion[] {
  const all = [...Object.entries(hands).map(([side, frames]) => ({ thing: `${HAND}${side}`, frames })), ...things];
  return all.map(({ thing, frames }) => ({
    thing,
    frames: frames.map(({ atMs, poseInRoom }) => ({ atMs, poseInRoom: composePose(by, poseInRoom) })),
  }));
}

const isNear = (a: Pose, b: Pose): boolean =>
  a.position.every((value, axis) => Math.abs(value - b.position[axis]!) < 1e-4) &&
  Math.abs(a.rotation.reduce((sum, value, axis) => sum + value * b.rotation[axis]!, 0)) > 1 - 1e-6;
