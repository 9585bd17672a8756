import type { Browser, BrowserContext, BrowserContextOptions, Page, PageScreenshotOptions } from 'playwright-core';

/** Pixels drawn per CSS pixel while nobody looks: without a graphics card they are what takes the time. */
export const COARSE = 1 / 16;
/** In the pictures that tests leave behind: WORKHALL_PICTURES=sharp for whoever wants to look at them. */
const IN_PICTURES = process.env['WORKHALL_PICTURES'] === 'sharp' ? 1 : COARSE;
/** A large assembly in software takes seconds for one sharp picture, more beside other work. */
const PATIENCE_MS = 60_000;

/** Read by client/scene/stage/stage.ts. */
interface PageOrders {
  workhallPixels?: number | undefined;
}

/** A browser of somebody's own. `pixelsPerPx` is for tests that measure what is drawn; else 3D is drawn coarsely. */
export async function newContext(
  browser: Browser,
  { pixelsPerPx = COARSE, ...options }: BrowserContextOptions & { readonly pixelsPerPx?: number } = {},
): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  await context.addInitScript((ratio) => Object.assign(window, { workhallPixels: ratio }), pixelsPerPx);
  return context;
}

/** Takes a picture of the page, and draws on as before. */
export async function shoot(page: Page, options: PageScreenshotOptions, pixelsPerPx = 1): Promise<void> {
  const before = await page.evaluate(() => (window as PageOrders).workhallPixels);
  await drawAt(page, Math.min(pixelsPerPx, IN_PICTURES));
  await page.screenshot({ timeout: PATIENCE_MS, ...options });
  await page.evaluate((ratio) => Object.assign(window, { workhallPixels: ratio }), before);
}

/** Until every 3D picture of the page is drawn so finely. */
async function drawAt(page: Page, pixelsPerPx: number): Promise<void> {
  await page.evaluate((ratio) => Object.assign(window, { workhallPixels: ratio }), pixelsPerPx);
  await page.waitForFunction(
    (ratio) =>
      [...document.querySelectorAll<HTMLElement>('canvas[data-drawn-at]')].every(
        ({ dataset }) => dataset['drawnAt'] === String(ratio),
      ),
    pixelsPerPx,
    { timeout: PATIENCE_MS },
  );
}
