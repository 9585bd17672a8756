import { partsOf, poseInRoom, type Part, type Shape } from '#protocol/design/index';
import { decodeSnapshot } from '#protocol/journal/index';
import {
  DEFAULT_RUBRIC,
  EMPTY_WORKPLACE,
  Procedure,
  proposeProcedure,
  type Disassembly,
  type Symmetry,
  type Text,
} from '#protocol/procedures/index';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import { shapeKey } from '../../../scene/world/instancing-plan.ts';
import { symmetryOf } from '../record/design-symmetry.ts';
import { freshId } from './edits.ts';

/** A part of the project's design that a person can see: groups are left out. */
export interface DesignPart {
  readonly id: string;
  readonly name: string;
  readonly poseInRoom: Pose;
  /** In the part's own frame, metres. */
  readonly box: { readonly min: Vec3; readonly max: Vec3 };
  /** What it looks like: parts with the same one look alike. */
  readonly like: string;
  readonly symmetry: Symmetry;
  /** Null where only its looks are needed. */
  readonly shape: Shape | null;
}

/** More would take minutes, and nobody reads so many steps. */
export const MAX_PROPOSED = 400;

export function partsOfSnapshot(bytes: Uint8Array): DesignPart[] {
  const { document } = decodeSnapshot(bytes);
  return [...partsOf(document).values()].flatMap((part) => {
    const box = boxOf(part);
    if (!box || part.hidden || !part.shape) return [];
    const { id, name, shape } = part;
    const looks = { like: shapeKey(shape), symmetry: symmetryOf(shape), shape };
    return [{ id, name, poseInRoom: poseInRoom(document, id), box, ...looks }];
  });
}

function boxOf({ shape }: Part): DesignPart['box'] | null {
  if (!shape) return null;
  if (shape.kind === 'asset') return { min: [...shape.boundsM.min] as Vec3, max: [...shape.boundsM.max] as Vec3 };
  const { kind, dimensions } = shape;
  const size: Vec3 =
    kind === 'box'
      ? [dimensions.widthM, dimensions.heightM, dimensions.depthM]
      : kind === 'cylinder'
        ? [2 * dimensions.radiusM, dimensions.heightM, 2 * dimensions.radiusM]
        : [dimensions.widthM, dimensions.thicknessM, dimensions.depthM];
  const half = size.map((length) => length / 2);
  return { min: half.map((length) => -length) as unknown as Vec3, max: half as unknown as Vec3 };
}

/** Every distinct shape of parts, by what it looks like. */
export const shapesOf = (parts: readonly DesignPart[]): Map<string, Shape> =>
  new Map(parts.slice(0, MAX_PROPOSED).flatMap(({ like, shape }) => (shape ? [[like, shape] as const] : [])));

/** One step to begin with: a draft is never without. */
export function blankProcedure(
  title: Text,
  languages: readonly string[],
  stepTitle: Text,
  chapterTitle: Text,
): Procedure {
  return Procedure.parse({
    v: 1,
    id: 'procedure',
    title,
    description: {},
    languages,
    design: null,
    chapters: [
      {
        id: 'chapter-1',
        title: chapterTitle,
        first: 'step-1',
        steps: [
          {
            id: 'step-1',
            title: stepTitle,
            instruction: {},
            body: { kind: 'ordinary' },
            isOptional: false,
            timeLimitMs: null,
            retry: null,
            role: null,
            station: null,
            behaviours: [],
            transitions: [{ id: 'done', conditions: [{ kind: 'confirmed' }], to: null, interrupts: false }],
            unlocks: { needed: true, things: [], tools: [], controls: [] },
            hints: [],
            position: { x: 0, y: 0 },
          },
        ],
      },
    ],
    subchapters: [],
    variables: [],
    workplace: EMPTY_WORKPLACE,
    safety: [],
    rubric: DEFAULT_RUBRIC,
  });
}

/**
 * The order of taking the design apart, backwards. By the triangles of its shapes where they are known (`meshes`, by what
 * parts look like), else by their boxes.
 */
export function proposalOf(
  parts: readonly DesignPart[],
  title: Text,
  languages: readonly string[],
  meshes: ReadonlyMap<string, ArrayLike<number>> = new Map(),
  onProgress: (share: number) => void = () => {},
): { procedure: Procedure; disassembly: Disassembly } {
  const taken: string[] = [];
  const named = parts.slice(0, MAX_PROPOSED).map(({ id, name, poseInRoom: pose, box, like, symmetry }) => {
    const positions = meshes.get(like);
    const thing = freshId(taken, 'part');
    taken.push(thing);
    return {
      id: thing,
      part: id,
      name: Object.fromEntries(languages.map((language) => [language, name])),
      poseInRoom: pose,
      shape: positions ? { kind: 'triangles' as const, positions } : { kind: 'box' as const, ...box },
      ...{ like, symmetry },
    };
  });
  return proposeProcedure(named, { id: 'procedure', title, languages, design: null, onProgress });
}
