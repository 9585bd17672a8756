import type { Activity, ActivityDefinition, LanguageMap } from './activity.ts';
import { IDENTIFIERS, type Actor, type Agent } from './actor.ts';
import { isObject } from './check.ts';
import {
  CONTEXT_ACTIVITIES,
  type Context,
  type ContextActivities,
  type Statement,
  type SubStatement,
} from './statement.ts';

/** GET statements `format`: as it came, the least that identifies, or what the LRS knows in one language. */
export const FORMATS = ['ids', 'exact', 'canonical'] as const;
export type Format = (typeof FORMATS)[number];

interface Changes {
  actor(who: Actor): Actor;
  activity(one: Activity): Activity;
  verb(verb: Statement['verb']): Statement['verb'];
}

export function idsOnly<T extends Statement>(statement: T): T {
  const actor = (who: Actor): Actor => {
    const kept = pick(who, ['objectType', ...IDENTIFIERS]);
    const isAnonymous = !IDENTIFIERS.some((name) => name in kept);
    if (who.objectType !== 'Group' || !isAnonymous) return kept;
    return { ...kept, objectType: 'Group', member: (who.member ?? []).map((one) => actor(one) as Agent) };
  };
  return changed(statement, {
    actor,
    // Without its type a thing is an activity.
    activity: (one) => pick(one, ['id']),
    verb: ({ id }) => ({ id }),
  });
}

/** `definitionOf`: what is known of an activity; `languages`: best first, as the request's Accept-Language orders them. */
export function canonical<T extends Statement>(
  statement: T,
  definitionOf: (id: string) => ActivityDefinition | undefined,
  languages: readonly string[],
): T {
  const one = (map: LanguageMap) => oneLanguage(map, languages);
  const spoken = (definition: ActivityDefinition): ActivityDefinition => {
    const result: Record<string, unknown> = { ...definition };
    for (const key of ['name', 'description'] as const) if (definition[key]) result[key] = one(definition[key]);
    for (const key of ['choices', 'scale', 'source', 'target', 'steps'] as const) {
      if (definition[key])
        result[key] = definition[key].map((part) =>
          part.description ? { ...part, description: one(part.description) } : part,
        );
    }
    return result;
  };
  return changed(statement, {
    actor: (who) => who,
    verb: (verb) => (verb.display ? { ...verb, display: one(verb.display) } : verb),
    activity: (activity) => {
      const definition = definitionOf(activity.id) ?? activity.definition;
      return definition ? { ...activity, definition: spoken(definition) } : activity;
    },
  });
}

/** As an LRS keeps it: context activities are lists, also where one came alone (1.0.3 Data 2.4.6.2). */
export function withLists<T extends Statement | SubStatement>(one: T): T {
  const { object, context } = one;
  const inner = object.objectType === 'SubStatement' ? { object: withLists(object) } : {};
  if (!context?.contextActivities) return { ...one, ...inner };
  const lists = Object.entries(context.contextActivities).map(([name, held]) => [name, [held].flat()]);
  return {
    ...one,
    ...inner,
    context: { ...context, contextActivities: Object.fromEntries(lists) as ContextActivities },
  };
}

/** For a client of 1.0.x: what that version has no place for is left out. */
export function downgraded(statement: Statement): Statement {
  const strip = <T extends Statement | SubStatement>(one: T): T => {
    if (!one.context) return one;
    const { contextAgents: _agents, contextGroups: _groups, ...context } = one.context;
    return { ...one, context };
  };
  const { object } = statement;
  const inner = object.objectType === 'SubStatement' ? strip(object) : object;
  return { ...strip(statement), object: inner, version: '1.0.3' };
}

function changed<T extends Statement>(statement: T, changes: Changes): T {
  const { object, authority } = statement;
  const inner = object.objectType === 'SubStatement' ? told(object, changes) : simple(object, changes);
  return {
    ...told(statement, changes),
    object: inner,
    ...(authority ? { authority: changes.actor(authority) } : {}),
  };
}

function told<T extends Statement | SubStatement>(one: T, changes: Changes): T {
  const object = one.object.objectType === 'SubStatement' ? one.object : simple(one.object, changes);
  const context = one.context && contextWith(one.context, changes);
  return {
    ...one,
    actor: changes.actor(one.actor),
    verb: changes.verb(one.verb),
    object,
    ...(context ? { context } : {}),
  };
}

function simple(object: Exclude<Statement['object'], SubStatement>, changes: Changes): typeof object {
  if (object.objectType === 'StatementRef') return object;
  if (object.objectType === 'Agent' || object.objectType === 'Group') return changes.actor(object);
  return changes.activity(object as Activity);
}

function contextWith(context: Context, changes: Changes): Context {
  const result: Record<string, unknown> = { ...context };
  if (context.instructor) result['instructor'] = changes.actor(context.instructor);
  if (context.team) result['team'] = changes.actor(context.team);
  if (context.contextAgents)
    result['contextAgents'] = context.contextAgents.map((held) => ({ ...held, agent: changes.actor(held.agent) }));
  if (context.contextGroups)
    result['contextGroups'] = context.contextGroups.map((held) => ({ ...held, group: changes.actor(held.group) }));
  if (isObject(context.contextActivities)) {
    const activities: Record<string, readonly Activity[]> = {};
    for (const name of CONTEXT_ACTIVITIES) {
      const held = context.contextActivities[name];
      if (held !== undefined) activities[name] = ([held].flat() as Activity[]).map((one) => changes.activity(one));
    }
    result['contextActivities'] = activities;
  }
  return result;
}

/** The best of a language map; its first entry when none was asked for. */
function oneLanguage(map: LanguageMap, languages: readonly string[]): LanguageMap {
  const keys = Object.keys(map);
  if (keys.length <= 1) return map;
  const fits = (wanted: string) =>
    keys.find((key) => key.toLowerCase() === wanted.toLowerCase()) ??
    keys.find((key) => key.toLowerCase().split('-')[0] === wanted.toLowerCase().split('-')[0]);
  const chosen = languages.map(fits).find((key) => key !== undefined) ?? keys[0]!;
  return { [chosen]: map[chosen]! };
}

/** `fr;q=0.3, de-CH` → `de-CH`, `fr`. */
export function languagesIn(accept: string | undefined): string[] {
  return (accept ?? '')
    .split(',')
    .map((part) => {
      const [tag, ...parameters] = part.trim().split(';');
      const weight = parameters.map((one) => /^\s*q=([\d.]+)\s*$/.exec(one)?.[1]).find((one) => one !== undefined);
      return { tag: tag!.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => tag !== '' && tag !== '*' && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}

function pick<T extends object>(value: T, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key))) as T;
}
