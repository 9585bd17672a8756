import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import type { Part } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import type { Vec3 } from '#protocol/spatial/index';
import type { Eye } from '../../../client/scene/camera/orbit.ts';
import type { RoomView } from '../../../client/scene/room-view.types.ts';
import type { Avatars } from '../../../client/scene/avatars/avatars.ts';
import '../../support/headset.ts';
import { until } from '../../support/people.ts';
import { PATIENCE_MS, type Visitor } from './visitor.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a person does in a room, and what their page knows about it (`?test` shows the page's own objects). */
export class Room {
  readonly page: Page;

  constructor(private readonly visitor: Visitor) {
    this.page = visitor.page;
  }

  async enter(path: string): Promise<void> {
    await this.visitor.open(`${path}?test`);
    await this.isReady();
  }

  async isReady(): Promise<void> {
    await this.page.getByRole('toolbar').waitFor();
    await this.page.waitForFunction(() => window.__workhall?.bench);
    // What the view says at the pointer goes away by itself: it is written down here.
    await this.page.evaluate(() => {
      const told: string[] = [];
      Object.assign(window, { told });
      new MutationObserver(() => {
        const text = document.querySelector('.wh-hint')?.textContent;
        if (text) told.push(text);
      }).observe(document.querySelector('.wh-overlay')!, { subtree: true, childList: true, characterData: true });
    });
  }

  /** Every model that is wanted has arrived and at least one was. */
  async showsModels(): Promise<void> {
    await this.page.waitForFunction(() => {
      const { total, loaded } = window.__workhall.bench.world.shapes.loading.get();
      return total > 0 && loaded === total;
    });
    await this.isStill();
  }

  /** The camera stands and a frame was drawn since. */
  async isStill(): Promise<void> {
    await this.page.waitForFunction(() => !window.__workhall.bench.camera.isMoving);
    await this.page.evaluate(
      () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
    );
  }

  parts(): Promise<Part[]> {
    return this.page.evaluate(() =>
      [...(window.__workhall.bench.session.document.get().tables.get('parts')?.values() ?? [])].map(
        (part) => part as unknown as Part,
      ),
    );
  }

  async part(name: string): Promise<Part> {
    const found = (await this.parts()).find((part) => part.name === name);
    if (!found) throw new Error(`There is no part “${name}”`);
    return found;
  }

  /** Waits until the part of this name is as said. */
  async until<T = null>(
    what: string,
    name: string,
    isTrue: (part: Part | undefined, given: T) => boolean,
    given: T = null as T,
  ): Promise<void> {
    await this.#poll(what, isTrue, given, (parts) => parts.find((part) => part.name === name));
  }

  partOf(id: PartId): Promise<Part> {
    return this.page.evaluate(
      (wanted) => window.__workhall.bench.session.document.get().tables.get('parts')!.get(wanted) as unknown as Part,
      id,
    );
  }

  /** As `until`, for a part whose name others share. */
  async untilPart<T = null>(
    what: string,
    id: PartId,
    isTrue: (part: Part | undefined, given: T) => boolean,
    given: T = null as T,
  ): Promise<void> {
    await this.#poll(what, isTrue, given, (parts) => parts.find((part) => part.id === id));
  }

  /** The view has said this beside the pointer. */
  async wasTold(text: string): Promise<void> {
    await this.page.waitForFunction((wanted) => (window as unknown as { told: string[] }).told.includes(wanted), text);
  }

