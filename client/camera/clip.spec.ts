import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ClipRecorder } from './clip.ts';

/** As much of the browser's as a clip needs; parts come when a test says so. */
class Recorder {
  static newest: Recorder;
  static isTypeSupported = () => true;
  state = 'inactive';
  ondataavailable: ((event: { data: Blob }) => void) | null = null;
  onstop: (() => void) | null = null;
  constructor() {
    Recorder.newest = this;
  }
  start() {
    this.state = 'recording';
  }
  stop() {
    this.state = 'inactive';
    this.onstop!();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaRecorder', Recorder);
  vi.stubGlobal('MediaStream', class {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const camera = { getVideoTracks: () => [] } as unknown as MediaStream;

it('tells its length and ends by itself also when the picture stands still and no parts come', async () => {
  const clip = ClipRecorder.of(camera, { mostMs: 4_000, mostBytes: 100 })!;
  Recorder.newest.ondataavailable!({ data: new Blob(['one']) });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(clip.taken.get()).toEqual({ ms: 2_000, bytes: 3 });
  await vi.advanceTimersByTimeAsync(2_000);
  expect((await clip.done)!.size).toBe(3);
  expect(vi.getTimerCount()).toBe(0);
});

it('ends when it is as large as may be', async () => {
  const clip = ClipRecorder.of(camera, { mostMs: 60_000, mostBytes: 5 })!;
  Recorder.newest.ondataavailable!({ data: new Blob(['first']) });
  expect(await (await clip.done)!.text()).toBe('first');
});
