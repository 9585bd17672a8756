import { identityOf, type Actor, type Agent, type Group } from './actor.ts';
import { isObject, type Json } from './check.ts';
import { timestampMs } from './data-types.ts';
import { CONTEXT_ACTIVITIES, type Statement, type SubStatement } from './statement.ts';

/**
 * Whether a statement that comes again under its id is the same one (then nothing happens) or another (a conflict):
 * 1.0.3 Data 2.3.1. What an LRS may change or add does not count, nor what says nothing new: display names, the
 * definition of activities, the order of members and keys, the time zone, precision of durations beyond 0.01 s.
 */
export function isSameStatement(known: Statement, said: Statement): boolean {
  const hasTime = said.timestamp !== undefined;
  return written(essence(known, hasTime)) === written(essence(said, hasTime));
}

/** Also for the payload of a signature, which was made before the LRS added its own. */
function essence(one: Statement | SubStatement, withTime: boolean): Json {
  const { context } = one;
  return {
    actor: somebody(one.actor),
    verb: one.verb.id,
    object: thing(one.object, withTime),
    result: one.result && { ...one.result, duration: hundredths(one.result.duration) },
    context: context && {
      ...context,
      registration: context.registration?.toLowerCase(),
      instructor: context.instructor && somebody(context.instructor),
      team: context.team && somebody(context.team),
      statement: context.statement?.id.toLowerCase(),
      contextActivities: CONTEXT_ACTIVITIES.map((name) => {
        const held = context.contextActivities?.[name];
        return (held === undefined ? [] : [held].flat()).map((activity) => (activity as { id: string }).id).sort();
      }),
    },
    time: withTime && one.timestamp !== undefined ? timestampMs(one.timestamp) : undefined,
    attachments: (one.attachments ?? []).map(({ usageType, sha2 }) => `${usageType} ${sha2.toLowerCase()}`),
  };
}

function thing(object: Statement['object'], withTime: boolean): unknown {
  switch (object.objectType) {
    case 'Agent':
    case 'Group':
      return somebody(object);
    case 'StatementRef':
      return { statement: object.id.toLowerCase() };
    case 'SubStatement':
      return { objectType: 'SubStatement', ...essence(object, withTime) };
    default:
      return { activity: (object as { id: string }).id };
  }
}

function somebody(who: Actor): unknown {
  const members = (who as Group).member?.map((one: Agent) => identityOf(one)).sort();
  return { is: identityOf(who), isGroup: who.objectType === 'Group', members: identityOf(who) ? undefined : members };
}

function hundredths(duration: string | undefined): string | undefined {
  return duration?.replace(/[.,](\d+)S$/, (_, digits: string) => {
    const kept = digits.slice(0, 2).replace(/0+$/, '');
    return kept === '' ? 'S' : `.${kept}S`;
  });
}

/** JSON with its keys in order; what is undefined is left out. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join()}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${written(value[key])}`).join()}}`;
}
