import { expect, it } from 'vitest';
import { BLOCKED_AFTER_MS, whyNoPicture } from './why-no-picture.ts';

const HERE = { isVoiceOff: false, isGoing: true, isCrewHere: true, standing: 'on', waitedMs: 0 } as const;

it('names what keeps the picture away, the reason that can be mended first', () => {
  expect(whyNoPicture({ ...HERE, isGoing: false })).toBe('noCall');
  expect(whyNoPicture({ ...HERE, isVoiceOff: true, standing: 'forbidden' })).toBe('voiceOff');
  expect(whyNoPicture({ ...HERE, isCrewHere: false, standing: undefined })).toBe('absent');
  expect(whyNoPicture({ ...HERE, standing: 'forbidden', waitedMs: 60_000 })).toBe('forbidden');
  expect(whyNoPicture({ ...HERE, standing: 'muted' })).toBe('muted');
});

it('takes a camera that is on for coming, and after a while for blocked on its way', () => {
  expect(whyNoPicture(HERE)).toBe('coming');
  expect(whyNoPicture({ ...HERE, standing: undefined })).toBe('coming');
  expect(whyNoPicture({ ...HERE, waitedMs: BLOCKED_AFTER_MS })).toBe('blocked');
});
