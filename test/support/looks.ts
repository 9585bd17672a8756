import type { Look } from './pages.ts';

const DESK = { width: 1280, height: 800 };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true } as const;

const EVERY_DAY: readonly (readonly [string, Look])[] = [
  ['1280 px, light, English', { viewport: DESK }],
  ['390 px, dark, Chinese', { ...PHONE, theme: 'dark', language: 'zh' }],
];
const CROSSWISE: readonly (readonly [string, Look])[] = [
  ['1280 px, dark, Chinese', { viewport: DESK, theme: 'dark', language: 'zh' }],
  ['390 px, light, English', PHONE],
];

/**
 * In which pages are read by everybody: each width, theme and language once; crosswise as well with
 * WORKHALL_FULL_TESTS=1.
 */
export const LOOKS: readonly (readonly [string, Look])[] = process.env['WORKHALL_FULL_TESTS']
  ? [...EVERY_DAY, ...CROSSWISE]
  : EVERY_DAY;
