import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { composePose, type Pose, type Vec3 } from '#protocol/spatial/index';
import type { XRDevice } from 'iwer';
import type { JobOverlay } from '../../../client/features/guidance-room/scene/job-overlay.ts';
import type { JobPage } from '../../../client/features/guidance-room/job-context.tsx';
import type { GuidanceStay } from '../../../client/features/guidance-room/xr/guidance-stay.ts';
import type { Pages, Look } from '../../support/pages.ts';
import type { Person } from '../../support/people.ts';

const PATIENCE_MS = 60_000;

interface Handles {
  readonly __workhall: {
    readonly job: { readonly page: JobPage; readonly overlay: JobOverlay | null };
    readonly xr?: { readonly stay: GuidanceStay | null };
  };
  readonly __workhallXr: { readonly device: XRDevice };
}
type JobSeen = { readonly status: string; readonly step: string | null; readonly open: readonly string[] };

/** An engineer at a job's page: by buttons, by pedal, and in emulated glasses by the head. */
export class Engineer {
  private constructor(readonly page: Page) {
    page.setDefaultTimeout(PATIENCE_MS);
  }

  static async enter(pages: Pages, person: Person, room: string, query = '', look: Look = {}): Promise<Engineer> {
    return new Engineer(await pages.open(person, `/room/${room}?test${query}`, look));
  }

  static at(page: Page): Engineer {
    return new Engineer(page);
  }

  /** The page anew, as after a break. */
  async reloads(): Promise<void> {
    await this.page.reload();
    await this.page.waitForFunction(() => (window as unknown as Partial<Handles>).__workhall?.job);
  }

  /** The pedal: most of them send Page down. */
  async presses(key = 'PageDown'): Promise<void> {
    await this.page.locator('body').press(key);
  }

  /** Waits until the job stands so. */
  async isAt(step: string | null, status = 'running'): Promise<void> {
    await this.page.waitForFunction(
      ([wanted, state]) => {
        const { job, steps } = (window as unknown as Handles).__workhall.job.page;
        return job.status === state && (steps.at(-1)?.active.step ?? null) === wanted;
      },
      [step, status] as const,
    );
  }

  /** Waits until nothing but this is missing in the step, by what one has to do. */
  async misses(...needs: readonly string[]): Promise<void> {
    await this.page.waitForFunction((wanted) => {
      const { steps } = (window as unknown as Handles).__workhall.job.page;
      const open = steps.flatMap(({ tasks }) => tasks.filter(({ isDone }) => !isDone).map(({ need }) => need.kind));
      return open.join() === wanted.join();
    }, needs);
  }

  seen(): Promise<JobSeen> {
    return this.page.evaluate(() => {
      const { job, steps } = (window as unknown as Handles).__workhall.job.page;
      const open = steps.flatMap(({ tasks }) => tasks.filter(({ isDone }) => !isDone).map(({ need }) => need.kind));
      return { status: job.status, step: steps.at(-1)?.active.step ?? null, open };
    });
  }

  /** How sure the overlay says it is, metres, once it is aligned by these means. */
  async isAligned(by: 'markers' | 'manual' | 'hitTest' | 'touch'): Promise<number> {
    await this.page.waitForFunction((means) => {
      const view = (window as unknown as Handles).__workhall.job.page.aligner.view.get();
      return view.by === means && view.isFresh;
    }, by);
    return this.page.evaluate(() => (window as unknown as Handles).__workhall.job.page.aligner.view.get().expectedM!);
  }

  /** Waits until nothing was drawn while the camera was looked through so many times, and says how many pictures there were: what rests costs no battery. */
  async rests(looks = 4): Promise<number> {
    await this.page.waitForFunction((wanted) => {
      const { page, overlay } = (window as unknown as Handles).__workhall.job;
      if (!overlay) return false;
      const { framesDrawn } = overlay.stage;
      return new Promise<boolean>((resolve) => {
        let left = wanted;
        const stop = page.aligner.view.subscribe(() => {
          if (--left > 0) return;
          stop();
          resolve(framesDrawn > 0 && overlay.stage.framesDrawn === framesDrawn);
        });
      });
    }, looks);
    return this.page.evaluate(() => (window as unknown as Handles).__workhall.job.overlay!.stage.framesDrawn);
  }

  async hasDrawnSince(frames: number): Promise<void> {
    await this.page.waitForFunction(
      (before) => (window as unknown as Handles).__workhall.job.overlay!.stage.framesDrawn > before,
      frames,
    );
  }

