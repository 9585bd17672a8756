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

export interface Area {
  readonly leftPx: number;
  readonly topPx: number;
  readonly rightPx: number;
  readonly bottomPx: number;
}
/** A page with a picture behind it; `covers`: what of the page stands before the picture. */
export interface Frame {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly covers?: readonly Area[];
}

/** Where one sees the picture whatever stands before it: of each cover the side is left out that costs least. */
function freeOf({ widthPx, heightPx, covers = [] }: Frame): Area {
  let free: Area = { leftPx: 0, topPx: 0, rightPx: widthPx, bottomPx: heightPx };
  const areaOf = ({ leftPx, topPx, rightPx, bottomPx }: Area) =>
    Math.max(0, rightPx - leftPx) * Math.max(0, bottomPx - topPx);
  for (const { leftPx, topPx, rightPx, bottomPx } of covers) {
    const isApart =
      rightPx <= free.leftPx || leftPx >= free.rightPx || bottomPx <= free.topPx || topPx >= free.bottomPx;
    if (isApart) continue;
    const choices: Area[] = [
      { ...free, leftPx: rightPx },
      { ...free, rightPx: leftPx },
      { ...free, topPx: bottomPx },
      { ...free, bottomPx: topPx },
    ];
    free = choices.reduce((best, one) => (areaOf(one) > areaOf(best) ? one : best));
  }
  return free;
}

/**
 * Where at the rim of a frame an arrow stands that points to something out of view, or behind what covers the picture; null: it is in
 * view. The whole arrow is beside what covers the picture. `atInCamera`: x right, y up, looking along -z.
 */
export function rimArrow(camera: Camera, atInCamera: Vec3, frame: Frame, marginPx = 44): RimArrow | null {
  const { widthPx, heightPx, covers = [] } = frame;
  const { scale, leftPx, topPx } = covering(camera, widthPx, heightPx);
  const [x, y, z] = atInCamera;
  const free = freeOf(frame);
  const [middleX, middleY] = [(free.leftPx + free.rightPx) / 2, (free.topPx + free.bottomPx) / 2];
  if (z < -0.02) {
    const u = leftPx + scale * (camera.centrePx[0] + (camera.focalPx[0] * x) / -z);
    const v = topPx + scale * (camera.centrePx[1] - (camera.focalPx[1] * y) / -z);
    const isInFrame = u >= 0 && u <= widthPx && v >= 0 && v <= heightPx;
    const isCovered = covers.some((one) => u > one.leftPx && u < one.rightPx && v > one.topPx && v < one.bottomPx);
    if (isInFrame && !isCovered) return null;
    return atRim(u - middleX, v - middleY);
  }
  // Behind the camera there is no picture of it; straight behind there is no shorter way: to the right.
  return Math.hypot(x, y) < 1e-6 ? atRim(1, 0) : atRim(x, -y);

  function atRim(dx: number, dy: number): RimArrow {
    const roomX = Math.max(1, (free.rightPx - free.leftPx) / 2 - marginPx);
    const roomY = Math.max(1, (free.bottomPx - free.topPx) / 2 - marginPx);
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
