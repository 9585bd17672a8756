import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import type { Vec3 } from '#protocol/spatial/index';

/** The built file brings all that it needs; evaluated, not added as a script: the hall's content security policy stays in force. */
const SEM = readFileSync(createRequire(import.meta.url).resolve('@iwer/sem/build/iwer-sem.min.js'), 'utf8');

/** Something that stands in the place, in the device's floor space, metres. */
export interface RealThing {
  readonly label: 'FLOOR' | 'TABLE' | 'STORAGE' | 'WALL_FACE' | 'OTHER';
  readonly min: Vec3;
  readonly max: Vec3;
}

/** A bench before a person who stands at the origin, on a floor, before a wall. Its top is 0.8 m up. */
export const BENCH_TOP_M = 0.8;
export const WORK_STATION: readonly RealThing[] = [
  { label: 'FLOOR', min: [-3, -0.05, -3], max: [3, 0, 3] },
  { label: 'TABLE', min: [-0.9, 0.74, -1.1], max: [0.9, BENCH_TOP_M, -0.3] },
  { label: 'WALL_FACE', min: [-3, 0, -1.7], max: [3, 2.6, -1.6] },
];

interface Emulated {
  __workhallXr: { device: { installSEM(kind: unknown): void; sem: Module }; parts: object };
  IWER: object;
  IWER_SEM: { SyntheticEnvironmentModule: unknown };
}
interface Module {
  boundingBoxesVisible: boolean;
  loadEnvironment(scene: object): void;
}

/**
 * A place for the emulated device of a page, by IWER's own module for synthetic environments: surfaces to hit, depth to sense, and a
 * picture behind what is drawn. Called anew after each load of the page, before the glasses are put on.
 */
export async function standIn(page: Page, things: readonly RealThing[]): Promise<void> {
  await page.waitForFunction(() => (window as unknown as Partial<Emulated>).__workhallXr);
  await page.evaluate(() => {
    const here = window as unknown as Emulated;
    here.IWER = here.__workhallXr.parts;
  });
  await page.evaluate(SEM);
  await page.evaluate(() => {
    const here = window as unknown as Emulated;
    here.__workhallXr.device.installSEM(here.IWER_SEM.SyntheticEnvironmentModule);
    here.__workhallXr.device.sem.boundingBoxesVisible = true;
  });
  await changePlace(page, things);
}

/** Somebody has put something else there. */
export async function changePlace(page: Page, things: readonly RealThing[]): Promise<void> {
  const spatialEntities = things.map(({ label, min, max }, at) => ({
    uuid: `${label}-${at}`,
    locatable_META: { position: { x: min[0], y: min[1], z: min[2] }, orientation: { x: 0, y: 0, z: 0, w: 1 } },
    semanticLabel_META: label,
    bounded3D_META: {
      offset: { x: 0, y: 0, z: 0 },
      extent: { width: max[0] - min[0], height: max[1] - min[1], depth: max[2] - min[2] },
    },
  }));
  await page.evaluate((scene) => (window as unknown as Emulated).__workhallXr.device.sem.loadEnvironment(scene), {
    spatialEntities,
  });
}
