import { expect, it } from 'vitest';
import { applyChanges, EMPTY_DOCUMENT, rebuildDocument, stateHash, table, type Document } from './document.ts';

/** Small numbers that come again with the same seed (LCG of Numerical Recipes). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return (state >>> 8) % sides;
  };
}

const anew = (document: Document) => rebuildDocument(document.tables.toJS() as Parameters<typeof rebuildDocument>[0]);

it('is that of the rows as they are, however they came about: written over, taken away, one by one or many at once', () => {
  const roll = dice(20_261_122);
  let document = EMPTY_DOCUMENT;
  const hashes = new Set<string>();
  for (let round = 0; round < 60; round++) {
    // Now and then more at once than are left unhashed.
    const count = round % 20 === 19 ? 900 : 1 + roll(40);
    for (let n = 0; n < count; n++) {
      const [name, id] = [roll(2) ? 'screws' : 'plates', `${roll(1200)}`];
      const before = table(document, name).get(id);
      const isGone = before !== undefined && roll(3) === 0;
      const change = { table: name, id, ...(before ? { before } : {}) };
      document = applyChanges(document, [isGone ? change : { ...change, after: { id, lengthMm: roll(50), round } }]);
    }
    hashes.add(stateHash(document));
    expect(stateHash(document)).toBe(stateHash(anew(document)));
  }
  expect(hashes.size).toBe(60);
  const everything = [...document.tables].flatMap(([name, rows]) =>
    [...rows].map(([id, before]) => ({ table: name, id, before })),
  );
  expect(stateHash(applyChanges(document, everything))).toBe(stateHash(EMPTY_DOCUMENT));
});
