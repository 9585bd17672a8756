import { writeFileSync } from 'node:fs';
import { cameraFromFieldOfView, tagModules, type Camera, type MarkerMap } from '#protocol/alignment/index';
import { composePose, type Pose } from '#protocol/spatial/index';
import { shoot, type PrintedMarker } from './rendered-camera.ts';

const [WIDTH_PX, HEIGHT_PX] = [1280, 720];
/** The lens that a page guesses: what the camera sees is then what the page takes it for. */
const LENS = cameraFromFieldOfView(WIDTH_PX, HEIGHT_PX);

/** The sheets of a map as this camera sees them, grey. */
export function pictureOf(camera: Camera, map: MarkerMap, productInCamera: Pose, seed = 1) {
  const printed = map.markers.map(({ code, sizeM, poseInProduct }): PrintedMarker => {
    const modules = tagModules(Number(code.slice(code.indexOf('/') + 1)));
    return {
      ...{ modules: 8, margin: 2, sizeM, poseInCamera: composePose(productInCamera, poseInProduct) },
      inkAt: (column, row) => !modules[row * 8 + column],
    };
  });
  return shoot(camera, printed, { seed, lightGradient: 0.1 });
}

/**
 * A camera for Chromium that looks at a station's sheets: one picture as YUV4MPEG2, which the browser shows again and again.
 * Returns the switches that make the browser take it, and give it to pages unasked.
 */
export function fakeCamera(file: string, map: MarkerMap, productInCamera: Pose): string[] {
  const { data } = pictureOf(LENS, map, productInCamera, 4);
  const colourless = Buffer.alloc((WIDTH_PX * HEIGHT_PX) / 2, 128);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH_PX} H${HEIGHT_PX} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(file, Buffer.concat([head, Buffer.from('FRAME\n'), data, colourless]));
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${file}`,
  ];
}
