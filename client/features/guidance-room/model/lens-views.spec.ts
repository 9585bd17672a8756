import { expect, it } from 'vitest';
import { cameraFromFieldOfView } from '#protocol/alignment/index';
import { LOOKS, picturesOf, UNKNOWN_LENS } from '../../../../test/support/lens-pictures.ts';
import { findTags } from '../../../align/find-tags.ts';
import { GOOD_RESIDUAL_PX, LensViews } from './lens-views.ts';

it('takes each new picture of the sheet by itself, knows what is missing, and ends with the lens that took them', () => {
  const { widthPx, heightPx } = UNKNOWN_LENS;
  const guess = cameraFromFieldOfView(widthPx, heightPx);
  const lens = new LensViews('a4', widthPx, heightPx);
  const seen = picturesOf(lens.map, UNKNOWN_LENS, LOOKS).map((picture) => findTags(picture, guess).sightings);
  expect(lens.see([])).toEqual({ word: 'noSheet', view: null });
  expect(lens.see(seen[0]!.slice(0, 3)).word).toBe('partOfSheet');
  // The first look at it may still be blurred; the same again is nothing new.
  expect([1, 2, 3].map(() => lens.see(seen[0]!).word)).toEqual(['moving', 'taken', 'alike']);
  expect([lens.sides.size, lens.isEnough]).toEqual([0, false]);
  expect(lens.solve()).toMatchObject({ refused: { key: 'too_few_views' } });
  for (const tags of seen.slice(1)) expect([lens.see(tags).word, lens.see(tags).word]).toEqual(['moving', 'taken']);
  expect([...lens.views[1]!.sides, ...lens.views[2]!.sides, ...lens.views[3]!.sides, ...lens.views[4]!.sides]).toEqual([
    'right',
    'left',
    'top',
    'bottom',
  ]);
  expect([lens.views.length, lens.isEnough]).toEqual([LOOKS.length, true]);
  const result = lens.solve();
  if ('refused' in result) throw new Error(result.refused.message);
  const { camera, residualPx } = result.calibration;
  expect(residualPx).toBeLessThan(GOOD_RESIDUAL_PX);
  expect(camera.focalPx[0] / 1085).toBeCloseTo(1, 2);
  expect(Math.abs(camera.focalPx[0] / 1085 - 1)).toBeLessThan(0.005);
  expect(Math.hypot(camera.centrePx[0] - 652, camera.centrePx[1] - 351)).toBeLessThan(4);
  expect(Math.abs(camera.radial[0] + 0.08)).toBeLessThan(0.02);
  // What is not known of it is said, and the guess said twenty times as much.
  expect(camera.sigma.focalShare).toBeLessThan(0.005);
}, 120_000);