  async #poll<T>(
    what: string,
    isTrue: (part: Part | undefined, given: T) => boolean,
    given: T,
    choose: (parts: Part[]) => Part | undefined,
  ): Promise<void> {
    await until(`${this.visitor.name}: ${what}`, async () => isTrue(choose(await this.parts()), given), PATIENCE_MS);
  }

  selected(): Promise<PartId[]> {
    return this.page.evaluate(() => [...window.__workhall.bench.selection.get()]);
  }

  /** Everything of the design, as one string that is equal for equal designs. */
  fingerprint(): Promise<string> {
    return this.page.evaluate(() => {
      const { tables } = window.__workhall.bench.session.document.get();
      const rows = [...tables].flatMap(([table, entities]) =>
        [...entities].map(([id, entity]) => `${table} ${id} ${JSON.stringify(entity)}`),
      );
      return rows.sort().join('\n');
    });
  }

  async isLive(): Promise<void> {
    await this.page.waitForFunction(() => window.__workhall.bench.session.connection.get().state === 'live');
  }

  /** The other one stands in the view: their name tag is there, and a body moves under it. */
  async seesAvatarOf(name: string): Promise<void> {
    await this.page.waitForFunction((wanted) => {
      const { session } = window.__workhall.bench;
      const other = session.participants.get().find((one) => one.name === wanted);
      const { avatars } = window.__workhall as unknown as { avatars: Avatars };
      return other !== undefined && avatars.of(other.participant) !== undefined;
    }, name);
  }

  /**
   * The other one's head stands in my picture, and so does the middle of the product. `within`: how far from the
   * picture's middle at most, as a share of half its size.
   */
  async seesInPicture(name: string, within = 0.95): Promise<void> {
    const look = () =>
      this.page.evaluate((wanted) => {
        const { session, camera, stage, world } = window.__workhall.bench;
        const other = session.participants.get().find((one) => one.name === wanted);
        const { avatars } = window.__workhall as unknown as { avatars: Avatars };
        const head = other && avatars.of(other.participant)?.headInRoom(performance.now());
        if (!head) return null;
        const { min, max } = world.boundsInRoom();
        const middle = [0, 1, 2].map((k) => (min[k]! + max[k]!) / 2) as unknown as Vec3;
        const [width, height] = stage.sizePx;
        return [head.position, middle].map((point) => {
          const seen = camera.project(point);
          return seen
            ? Math.max(Math.abs((seen.xPx / width) * 2 - 1), Math.abs((seen.yPx / height) * 2 - 1))
            : Infinity;
        });
      }, name);
    let seen: number[] | null = null;
    await until(`${this.visitor.name} knows where ${name} is`, async () => (seen = await look()) !== null, PATIENCE_MS);
    const [head, product] = seen as unknown as [number, number];
    expect(head, `${name} in the picture of ${this.visitor.name}`).toBeLessThan(within);
    if (within > 0.9) expect(product, `the product in the picture of ${this.visitor.name}`).toBeLessThan(within);
  }

  eye(): Promise<Eye> {
    return this.page.evaluate(() => ({ ...window.__workhall.bench.camera.eye }));
  }

  /** Entries of the room's journal that this page knows. */
  journalLength(): Promise<number> {
    return this.page.evaluate(
      () => (window.__workhall.bench.session as unknown as { replica: { length: number } }).replica.length,
    );
  }

  /** Clicks the other one's head in the view. */
  async clickHeadOf(name: string): Promise<void> {
    const head = await this.page.evaluate((wanted) => {
      const { session } = window.__workhall.bench;
      const other = session.participants.get().find((one) => one.name === wanted)!;
      const { avatars } = window.__workhall as unknown as { avatars: Avatars };
      return avatars.of(other.participant)!.headInRoom(performance.now())!.position;
    }, name);
    const at = await this.pointOnPage(head);
    await this.page.mouse.click(at.x, at.y);
  }

  /** Takes the picture that the project and its revisions get, and keeps it on the page under a name. */
  takePicture(name: string): Promise<void> {
    return this.page.evaluate(async (key) => {
      const { view } = window.__workhall as unknown as { view: RoomView };
      const picture = await createImageBitmap(await view.picture(480, 300));
      const pen = new OffscreenCanvas(480, 300).getContext('2d')!;
      pen.drawImage(picture, 0, 0);
      Object.assign(window, { [`picture ${key}`]: pen.getImageData(0, 0, 480, 300).data });
    }, name);
  }

  /** Share of the pixels of two kept pictures that an eye would tell apart. */
  pictureDifference(a: string, b: string): Promise<number> {
    return this.page.evaluate(
      ([one, other]) => {
        const kept = window as unknown as Record<string, Uint8ClampedArray>;
        const [left, right] = [kept[`picture ${one}`]!, kept[`picture ${other}`]!];
        let differing = 0;
        for (let i = 0; i < left.length; i += 4)
          if ([0, 1, 2].some((k) => Math.abs(left[i + k]! - right[i + k]!) > 24)) differing++;
        return differing / (left.length / 4);
      },
      [a, b] as const,
    );
  }

  async everythingIsSaved(): Promise<void> {
    await this.page.waitForFunction(() => window.__workhall.bench.session.pendingCount.get() === 0);
  }

  row(name: string | RegExp): Locator {
    return this.page.getByRole('treeitem', typeof name === 'string' ? { name, exact: true } : { name }).first();
  }

  /** Finds the part by its name and selects it in the tree. */
  async select(name: string): Promise<PartId> {
    const search = this.page.getByRole('textbox', { name: 'Find a part' });
    await search.fill(name);
    await this.row(new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)).click();
    await search.fill('');
    const { id } = await this.part(name);
    await this.page.waitForFunction((wanted) => window.__workhall.bench.selection.get().has(wanted), id);
    return id;
  }

  tool(name: string): Promise<void> {
    return this.page.getByRole('radio', { name, exact: true }).click();
  }

  panel(name: string): Promise<void> {
    return this.page.getByRole('tab', { name: new RegExp(name) }).click();
  }

  async type(label: string, value: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: label });
    await field.fill(value);
    await field.press('Enter');
  }

  /** The focus on the 3D view, where its keys work. */
  focusView(): Promise<void> {
    return this.page.locator('canvas').focus();
  }

  /** Where a point of the room is in the window, px. */
  async pointOnPage(pointInRoom: Vec3): Promise<Point> {
    const box = (await this.page.locator('canvas').boundingBox())!;
    const seen = await this.page.evaluate((point) => window.__workhall.bench.camera.project(point), pointInRoom);
    expect(seen).not.toBeNull();
    return { x: box.x + seen!.xPx, y: box.y + seen!.yPx };
  }

  /** The tip of the move gizmo's arm along an axis (0 X, 1 Y, 2 Z), px in the window. */
  async arm(axis: number): Promise<Point> {
    await this.isStill();
    const tip = await this.page.evaluate((along): Vec3 => {
      const { world, selection, camera } = window.__workhall.bench;
      const { min, max } = world.boundsInRoom(selection.get());
      const middle = [0, 1, 2].map((k) => (min[k]! + max[k]!) / 2) as unknown as Vec3;
      const reach = camera.metresPerPx(middle) * 92 * 0.8;
      return middle.map((value, k) => (k === along ? value + reach : value)) as unknown as Vec3;
    }, axis);
    return this.pointOnPage(tip);
  }

  /** A place in the window where the part is in front of everything else, for a click on its face. */
  async faceOf(id: PartId): Promise<Point> {
    await this.isStill();
    const box = (await this.page.locator('canvas').boundingBox())!;
    const at = await this.page.evaluate((wanted) => {
      const { world, camera, stage } = window.__workhall.bench;
      const seen = (xPx: number, yPx: number) => world.pick(camera.rayAt(xPx, yPx))?.part === wanted;
      const [width, height] = stage.sizePx;
      const STEP = 12;
      for (let y = 80; y < height - 90; y += STEP)
        for (let x = 40; x < width - 40; x += STEP)
          // Not at its rim, and not under something that lies over the view.
          if (seen(x, y) && seen(x + 5, y) && seen(x - 5, y) && seen(x, y + 5) && seen(x, y - 5)) {
            const { left, top } = stage.canvas.getBoundingClientRect();
            if (document.elementFromPoint(left + x, top + y) === stage.canvas) return { x, y };
          }
      return null;
    }, id);
    if (!at) throw new Error('no face of the part is in sight');
    return { x: box.x + at.x, y: box.y + at.y };
  }

  /** Drags with the left button; `inHand` runs before it is let go. */
  async drag(from: Point, to: Point, inHand?: () => Promise<void>): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    for (let step = 1; step <= 6; step++)
      await mouse.move(from.x + ((to.x - from.x) * step) / 6, from.y + ((to.y - from.y) * step) / 6);
    await inHand?.();
    await mouse.up();
  }
}
