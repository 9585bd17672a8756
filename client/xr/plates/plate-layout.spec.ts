import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GAP_DMM, layOutPlate, MIN_TARGET_DMM, plateTargetAt, STYLES, type PlateBlock } from './plate-layout.ts';

const measure = (text: string) => text.length * 13;
const anyBlock: fc.Arbitrary<PlateBlock> = fc.oneof(
  fc.record({ kind: fc.constant('title' as const), text: fc.lorem({ maxCount: 8 }) }),
  fc.record({ kind: fc.constant('text' as const), text: fc.lorem({ maxCount: 40 }) }),
  fc.record({ kind: fc.constant('task' as const), text: fc.lorem({ maxCount: 12 }), isDone: fc.boolean() }),
  fc.record({ kind: fc.constant('bar' as const), share: fc.double({ min: -1, max: 2, noNaN: true }) }),
  fc.record({
    kind: fc.constant('buttons' as const),
    columns: fc.constantFrom(1 as const, 2 as const, 3 as const),
    buttons: fc.array(fc.record({ id: fc.uuid(), label: fc.lorem({ maxCount: 5 }) }), { maxLength: 6 }),
  }),
);

describe('a plate', () => {
  it('keeps its targets large, apart and on it, and no text on top of another, whatever stands on it', () => {
    fc.assert(
      fc.property(fc.array(anyBlock, { maxLength: 12 }), (blocks) => {
        const plate = layOutPlate(blocks, 560, 900, measure);
        for (const one of plate.targets) {
          expect(Math.min(one.width, one.height)).toBeGreaterThanOrEqual(MIN_TARGET_DMM);
          expect(one.y + one.height).toBeLessThanOrEqual(plate.heightDmm);
          expect(plateTargetAt(plate, one.x + one.width / 2, one.y + one.height / 2)).toBe(one);
          for (const other of plate.targets)
            if (other !== one) {
              const apart = Math.max(
                other.x - one.x - one.width,
                one.x - other.x - other.width,
                other.y - one.y - one.height,
                one.y - other.y - other.height,
              );
              expect(apart).toBeGreaterThanOrEqual(GAP_DMM - 1e-9);
            }
        }
        plate.lines.reduce((before, { y, style }) => {
          expect(y - STYLES[style].leadDmm / 2).toBeGreaterThanOrEqual(before - 1e-9);
          return y + STYLES[style].leadDmm / 2;
        }, 0);
        expect(plate.heightDmm).toBeLessThanOrEqual(900);
      }),
    );
  });

  it('is legible: capitals of at least half a degree', () => {
    const CAP_OF_SIZE = 0.72;
    for (const { sizeDmm } of Object.values(STYLES))
      expect((Math.atan((sizeDmm * CAP_OF_SIZE) / 1000) * 180) / Math.PI).toBeGreaterThanOrEqual(0.5);
  });

  it('breaks words between words and Chinese between signs', () => {
    const { lines } = layOutPlate(
      [{ kind: 'text', text: '将四颗底座螺钉拧紧至规定扭矩，然后检查' }],
      200,
      900,
      (text) => text.length * 26,
    );
    expect(lines.length).toBeGreaterThan(2);
    const english = layOutPlate([{ kind: 'text', text: 'Tighten the four foot screws' }], 250, 900, measure);
    expect(english.lines.map(({ text }) => text).join(' ')).toBe('Tighten the four foot screws');
  });
});
