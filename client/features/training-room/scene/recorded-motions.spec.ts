import { expect, it, vi } from 'vitest';
import { RecordedMotions } from './recorded-motions.ts';

const at = (x: number) => ({ position: [x, 0, 0], rotation: [0, 0, 0, 1] });
const FILE = { v: 1, frames: Array.from({ length: 50 }, (_, n) => ({ atMs: n * 50, poseInRoom: at(n * 0.01) })) };

it('a recorded way is read once, drawn when it is here, and simplified; what is none is left out', async () => {
  const files: Record<string, unknown> = { good: FILE, bad: { v: 1, frames: [{ atMs: 5, poseInRoom: at(0) }] } };
  const read = vi.fn((cid: string) => Promise.resolve(new TextEncoder().encode(JSON.stringify(files[cid]))));
  const onRead = vi.fn();
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const motions = new RecordedMotions(read, onRead);
  expect([motions.framesOf('good'), motions.framesOf('good'), motions.framesOf('bad')]).toEqual([null, null, null]);
  await vi.waitFor(() => expect(onRead).toHaveBeenCalledTimes(1));
  await vi.waitFor(() => expect(warned).toHaveBeenCalledTimes(1));
  // A straight and even way needs its two ends.
  expect(motions.framesOf('good')!.map(({ atMs, poseInRoom }) => [atMs, poseInRoom.position[0]])).toEqual([
    [0, 0],
    [2450, 0.49],
  ]);
  expect([motions.framesOf('bad'), read.mock.calls.length]).toEqual([null, 2]);
  warned.mockRestore();
});
