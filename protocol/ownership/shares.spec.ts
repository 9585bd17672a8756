import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_DOCUMENT, type Document } from '../document/index.ts';
import { designModel } from '../design/model.ts';
import { CURRENT_RUBRIC } from './rubric.ts';
import { ShareLedger, type Share } from './shares.ts';

type Line = [author: string, type: string, payload: unknown, group?: string];

const CUBE = { kind: 'box', dimensions: { widthM: 0.1, heightM: 0.1, depthM: 0.1 } };
const FILE = `b${'a'.repeat(58)}`;
const STEEL = { preset: 'steel', color: '#b8bec6' };
const pose = (x: number) => ({ position: [x, 0, 0], rotation: [0, 0, 0, 1] });

function part(id: string, shape: unknown, more: object = {}) {
  return {
    id,
    parent: null,
    name: id,
    order: 'a0',
    poseInParent: pose(0),
    hidden: false,
    material: STEEL,
    shape,
    ...more,
  };
}
const imported = (id: string) =>
  part(id, { kind: 'asset', cid: FILE, boundsM: { min: [0, 0, 0], max: [1, 1, 1] }, triangleCount: 12 });

function sharesOf(lines: readonly Line[]): Share[] {
  const ledger = new ShareLedger();
  let document: Document = EMPTY_DOCUMENT;
  lines.forEach(([author, type, payload, group], i) => {
    const entry = {
      id: `op${i}` as never,
      author: { id: author as never, name: author.toUpperCase() },
      at: i,
      type,
      group: group as never,
    };
    const valid = designModel.validate(type, payload);
    if (!valid.ok) throw new Error(valid.problem.message);
    const outcome = designModel.apply(document, { ...entry, payload: valid.payload });
    if (!outcome.ok) throw new Error(outcome.problem.message);
    ledger.record(entry, outcome.changes);
    document = outcome.document;
  });
  return ledger.shares(document, CURRENT_RUBRIC);
}
const points = (shares: readonly Share[]) => Object.fromEntries(shares.map((share) => [share.user, share.points]));

test('building earns more than placing, and placing more than colouring', () => {
  const shares = sharesOf([
    ['ann', 'parts.add', { parts: [part('p', CUBE)] }],
    ['bob', 'part.move', { moves: [{ id: 'p', poseInParent: pose(1) }] }],
    ['cid', 'part.setMaterial', { ids: ['p'], material: { preset: 'brass', color: '#c9a227' } }],
    ['bob', 'part.setDimensions', { id: 'p', dimensions: { widthM: 0.2 } }],
  ]);
  expect(points(shares)).toEqual({ ann: 8, bob: 5, cid: 1 });
  expect(shares.map((share) => share.user)).toEqual(['ann', 'bob', 'cid']);
});

test('work that was deleted or overwritten earns nothing', () => {
  const shares = sharesOf([
    ['ann', 'parts.add', { parts: [part('p', CUBE)] }],
    ['bob', 'parts.add', { parts: [part('q', CUBE)] }],
    ['ann', 'part.move', { moves: [{ id: 'p', poseInParent: pose(1) }] }],
    ['cid', 'part.move', { moves: [{ id: 'p', poseInParent: pose(2) }] }],
    ['ann', 'parts.delete', { ids: ['q'] }],
  ]);
  expect(points(shares)).toEqual({ ann: 8, cid: 2 });
});

test('taking a step back gives the credit back to who wrote the value before', () => {
  const shares = sharesOf([
    ['ann', 'parts.add', { parts: [part('p', CUBE)] }],
    ['bob', 'part.move', { moves: [{ id: 'p', poseInParent: pose(1) }] }],
    ['cid', 'part.move', { moves: [{ id: 'p', poseInParent: pose(2) }] }],
    ['cid', 'history.undo', { target: 'op2' }],
  ]);
  expect(points(shares)).toEqual({ ann: 8, bob: 2 });
});

test('a part that was deleted and brought back still belongs to its maker', () => {
  const shares = sharesOf([
    ['ann', 'parts.add', { parts: [part('p', CUBE)] }],
    ['bob', 'parts.delete', { ids: ['p'] }],
    ['bob', 'history.undo', { target: 'op1' }],
  ]);
  expect(points(shares)).toEqual({ ann: 8 });
});

test('a big import does not swamp those who design, in one gesture or in many', () => {
  const atOnce = sharesOf([
    ['ann', 'parts.add', { parts: [part('p', CUBE)] }],
    ['imp', 'parts.add', { parts: Array.from({ length: 100 }, (_, i) => imported(`i${i}`)) }],
  ]);
  expect(points(atOnce)).toEqual({ ann: 8, imp: 20 });
  const inPieces = sharesOf([
    ['ann', 'parts.add', { parts: [part('p', CUBE)] }],
    ...Array.from({ length: 100 }, (_, i): Line => ['imp', 'parts.add', { parts: [imported(`i${i}`)] }]),
  ]);
  expect(points(inPieces)).toEqual(points(atOnce));
});

test('a comment that was resolved counts more than one that was only said', () => {
  const anchor = { part: 'p', face: null, pointInPart: [0, 0, 0], normalInPart: [0, 1, 0] };
  const shares = sharesOf([
    ['ann', 'parts.add', { parts: [part('p', CUBE)] }],
    ['bob', 'comment.add', { id: 'c', anchor, text: 'too thin' }],
    ['cid', 'comment.add', { id: 'd', anchor, text: 'nice' }],
    ['ann', 'comment.resolve', { id: 'c', resolved: true }],
  ]);
  expect(points(shares)).toEqual({ ann: 8, bob: 1, cid: 0.5 });
});

test('whoever contributes what, the shares are whole and do not depend on the order of equals', () => {
  const line = fc.record({
    author: fc.constantFrom('ann', 'bob', 'cid', 'dee'),
    count: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (gestures) => {
      const lines = gestures.map(({ author, count }, g): Line => {
        const parts = Array.from({ length: count }, (_, i) => part(`g${g}-${i}`, CUBE));
        return [author, 'parts.add', { parts }];
      });
      const forward = sharesOf(lines);
      expect(forward.reduce((sum, share) => sum + share.shareBps, 0)).toBe(10_000);
      expect(forward.every((share) => share.shareBps >= 0)).toBe(true);
      expect(sharesOf([...lines].reverse())).toEqual(forward);
    }),
    { numRuns: 50 },
  );
});
