import { expect, it } from 'vitest';
import { MAX_STROKE_POINTS, type MarkBody } from '#protocol/guidance/index';
import type { Vec3 } from '#protocol/spatial/index';
import type { PartHit } from '../../../scene/world/world.ts';
import { MarkTool, type Aim, type MarkToolKind, type PlaceHit } from './mark-tool.ts';

/** A thing at one metre to the right of the other: what is hit is told by the part's name and place. */
const at = (part: string, pointInRoom: Vec3): Aim => ({ hit: { part, pointInRoom } as PartHit });
const offsets: Readonly<Record<string, number>> = { housing: 0, cover: 1 };
function placeOf({ hit, inAir }: Aim): PlaceHit | null {
  if (inAir) return { thing: null, point: inAir, intoSurface: [0, -1, 0], pointInProduct: inAir };
  if (!hit) return null;
  const [x, y, z] = hit.pointInRoom;
  return {
    thing: hit.part,
    point: [x - offsets[hit.part]!, y, z],
    intoSurface: [0, -1, 0],
    pointInProduct: hit.pointInRoom,
  };
}

function aTool(kind: MarkToolKind) {
  const marks: MarkBody[] = [];
  const tool = new MarkTool({ mark: (body) => `m-${marks.push(body)}` }, placeOf);
  tool.use(kind);
  return { tool, marks };
}

it('measures between two things where they stand, in their own frames, and shows it while the second end is looked for', () => {
  const { tool, marks } = aTool('measure');
  tool.click(at('housing', [0, 0, 0]));
  expect(marks).toEqual([]);
  tool.hover(at('cover', [1.02, 0, 0]));
  expect(tool.pending.get()).toMatchObject({ kind: 'measure', distanceM: 1.02 });
  tool.click(at('cover', [1.05, 0, 0]));
  expect(marks).toMatchObject([{ kind: 'measure', from: { in: 'housing' }, to: { in: 'cover' }, distanceM: 1.05 }]);
  expect(tool.pending.get()).toBeNull();
});

it('draws on the part that it began on and on no other; a line without an end goes on as the next one', () => {
  const { tool, marks } = aTool('draw');
  expect(tool.press({ hit: null })).toBe(false);
  expect(tool.press(at('housing', [0, 0, 0]))).toBe(true);
  tool.drag(at('cover', [1, 0, 0]));
  for (let n = 1; n <= MAX_STROKE_POINTS; n++) tool.drag(at('housing', [n * 0.01, 0, 0]));
  tool.release();
  expect(marks.map((body) => body.kind === 'stroke' && [body.in, body.points.length])).toEqual([
    ['housing', MAX_STROKE_POINTS],
    ['housing', 2],
  ]);
  expect(tool.pending.get()).toBeNull();
});

it('draws in the air beside the product, in the product’s own frame', () => {
  const { tool, marks } = aTool('draw');
  tool.press({ hit: null, inAir: [0, 0.3, 0] });
  tool.drag({ hit: null, inAir: [0.1, 0.3, 0] });
  expect(tool.pending.get()).toMatchObject({ kind: 'stroke', in: null });
  tool.release();
  expect(marks).toEqual([{ kind: 'stroke', in: null, points: [[0, 0.3, 0], [0.1, 0.3, 0]] }]); // prettier-ignore
});

it('leaves no note without words and no ghost without a part', () => {
  const { tool, marks } = aTool('note');
  tool.click(at('housing', [0, 0, 0]));
  tool.text.set('Turn it first');
  tool.click(at('housing', [0, 0, 0]));
  tool.use('ghost');
  tool.click(at('housing', [0, 0, 0]));
  tool.thing.set('seal');
  tool.click(at('cover', [1.1, 0, 0]));
  expect(marks).toMatchObject([
    { kind: 'note', text: 'Turn it first', at: { in: 'housing' } },
    { kind: 'ghost', thing: 'seal', at: { in: null, pose: { position: [1.1, 0, 0] } } },
  ]);
});

it('sets no words of a note that was begun on an arrow, and keeps them for the note', () => {
  const { tool, marks } = aTool('note');
  tool.text.set('Turn it first');
  tool.use('arrow');
  tool.click(at('housing', [0, 0, 0]));
  tool.use('note');
  tool.click(at('housing', [0, 0, 0]));
  expect(marks).toMatchObject([
    { kind: 'arrow', text: '' },
    { kind: 'note', text: 'Turn it first' },
  ]);
});
