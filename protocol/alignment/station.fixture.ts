import { composePose, type Pose, type Vec3 } from '../spatial/index.ts';
import { exactCamera, project, type Camera } from './camera.ts';
import type { MarkerMap, PlaceSigma } from './marker-map.ts';
import { quatOf } from './rotation.ts';
import { evenNoise, type Sighting } from './sighting.ts';
import { squareCorners } from './square-pose.ts';

/** A station for tests: three sheets of 120 mm around a product of half a metre, one of them turned upright. */
export const EXACT_PLACE: PlaceSigma = { positionM: 0, angleRad: 0, sizeShare: 0 };

export function threeMarkers(sigma: PlaceSigma = EXACT_PLACE): MarkerMap {
  const at = (code: string, position: Vec3, rotation: Pose['rotation'] = [0, 0, 0, 1]) => ({
    code,
    sizeM: 0.12,
    poseInProduct: { position, rotation },
    sigma,
  });
  return {
    version: 1,
    station: 'Gearbox bench',
    markers: [
      at('36h11/1', [-0.25, 0, 0]),
      at('36h11/2', [0.25, 0.02, 0.03], [0, 0.1305262, 0, 0.9914449]),
      at('36h11/3', [0.02, 0.22, -0.05], [-0.0871557, 0, 0, 0.9961947]),
    ],
  };
}

export const testCamera: Camera = exactCamera({
  widthPx: 1280,
  heightPx: 720,
  focalPx: [950, 950],
  centrePx: [643, 357],
  radial: [0, 0],
});

/** The product before the camera: its middle `distanceM` away, tilted about a level axis and turned about the line of sight. */
export function before(distanceM: number, tiltRad: number, aboutRad = 0, rollRad = 0): Pose {
  const [c, s] = [Math.cos(tiltRad), Math.sin(tiltRad)];
  const [ca, sa] = [Math.cos(aboutRad), Math.sin(aboutRad)];
  const [cr, sr] = [Math.cos(rollRad), Math.sin(rollRad)];
  // Tilt about the axis (cos a, sin a, 0), then a roll about z.
  const k = 1 - c;
  const tilt = [c + ca * ca * k, ca * sa * k, sa * s, ca * sa * k, c + sa * sa * k, -ca * s, -sa * s, ca * s, c];
  const m = [0, 1, 2].flatMap((column) => {
    const [x, y, z] = [tilt[column]!, tilt[3 + column]!, tilt[6 + column]!];
    return [[cr * x - sr * y, sr * x + cr * y, z]];
  });
  const rotation = quatOf([
    m[0]![0]!,
    m[1]![0]!,
    m[2]![0]!,
    m[0]![1]!,
    m[1]![1]!,
    m[2]![1]!,
    m[0]![2]!,
    m[1]![2]!,
    m[2]![2]!,
  ]);
  return { position: [0, -0.06, -distanceM], rotation };
}

/** What a perfect detector with even noise would see. */
export function sightingsOf(
  map: MarkerMap,
  productInCamera: Pose,
  camera: Camera,
  sigmaPx = 0,
  normal: () => number = () => 0,
): Sighting[] {
  return map.markers.flatMap(({ code, sizeM, poseInProduct }) => {
    const inCamera = composePose(productInCamera, poseInProduct);
    const corners = squareCorners(sizeM).map((corner) =>
      project(camera, composePose(inCamera, { position: corner, rotation: [0, 0, 0, 1] }).position),
    );
    if (corners.some((corner) => !corner)) return [];
    const cornersPx = corners.map((c) => [c![0] + sigmaPx * normal(), c![1] + sigmaPx * normal()] as const);
    return [
      {
        code,
        cornersPx: cornersPx as never as Sighting['cornersPx'],
        covariancePx2: evenNoise(Math.max(sigmaPx, 0.01)),
      },
    ];
  });
}
