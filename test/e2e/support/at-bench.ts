import type { Page } from 'playwright-core';
import type { Pose } from '#protocol/spatial/index';
import type { GuidanceStay } from '../../../client/features/guidance-room/xr/guidance-stay.ts';
import type { Pages } from '../../support/pages.ts';
import { BENCH_TOP_M, standIn, WORK_STATION } from '../../support/real-place.ts';
import type { ArBench } from './ar-bench.ts';
import { Engineer } from './engineer.ts';

// What is drawn over the real place is measured in pixels.
const LOOK = { theme: 'dark', viewport: { width: 900, height: 600 }, pixelsPerPx: 1 } as const;
const HEADSET = '&camera=none&xr=emulate&device=headset';
/** Where the product stands on the bench, in the device's space. */
export const PRODUCT: Pose = { position: [0, BENCH_TOP_M, -0.65], rotation: [0, 0.0998334, 0, 0.9950042] };

/** At the bench with the headset on, nothing aligned yet. `before`: what is done to the device. */
export async function atBench(
  pages: Pages,
  bench: ArBench,
  before: (page: Page) => Promise<void> = () => Promise.resolve(),
): Promise<Engineer> {
  const engineer = await Engineer.enter(pages, bench.ann, await bench.job('VALVE-41'), HEADSET, LOOK);
  await engineer.presses();
  await engineer.isAt('insert');
  await standIn(engineer.page, WORK_STATION);
  await before(engineer.page);
  await engineer.standsAt([0, 1.5, 0], 0, -0.85);
  await engineer.putsOnGlasses();
  return engineer;
}

export async function alignedByTouch(engineer: Engineer): Promise<number> {
  // What stands on the plate changes with the surface that is found; then it rests.
  await engineer.page.waitForFunction(() => (window as unknown as Worn).__workhall.xr.stay.placing.hasSurface);
  await engineer.looksAtEach('touch');
  await engineer.standsAt([0, 1.5, 0], 0, -0.85);
  await engineer.touchesPointsOf(PRODUCT);
  return engineer.isAligned('touch');
}

type Worn = { readonly __workhall: { readonly xr: { readonly stay: GuidanceStay } } };
