import type { Statement } from '../statement.ts';
import { isObject } from '../check.ts';
import type { Pattern, StatementTemplate, TemplateRule } from './profile.ts';

/** Which template a statement follows, by verb and type of its object (Profiles 1.0, part three, section 2.1). */
export function templateOf(
  statement: Statement,
  templates: readonly StatementTemplate[],
): StatementTemplate | undefined {
  const type = valuesAt(statement, '$.object.definition.type')[0];
  return templates.find(({ verb, objectActivityType }) => verb === statement.verb.id && objectActivityType === type);
}

/** What a statement lacks of its template, in words; empty when it fits. */
export function unfitness(statement: Statement, template: StatementTemplate): string[] {
  const broken = template.rules.filter((rule) => !holds(statement, rule)).map(({ location }) => location);
  const parents = valuesAt(statement, '$.context.contextActivities.parent[*].definition.type');
  const lacking = (template.contextParentActivityType ?? []).filter((type) => !parents.includes(type));
  return [...broken, ...lacking.map((type) => `parent ${type}`)];
}

function holds(statement: Statement, { location, presence, any, all }: TemplateRule): boolean {
  const values = valuesAt(statement, location);
  if (presence === 'included' && values.length === 0) return false;
  if (presence === 'excluded' && values.length > 0) return false;
  if (values.length === 0) return true;
  if (any && !any.some((one) => values.includes(one))) return false;
  return !all || values.every((one) => all.includes(one));
}

/** What a JSONPath of names, quoted names and `[*]` leads to. */
export function valuesAt(value: unknown, location: string): unknown[] {
  const steps = [...location.matchAll(/\.([A-Za-z_]\w*)|\['([^']+)'\]|\[(\*)\]/g)];
  let found: unknown[] = [value];
  for (const [, name, quoted] of steps) {
    const key = name ?? quoted;
    found = found.flatMap((one) => {
      if (key === undefined) return Array.isArray(one) ? (one as unknown[]) : [];
      return isObject(one) && Object.hasOwn(one, key) ? [one[key]] : [];
    });
  }
  return found;
}

/** Whether these templates, in this order, are what the primary pattern allows. A pattern is a regular expression. */
export function followsPattern(templates: readonly string[], patterns: readonly Pattern[]): boolean {
  const letters = new Map<string, string>();
  const letter = (id: string): string => {
    if (!letters.has(id)) letters.set(id, String.fromCharCode(0xe000 + letters.size)); // private use: no meaning of its own
    return letters.get(id)!;
  };
  const byId = new Map(patterns.map((one) => [one.id, one]));
  const written = (id: string): string => {
    const one = byId.get(id);
    if (!one) return letter(id);
    if (one.sequence) return `(?:${one.sequence.map(written).join('')})`;
    if (one.alternates) return `(?:${one.alternates.map(written).join('|')})`;
    if (one.oneOrMore) return `(?:${written(one.oneOrMore)})+`;
    if (one.zeroOrMore) return `(?:${written(one.zeroOrMore)})*`;
    return `(?:${written(one.optional!)})?`;
  };
  const primary = patterns.find((one) => one.primary);
  return !!primary && new RegExp(`^${written(primary.id)}$`).test(templates.map(letter).join(''));
}
