import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHECK_KEYS, Procedure, stepsOf, textKey, textsOf, type CheckFinding } from '#protocol/procedures/index';
import { AT_POINTS, atEntry, atText, placeOf } from './finding-place.ts';

const file = new URL('../../../../assets/procedures/lockout.procedure.json', import.meta.url);
const lockout = Procedure.parse(JSON.parse(readFileSync(file, 'utf8')));
const found = (key: CheckFinding['key'], where: CheckFinding['where'], facts: CheckFinding['facts'] = {}) =>
  placeOf(lockout, { key, where, facts, severity: 'error', message: '', next: '' });
// Not the first: that is where a finding leads that has no place.
const later = [...stepsOf(lockout)][2]!;
const [rule] = lockout.safety;
const [thing] = lockout.workplace.things;

describe('the place of a finding', () => {
  it('of a step is the step, of points and rules the rating, of an entry its place in the workplace', () => {
    expect(found('no_exit', { step: later.step.id })).toEqual({ view: 'steps', step: later.step.id });
    expect(found('impossible_pass_mark', { path: 'rubric' })).toEqual({ view: 'judging', at: AT_POINTS });
    expect(found('dangling', { path: 'rubric.mustNot' })).toEqual({ view: 'judging', at: AT_POINTS });
    for (const path of [`safety.${rule!.id}`, `safety.${rule!.id}.0.1`])
      expect(found('never_fulfilled', { path })).toEqual({ view: 'judging', at: rule!.id });
    expect(found('symmetry_too_large', { path: `workplace.things.${thing!.id}` })).toEqual({
      view: 'workplace',
      at: atEntry('things', thing!.id),
    });
    expect(found('duplicate_id', { path: 'things' }, { id: thing!.id }).at).toBe(atEntry('things', thing!.id));
    expect(found('duplicate_id', { path: `things.${thing!.id}.frames` }, { id: 'x' }).at).toBe(
      atEntry('things', thing!.id),
    );
    expect(found('unused_chapter', { chapter: lockout.chapters[1]!.id })).toEqual({
      view: 'steps',
      step: lockout.chapters[1]!.steps[0]!.id,
    });
  });

  it('of a translation is the very text in its language, wherever it stands', () => {
    for (const { step, path } of textsOf(lockout)) {
      const where = { path, ...(step === null ? {} : { step: step as never }) };
      const at = atText(textKey({ step, path }), 'zh');
      expect(found('missing_translation', where, { language: 'zh' })).toEqual({ view: 'languages', at });
      const ofSeveral = { language: 'zh', count: 9, text: textKey({ step, path }) };
      expect(found('missing_translation', { path: 'languages' }, ofSeveral)).toEqual({ view: 'languages', at });
    }
  });

  it('of a missing file is the step that shows it', () => {
    const shown = [...stepsOf(lockout)].flatMap(({ step }) =>
      step.behaviours.flatMap((one) => ('media' in one ? [[step.id, one.media] as const] : [])),
    );
    for (const [, media] of shown)
      expect(shown).toContainEqual([found('missing_media', { path: `workplace.media.${media}` }).step, media]);
  });

  it.each(CHECK_KEYS)('“%s” about the whole leads somewhere, too', (key) => {
    const place = found(key, { path: 'workplace' });
    expect(place.view === 'steps' ? place.step : place.view).toBeTruthy();
  });
});
