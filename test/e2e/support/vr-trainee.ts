import type { Page } from 'playwright-core';
import { composePose, invertPose, type Pose, type Vec3 } from '#protocol/spatial/index';
import type { TrainingView } from '../../../client/features/training-room/scene/training-view.ts';
import type { TrainingStay } from '../../../client/features/training-room/xr/training-stay.ts';
import { shoot } from '../../support/drawing.ts';
import { Headset } from '../../support/headset.ts';
import { until } from '../../support/people.ts';

type Side = 'left' | 'right';
type Kind = 'thing' | 'control';
const PATIENCE_MS = 90_000;

/** What the page knows: the scene and the stay in the headset. */
export interface Seen {
  readonly view: TrainingView;
  readonly stay: TrainingStay;
}
interface Page3D {
  readonly training: TrainingView;
  readonly xr: { readonly stay: TrainingStay | null };
}

/** Somebody with an emulated headset in a training room: what both hands do, and what stands on the boards. */
export class VrTrainee {
  readonly headset: Headset;

  constructor(
    readonly page: Page,
    private readonly pictures: string,
  ) {
    this.headset = new Headset(page);
  }

  async enterVr(): Promise<void> {
    // Asked for before the door has been opened, too.
    await this.page.evaluate(() => void (window.__workhall.xr ??= { stay: null }));
    await this.page.getByRole('button', { name: /^(Enter VR|进入 VR)$/ }).click();
    await this.headset.isOn();
    await this.isTrue('the board stands', ({ stay }) => stay.board.isShown);
  }

  isAt(step: string): Promise<void> {
    return this.isTrue(`the board says “${step}”`, ({ stay }, title) => stay.board.words.includes(title), step);
  }

  /** What stands on the board beside the work. */
  words(): Promise<string> {
    return this.look(({ stay }) => stay.board.words);
  }

  async picture(name: string): Promise<void> {
    await shoot(this.page, { path: `${this.pictures}${name}.png` });
  }

  /** A button of the board or of the wrist plate, by the ray. */
  async press(where: 'board' | 'wrist', id: string): Promise<void> {
    await this.headset.moveHand('right', [0.2, 0.12, 0.12]);
    for (let again = 0; again < 2; again++) {
      const place = await this.look(
        ({ stay }, [on, button]) => (on === 'board' ? stay.board : stay.wrist.plate).placeOf(button),
        [where, id] as const,
      );
      if (!place) throw new Error(`The ${where} has no ${id}: ${await this.words()}`);
      await this.aimAt('right', place);
    }
    await this.headset.press('right', 'trigger');
    await this.headset.release('right', 'trigger');
  }

  async aimAt(side: Side, pointInRoom: Vec3): Promise<void> {
    for (let again = 0; again < 2; again++) {
      const direction = await this.look(
        ({ stay }, [which, to]): Vec3 => {
          const from = stay.hands[which].rayInRoom!.position;
          const { rotation } = stay.rigInRoom;
          const yaw = 2 * Math.atan2(rotation[1], rotation[3]);
          const [c, s] = [Math.cos(-yaw), Math.sin(-yaw)];
          const [x, y, z] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
          return [c * x + s * z, y, -s * x + c * z];
        },
        [side, pointInRoom] as const,
      );
      await this.headset.aim(side, direction);
    }
  }

  /** The ray of a hand meets it, from where the hand is. */
  async pointAt(side: Side, kind: Kind, id: string): Promise<void> {
    const point = await this.look(({ view }, [what, which]) => view.pointOf({ kind: what, id: which }), [
      kind,
      id,
    ] as const);
    if (!point) throw new Error(`${id} is not in the scene`);
    await this.aimAt(side, point);
    await this.headset.frames(4);
  }

  /** Brings the hand to a thing. */
  async reach(side: Side, thing: string): Promise<void> {
    await this.headset.moveHand(side, [side === 'left' ? -0.15 : 0.15, 0.25, 0.35]);
    for (let again = 0; again < 2; again++) {
      const by = await this.look(
        ({ view, stay }, [which, id]): Vec3 => {
          const to = view.pointOf({ kind: 'thing', id })!;
          const at = stay.hands[which].grabPointInRoom!;
          return [to[0] - at[0], to[1] - at[1], to[2] - at[2]];
        },
        [side, thing] as const,
      );
      await this.headset.shiftHand(side, by);
    }
    await this.isTrue(`${thing} is under the hand`, ({ stay }, [which, id]) => stay.things.aimOf(which).at?.id === id, [
      side,
      thing,
    ] as const);
  }

  /** Brings the hand to a control and closes it there; `rimM`: so far from the axis, where a wheel is turned. */
  async hold(side: Side, control: string, how: 'squeeze' | 'pinch', rimM = 0): Promise<void> {
    await this.headset.moveHand(side, [side === 'left' ? -0.15 : 0.15, 0.25, 0.35]);
    for (let again = 0; again < 2; again++) await this.#bring(side, control, 'grab');
    if (rimM > 0)
      await this.headset.shiftHand(
        side,
        await this.look(
          ({ view }, [id, radius]): Vec3 => {
            const [x, y, z] = view.machine!.axisInRoom(id)!;
            // Across the axis, towards where nothing of it points.
            const across: Vec3 = Math.abs(x) < 0.8 ? [0, z, -y] : [-z, 0, x];
            const n = Math.hypot(...across) / radius;
            return [across[0] / n, across[1] / n, across[2] / n];
          },
          [control, rimM] as const,
        ),
      );
    await this.headset.press(side, how);
    await this.isTrue(`${control} is in the hand`, ({ stay }, [which, id]) => stay.controls.heldIn(which) === id, [
      side,
      control,
    ] as const);
  }

