import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { GuidanceStay } from '../../client/features/guidance-room/xr/guidance-stay.ts';
import type { Vec3 } from '#protocol/spatial/index';
import { beforeRelease } from '../support/full.ts';
import { Pages } from '../support/pages.ts';
import { BENCH_TOP_M, changePlace, WORK_STATION, type RealThing } from '../support/real-place.ts';
import { startHall, type Hall } from '../support/server.ts';
import { alignedByTouch, atBench } from './support/at-bench.ts';
import { ArBench, SEAT, shareDrawnAt } from './support/ar-bench.ts';

/** What an engineer's headset knows of the real bench hides what lies behind it. */
let hall: Hall;
let pages: Pages;
let bench: ArBench;

beforeAll(async () => {
  hall = await startHall();
  pages = await Pages.launch(hall.url);
  bench = await ArBench.open(hall.url, []);
});
afterEach(() => pages.closeAll());
afterAll(async () => {
  await pages?.close();
  await hall?.stop();
});

/** A housing that somebody puts there, between the eyes and the seat when it reaches so far. */
const housingBefore = ([from, to]: readonly [number, number], heightM = 0.32): RealThing => ({
  label: 'STORAGE',
  ...{ min: [from, BENCH_TOP_M, -0.5], max: [to, BENCH_TOP_M + heightM, -0.42] },
});

for (const [usage, tell] of [
  ['cpu-optimized', it],
  ['gpu-optimized', beforeRelease],
] as const)
  tell(`what is real hides what lies behind it, by depth that is ${usage}; the words stand over it`, async () => {
    const engineer = await atBench(pages, bench, (page) => page.evaluate(sensesOnly, usage));
    const { page } = engineer;
    await alignedByTouch(engineer);
    await page.waitForFunction(() => (window as unknown as Worn).__workhall.xr.stay.isSensingDepth);
    const covers = (at: Vec3, share: number) =>
      expect.poll(() => shareDrawnAt(page, at), { timeout: 20_000 }).toBe(share);
    await covers(SEAT, 1);
    await changePlace(page, [...WORK_STATION, housingBefore([-0.12, 0.12])]);
    await covers(SEAT, 0);
    const words = await page.evaluate(() => (window as unknown as Worn).__workhall.xr.stay.plate.placeOf('leave')!);
    await changePlace(page, [...WORK_STATION, housingBefore([-1, 1], 1.6)]);
    await covers(SEAT, 0);
    await covers(words, 1);
    await changePlace(page, [...WORK_STATION, housingBefore([0.28, 0.52])]);
    await covers(SEAT, 1);
    await pages.picture(page, `job-depth-${usage}`);
    await engineer.takesThemOff();
  });

/** In the page: a device that gives depth in one way alone. */
const sensesOnly = (usage: string) => {
  const { xr } = navigator as unknown as { xr: XRSystem };
  const request = xr.requestSession.bind(xr);
  xr.requestSession = (mode, init) => {
    const wish = (init as { depthSensing?: { usagePreference: string[] } }).depthSensing;
    if (wish) wish.usagePreference = wish.usagePreference.filter((one) => one === usage);
    return request(mode, init);
  };
};

type Worn = { readonly __workhall: { readonly xr: { readonly stay: GuidanceStay } } };
