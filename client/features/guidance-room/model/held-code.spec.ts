import { describe, expect, it } from 'vitest';
import { heldInFrame, type CodeInPicture, type HeldCode } from './held-code.ts';

const FRAME = { widthPx: 1280, heightPx: 720 };
const at = (text: string, x: number, y: number): CodeInPicture => ({
  text,
  cornersPx: [
    [x - 20, y - 20],
    [x + 20, y - 20],
    [x + 20, y + 20],
    [x - 20, y + 20],
  ],
});
const looks = (each: readonly (readonly CodeInPicture[])[], everyMs = 100): HeldCode | null =>
  each.reduce<HeldCode | null>((held, codes, n) => heldInFrame(held, codes, FRAME, n * everyMs), null);

describe('a code in view of the camera', () => {
  it('is taken when it is held into the frame for a moment, and not at the first look', () => {
    const one = [at('6208;S:1', 640, 380)];
    expect(looks([one])?.isSure).toBe(false);
    expect(looks([one, one, one, one, one])).toMatchObject({ text: '6208;S:1', isSure: true });
  });
  it('that lies elsewhere on the bench is not meant', () => {
    const beside = [at('6204;S:9', 150, 600)];
    expect(looks([beside, beside, beside, beside, beside])).toBeNull();
  });
  it('nearest to the middle wins, and another one begins anew', () => {
    const both = [at('far', 740, 400), at('near', 650, 360)];
    expect(looks([both, both, both, both, both])?.text).toBe('near');
    const other = [at('other', 640, 360)];
    expect(looks([both, both, both, both, other])).toMatchObject({ text: 'other', isSure: false });
  });
  it('that lies side by side with another one is not taken by chance: both are named', () => {
    const both = [at('seal', 560, 380), at('bearing', 716, 380)];
    const held = looks([both, both, both, both, both]);
    expect(held).toMatchObject({ text: 'bearing', isSure: false, beside: ['seal'] });
    const one = [at('seal', 640, 380)];
    expect(looks([both, both, one, one, one, one, one])).toMatchObject({ text: 'seal', isSure: true, beside: [] });
  });
  it('that a look misses is still held', () => {
    const one = [at('6208', 640, 360)];
    expect(looks([one, [], one, one, one])?.isSure).toBe(true);
  });
});
