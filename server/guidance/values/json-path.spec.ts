import { expect, it } from 'vitest';
import { numberAt, readJsonPath } from './json-path.ts';

const MESSAGE = { data: { pressure: 4.2, 'a.b': [{ v: '17.5' }], isOpen: true }, list: [1, [2, 3]], text: 'off' };
const at = (path: string) => {
  const read = readJsonPath(path);
  return read ? numberAt(MESSAGE, read) : 'unreadable';
};

it('finds a number anywhere in a message, also one that is written as text or as yes and no', () => {
  expect(at('$.data.pressure')).toBe(4.2);
  expect(at('data.pressure')).toBe(4.2);
  expect(at("$.data['a.b'][0].v")).toBe(17.5);
  expect(at('list[1][0]')).toBe(2);
  expect(at('data.isOpen')).toBe(1);
  expect(numberAt(7, readJsonPath('$')!)).toBe(7);
  expect(numberAt(7, readJsonPath('')!)).toBe(7);
});

it('finds nothing where nothing is, and never what the message does not itself have', () => {
  for (const path of ['data', 'text', 'data.flow', 'list[7]', 'data.pressure.x', 'constructor.length', 'list.length'])
    expect([path, at(path)]).toEqual([path, null]);
});

it('does not take a path that leads to more than one place, or is none', () => {
  for (const path of ['$..pressure', 'list[*]', 'list[-1]', 'data pressure', 'data.', "data['x", 'list[0'])
    expect([path, readJsonPath(path)]).toEqual([path, null]);
});
