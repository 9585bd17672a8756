import { z } from 'zod';
import type { Camera } from '#protocol/alignment/camera';

/** What a calibration found out about a camera, by device and size of its picture; kept on this device. */
const Lens = z.object({
  widthPx: z.number(),
  heightPx: z.number(),
  focalPx: z.tuple([z.number(), z.number()]),
  centrePx: z.tuple([z.number(), z.number()]),
  radial: z.tuple([z.number(), z.number()]),
  sigma: z.object({ focalShare: z.number(), centrePx: z.number(), k1: z.number() }),
});

const keyOf = (device: string, widthPx: number, heightPx: number) => `workhall.lens.${device}.${widthPx}x${heightPx}`;

/** Null: nobody calibrated this camera at this size. */
export function keptLens(device: string, widthPx: number, heightPx: number): Camera | null {
  const kept = localStorage.getItem(keyOf(device, widthPx, heightPx));
  if (kept === null) return null;
  const read = Lens.safeParse(parsed(kept));
  return read.success ? read.data : null;
}

export function keepLens(device: string, camera: Camera): void {
  localStorage.setItem(keyOf(device, camera.widthPx, camera.heightPx), JSON.stringify(camera));
}

/** What somebody else wrote there is no calibration. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
