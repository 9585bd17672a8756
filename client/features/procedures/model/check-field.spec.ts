import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Procedure, textsOf } from '#protocol/procedures/index';
import { fieldOf } from './check-field.ts';

it('every text that can be missing has a name by which its field is found', () => {
  for (const name of ['lockout', 'gearbox-assembly', 'pump-skid']) {
    const file = new URL(`../../../../assets/procedures/${name}.procedure.json`, import.meta.url);
    const paths = [...textsOf(Procedure.parse(JSON.parse(readFileSync(file, 'utf8'))))].map(({ path }) => path);
    expect(paths.filter((path) => fieldOf(path) === null && !path.startsWith('safety.'))).toEqual([]);
  }
  expect(fieldOf('transitions.done.0.question')).toBe('problemField_question');
  expect(fieldOf('workplace.media.cover.description')).toBe('problemField_mediaWords');
  expect(fieldOf('rubric')).toBeNull();
});
