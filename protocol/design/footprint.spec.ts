import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChanges, EMPTY_DOCUMENT, equalData, historyOf, writtenKeys, type Document } from '../document/index.ts';
import type { OpId, PartId, UserId } from '../ids.ts';
import { Dice, newPart, nextOp } from '../../test/support/design-arbitraries.ts';
import type { Part } from './part.ts';
import { MAX_DEPTH } from './reducer.ts';
import { designModel } from './model.ts';

const author = (id: string) => ({ id: id as UserId, name: id });
let made = 0;

function apply(document: Document, by: string, op: { type: string; payload: unknown }) {
  const id = `op${(made += 1)}` as OpId;
  return designModel.apply(document, { ...op, author: author(by), at: 1, id });
}

/** Two towers of groups that together are as deep as a tree may be, and a short session of two people on them. */
function workedOn(dice: Dice, steps: number): Document[] {
  let document = EMPTY_DOCUMENT;
  let parent: PartId | null = null;
  const half = MAX_DEPTH / 2;
  for (let level = 0; level < 2 * half; level++) {
    const group: Part = { ...newPart(`g${level}`, level === half ? null : parent, dice), shape: null };
    document = applyChanges(document, [{ table: 'parts', id: group.id, after: group as never }]);
    parent = group.id;
  }
  const versions = [document];
  for (let i = 0; i < steps; i++) {
    const by = dice.next() < 0.5 ? 'ann' : 'ben';
    const applied = apply(
      document,
      by,
      nextOp(document, by, dice, () => `n${(made += 1)}`),
    );
    if (applied.ok) versions.push((document = applied.document));
  }
  return versions;
}

/** Where depth and loops are decided: a tower, or a part of one, into the other. */
function nextPlace(dice: Dice): { type: string; payload: unknown } {
  const [id, parent] = [dice.upTo(MAX_DEPTH), dice.upTo(MAX_DEPTH)].map((level) => `g${level}`);
  const poseInParent = { position: [0, 0, 0], rotation: [0, 0, 0, 1] };
  return { type: 'part.place', payload: { id, parent, order: 'a', poseInParent } };
}

/** A group in the upper quarter of a tower, on its own or with a part in it. */
function nextAdd(dice: Dice): { type: string; payload: unknown } {
  const parent = `g${dice.upTo(4) + (dice.next() < 0.5 ? MAX_DEPTH / 2 : MAX_DEPTH) - 4}` as PartId;
  return { type: 'parts.add', payload: { parts: [newPart(`a${(made += 1)}`, parent, dice)] } };
}

describe('the footprint of an op', () => {
  it('names all that another op could change about its outcome, refused ops included', () => {
    let disjoint = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(1_000_000), (seed) => {
        const dice = new Dice(seed + 1);
        const versions = workedOn(dice, 40);
        const document = versions.at(-1)!;
        // Some of mine are about what was there a while ago, and may come back.
        const draw = (by: string, seen: Document) =>
          Array.from({ length: 8 }, () => nextOp(seen, by, dice, () => `m${(made += 1)}`));
        const towers = () => Array.from({ length: 6 }, () => (dice.next() < 0.6 ? nextPlace(dice) : nextAdd(dice)));
        const mine = [...draw('ann', document), ...draw('ann', versions.at(-8) ?? document), ...towers()];
        const undo = historyOf(document, 'ben').undo.last();
        const theirs = [
          ...draw('ben', document),
          ...towers(),
          ...(undo ? [{ type: 'history.undo', payload: { target: undo.target } }] : []),
        ];
        for (const b of theirs) {
          const after = apply(document, 'ben', b);
          if (!after.ok) continue;
          const written = new Set(writtenKeys(after.changes));
          for (const a of mine) {
            const { keys } = designModel.footprint(document, a, 'ann');
            const alone = apply(document, 'ann', a);
            const all = [...keys, ...(alone.ok ? writtenKeys(alone.changes) : [])];
            if (all.some((key) => written.has(key))) continue;
            const later = apply(after.document, 'ann', a);
            disjoint += 1;
            if (!alone.ok) refused += 1;
            const [first, second] = [alone, later].map((one) => (one.ok ? one.changes : one.problem.key));
            if (!equalData(first, second)) throw new Error(`${a.type} depends on ${b.type}`);
          }
        }
      }),
      { numRuns: 120 },
    );
    expect(disjoint).toBeGreaterThan(2_000);
    expect(refused).toBeGreaterThan(20);
  }, 60_000);
});
