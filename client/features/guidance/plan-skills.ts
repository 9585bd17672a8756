import type { SkillsMatrix } from '#protocol/api/index';
import type { JobPlan } from '#protocol/guidance/index';

export interface KnownSkill {
  readonly code: string;
  readonly name: string;
}

/** Skills that somebody in the project was certified in, whether or not it still counts; by name. */
export function knownSkills({ people }: Pick<SkillsMatrix, 'people'>): KnownSkill[] {
  const names = new Map(people.flatMap(({ skills }) => skills.map(({ code, name }) => [code, name] as const)));
  return [...names].map(([code, name]) => ({ code, name })).toSorted((a, b) => a.name.localeCompare(b.name));
}

/** What the plan asks for and nobody has now at that level: its steps would stop everybody. */
export function skillsNobodyHas(
  { gates }: Pick<JobPlan, 'gates'>,
  { people }: Pick<SkillsMatrix, 'people'>,
): { readonly code: string; readonly level: number }[] {
  const missing = new Map<string, { code: string; level: number }>();
  for (const gate of gates) {
    if (gate.kind !== 'skill' || gate.code === '') continue;
    const { code, level } = gate;
    const isThere = people.some(({ skills }) =>
      skills.some((one) => one.code === code && one.level >= level && one.state !== 'expired'),
    );
    if (!isThere) missing.set(`${code} ${level}`, { code, level });
  }
  return [...missing.values()];
}
