import { describe, expect, it } from 'vitest';
import { GEARBOX } from '../../../../test/support/training.ts';
import { check } from '#protocol/procedures/index';
import { entriesOf, withEntry, withoutEntry } from './workplace.ts';

describe('the workplace of a procedure', () => {
  it('a part that a step talks about is not taken away under it: the step is named', () => {
    const thing = entriesOf(GEARBOX, 'things').find(({ id }) => JSON.stringify(GEARBOX.chapters).includes(`"${id}"`))!;
    const outcome = withoutEntry(GEARBOX, 'things', thing.id);
    expect('usedIn' in outcome && outcome.usedIn.length).toBeGreaterThan(0);
  });

  it('what nothing talks about goes, and the rest stays as it was', () => {
    const spare = { ...entriesOf(GEARBOX, 'tools')[0]!, id: 'spare' as never };
    const more = { ...GEARBOX, workplace: { ...GEARBOX.workplace, tools: [...GEARBOX.workplace.tools, spare] } };
    expect(withoutEntry(more, 'tools', 'spare')).toEqual({ procedure: GEARBOX });
  });

  it('a change of an entry changes nothing else', () => {
    const tool = entriesOf(GEARBOX, 'tools')[0]!;
    const changed = withEntry(GEARBOX, 'tools', { ...tool, name: { en: 'Other' } });
    expect(changed.workplace.tools.slice(1)).toEqual(GEARBOX.workplace.tools.slice(1));
    expect(check(changed).filter(({ severity }) => severity === 'error')).toEqual(
      check(GEARBOX).filter(({ severity }) => severity === 'error'),
    );
  });
});
