import { expect, it } from 'vitest';
import { Keyboard, KEYBOARD_HEIGHT_DMM, KEYBOARD_WIDTH_DMM } from './keyboard.ts';
import { layOutPlate, MIN_TARGET_DMM } from './plate-layout.ts';

const WORDS = { capitals: 'Capitals', space: 'Space', erase: 'Erase', done: 'Done' };
const type = (keyboard: Keyboard, ...keys: string[]) => keys.map((key) => keyboard.press(`key-${key}`));

it('types what is pressed: a capital first, small letters after it, spaces, and takes the last back', () => {
  const keyboard = new Keyboard(20);
  type(keyboard, 's', 'e', 'e', 'n', 'space', 'x', 'erase', '2');
  expect(keyboard.text).toBe('Seen 2');
  type(keyboard, 'capitals', 'm');
  expect(keyboard.text).toBe('Seen 2M');
  expect(type(keyboard, 'done')).toEqual([true]);
  keyboard.begin('密封件');
  type(keyboard, 'erase');
  expect(keyboard.text).toBe('密封');
});

it('takes no more than it may', () => {
  const keyboard = new Keyboard(3);
  type(keyboard, 'a', 'b', 'c', 'd');
  expect(keyboard.text).toBe('Abc');
});

it('fits on its plate with every key a target for a finger', () => {
  const blocks = new Keyboard(100).blocks(WORDS);
  const { targets } = layOutPlate(blocks, KEYBOARD_WIDTH_DMM, KEYBOARD_HEIGHT_DMM, (text) => text.length * 14);
  expect(targets).toHaveLength(44);
  for (const { width, height } of targets) {
    expect(width).toBeGreaterThanOrEqual(MIN_TARGET_DMM);
    expect(height).toBeGreaterThanOrEqual(MIN_TARGET_DMM);
  }
});