  /** Turns what the hand holds about its own axis, towards its last position, by this angle. */
  async turn(side: Side, control: string, rad: number): Promise<void> {
    const steps = Math.ceil(rad / 0.3);
    for (let step = 0; step < steps; step++) {
      const by = await this.look(
        ({ view, stay }, [which, id, angle]): Vec3 => {
          const machine = view.machine!;
          const axis = machine.axisInRoom(id)!;
          const { joint } = machine.model.about.controls.find((one) => one.id === id)!;
          const centre = machine.poseInRoom(machine.nodeOf('control', id)!).position;
          const at = stay.hands[which].gripInRoom!.position;
          const arm = [0, 1, 2].map((k) => at[k]! - centre[k]!);
          const a = angle * Math.sign(joint.to - joint.from);
          const [c, s] = [Math.cos(a), Math.sin(a)];
          const along = arm.reduce((sum, m, k) => sum + m * axis[k]!, 0);
          const across = [1, 2, 0].map((k, n) => axis[k]! * arm[(n + 2) % 3]! - axis[(n + 2) % 3]! * arm[k]!);
          return [0, 1, 2].map(
            (k) => arm[k]! * c + across[k]! * s + axis[k]! * along * (1 - c) - arm[k]!,
          ) as unknown as Vec3;
        },
        [side, control, rad / steps] as const,
      );
      await this.headset.shiftHand(side, by);
    }
  }

  /** Presses a button or switch with the finger, and takes it away again. */
  async poke(side: Side, control: string): Promise<void> {
    await this.headset.moveHand(side, [side === 'left' ? -0.15 : 0.15, 0.25, 0.35]);
    await this.#bring(side, control, 'tip');
    await this.headset.frames(3);
    await this.headset.shiftHand(side, [0, 0.12, 0.12]);
  }

  /** Moves the hand so that its finger or palm is at a control. */
  async #bring(side: Side, control: string, what: 'tip' | 'grab'): Promise<void> {
    const by = await this.look(
      ({ view, stay }, [which, id, point]): Vec3 => {
        const to = view.pointOf({ kind: 'control', id })!;
        const hand = stay.hands[which];
        const at = point === 'tip' ? hand.tipInRoom! : hand.grabPointInRoom!;
        return [to[0] - at[0], to[1] - at[1], to[2] - at[2]];
      },
      [side, control, what] as const,
    );
    await this.headset.shiftHand(side, by);
  }

  /** Closes the hand around a thing: from near. */
  async take(side: Side, thing: string): Promise<void> {
    await this.reach(side, thing);
    await this.headset.press(side, 'squeeze');
    await this.isTrue(`${thing} is in the hand`, ({ stay }, [which, id]) => stay.things.heldIn(which) === id, [
      side,
      thing,
    ] as const);
  }

  /** Carries and turns what the hand holds to its place, a little off: it snaps. */
  async carryHome(side: Side, thing: string, offM = 0.012): Promise<void> {
    const now = await this.look(
      ({ view, stay }, [which, id]) => {
        const { device } = window.__workhallXr;
        const { position: p, quaternion: q } = device.controllers[which]!;
        return {
          seat: view.handling.seats(id)[0]!.poseInRoom,
          thing: view.handling.carried.get().get(id)!.poseInRoom,
          grip: stay.hands[which].gripInRoom!,
          rig: stay.rigInRoom,
          input: { position: [p.x, p.y, p.z], rotation: [q.x, q.y, q.z, q.w] } as Pose,
        };
      },
      [side, thing] as const,
    );
    const { position, rotation } = now.seat;
    const wanted: Pose = { position: [position[0] + offM, position[1] + offM, position[2]], rotation };
    const offset = composePose(invertPose(now.grip), now.thing);
    const gripInLocal = composePose(invertPose(now.rig), composePose(wanted, invertPose(offset)));
    const gripInInput = composePose(invertPose(now.input), composePose(invertPose(now.rig), now.grip));
    const input = composePose(gripInLocal, invertPose(gripInInput));
    // First up, then over: as one carries.
    await this.headset.shiftHand(side, [0, 0.12, 0]);
    await this.page.evaluate(
      ([which, { position: p, rotation: q }]) => {
        const device = window.__workhallXr.device.controllers[which]!;
        device.position.set(...p);
        device.quaternion.set(...q);
      },
      [side, input] as const,
    );
    await this.isTrue(
      `${thing} snaps`,
      ({ view }, id) => {
        const carried = view.handling.carried.get().get(id);
        return carried !== undefined && carried.seat !== null;
      },
      thing,
    );
  }

  async letGo(side: Side): Promise<void> {
    await this.headset.release(side, 'squeeze');
    await this.isTrue('the hand is empty', ({ stay }, which) => stay.things.heldIn(which) === null, side);
  }

  async assemble(side: Side, thing: string): Promise<void> {
    await this.take(side, thing);
    await this.carryHome(side, thing);
    await this.letGo(side);
  }

  async look<T, G = null>(read: (w: Seen, given: G) => T, given: G = null as G): Promise<T> {
    const seen = await this.page.evaluateHandle((): Seen => {
      const { training, xr } = window.__workhall as unknown as Page3D;
      return { view: training, stay: xr.stay! };
    });
    // Handed over as a function, not as text: the page's content security policy forbids to evaluate text.
    return (await seen.evaluate(read as never, given)) as T;
  }

  async isTrue<G = null>(what: string, holds: (w: Seen, given: G) => boolean, given: G = null as G): Promise<void> {
    await until(what, () => this.look(holds, given), PATIENCE_MS);
  }
}
