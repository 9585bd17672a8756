import { describe, expect, it } from 'vitest';
import { aProcedure, aStep } from '../../test/support/procedures.ts';
import { check } from './check.ts';
import { Procedure } from './procedure.ts';
import { isOutdated, stillRight, withOutdated } from './stale.ts';

const written = (title: Record<string, string>) => aProcedure([aStep('s', { title })], { languages: ['en', 'zh'] });
const isOld = (procedure: Procedure) => isOutdated(procedure, 's/title', 'zh');
const warned = (procedure: Procedure) =>
  check(procedure).flatMap(({ key, where, facts }) =>
    key === 'outdated_translation' ? [[where.step, where.path, facts['language']]] : [],
  );

describe('a translation', () => {
  const first = written({ en: 'Grease the seat', zh: '给座涂脂' });
  const original = { en: 'Grease the seat with lithium', zh: '给座涂脂' };

  it('is older than its original when this alone was changed, and the check says so', () => {
    const changed = withOutdated(first, written(original));
    expect([isOld(first), isOld(changed)]).toEqual([false, true]);
    expect(warned(changed)).toEqual([['s', 'title', 'zh']]);
    // It stays so while other things are changed, and through a file.
    const later = withOutdated(changed, { ...changed, description: { en: 'More' } });
    expect(warned(Procedure.parse(JSON.parse(JSON.stringify(later))))).toEqual([['s', 'title', 'zh']]);
  });

  it('is new again when it is written again, or somebody says that it is still right', () => {
    const changed = withOutdated(first, written(original));
    const again = { ...changed, ...written({ ...original, zh: '用锂基脂给座涂脂' }) };
    expect(withOutdated(changed, again)).not.toHaveProperty('outdated');
    const right = withOutdated(changed, stillRight(changed, 's/title', 'zh'));
    expect(right).not.toHaveProperty('outdated');
    expect(warned(right)).toEqual([]);
  });

  it('is as new as an original that came with it, and one that is missing is not old', () => {
    expect(isOld(withOutdated(first, written({ en: 'Other', zh: '别的' })))).toBe(false);
    expect(isOld(withOutdated(written({ en: 'A' }), written({ en: 'B' })))).toBe(false);
    expect(isOld(withOutdated(first, written({ en: 'Grease the seat ', zh: '给座涂脂' })))).toBe(false);
  });
});
