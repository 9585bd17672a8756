import type { Readable } from '#net/store';
import type { Participant } from '#protocol/room/index';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import type { Stage } from '../../../scene/stage/stage.ts';
import { distance, transformPoint } from '../../../scene/vec.ts';
import type { SaidWords } from '../../../voice/index.ts';
import { facing } from '../../../xr/facing.ts';
import { Plate } from '../../../xr/plates/plate.ts';
import { yawOf } from '../../../xr/rig.ts';
import type { Sounds } from '../../../xr/sounds.ts';

const LOOK = { name: 'heard', distanceM: 1.2, widthDmm: 560, mostDmm: 240, isSubtitle: true };
/** Between the faces of others and the work on the bench: its lower edge is so far under a level gaze, and it grows upwards. */
const BELOW_RAD = 0.2;
/** Whoever turns or walks so far gets it where they look. */
const LEFT_RAD = 0.5;
const LEFT_M = 0.6;

/** What others say, as a subtitle ahead: it stays where it began, until one looks elsewhere. */
export class HeardPlate {
  readonly plate: Plate;
  readonly #words: Readable<SaidWords | null> | null;
  readonly #roster: Readable<readonly Participant[]>;
  /** The middle of its lower edge. */
  #foot: Pose | null = null;
  #yawRad = 0;
  #headInRoom: Vec3 = [0, 0, 0];

  constructor(
    stage: Stage,
    sounds: Sounds,
    words: Readable<SaidWords | null> | null,
    roster: Readable<readonly Participant[]>,
  ) {
    this.#words = words;
    this.#roster = roster;
    this.plate = new Plate(stage, sounds, LOOK, () => {});
    this.plate.standOver();
  }

  tick(head: Pose, nowMs: number, elapsedMs: number): void {
    const said = this.#words?.get();
    if (!said) {
      this.#foot = null;
      this.plate.stand(null);
      return;
    }
    const yaw = yawOf(head.rotation);
    const turned = Math.atan2(Math.sin(yaw - this.#yawRad), Math.cos(yaw - this.#yawRad));
    const hasLeft = Math.abs(turned) > LEFT_RAD || distance(head.position, this.#headInRoom) > LEFT_M;
    if (!this.#foot || hasLeft) {
      this.#yawRad = yaw;
      this.#headInRoom = head.position;
      const [x, y, z] = head.position;
      const aheadM = LOOK.distanceM * Math.cos(BELOW_RAD);
      const foot: Vec3 = [
        x - Math.sin(yaw) * aheadM,
        y - LOOK.distanceM * Math.sin(BELOW_RAD),
        z - Math.cos(yaw) * aheadM,
      ];
      this.#foot = { position: foot, rotation: facing(foot, head.position) };
    }
    const name = this.#roster.get().find(({ session }) => session === said.from)?.name;
    this.plate.show([{ kind: 'text', text: name ? `${name}: ${said.text}` : said.text }]);
    const position = transformPoint(this.#foot, [0, this.plate.heightM, 0]);
    this.plate.stand({ position, rotation: this.#foot.rotation }, elapsedMs);
    this.plate.tick([], nowMs);
  }

  dispose(): void {
    this.plate.dispose();
  }
}
