import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designModel, initialShape, partOf, partsOf, reduceDesign } from '#protocol/design/index';
import { EMPTY_DOCUMENT, historyOf, rebuildDocument, stateHash, type Document } from '#protocol/document/index';
import type { OpId, PartId, UserId } from '#protocol/ids';
import type { Author } from '#protocol/journal/index';
import { assertTree, Dice, hostileOp, newPart, nextOp } from '../support/design-arbitraries.ts';

const person = (id: string): Author => ({ id: id as UserId, name: id });
const ann = person('ann');
const ben = person('ben');

let clock = 0;
function apply(document: Document, author: Author, type: string, payload: unknown, id = `op${(clock += 1)}`) {
  const valid = designModel.validate(type, payload);
  if (!valid.ok) return valid;
  return designModel.apply(document, { type, payload: valid.payload, author, at: clock, id: id as OpId });
}
function must(document: Document, author: Author, type: string, payload: unknown, id?: string): Document {
  const outcome = apply(document, author, type, payload, id);
  if (!outcome.ok) throw new Error(`${type}: ${outcome.problem.message}`);
  return outcome.document;
}

/** A document that some people worked on for a while, and who they are. */
function workedOn(seed: number, steps: number): Document {
  const dice = new Dice(seed);
  let ids = 0;
  let document = EMPTY_DOCUMENT;
  for (let i = 0; i < steps; i++) {
    const author = dice.next() < 0.6 ? ann : ben;
    const { type, payload } = nextOp(document, author.id, dice, () => `n${(ids += 1)}`);
    const outcome = apply(document, author, type, payload);
    if (outcome.ok) document = outcome.document;
  }
  return document;
}

describe('a design document', () => {
  it('answers anything a hostile client sends with a new state or a typed refusal, never a throw', () => {
    fc.assert(
      fc.property(fc.nat(1000), hostileOp, (seed, { type, payload }) => {
        const document = workedOn(seed, 15);
        const outcome = apply(document, ann, type, payload);
        if (outcome.ok) assertTree(outcome.document);
        else
          expect(outcome.problem).toMatchObject({
            scope: expect.stringMatching(/./),
            key: expect.stringMatching(/./),
            message: expect.stringMatching(/./),
          });
      }),
      { numRuns: 400 },
    );
  });

  it('keeps a sound product tree through any session', () => {
    fc.assert(
      fc.property(fc.nat(100_000), (seed) => assertTree(workedOn(seed, 120))),
      { numRuns: 40 },
    );
  });

  it('gets back the very same state when an op is undone, and the state after it when redone', () => {
    let undone = 0;
    fc.assert(
      fc.property(fc.nat(100_000), (seed) => {
        const dice = new Dice(seed + 1);
        const before = workedOn(seed, 40);
        let ids = 0;
        const { type, payload } = nextOp(before, ann.id, dice, () => `x${(ids += 1)}`);
        fc.pre(!type.startsWith('history.'));
        const done = apply(before, ann, type, payload, 'the-step');
        fc.pre(done.ok && done.changes.length > 0);
        if (!done.ok) return;
        const back = must(done.document, ann, 'history.undo', { target: 'the-step' });
        expect(stateHash(back)).toBe(stateHash(before));
        const again = must(back, ann, 'history.redo', { target: 'the-step' });
        expect(stateHash(again)).toBe(stateHash(done.document));
        undone += 1;
      }),
      { numRuns: 150 },
    );
    expect(undone).toBeGreaterThan(100);
  });

  it('keeps its hash up to date with each change: it equals the hash of the same rows built from nothing', () => {
    fc.assert(
      fc.property(fc.nat(100_000), (seed) => {
        const document = workedOn(seed, 80);
        const rows = Object.fromEntries([...document.tables].map(([name, table]) => [name, Object.fromEntries(table)]));
        expect(stateHash(document)).toBe(stateHash(rebuildDocument(rows)));
      }),
      { numRuns: 30 },
    );
  });

  it('lets each person undo their own steps while others work on', () => {
    const dice = new Dice(3);
    let document = must(EMPTY_DOCUMENT, ann, 'parts.add', { parts: [newPart('a', null, dice)] }, 'add');
    document = must(document, ann, 'part.rename', { id: 'a', name: 'Shaft' }, 'rename');
    document = must(document, ben, 'part.setHidden', { ids: ['a'], hidden: true }, 'hide');
    document = must(document, ann, 'history.undo', { target: 'rename' });
    expect(partOf(document, 'a' as PartId)).toMatchObject({ name: 'Part a', hidden: true });
  });

  it('refuses to undo what somebody else changed since, and says which field', () => {
    let document = must(EMPTY_DOCUMENT, ann, 'parts.add', { parts: [newPart('a', null, new Dice(3))] }, 'add');
    document = must(document, ann, 'part.rename', { id: 'a', name: 'Shaft' }, 'rename');
    document = must(document, ben, 'part.rename', { id: 'a', name: 'Axle' }, 'again');
    const outcome = apply(document, ann, 'history.undo', { target: 'rename' });
    expect(outcome).toMatchObject({ ok: false, problem: { key: 'changed_since', facts: { id: 'a', field: 'name' } } });
  });

  it('undoes all ops of one gesture together', () => {
    const dice = new Dice(9);
    let document = EMPTY_DOCUMENT;
    for (const id of ['a', 'b']) {
      const outcome = reduceDesign(
        document,
        'parts.add',
        { parts: [newPart(id, null, dice)] },
        { author: ann, at: 1, target: 'import' },
      );
      if (outcome.ok) document = outcome.document;
    }
    expect(partsOf(document).size).toBe(2);
    expect(historyOf(document, ann.id).undo.size).toBe(1);
    expect(partsOf(must(document, ann, 'history.undo', { target: 'import' })).size).toBe(0);
  });

  it('refuses a plate whose holes do not fit, and names the dimension', () => {
    const plate = { ...newPart('p', null, new Dice(1)), shape: initialShape('plate') };
    const document = must(EMPTY_DOCUMENT, ann, 'parts.add', { parts: [plate] });
    expect(apply(document, ann, 'part.setDimensions', { id: 'p', dimensions: { holeRadiusM: 0.03 } })).toMatchObject({
      ok: false,
      problem: { key: 'bad_dimension', facts: { dimension: 'holeMarginM' } },
    });
  });

  it('deletes a group with everything in it, and brings all of it back', () => {
    const dice = new Dice(5);
    const group = { ...newPart('g', null, dice), shape: null };
    let document = must(EMPTY_DOCUMENT, ann, 'parts.add', { parts: [group, newPart('c', group.id, dice)] });
    const before = stateHash(document);
    document = must(document, ann, 'parts.delete', { ids: ['g'] }, 'del');
    expect(partsOf(document).size).toBe(0);
    expect(stateHash(must(document, ann, 'history.undo', { target: 'del' }))).toBe(before);
  });
});
