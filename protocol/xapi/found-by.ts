import type { Activity } from './activity.ts';
import { identitiesOf, type Actor } from './actor.ts';
import {
  CONTEXT_ACTIVITIES,
  type Context,
  type Statement,
  type StoredStatement,
  type SubStatement,
} from './statement.ts';

/**
 * The filters of GET statements that a statement answers to, each as one text (1.0.3 Communication 2.1.3):
 * `verb`, `agent` and `activity` as such, `related_…` what only the wider filters find, `registration`, `authority`.
 */
export function foundBy(statement: StoredStatement): string[] {
  const { object } = statement;
  const found = new Set([`verb ${statement.verb.id}`]);
  addActor(found, 'agent', statement.actor);
  if (object.objectType === 'Agent' || object.objectType === 'Group') addActor(found, 'agent', object);
  const activity = activityOf(object);
  if (activity) found.add(`activity ${activity.id}`);
  if (statement.context?.registration) found.add(`registration ${statement.context.registration.toLowerCase()}`);
  addActor(found, 'authority', statement.authority);

  const related = new Set<string>();
  addActor(related, 'agent', statement.authority);
  addContext(related, statement.context);
  if (object.objectType === 'SubStatement') addWhole(related, object);
  for (const term of related) if (!found.has(term)) found.add(`related_${term}`);
  return [...found];
}

function addWhole(terms: Set<string>, { actor, object, context }: SubStatement): void {
  addActor(terms, 'agent', actor);
  if (object.objectType === 'Agent' || object.objectType === 'Group') addActor(terms, 'agent', object);
  const activity = activityOf(object);
  if (activity) terms.add(`activity ${activity.id}`);
  addContext(terms, context);
}

function addContext(terms: Set<string>, context: Context | undefined): void {
  if (!context) return;
  if (context.instructor) addActor(terms, 'agent', context.instructor);
  if (context.team) addActor(terms, 'agent', context.team);
  for (const { agent } of context.contextAgents ?? []) addActor(terms, 'agent', agent);
  for (const { group } of context.contextGroups ?? []) addActor(terms, 'agent', group);
  for (const one of activitiesOf(context)) terms.add(`activity ${one.id}`);
}

function addActor(terms: Set<string>, kind: string, who: Actor): void {
  for (const identity of identitiesOf(who)) terms.add(`${kind} ${identity}`);
}

export function activityOf(object: Statement['object']): Activity | null {
  return object.objectType === undefined || object.objectType === 'Activity' ? (object as Activity) : null;
}

function activitiesOf(context: Context | undefined): Activity[] {
  return CONTEXT_ACTIVITIES.flatMap((name) => {
    const held = context?.contextActivities?.[name];
    return held === undefined ? [] : ([held].flat() as Activity[]);
  });
}

/** Every activity that a statement speaks of, for what an LRS learns about them. */
export function activitiesIn(statement: Statement): Activity[] {
  const { object, context } = statement;
  const inside =
    object.objectType === 'SubStatement' ? [activityOf(object.object), ...activitiesOf(object.context)] : [];
  return [activityOf(object), ...activitiesOf(context), ...inside].filter((one) => one !== null);
}

/** Everybody a statement speaks of, members of groups too. */
export function actorsIn(statement: StoredStatement): Actor[] {
  const { actor, object, context, authority } = statement;
  const inside = object.objectType === 'SubStatement' ? object : null;
  const all: (Actor | null | undefined)[] = [
    actor,
    authority,
    object.objectType === 'Agent' || object.objectType === 'Group' ? object : null,
    context?.instructor,
    context?.team,
    inside?.actor,
    inside?.context?.instructor,
    inside?.context?.team,
  ];
  return all.flatMap((who) => (who ? [who, ...(who.objectType === 'Group' ? (who.member ?? []) : [])] : []));
}
