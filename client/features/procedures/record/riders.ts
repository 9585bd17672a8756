import type { PartId } from '#protocol/ids';
import { composePose, invertPose, type Pose } from '#protocol/spatial/index';
import type { RoomSession } from '#net/index';
import type { Handwork } from '../../../scene/handwork.types.ts';

interface Seat {
  readonly mount: PartId;
  readonly poseInMount: Pose;
}

/**
 * While steps are recorded, what was put onto something goes along when that is moved: a design knows no joints, and a
 * base in the hand would leave behind what was mounted on it. Others see it when the base is let go.
 */
export class Riders {
  readonly #seats = new Map<PartId, Seat>();
  readonly #carried = new Set<PartId>();

  constructor(
    private readonly handwork: Handwork,
    private readonly session: RoomSession,
  ) {}

  sit(part: PartId, mount: PartId | null): void {
    this.#seats.delete(part);
    // Two parts that carry each other would go nowhere.
    if (mount === null || this.#isAbove(part, mount)) return;
    const poseInMount = composePose(invertPose(this.handwork.poseInRoom(mount)), this.handwork.poseInRoom(part));
    this.#seats.set(part, { mount, poseInMount });
  }

  mountOf(part: PartId): PartId | null {
    return this.#seats.get(part)?.mount ?? null;
  }

  /** Shows everything on it where it is now. */
  follow(mount: PartId): void {
    for (const [part, pose] of this.#posesOn(mount)) {
      this.handwork.carry(part, pose);
      this.#carried.add(part);
    }
  }

  /** The mount stays here, and so does all that is on it. */
  settle(mount: PartId): void {
    const moves = [...this.#posesOn(mount)].map(([id, poseInParent]) => ({ id, poseInParent }));
    if (moves.length > 0) this.session.submit('part.move', { moves });
    this.putBack();
  }

  /** Back to where the design says. */
  putBack(): void {
    for (const part of this.#carried) this.handwork.carry(part, null);
    this.#carried.clear();
  }

  /** In their parents, by where the mount is now. */
  *#posesOn(mount: PartId, mountInRoom = this.handwork.poseInRoom(mount)): Iterable<readonly [PartId, Pose]> {
    for (const [part, seat] of this.#seats) {
      if (seat.mount !== mount) continue;
      const inRoom = composePose(mountInRoom, seat.poseInMount);
      const parentInRoom = composePose(this.handwork.poseInRoom(part), invertPose(this.handwork.poseInParent(part)));
      yield [part, composePose(invertPose(parentInRoom), inRoom)] as const;
      yield* this.#posesOn(part, inRoom);
    }
  }

  #isAbove(part: PartId, mount: PartId): boolean {
    for (let at: PartId | undefined = mount; at !== undefined; at = this.#seats.get(at)?.mount)
      if (at === part) return true;
    return false;
  }
}
