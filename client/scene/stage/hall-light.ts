import { Constants } from '@babylonjs/core/Engines/constants.js';
import '@babylonjs/core/Engines/Extensions/engine.rawTexture.js';
import { RawCubeTexture } from '@babylonjs/core/Materials/Textures/rawCubeTexture.js';
import { Texture } from '@babylonjs/core/Materials/Textures/texture.js';
import '@babylonjs/core/Materials/Textures/baseTexture.polynomial.js';
import { CubeMapToSphericalPolynomialTools } from '@babylonjs/core/Misc/HighDynamicRange/cubemapToSphericalPolynomial.js';
import { ToHalfFloat } from '@babylonjs/core/Misc/textureTools.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Vec3 } from '#protocol/spatial/index';
import { dot, normalize } from '../vec.ts';

/**
 * The light of a bright hall, written as a formula instead of a file: strip lamps under the roof, a band of windows, a
 * pale floor. Lamps are spherical Gaussians, and a Gaussian blurred by a surface's roughness is a Gaussian again, so
 * every prefiltered level is computed exactly, with no download and no prefiltering pass.
 *
 * Tried and left: an .hdr file prefiltered on the GPU (1.9 s of the first frame on a software renderer).
 */
interface Lamp {
  readonly direction: Vec3;
  /** Larger is narrower. */
  readonly sharpness: number;
  readonly radiance: number;
}

export const HALL_SIZE = 64;
const SIZE = HALL_SIZE;
/** Roughness to level: level = SCALE x log2(SIZE x alpha). Keeps the roughest level at a few texels, not one. */
export const HALL_LEVEL_SCALE = 0.65;
const LEVEL_SCALE = HALL_LEVEL_SCALE;
const LEVELS = Math.log2(SIZE) + 1;

const strip = (z: number, radiance: number): Lamp[] =>
  [-1.1, -0.75, -0.4, 0, 0.4, 0.75, 1.1].map((x) => ({ direction: normalize([x, 1, z]), sharpness: 110, radiance }));

const LAMPS: readonly Lamp[] = [
  ...strip(0.75, 4.6),
  ...strip(0, 3.4),
  ...strip(-0.9, 3),
  { direction: normalize([-1, 0.32, 0.35]), sharpness: 9, radiance: 1.25 },
  { direction: normalize([1, 0.25, 0.8]), sharpness: 7, radiance: 0.7 },
  { direction: normalize([0.3, 0.1, -1]), sharpness: 12, radiance: 0.55 },
];

function radiance(direction: Vec3, alpha: number): number {
  const blur = 1 / (2 * alpha * alpha + 1e-4);
  const soft = 0.16 + alpha;
  const up = Math.tanh(direction[1] / soft);
  let light = 0.5 + 0.17 * up + 0.1 * Math.tanh((direction[1] - 0.5) / soft);
  // The dark line where walls meet the floor gives metal its contrast.
  light -= 0.2 * Math.exp(-((direction[1] + 0.06) ** 2) / (0.02 + soft * soft));
  for (const lamp of LAMPS) {
    const sharpness = (lamp.sharpness * blur) / (lamp.sharpness + blur);
    light += lamp.radiance * (sharpness / lamp.sharpness) * Math.exp(sharpness * (dot(direction, lamp.direction) - 1));
  }
  return light;
}

/** Direction of a texel's centre on a face in WebGL's order +X -X +Y -Y +Z -Z; u and v from -1 to 1. */
const FACES: readonly ((u: number, v: number) => Vec3)[] = [
  (u, v) => [1, -v, -u],
  (u, v) => [-1, -v, u],
  (u, v) => [u, 1, v],
  (u, v) => [u, -1, -v],
  (u, v) => [u, -v, 1],
  (u, v) => [-u, -v, -1],
];

function level(size: number, alpha: number): Float32Array[] {
  return FACES.map((direction) => {
    const texels = new Float32Array(size * size * 4);
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        const light = radiance(normalize(direction(((x + 0.5) / size) * 2 - 1, ((y + 0.5) / size) * 2 - 1)), alpha);
        // Slightly warm lamps over a slightly cool room.
        const warmth = Math.min(1, Math.max(0, (light - 0.6) / 2)) * 0.06;
        texels.set([light * (0.985 + warmth), light, light * (1.02 - warmth), 1], (y * size + x) * 4);
      }
    return texels;
  });
}

const halves = (texels: Float32Array) => Uint16Array.from(texels, ToHalfFloat);

/** The scene owns the texture and disposes it. */
export function lightHall(scene: Scene): void {
  const alphaOf = (mip: number) => (mip === 0 ? 0.02 : Math.min(1, 2 ** (mip / LEVEL_SCALE) / SIZE));
  const sharp = level(SIZE, alphaOf(0));
  const { TEXTUREFORMAT_RGBA, TEXTURETYPE_HALF_FLOAT, TEXTURETYPE_FLOAT } = Constants;
  const texture = new RawCubeTexture(
    scene,
    sharp.map(halves),
    SIZE,
    TEXTUREFORMAT_RGBA,
    TEXTURETYPE_HALF_FLOAT,
    true,
    false,
    Texture.TRILINEAR_SAMPLINGMODE,
  );
  const internal = texture.getInternalTexture()!;
  for (let mip = 1; mip < LEVELS; mip++) {
    const texels = level(SIZE >> mip, alphaOf(mip)).map(halves);
    // Babylon takes the size of the level from the texture, whatever level is written.
    internal.width = internal.height = SIZE >> mip;
    scene
      .getEngine()
      .updateRawCubeTexture(internal, texels, TEXTUREFORMAT_RGBA, TEXTURETYPE_HALF_FLOAT, false, null, mip);
  }
  internal.width = internal.height = SIZE;
  const [right, left, up, down, front, back] = level(16, 0.12) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  texture.sphericalPolynomial = CubeMapToSphericalPolynomialTools.ConvertCubeMapToSphericalPolynomial({
    ...{ right, left, up, down, front, back },
    size: 16,
    format: TEXTUREFORMAT_RGBA,
    type: TEXTURETYPE_FLOAT,
    gammaSpace: false,
  });
  texture.gammaSpace = false;
  texture.lodGenerationScale = LEVEL_SCALE;
  scene.environmentTexture = texture;
}
