import { expect, test } from 'vitest';
import { UserId } from '#protocol/ids';
import { filtered, skillColumns, type Person } from './matrix-filter.ts';

const skill = (code: string, name: string, state: Person['skills'][number]['state'] = 'valid') => ({
  ...{ code, name, state, level: 3 as const, validUntil: null, title: name, evidence: null },
  certificate: '00000000-0000-8000-8000-000000000000',
});
const person = (name: string, ...skills: Person['skills']): Person => ({ user: UserId.parse(name), name, skills });
const PEOPLE = [
  person('Ada', skill('WELD', 'Welding', 'expiring'), skill('LOTO', 'Lock-out')),
  person('Bo', skill('LOTO', 'Lock-out', 'expired')),
  person('Chen'),
];
const names = (people: Person[]) =>
  people.map(({ name, skills }) => `${name}:${skills.map(({ code }) => code).join('+')}`);

test('without a search everybody is shown, also who has no skill yet', () => {
  expect(names(filtered(PEOPLE, '', 'all'))).toEqual(['Ada:WELD+LOTO', 'Bo:LOTO', 'Chen:']);
});

test('a person’s name keeps all of their skills, a skill’s name keeps who has it', () => {
  expect(names(filtered(PEOPLE, 'ada', 'all'))).toEqual(['Ada:WELD+LOTO']);
  expect(names(filtered(PEOPLE, 'lock', 'all'))).toEqual(['Ada:LOTO', 'Bo:LOTO']);
  expect(names(filtered(PEOPLE, 'chen', 'all'))).toEqual(['Chen:']);
  expect(filtered(PEOPLE, 'nobody', 'all')).toEqual([]);
});

test('what expires soon and what has expired are found alone', () => {
  expect(names(filtered(PEOPLE, '', 'expiring'))).toEqual(['Ada:WELD']);
  expect(names(filtered(PEOPLE, '', 'expired'))).toEqual(['Bo:LOTO']);
  expect(filtered(PEOPLE, 'ada', 'expired')).toEqual([]);
});

test('each skill is one column, however many hold it', () => {
  expect(skillColumns(PEOPLE).map(({ code }) => code)).toEqual(['LOTO', 'WELD']);
});
