import { IS_FULL } from './full.ts';
import type { Look } from './pages.ts';

const DESK = { width: 1280, height: 800 };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true } as const;

const HARDEST: readonly [string, Look] = ['390 px, dark, Chinese', { ...PHONE, theme: 'dark', language: 'zh' }];
const OTHERS: readonly (readonly [string, Look])[] = [
  ['1280 px, light, English', { viewport: DESK }],
  ['1280 px, dark, Chinese', { viewport: DESK, theme: 'dark', language: 'zh' }],
  ['390 px, light, English', PHONE],
];

/**
 * In which pages are read by everybody: at every commit in the one that leaves the least room and contrast, and that
 * the stories do not walk through anyway; before a release in all.
 */
export const LOOKS: readonly (readonly [string, Look])[] = IS_FULL ? [HARDEST, ...OTHERS] : [HARDEST];