  /** Shares of a grid round the place that the step is about, in the picture, over which nothing of the page lies. */
  workAreaFree(sideShare = 0.3): Promise<number> {
    return this.page.evaluate((side) => {
      const picture = document.querySelector('video')!;
      const box = picture.getBoundingClientRect();
      const { scene } = (window as unknown as Handles).__workhall.job.overlay!.stage;
      const [x, y, z] = (window as unknown as Handles).__workhall.job.overlay!.cues.get()[0]!.atInProduct;
      const m = scene.activeCamera!.getTransformationMatrix().m;
      const along = (row: number) => m[row]! * x + m[4 + row]! * y + m[8 + row]! * z + m[12 + row]!;
      const canvas = scene.getEngine().getRenderingCanvas()!.getBoundingClientRect();
      const at = [
        canvas.left + (0.5 + (0.5 * along(0)) / along(3)) * canvas.width,
        canvas.top + (0.5 - (0.5 * along(1)) / along(3)) * canvas.height,
      ] as const;
      const steps = [-2, -1, 0, 1, 2].map((n) => (n / 4) * side * Math.min(box.width, box.height));
      const spots = steps.flatMap((dx) => steps.map((dy) => [at[0] + dx, at[1] + dy] as const));
      const layer = picture.closest('section')!;
      const isFree = ([left, top]: readonly [number, number]) => layer.contains(document.elementFromPoint(left, top));
      return spots.filter(isFree).length / spots.length;
    }, sideShare);
  }

  /** Light on black, which see-through displays do not show, or the page's own colours. */
  theme(): Promise<string> {
    return this.page.evaluate(() => (window as unknown as Handles).__workhall.job.overlay!.stage.theme);
  }

  async putsOnGlasses(): Promise<void> {
    await this.page.getByRole('button', { name: 'Into the glasses (AR)' }).click();
    await this.page.waitForFunction(() => {
      const stay = (window as unknown as Handles).__workhall.xr?.stay;
      return !!stay && stay.headInRoom.position.some((metres) => metres !== 0);
    });
  }

  async takesThemOff(): Promise<void> {
    await this.page.evaluate(() => (window as unknown as Handles).__workhall.xr!.stay!.end());
    await this.page.waitForFunction(() => (window as unknown as Handles).__workhall.xr?.stay === null);
  }

  /** What stands on the plate in the glasses. */
  plate(): Promise<string> {
    return this.page.evaluate(() => (window as unknown as Handles).__workhall.xr!.stay!.plate.words);
  }

  /** Turns the head until the middle of the view is on a button of the plate, and waits until that has pressed it. */
  async looksAt(button: string): Promise<void> {
    await this.page.waitForFunction((id) => {
      const { stay } = (window as unknown as Handles).__workhall.xr!;
      return stay!.plate.placeOf(id) !== null;
    }, button);
    await this.page.evaluate((id) => {
      const { stay } = (window as unknown as Handles).__workhall.xr!;
      const { device } = (window as unknown as Handles).__workhallXr;
      const target = stay!.plate.placeOf(id)!;
      const { position, rotation } = stay!.headInRoom;
      // Into the head's own frame, and from there the turn to it.
      const [x, y, z, w] = [-rotation[0], -rotation[1], -rotation[2], rotation[3]];
      const v = [target[0] - position[0], target[1] - position[1], target[2] - position[2]] as const;
      const t = [2 * (y * v[2] - z * v[1]), 2 * (z * v[0] - x * v[2]), 2 * (x * v[1] - y * v[0])] as const;
      const at = [
        v[0] + w * t[0] + y * t[2] - z * t[1],
        v[1] + w * t[1] + z * t[0] - x * t[2],
        v[2] + w * t[2] + x * t[1] - y * t[0],
      ] as const;
      const yaw = Math.atan2(-at[0], -at[2]);
      const pitch = Math.atan2(at[1], Math.hypot(at[0], at[2]));
      const [sp, cp, sy, cy] = [Math.sin(pitch / 2), Math.cos(pitch / 2), Math.sin(yaw / 2), Math.cos(yaw / 2)];
      const [bx, by, bz, bw] = [cy * sp, sy * cp, -sy * sp, cy * cp];
      const q = device.quaternion;
      const [ax, ay, az, aw] = [q.x, q.y, q.z, q.w];
      device.quaternion.set(
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
      );
    }, button);
  }

  /** Where the device's head is and looks: metres in its floor space, radians to the left and up. */
  async standsAt(position: Vec3, yawRad = 0, pitchRad = 0): Promise<void> {
    await this.page.evaluate(
      ([[x, y, z], yaw, pitch]) => {
        const { device } = (window as unknown as Handles).__workhallXr;
        const [sp, cp, sy, cy] = [Math.sin(pitch / 2), Math.cos(pitch / 2), Math.sin(yaw / 2), Math.cos(yaw / 2)];
        device.position.set(x, y, z);
        device.quaternion.set(cy * sp, sy * cp, -sy * sp, cy * cp);
      },
      [position, yawRad, pitchRad] as const,
    );
  }

  /** Where the product is, in the device's own space. */
  productInDevice(): Promise<Pose> {
    return this.page.evaluate(
      () => (window as unknown as Handles).__workhall.job.page.aligner.view.get().fit!.productInDevice,
    );
  }

  /** What the journal has: the error of the alignment that counts, metres, once there are so many. */
  async hasNoted(alignments: number): Promise<number> {
    await this.page.waitForFunction(
      (count) => ((window as unknown as Handles).__workhall.job.page.job.counts['alignments'] ?? 0) >= count,
      alignments,
    );
    return this.page.evaluate(() => (window as unknown as Handles).__workhall.job.page.job.alignedWithinM!);
  }

