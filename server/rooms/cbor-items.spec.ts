import { expect, test } from 'vitest';
import { encodeBlock } from '#protocol/journal/index';
import { solid } from '../../test/support/people.ts';
import { hasAtMostItems } from './cbor-items.ts';

test('counts every value and name of a message, and nothing inside of texts and bytes', () => {
  const { bytes } = encodeBlock({
    a: [1, 2, 'three'],
    b: new Uint8Array(300),
    c: 'x'.repeat(70_000),
    d: -1.5,
    e: null,
  });
  // The map, five names, five values, three in the list.
  expect([hasAtMostItems(bytes, 14), hasAtMostItems(bytes, 12)]).toEqual([true, false]);
});

test('lets the largest message of a good client through, many times over', () => {
  const parts = Array.from({ length: 500 }, (_, i) => solid(`part-${i}`, 'plate', { name: 'n'.repeat(200) }));
  const { bytes } = encodeBlock({ ops: [{ id: 'x', type: 'parts.add', payload: { parts } }] });
  expect(hasAtMostItems(bytes, 35_000)).toBe(true);
});

test('sees a megabyte of empty lists before anybody builds them, and ends on bytes that are no CBOR', () => {
  const lists = Buffer.concat([Buffer.from('9a000f4240', 'hex'), Buffer.alloc(1_000_000, 0x80)]);
  const startMs = performance.now();
  expect(hasAtMostItems(lists, 100_000)).toBe(false);
  expect(performance.now() - startMs).toBeLessThan(50);
  for (let first = 0; first < 256; first++) hasAtMostItems(Uint8Array.of(first, 255, 255, 255), 10);
});
