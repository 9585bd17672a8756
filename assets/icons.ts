/**
 * Draws the icons of the installed app from our own drawing (client/public/favicon.svg): `node assets/icons.ts`, with a
 * Chromium. A maskable icon is cut to a circle or a drop by the device: its ground goes to the rim, and the drawing stays
 * within the middle 80 % (w3.org/TR/appmanifest, safe zone).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, findChromium } from '../test/support/chromium.ts';

const folder = fileURLToPath(new URL('../client/public/', import.meta.url));
const drawing = readFileSync(`${folder}favicon.svg`, 'utf8');
const GROUND = '#1b2027';
const ICONS = [
  { name: 'icon-180.png', sizePx: 180, share: 1 },
  { name: 'icon-192.png', sizePx: 192, share: 1 },
  { name: 'icon-512.png', sizePx: 512, share: 1 },
  { name: 'icon-maskable-512.png', sizePx: 512, share: 0.8 },
];

const browser = await chromium.launch({ executablePath: findChromium()!, args: CHROMIUM_ARGS });
try {
  for (const { name, sizePx, share } of ICONS) {
    const page = await browser.newPage({ viewport: { width: sizePx, height: sizePx } });
    const side = Math.round(sizePx * share);
    const ground = share < 1 ? GROUND : 'transparent';
    await page.setContent(
      `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${ground}">${drawing.replace('<svg', `<svg width="${side}" height="${side}"`)}</body>`,
    );
    writeFileSync(folder + name, await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
