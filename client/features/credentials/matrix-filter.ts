import type { SkillsMatrix } from '#protocol/api/index';

export type Person = SkillsMatrix['people'][number];
export type Wanted = 'all' | 'expiring' | 'expired';

/**
 * What fits a search and a state. A word that names a person keeps all of their skills; one that names a skill keeps that
 * skill. Looking for a state leaves out who has nothing in it; without a search and a state everybody stays, also without
 * a skill: that somebody can do nothing yet is news, too.
 */
export function filtered(people: readonly Person[], query: string, wanted: Wanted): Person[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return people.flatMap((person) => {
    const skills = person.skills.filter((skill) => {
      if (wanted !== 'all' && skill.state !== wanted) return false;
      const text = `${person.name} ${skill.name} ${skill.code} ${skill.title}`.toLocaleLowerCase();
      return words.every((word) => text.includes(word));
    });
    const isNamed = words.every((word) => person.name.toLocaleLowerCase().includes(word));
    return skills.length > 0 || (wanted === 'all' && isNamed) ? [{ ...person, skills }] : [];
  });
}

/** The columns: every skill that somebody holds, by code. */
export function skillColumns(people: readonly Person[]): { code: string; name: string }[] {
  const names = new Map(people.flatMap(({ skills }) => skills.map(({ code, name }) => [code, name] as const)));
  return [...names].map(([code, name]) => ({ code, name })).sort((a, b) => a.code.localeCompare(b.code));
}
