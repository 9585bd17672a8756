import type { JSHandle, Page } from 'playwright-core';
import type { XRDevice } from 'iwer';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import type { PaletteAct } from '../../client/xr/palette/layout.ts';
import type { XrStay } from '../../client/xr/xr-stay.ts';
import type { RoomSession } from '../../client/net/room-session.types.ts';
import type { Workbench } from '../../client/tools/tool.types.ts';
import type { Voice } from '../../client/voice/index.ts';

declare global {
  interface Window {
    __workhall: { xr: { stay: XrStay | null }; bench: Workbench; session: RoomSession; voice: Voice };
    __workhallXr: { device: XRDevice };
  }
}

type Side = 'left' | 'right';
const TIMEOUT_MS = 40_000;

/**
 * Wears the emulated headset of a page (client/xr/emulator.ts): moves head and hands, presses and pinches. Places of
 * hands are metres from the head: x to the right, y above the design's table top, z before the person.
 */
export class Headset {
  constructor(readonly page: Page) {}

  async isOn(): Promise<void> {
    await this.until('the first frame', (stay) => stay.hands.right.isTracked);
    // Down at the table, as a person looks who works on it.
    await this.#inPage(() => {
      const { device } = window.__workhallXr;
      device.quaternion.set(-0.25, 0, 0, 0.968);
    });
    await this.frames(3);
  }

  async isOff(): Promise<void> {
    await this.page.waitForFunction(() => window.__workhall.xr.stay === null, null, { timeout: TIMEOUT_MS });
  }

  /** Waits until something is true of the stay; `given` is handed to the page. */
  async until<T = null>(what: string, isTrue: (stay: XrStay, given: T) => boolean, given?: T): Promise<void> {
    const end = performance.now() + TIMEOUT_MS;
    for (;;) {
      const stay = await this.page.evaluateHandle(() => window.__workhall?.xr.stay ?? null);
      // Handed over as a function, not as text: the page's content security policy forbids to evaluate text.
      if (await this.page.evaluate((found) => found !== null, stay)) {
        const holds = await (stay as JSHandle<XrStay>).evaluate(
          isTrue as (stay: XrStay, given: unknown) => boolean,
          given ?? null,
        );
        if (holds) return;
      }
      if (performance.now() > end) throw new Error(`Waited ${TIMEOUT_MS} ms in vain: ${what}`);
      await this.page.waitForTimeout(40);
    }
  }

  /** Waits for so many frames of the headset. */
  async frames(count = 2): Promise<void> {
    await this.page.evaluate(
      (n) =>
        new Promise<void>((resolve) => {
          const session = window.__workhallXr.device.activeSession;
          if (!session) return resolve(); // it was left
          session.addEventListener('end', () => resolve());
          let left = n;
          const next = () => (left-- > 0 ? session.requestAnimationFrame(next) : resolve());
          next();
        }),
      count,
    );
  }

  head(): Promise<Pose> {
    return this.page.evaluate(() => window.__workhall.xr.stay!.headInRoom);
  }

  async useBareHands(): Promise<void> {
    await this.#inPage(() => void (window.__workhallXr.device.primaryInputMode = 'hand'));
    await this.until('the hands are bare', (stay) => stay.hands.right.isBare && stay.hands.right.isTracked);
    await this.page.waitForTimeout(600); // their meshes come over the network
  }

  /** Puts a hand relative to the head: x right, y over the table top, z ahead. */
  async moveHand(side: Side, place: Vec3): Promise<void> {
    await this.page.evaluate(
      ([which, [x, y, ahead]]) => {
        const { device } = window.__workhallXr;
        const stay = window.__workhall.xr.stay!;
        const input = device.primaryInputMode === 'hand' ? device.hands[which]! : device.controllers[which]!;
        const table = -stay.rigInRoom.position[1];
        input.position.set(device.position.x + x, table + y, device.position.z - ahead);
        input.quaternion.set(-0.2, 0, 0, 0.98);
      },
      [side, place] as const,
    );
    await this.frames();
  }

  /** Moves a hand by so much, in the room. */
  async shiftHand(side: Side, by: Vec3): Promise<void> {
    for (let step = 0; step < 2; step++) {
      await this.page.evaluate(
        ([which, delta]) => {
          const { device } = window.__workhallXr;
          const { rotation } = window.__workhall.xr.stay!.rigInRoom;
          const input = device.primaryInputMode === 'hand' ? device.hands[which]! : device.controllers[which]!;
          // Into the headset's own frame: the rig only turns about the vertical.
          const yaw = 2 * Math.atan2(rotation[1], rotation[3]);
          const [c, s] = [Math.cos(-yaw), Math.sin(-yaw)];
          input.position.x += (c * delta[0] + s * delta[2]) / 2;
          input.position.y += delta[1] / 2;
          input.position.z += (-s * delta[0] + c * delta[2]) / 2;
        },
        [side, by] as const,
      );
      await this.frames(1);
    }
    await this.frames(1);
  }

  /** Brings the hand's grabbing point to the middle of a part. */
  async reachFor(side: Side, part: string): Promise<void> {
    await this.moveHand(side, [0.15, 0.2, 0.35]);
    for (let again = 0; again < 2; again++) {
      const by = await this.page.evaluate(
        ([which, id]): Vec3 => {
          const { world } = window.__workhall.bench;
          const { min, max } = world.boundsInRoom([id as never]);
          const at = window.__workhall.xr.stay!.hands[which].grabPointInRoom!;
          return [0, 1, 2].map((k) => (min[k]! + max[k]!) / 2 - at[k]!) as unknown as Vec3;
        },
        [side, part] as const,
      );
      await this.shiftHand(side, by);
    }
  }

  /** Turns the hand so that its ray runs along a direction of the headset's own frame. */
  async aim(side: Side, direction: Vec3): Promise<void> {
    await this.page.evaluate(
      ([which, [x, y, z]]) => {
        const { device } = window.__workhallXr;
        const input = device.primaryInputMode === 'hand' ? device.hands[which]! : device.controllers[which]!;
        const n = Math.hypot(x, y, z);
        // Shortest turn from -Z to the direction.
        const [dx, dy, dz] = [x / n, y / n, z / n];
        const q = [dy, -dx, 0, 1 - dz] as const;
        const size = Math.hypot(...q);
        input.quaternion.set(q[0] / size, q[1] / size, q[2] / size, q[3] / size);
      },
      [side, direction] as const,
    );
    await this.frames(2);
  }

  /** Points the hand's ray at the middle of a part from where the hand is. */
  async pointAt(side: Side, part: string): Promise<void> {
    await this.moveHand(side, [0.2, 0.3, 0.1]);
    await this.aimAt(
      side,
      await this.page.evaluate((id): Vec3 => {
        const { min, max } = window.__workhall.bench.world.boundsInRoom([id as never]);
        return [0, 1, 2].map((k) => (min[k]! + max[k]!) / 2) as unknown as Vec3;
      }, part),
    );
  }

  async press(side: Side, what: 'trigger' | 'squeeze' | 'pinch'): Promise<void> {
    await this.#value(side, what, 1);
  }

  async release(side: Side, what: 'trigger' | 'squeeze' | 'pinch'): Promise<void> {
    await this.#value(side, what, 0);
  }

  async stick(side: Side, x: number, y: number): Promise<void> {
    await this.page.evaluate(
      ([which, a, b]) => window.__workhallXr.device.controllers[which]!.updateAxes('thumbstick', a, b),
      [side, x, y] as const,
    );
    await this.frames(3);
  }

  /** Presses a target of the palette with the ray. */
  async pressTarget(side: Side, isIt: (act: PaletteAct) => boolean): Promise<void> {
    await this.holdTarget(side, isIt);
    await this.release(side, 'trigger');
  }

  /** The same without letting go: `release` the trigger when it is over. */
  async holdTarget(side: Side, isIt: (act: PaletteAct) => boolean): Promise<void> {
    await this.moveHand(side, [0.22, 0.05, 0.1]);
    await this.aimAt(side, await this.#placeOf(isIt));
    await this.frames(2);
    await this.press(side, 'trigger');
  }

  /** Presses a target with the tip of the index finger. */
  async pokeTarget(side: Side, isIt: (act: PaletteAct) => boolean): Promise<void> {
    for (const frontM of [0.05, 0.02, -0.004]) {
      const place = await this.#placeOf(isIt);
      const by = await this.page.evaluate(
        ([which, to, front]): Vec3 => {
          const stay = window.__workhall.xr.stay!;
          const tip = stay.hands[which].tipInRoom!;
          const head = stay.headInRoom.position;
          const n = Math.hypot(head[0] - to[0], head[1] - to[1], head[2] - to[2]);
          return [0, 1, 2].map((k) => to[k]! + ((head[k]! - to[k]!) / n) * front - tip[k]!) as unknown as Vec3;
        },
        [side, place, frontM] as const,
      );
      await this.shiftHand(side, by);
    }
  }

  /** The open palm before the eyes: how a bare hand asks for the palette. */
  async turnPalmToEyes(side: Side, place: Vec3): Promise<void> {
    await this.moveHand(side, place);
    // Turns the hand about its own length and looks which way round the palm sees the eyes.
    for (let step = 0; step < 16; step++) {
      const isShown = await this.page.evaluate(
        ([which, turn]) => {
          const angle = (turn * Math.PI) / 8;
          const up = [Math.SQRT1_2, 0, 0, Math.SQRT1_2] as const;
          const roll = [0, 0, Math.sin(angle / 2), Math.cos(angle / 2)] as const;
          const [ax, , , aw] = up;
          const [, , bz, bw] = roll;
          window.__workhallXr.device.hands[which]!.quaternion.set(ax * bw, -ax * bz, aw * bz, aw * bw);
          return window.__workhall.xr.stay!.palette.isShown;
        },
        [side, step] as const,
      );
      await this.frames(3);
      if (isShown || (await this.page.evaluate(() => window.__workhall.xr.stay!.palette.isShown))) return;
    }
  }

  async #placeOf(isIt: (act: PaletteAct) => boolean): Promise<Vec3> {
    await this.frames(5); // the board follows its hand softly
    const acts = await this.page.evaluate(() => window.__workhall.xr.stay!.palette.targets.map(({ act }) => act));
    const index = acts.findIndex(isIt);
    const place = await this.page.evaluate((i) => {
      const { palette } = window.__workhall.xr.stay!;
      const target = palette.targets[i];
      return target ? palette.placeOf(target) : null;
    }, index);
    if (!place) throw new Error('the palette does not show this target');
    return place;
  }

  /** Turns the hand until its ray meets this. */
  async aimAt(side: Side, pointInRoom: Vec3): Promise<void> {
    for (let again = 0; again < 2; again++) {
      const direction = await this.page.evaluate(
        ([which, to]): Vec3 => {
          const stay = window.__workhall.xr.stay!;
          const from = stay.hands[which].rayInRoom!.position;
          const { rotation } = stay.rigInRoom;
          const yaw = 2 * Math.atan2(rotation[1], rotation[3]);
          const [c, s] = [Math.cos(-yaw), Math.sin(-yaw)];
          const [x, y, z] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
          return [c * x + s * z, y, -s * x + c * z];
        },
        [side, pointInRoom] as const,
      );
      await this.aim(side, direction);
    }
  }

  async #value(side: Side, what: 'trigger' | 'squeeze' | 'pinch', value: number): Promise<void> {
    await this.page.evaluate(
      ([which, button, amount]) => {
        const { device } = window.__workhallXr;
        if (button === 'pinch') device.hands[which]!.updatePinchValue(amount);
        else device.controllers[which]!.updateButtonValue(button, amount);
      },
      [side, what, value] as const,
    );
    await this.frames(3);
  }

  async #inPage(act: () => void): Promise<void> {
    await this.page.evaluate(act);
  }
}
