import { afterEach, describe, expect, it, vi } from 'vitest';
import { moveDelayMs, retryDelayMs, sleepUntilOnline } from './come-back.ts';

describe('coming back', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('tries soon after a short drop, rarely after a long one, never all at the same moment', () => {
    expect(retryDelayMs(0, 1)).toBe(200);
    expect(retryDelayMs(20_000, 1)).toBe(800);
    expect(retryDelayMs(8 * 3_600_000, 1)).toBe(5_000);
    expect(retryDelayMs(8 * 3_600_000, 0)).toBe(2_500);
  });

  it('follows a room that moves at once, a little spread', () => {
    expect(moveDelayMs(0)).toBe(0);
    expect(moveDelayMs(1)).toBeLessThan(100);
  });

  it('tries at once when the browser says that there is a network again', async () => {
    vi.useFakeTimers();
    const browser = new EventTarget();
    vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser));
    vi.stubGlobal('removeEventListener', browser.removeEventListener.bind(browser));
    const awake = vi.fn();
    void sleepUntilOnline(5_000).then(awake);
    await vi.advanceTimersByTimeAsync(100);
    expect(awake).not.toHaveBeenCalled();
    browser.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(0);
    expect(awake).toHaveBeenCalledOnce();
  });

  it('waits its time where nobody says anything', async () => {
    vi.useFakeTimers();
    const awake = vi.fn();
    void sleepUntilOnline(300).then(awake);
    await vi.advanceTimersByTimeAsync(299);
    expect(awake).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(awake).toHaveBeenCalledOnce();
  });
});
