import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReadAloud, type Voice } from './read-aloud.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A voice that says one thing after another when it is told to go on. */
class SlowVoice implements Voice {
  queue: { words: string; told: { begun: () => void; over: () => void } }[] = [];
  said: string[] = [];
  speak = (words: string, _: string, told: { begun: () => void; over: () => void }) =>
    void this.queue.push({ words, told });
  stop = () => void (this.queue = []);
  next() {
    const { words, told } = this.queue.shift()!;
    this.said.push(words);
    told.begun();
    return told.over;
  }
}

describe('what a step says', () => {
  it('is subtitled sentence by sentence as the voice comes to it', () => {
    const voice = new SlowVoice();
    const aloud = new ReadAloud(voice);
    aloud.say('Open the valve. Slowly!', 'en');
    expect(aloud.caption.get()).toBeNull();
    const over = voice.next();
    expect(aloud.caption.get()).toBe('Open the valve.');
    vi.advanceTimersByTime(60_000);
    expect(aloud.caption.get()).toBe('Open the valve.');
    over();
    voice.next()();
    expect([voice.said, aloud.caption.get()]).toEqual([['Open the valve.', 'Slowly!'], null]);
  });

  it('is shown at reading speed where no voice begins, and where there is none', () => {
    for (const [aloud, waitMs] of [
      [new ReadAloud(new SlowVoice()), 1_500],
      [new ReadAloud(null), 0],
    ] as const) {
      aloud.say('Open the valve. Slowly!', 'en');
      vi.advanceTimersByTime(waitMs);
      vi.advanceTimersByTime(10);
      expect(aloud.caption.get()).toBe('Open the valve.');
      vi.advanceTimersByTime(1_000);
      expect(aloud.caption.get()).toBe('Slowly!');
      vi.advanceTimersByTime(1_000);
      expect(aloud.caption.get()).toBeNull();
    }
  });

  it('gives way to the next step at once, and a voice that ends late does not take its subtitle away', () => {
    const voice = new SlowVoice();
    const aloud = new ReadAloud(voice);
    aloud.say('Open it.', 'en');
    const late = voice.next();
    aloud.say('Open it.', 'en');
    voice.next();
    late();
    expect(aloud.caption.get()).toBe('Open it.');
    aloud.stop();
    vi.advanceTimersByTime(5_000);
    expect(aloud.caption.get()).toBeNull();
  });
});
