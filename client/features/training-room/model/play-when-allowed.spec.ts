import { describe, expect, it } from 'vitest';
import { playWhenAllowed, type Playable } from './play-when-allowed.ts';

/** A sound in a browser that keeps quiet until somebody has touched the page. */
class Sound extends EventTarget implements Playable {
  asked = 0;
  isPlaying = false;
  refusal: string | null = null;

  play(): Promise<void> {
    this.asked += 1;
    if (this.refusal) return Promise.reject(new DOMException('no', this.refusal));
    this.isPlaying = true;
    return Promise.resolve();
  }
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('a sound that begins by itself', () => {
  it('plays at once where it may, and is left alone from then on', async () => {
    const [sound, page] = [new Sound(), new EventTarget()];
    playWhenAllowed(sound, page);
    await settled();
    page.dispatchEvent(new Event('mousedown'));
    expect([sound.isPlaying, sound.asked]).toEqual([true, 1]);
  });

  it('plays at the first touch that the browser takes for one', async () => {
    const [sound, page] = [new Sound(), new EventTarget()];
    sound.refusal = 'NotAllowedError';
    playWhenAllowed(sound, page);
    await settled();
    page.dispatchEvent(new Event('keydown')); // Escape is none
    await settled();
    expect(sound.isPlaying).toBe(false);
    sound.refusal = null;
    page.dispatchEvent(new Event('pointerup'));
    await settled();
    page.dispatchEvent(new Event('pointerup'));
    expect([sound.isPlaying, sound.asked]).toEqual([true, 3]);
  });

  it.each([
    ['is broken', 'NotSupportedError'],
    ['is taken away while it loads', 'AbortError'],
  ])('is not tried again when it %s', async (_, refusal) => {
    const [sound, page] = [new Sound(), new EventTarget()];
    sound.refusal = refusal;
    playWhenAllowed(sound, page);
    await settled();
    page.dispatchEvent(new Event('mousedown'));
    expect(sound.asked).toBe(1);
  });

  it('leaves it to who presses its own button, and to who has gone on', async () => {
    for (const give of ['button', 'gone'] as const) {
      const [sound, page] = [new Sound(), new EventTarget()];
      sound.refusal = 'NotAllowedError';
      const stop = playWhenAllowed(sound, page);
      await settled();
      if (give === 'gone') stop();
      else {
        const press = new Event('mousedown');
        Object.defineProperty(press, 'target', { value: sound });
        page.dispatchEvent(press);
      }
      page.dispatchEvent(new Event('pointerup'));
      expect(sound.asked).toBe(1);
    }
  });
});
