import type { Camera } from '#protocol/alignment/camera';
import type { Vec3 } from '#protocol/spatial/index';

export interface RimArrow {
  readonly xPx: number;
  readonly yPx: number;
  /** Clockwise from upwards. */
  readonly angleRad: number;
}

/** How a picture of a camera fills a frame that is cut to it: CSS `object-fit: cover`. */
export interface Covering {
  readonly scale: number;
  readonly leftPx: number;
  readonly topPx: number;
}
export function covering(camera: Pick<Camera, 'widthPx' | 'heightPx'>, widthPx: number, heightPx: number): Covering {
  const scale = Math.max(widthPx / camera.widthPx, heightPx / camera.heightPx);
  return {
    scale,
    leftPx: (widthPx - camera.widthPx * scale) / 2,
    topPx: (heightPx - camera.heightPx * scale) / 2,
  };
}

/**
 * Where at the rim of a frame an arrow stands that points to something out of view; null: it is in view. `atInCamera`:
 * x right, y up, looking along -z.
 */
export function rimArrow(
  camera: Camera,
  atInCamera: Vec3,
  frame: { readonly widthPx: number; readonly heightPx: number },
  marginPx = 44,
): RimArrow | null {
  const { widthPx, heightPx } = frame;
  const { scale, leftPx, topPx } = covering(camera, widthPx, heightPx);
  const [x, y, z] = atInCamera;
  const [middleX, middleY] = [widthPx / 2, heightPx / 2];
  if (z < -0.02) {
    const u = leftPx + scale * (camera.centrePx[0] + (camera.focalPx[0] * x) / -z);
    const v = topPx + scale * (camera.centrePx[1] - (camera.focalPx[1] * y) / -z);
    if (u >= 0 && u <= widthPx && v >= 0 && v <= heightPx) return null;
    return atRim(u - middleX, v - middleY);
  }
  // Behind the camera there is no picture of it; straight behind there is no shorter way: to the right.
  return Math.hypot(x, y) < 1e-6 ? atRim(1, 0) : atRim(x, -y);

  function atRim(dx: number, dy: number): RimArrow {
    const [roomX, roomY] = [Math.max(1, middleX - marginPx), Math.max(1, middleY - marginPx)];
    const share = Math.min(roomX / Math.max(1e-9, Math.abs(dx)), roomY / Math.max(1e-9, Math.abs(dy)));
    return { xPx: middleX + dx * share, yPx: middleY + dy * share, angleRad: Math.atan2(dx, -dy) };
  }
}

/** The projection matrix (WebGL's memory order) by which a scene is drawn over the covering picture, pixel on pixel. */
export function projectionOver(
  camera: Camera,
  frame: { readonly widthPx: number; readonly heightPx: number },
  nearM: number,
  farM: number,
): number[] {
  const { widthPx, heightPx } = frame;
  const { scale, leftPx, topPx } = covering(camera, widthPx, heightPx);
  const [cx, cy] = [leftPx + scale * camera.centrePx[0], topPx + scale * camera.centrePx[1]];
  const out = Array.from({ length: 16 }, () => 0);
  out[0] = (2 * scale * camera.focalPx[0]) / widthPx;
  out[5] = (2 * scale * camera.focalPx[1]) / heightPx;
  out[8] = 1 - (2 * cx) / widthPx;
  out[9] = (2 * cy) / heightPx - 1;
  out[10] = -(farM + nearM) / (farM - nearM);
  out[11] = -1;
  out[14] = (-2 * farM * nearM) / (farM - nearM);
  return out;
}