  /** Looks at buttons of the plate, one after the other, until each has been pressed. */
  async looksAtEach(...buttons: readonly string[]): Promise<void> {
    for (const button of buttons) {
      await this.looksAt(button);
      await this.page.waitForFunction(
        (id) => (window as unknown as Handles).__workhall.xr!.stay!.lastPressed === id,
        button,
      );
    }
  }

  /** Touches all the points that are asked for, as they would be if the product stood so. */
  async touchesPointsOf(productInDevice: Pose): Promise<void> {
    const points = await this.page.evaluate(() =>
      (window as unknown as Handles).__workhall.xr!.stay!.placing.points.map(({ inProduct }) => inProduct),
    );
    for (const [n, inProduct] of points.entries()) {
      const at = composePose(productInDevice, { position: inProduct, rotation: [0, 0, 0, 1] }).position;
      await this.page.waitForFunction(
        (done) => (window as unknown as Handles).__workhall.xr!.stay!.placing.touched === done,
        n,
      );
      await this.#movesTip(at);
      await this.#trigger(1);
      await this.page.waitForFunction(
        (done) => (window as unknown as Handles).__workhall.xr!.stay!.placing.touched !== done,
        n,
      );
      await this.#trigger(0);
    }
  }

  /** Bare hands, away from the plate: the right one pinches until something has come of it. */
  async pinchesUntil(isDone: () => Promise<boolean>): Promise<void> {
    await this.page.evaluate(() => {
      const { device } = (window as unknown as Handles).__workhallXr;
      device.primaryInputMode = 'hand';
      const { x, y, z } = device.position;
      // Before the chest, pointing down.
      device.hands.right!.position.set(x + 0.15, y - 0.5, z - 0.3);
      device.hands.right!.quaternion.set(-0.7, 0, 0, 0.714);
    });
    await this.page.waitForFunction(() => (window as unknown as Handles).__workhall.xr!.stay!.hands.right.isBare);
    await this.page.evaluate(() => (window as unknown as Handles).__workhallXr.device.hands.right!.updatePinchValue(1));
    await expect.poll(isDone, { timeout: PATIENCE_MS }).toBe(true);
    await this.page.evaluate(() => (window as unknown as Handles).__workhallXr.device.hands.right!.updatePinchValue(0));
  }

  /** Moves the right controller, which points down, until its tip is there, metres in the device's space. */
  async #movesTip(at: Vec3): Promise<void> {
    for (let again = 0; again < 3; again++) {
      const offM = await this.page.evaluate(async ([x, y, z]) => {
        const { device } = (window as unknown as Handles).__workhallXr;
        const stay = (window as unknown as Handles).__workhall.xr!.stay!;
        const controller = device.controllers.right!;
        controller.quaternion.set(-0.7, 0, 0, 0.714);
        const frame = () => new Promise((next) => device.activeSession!.requestAnimationFrame(next));
        for (let n = 0; n < 2; n++) await frame();
        // Nothing is aligned while points are touched: the room is the device's space.
        const tip = stay.hands.right.tipInRoom!;
        controller.position.x += x - tip[0];
        controller.position.y += y - tip[1];
        controller.position.z += z - tip[2];
        for (let n = 0; n < 2; n++) await frame();
        const now = stay.hands.right.tipInRoom!;
        return Math.hypot(now[0] - x, now[1] - y, now[2] - z);
      }, at);
      if (offM < 0.0005) return;
    }
    throw new Error('The tip does not get there.');
  }

  async #trigger(value: number): Promise<void> {
    await this.page.evaluate(
      (amount) =>
        (window as unknown as Handles).__workhallXr.device.controllers.right!.updateButtonValue('trigger', amount),
      value,
    );
  }

  /** Looks straight ahead, level: away from every button. */
  async looksUp(): Promise<void> {
    await this.page.evaluate(() => (window as unknown as Handles).__workhallXr.device.quaternion.set(0, 0, 0, 1));
  }

  /** Nods a yes, as long as it takes a head, whatever the frames: again until something has come of it. */
  async nodsUntil(isDone: () => Promise<boolean>): Promise<void> {
    for (let again = 0; again < 12; again++) {
      await this.page.evaluate(
        () =>
          new Promise<void>((resolve) => {
            const { device } = (window as unknown as Handles).__workhallXr;
            const startMs = performance.now();
            const tick = () => {
              const ms = performance.now() - startMs - 450;
              const share = ms < 0 || ms > 600 ? 0 : (1 - Math.cos((2 * Math.PI * ms) / 600)) / 2;
              const pitch = -0.3 * share;
              device.quaternion.set(Math.sin(pitch / 2), 0, 0, Math.cos(pitch / 2));
              if (ms < 900) requestAnimationFrame(tick);
              else resolve();
            };
            tick();
          }),
      );
      if (await isDone()) return;
    }
    throw new Error('Nobody understood the nods.');
  }
}
