import { DEFAULT_MATERIAL, initialShape, type Material, type Part, type Shape } from '#protocol/design/index';
import { PartId } from '#protocol/ids';
import { IDENTITY_POSE, type Pose } from '#protocol/spatial/index';

const STEEL: Material = { preset: 'steel', color: '#8d949c' };
const BRASS: Material = { preset: 'brass', color: '#c9a24b' };
const PAINT: Material = { preset: 'paint', color: '#1864ab' };
const RUBBER: Material = { preset: 'rubber', color: '#26282b' };

const at = (x: number, y: number, z: number): Pose => ({
  position: [x / 1000, y / 1000, z / 1000],
  rotation: [0, 0, 0, 1],
});

function solid(cid: string, size: [number, number, number], triangleCount: number): Shape {
  const [x, y, z] = size.map((mm) => mm / 2000) as [number, number, number];
  return { kind: 'asset', cid, boundsM: { min: [-x, -y, -z], max: [x, y, z] }, triangleCount };
}

const FILE = `bafybei${'c'.repeat(52)}`;
const BOLT = solid(`bafybei${'b'.repeat(52)}`, [13, 13, 40], 1240);
const CASING = solid(`bafybei${'a'.repeat(52)}`, [210, 180, 96], 18_460);

/** A small pump by hand: groups, imported solids with instances, parametric parts; enough to show every panel. */
export function samplePump(): Part[] {
  let order = 0;
  const part = (
    id: string,
    parent: string | null,
    name: string,
    shape: Shape | null,
    material: Material = DEFAULT_MATERIAL,
    poseInParent: Pose = IDENTITY_POSE,
  ): Part => ({
    id: PartId.parse(id),
    parent: parent === null ? null : PartId.parse(parent),
    name,
    order: `a${String(order++).padStart(3, '0')}`,
    poseInParent,
    hidden: false,
    material,
    shape,
    ...(shape?.kind === 'asset' ? { source: { file: FILE, node: id } } : {}),
  });
  return [
    part('pump', null, 'Centrifugal pump CP-40', null),
    part('casing', 'pump', 'Volute casing', CASING, PAINT, at(0, 120, 0)),
    part(
      'cover',
      'pump',
      'Casing cover',
      solid(`bafybei${'d'.repeat(52)}`, [180, 180, 24], 6120),
      PAINT,
      at(0, 120, 60),
    ),
    part('bolts', 'pump', 'Cover bolts', null),
    ...Array.from({ length: 8 }, (_, i) =>
      part(
        `bolt${i}`,
        'bolts',
        `Bolt M8 × 40 (${i + 1})`,
        BOLT,
        STEEL,
        at(80 * Math.cos(i), 120 + 80 * Math.sin(i), 72),
      ),
    ),
    part('rotor', 'pump', 'Rotor', null),
    part(
      'impeller',
      'rotor',
      'Impeller',
      solid(`bafybei${'e'.repeat(52)}`, [140, 140, 38], 22_900),
      BRASS,
      at(0, 120, 10),
    ),
    part('shaft', 'rotor', 'Shaft', { kind: 'cylinder', dimensions: { radiusM: 0.012, heightM: 0.22 } }, STEEL, {
      position: [0, 0.12, -0.09],
      rotation: [Math.SQRT1_2, 0, 0, Math.SQRT1_2],
    }),
    part('seal', 'rotor', 'Shaft seal', solid(`bafybei${'f'.repeat(52)}`, [32, 32, 18], 2100), RUBBER, at(0, 120, -20)),
    part('base', null, 'Base plate', initialShape('plate'), STEEL, at(0, 5, 0)),
    part('foot', null, 'Mounting foot', initialShape('box'), DEFAULT_MATERIAL, at(140, 50, 0)),
  ];
}

/** Many parts in a few groups, for lists that must stay quick. */
export function manyParts(count: number): Part[] {
  const groups = Math.ceil(count / 100);
  return Array.from({ length: groups }, (_, g) => {
    const group: Part = {
      id: PartId.parse(`g${g}`),
      parent: null,
      name: `Assembly ${g + 1}`,
      order: `a${String(g).padStart(4, '0')}`,
      poseInParent: IDENTITY_POSE,
      hidden: false,
      material: DEFAULT_MATERIAL,
      shape: null,
    };
    const members = Array.from({ length: Math.min(99, count - g * 100 - 1) }, (_, p): Part => ({
      ...group,
      id: PartId.parse(`g${g}p${p}`),
      parent: group.id,
      name: `Screw ${g + 1}.${p + 1}`,
      order: `a${String(p).padStart(4, '0')}`,
      poseInParent: at(p * 20, 0, g * 20),
      material: STEEL,
      shape: BOLT,
    }));
    return [group, ...members];
  }).flat();
}
