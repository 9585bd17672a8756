import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { indexOf, Procedure, type Finding } from '#protocol/procedures/index';
import { Speaker } from '../../procedures/model/words.ts';
import { procedureStrings } from '../../procedures/strings.ts';
import { trainingRoomStrings } from '../strings.ts';
import { sayFinding, sayTask } from './said.ts';

const FILE = new URL('../../../../assets/procedures/pump-skid.procedure.json', import.meta.url);
const PUMP = Procedure.parse(JSON.parse(readFileSync(FILE, 'utf8')));
const say = new Speaker(PUMP, 'en', procedureStrings.text);
const t = trainingRoomStrings.text;
const finding = (kind: Finding['kind'], facts: Finding['facts']): Finding => ({
  ...{ kind, facts, atMs: 0, step: null, by: null },
});

it('a control that comes too early is called by its name', () => {
  expect(sayFinding(finding('wrong_order', { control: 'breaker' }), say, t)).toBe('Not yet: Main switch comes later.');
});

it('a thing that comes too early is called by its name', () => {
  expect(sayFinding(finding('wrong_order', { thing: 'seal' }), say, t)).toBe('Not yet: Shaft seal comes later.');
});

it('a broken rule is told in the words of the procedure', () => {
  const rule = PUMP.safety[0]!;
  expect(sayFinding(finding('safety', { rule: rule.id }), say, t)).toContain(rule.text['en']);
});

it('no task of the pump gives away the reading that it asks for', () => {
  const leaves = [...indexOf(PUMP).steps.values()].flatMap((facts) => facts.leaves.map(({ leaf }) => leaf));
  const readings = leaves.filter(({ kind }) => kind === 'number');
  expect(readings.length).toBeGreaterThan(1);
  for (const leaf of readings) expect(sayTask(leaf, say, t)).not.toMatch(/\d/);
});
