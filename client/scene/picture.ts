import { TargetCamera } from '@babylonjs/core/Cameras/targetCamera.js';
import { RenderTargetTexture } from '@babylonjs/core/Materials/Textures/renderTargetTexture.js';
import { Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { DIRECTIONS, frameBounds, rotationOf } from './camera/orbit.ts';
import { isEmptyBounds, type Bounds } from './geometry.ts';
import type { Stage } from './stage/stage.ts';

const PICTURE_FOV_RAD = 0.5;
const MAX_WAIT_MS = 5000;

/** Three-quarter view on a soft ground, drawn beside the screen so that nothing flickers. PNG. */
export async function takePicture(stage: Stage, bounds: Bounds, widthPx: number, heightPx: number): Promise<Blob> {
  const { scene } = stage;
  const untilMs = performance.now() + MAX_WAIT_MS;
  while (!scene.isReady(false) && performance.now() < untilMs) {
    stage.invalidate();
    await new Promise((resume) => setTimeout(resume, 30));
  }
  const camera = new TargetCamera('picture eye', Vector3.Zero(), scene, false);
  const lens = { fovRad: PICTURE_FOV_RAD, aspect: widthPx / heightPx };
  const box = isEmptyBounds(bounds) ? { min: [-0.2, 0, -0.2] as const, max: [0.2, 0.2, 0.2] as const } : bounds;
  const eye = frameBounds({ position: [0, 0, 0], ...DIRECTIONS.iso, focusM: 1 }, box, lens);
  camera.fov = PICTURE_FOV_RAD;
  camera.position.set(...eye.position);
  camera.rotationQuaternion = new Quaternion(...rotationOf(eye));
  camera.minZ = eye.focusM * 0.02;
  camera.maxZ = eye.focusM * 30;
  // Babylon would take the proportions of the screen.
  camera.freezeProjectionMatrix(
    Matrix.PerspectiveFovRH(camera.fov, widthPx / heightPx, camera.minZ, camera.maxZ, stage.engine.isNDCHalfZRange),
  );
  const target = new RenderTargetTexture('picture', { width: widthPx, height: heightPx }, scene, {
    generateMipMaps: false,
    samples: 4,
  });
  try {
    target.activeCamera = camera;
    target.renderList = null;
    const { r, g, b } = scene.clearColor;
    target.clearColor = new Color4(r, g, b, 1);
    const shown = scene.activeCamera;
    scene.activeCamera = camera;
    target.render(true);
    scene.activeCamera = shown;
    const pixels = (await target.readPixels()) as Uint8Array;
    return await encode(pixels, widthPx, heightPx);
  } finally {
    target.dispose();
    camera.dispose();
    stage.invalidate();
  }
}

/** Graphics cards count rows from below, PNG from above. */
async function encode(pixels: Uint8Array, width: number, height: number): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d')!;
  const image = pen.createImageData(width, height);
  for (let y = 0; y < height; y++)
    image.data.set(pixels.subarray((height - 1 - y) * width * 4, (height - y) * width * 4), y * width * 4);
  for (let i = 3; i < image.data.length; i += 4) image.data[i] = 255;
  pen.putImageData(image, 0, 0);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The browser could not write the picture.'))),
      'image/png',
    ),
  );
}
