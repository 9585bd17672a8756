import { initialShape, type Part, type ParametricShape } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import { IDENTITY_POSE, type Pose, type Quat, type Vec3 } from '#protocol/spatial/index';

type Look = Part['material'];
const steel: Look = { preset: 'steel', color: '#aab2ba' };
const aluminium: Look = { preset: 'aluminium', color: '#c3c9cf' };
const brass: Look = { preset: 'brass', color: '#c8a14b' };
const rubber: Look = { preset: 'rubber', color: '#2b2e33' };
const blue: Look = { preset: 'paint', color: '#2f6690' };

const at = (position: Vec3, rotation: Quat = [0, 0, 0, 1]): Pose => ({ position, rotation });
const box = (widthM: number, heightM: number, depthM: number): ParametricShape => ({
  kind: 'box',
  dimensions: { widthM, heightM, depthM },
});
const rod = (radiusM: number, heightM: number): ParametricShape => ({
  kind: 'cylinder',
  dimensions: { radiusM, heightM },
});
const LYING: Quat = [0, 0, Math.SQRT1_2, Math.SQRT1_2];

/** A pump on its base plate, all of parametric parts: something to look at before any file is imported. */
export function pump(): Part[] {
  const parts: Part[] = [];
  const group = put(parts, 'pump', null, 'Pump unit', IDENTITY_POSE, null, steel);
  const add = (id: string, name: string, pose: Pose, shape: ParametricShape, material: Look) =>
    put(parts, id, group, name, pose, shape, material);
  const plate = initialShape('plate');
  if (plate.kind === 'plate')
    add(
      'base',
      'Base plate',
      at([0, 0.008, 0]),
      {
        kind: 'plate',
        dimensions: {
          ...plate.dimensions,
          widthM: 0.46,
          depthM: 0.2,
          thicknessM: 0.016,
          holesAcross: 4,
          holesAlong: 2,
          holeRadiusM: 0.0065,
        },
      },
      aluminium,
    );
  add('motor', 'Motor', at([-0.1, 0.096, 0], LYING), rod(0.062, 0.2), blue);
  for (let i = 0; i < 7; i++)
    add(`fin-${i}`, `Cooling fin ${i + 1}`, at([-0.175 + i * 0.025, 0.096, 0], LYING), rod(0.068, 0.006), blue);
  add('foot-a', 'Motor foot', at([-0.15, 0.026, 0]), box(0.03, 0.02, 0.12), blue);
  add('foot-b', 'Motor foot', at([-0.05, 0.026, 0]), box(0.03, 0.02, 0.12), blue);
  add('box', 'Terminal box', at([-0.1, 0.168, 0]), box(0.07, 0.034, 0.06), aluminium);
  add('shaft', 'Shaft', at([0.04, 0.096, 0], LYING), rod(0.012, 0.12), steel);
  add('coupling', 'Coupling', at([0.035, 0.096, 0], LYING), rod(0.026, 0.036), brass);
  add('spider', 'Coupling spider', at([0.035, 0.096, 0], LYING), rod(0.0275, 0.008), rubber);
  add('bearing', 'Bearing housing', at([0.09, 0.096, 0], LYING), rod(0.04, 0.04), steel);
  add('bracket', 'Bracket', at([0.09, 0.04, 0]), box(0.03, 0.05, 0.1), aluminium);
  add('volute', 'Volute', at([0.15, 0.096, 0], LYING), rod(0.072, 0.056), aluminium);
  add('inlet', 'Inlet flange', at([0.205, 0.096, 0], LYING), rod(0.03, 0.056), aluminium);
  add('inlet-face', 'Inlet flange face', at([0.232, 0.096, 0], LYING), rod(0.048, 0.01), aluminium);
  add('outlet', 'Outlet', at([0.15, 0.186, 0.03]), rod(0.024, 0.07), aluminium);
  add('outlet-face', 'Outlet flange face', at([0.15, 0.224, 0.03]), rod(0.042, 0.01), aluminium);
  for (let i = 0; i < 6; i++) {
    const angle = (i / 6) * 2 * Math.PI;
    add(
      `bolt-${i}`,
      `Bolt M6 ${i + 1}`,
      at([0.239, 0.096 + 0.039 * Math.sin(angle), 0.039 * Math.cos(angle)], LYING),
      rod(0.005, 0.008),
      steel,
    );
    add(
      `nut-${i}`,
      `Bolt M6 ${i + 7}`,
      at([0.15 + 0.034 * Math.cos(angle), 0.2325, 0.03 + 0.034 * Math.sin(angle)]),
      rod(0.0045, 0.008),
      steel,
    );
  }
  return parts;
}

/** Many parts of few shapes, as a plant has them: for the figure "2 000 parts in under 3 s". */
export function plant(count: number): Part[] {
  const shapes: ParametricShape[] = [
    rod(0.02, 0.06),
    box(0.05, 0.04, 0.03),
    rod(0.03, 0.02),
    initialShape('plate'),
    box(0.02, 0.08, 0.02),
  ];
  const looks = [steel, aluminium, brass, rubber, blue];
  const parts: Part[] = [];
  const side = Math.ceil(Math.sqrt(count));
  for (let i = 0; i < count; i++)
    put(
      parts,
      `p${i}`,
      null,
      `Part ${i}`,
      at([((i % side) - side / 2) * 0.09, 0.05, (Math.floor(i / side) - side / 2) * 0.09]),
      shapes[i % 5]!,
      looks[(i * 7) % 5]!,
    );
  return parts;
}

function put(
  parts: Part[],
  id: string,
  parent: PartId | null,
  name: string,
  poseInParent: Pose,
  shape: ParametricShape | null,
  material: Look,
): PartId {
  const partId = id as PartId;
  parts.push({
    id: partId,
    parent,
    name,
    order: `a${String(parts.length).padStart(5, '0')}`,
    poseInParent,
    hidden: false,
    material,
    shape,
  });
  return partId;
}
