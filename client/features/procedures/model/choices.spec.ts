import { expect, it } from 'vitest';
import { byName, numbered } from './choices.ts';

const choices = (...labels: string[]) => labels.map((label, at) => ({ value: String(at), label }));
const labels = (list: readonly { readonly label: string }[]) => list.map(({ label }) => label);

it('parts with one name are told apart by a number that stays with them, whatever the order of the list', () => {
  const all = numbered(choices('Needle', 'Cover', 'Needle', 'Needle'));
  expect(labels(all)).toEqual(['Needle · 1', 'Cover', 'Needle · 2', 'Needle · 3']);
  expect(byName(all, 'en').map(({ value }) => value)).toEqual(['1', '0', '2', '3']);
});

it('parts stand by name, with numbers in their order', () => {
  expect(labels(byName(choices('Screw M10', 'bolt', 'Screw M8', 'Cover'), 'en'))).toEqual([
    'bolt',
    'Cover',
    'Screw M8',
    'Screw M10',
  ]);
});
