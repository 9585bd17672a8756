import { describe, expect, it } from 'vitest';
import { DEFAULT_MATERIAL, initialShape } from '#protocol/design/index';
import { batchKey, SlotTable } from './instancing-plan.ts';

describe('instancing', () => {
  const bolt = { shape: initialShape('cylinder'), material: DEFAULT_MATERIAL };

  it('draws equal shapes of one preset in one call, whatever their colours', () => {
    const red = { ...bolt, material: { ...DEFAULT_MATERIAL, color: '#aa0000' } };
    expect(batchKey(red, false)).toBe(batchKey(bolt, false));
    expect(batchKey(bolt, true)).not.toBe(batchKey(bolt, false));
    expect(batchKey({ ...bolt, material: { ...DEFAULT_MATERIAL, preset: 'brass' } }, false)).not.toBe(
      batchKey(bolt, false),
    );
    expect(batchKey({ ...bolt, shape: null }, false)).toBeNull();
  });

  it('keeps the table dense when parts are deleted', () => {
    const table = new SlotTable();
    ['a', 'b', 'c'].forEach((id) => table.add(id));
    expect(table.remove('a')).toEqual({ slot: 0, moved: 'c' });
    expect(table.slotOf('c')).toBe(0);
    expect(table.remove('b')).toBeNull();
    expect(table.remove('b')).toBeNull();
    expect(table.ids).toEqual(['c']);
    expect(table.add('c')).toBe(0);
  });
});
