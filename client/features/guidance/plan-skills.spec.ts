import { expect, it } from 'vitest';
import type { SkillsMatrix } from '#protocol/api/index';
import type { JobPlan } from '#protocol/guidance/index';
import { knownSkills, skillsNobodyHas } from './plan-skills.ts';

const skill = (code: string, level: number, state = 'valid') => ({ code, name: `Skill ${code}`, level, state });
const people = [
  { user: 'ann', name: 'Ann', skills: [skill('press', 3), skill('weld', 4, 'expired')] },
  { user: 'ben', name: 'Ben', skills: [skill('press', 1)] },
] as unknown as SkillsMatrix['people'];
const plan = (...gates: { code: string; level: number }[]) =>
  ({ gates: gates.map((gate) => ({ ...gate, kind: 'skill' })) }) as unknown as JobPlan;

it('a plan may choose from the skills of its people, each once', () => {
  expect(knownSkills({ people }).map(({ code }) => code)).toEqual(['press', 'weld']);
});

it('a skill that nobody has now, or not so well, is named before the plan is saved', () => {
  const asked = plan({ code: 'press', level: 3 }, { code: 'press', level: 4 }, { code: 'weld', level: 1 });
  expect(skillsNobodyHas(asked, { people })).toEqual([
    { code: 'press', level: 4 },
    { code: 'weld', level: 1 },
  ]);
  expect(skillsNobodyHas(plan({ code: 'Press fit', level: 1 }), { people })).toHaveLength(1);
  expect(skillsNobodyHas(plan({ code: '', level: 1 }), { people })).toEqual([]);
});
