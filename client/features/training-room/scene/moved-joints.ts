import { MachinePicture } from '../model/machine-feed.ts';
import type { MovedJoint } from './step-marks.ts';

/**
 * Controls that steps show being moved. Drawn alone: where a control stands is for people and the machine, and it is
 * drawn there again when the step is over.
 */
export class MovedJoints {
  readonly #sinceMs = new Map<string, number>();
  #joints: readonly MovedJoint[] = [];

  /** Each begins when its step does, and goes on over news of the run. Returns whether anything is another than before. */
  show(joints: readonly MovedJoint[], nowMs: number): boolean {
    const keys = new Set(joints.map(keyOf));
    const isSame = keys.size === this.#sinceMs.size && [...keys].every((key) => this.#sinceMs.has(key));
    for (const key of this.#sinceMs.keys()) if (!keys.has(key)) this.#sinceMs.delete(key);
    for (const key of keys) if (!this.#sinceMs.has(key)) this.#sinceMs.set(key, nowMs);
    this.#joints = joints;
    return !isSame;
  }

  isMoving(nowMs: number): boolean {
    return this.#joints.some((joint) => nowMs - this.#sinceMs.get(keyOf(joint))! < joint.durationMs);
  }

  /** The machine with these controls on their way. */
  drawn(picture: MachinePicture, nowMs: number): MachinePicture {
    if (this.#joints.length === 0) return picture;
    const shown = [...picture.shown];
    for (const joint of this.#joints) {
      const at = picture.model.about.shown.findIndex(({ id }) => id === joint.control);
      if (at < 0) continue;
      const goneMs = nowMs - this.#sinceMs.get(keyOf(joint))!;
      const share = joint.durationMs > 0 ? Math.min(1, goneMs / joint.durationMs) : 1;
      const to = joint.to / picture.model.about.shown[at]!.quantum;
      shown[at] = Math.round(shown[at]! + (to - shown[at]!) * share);
    }
    return new MachinePicture(picture.model, shown);
  }
}

const keyOf = ({ step, control, to }: MovedJoint): string => `${step} ${control} ${to}`;
