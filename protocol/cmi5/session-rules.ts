import {
  identityOf,
  timestampMs,
  VOIDED,
  type Activity,
  type Agent,
  type Context,
  type Statement,
} from '../xapi/index.ts';
import { AU_VERBS, CATEGORY, CMI5_VERBS, EXTENSION, type AuVerb, type LaunchMode } from './vocabulary.ts';

/** What a session was opened with. */
export interface SessionTerms {
  readonly actor: Agent;
  readonly registration: string;
  readonly sessionId: string;
  readonly activityId: string;
  readonly mode: LaunchMode;
  readonly masteryScore: number | null;
  /** `contextTemplate` of the launch data, of which nothing may be missing. */
  readonly template: Context;
}

/** Which statement said it, and when it says it happened. */
export interface Said {
  readonly id: string;
  readonly atMs: number;
}

/** What has been said, as far as the order of statements asks (9.3). */
export interface SessionFacts {
  readonly hasReadPreferences: boolean;
  /** Left, abandoned, or its time is over. */
  readonly isClosed: boolean;
  /** In this session. */
  readonly said: Readonly<Partial<Record<AuVerb, Said>>>;
  /** For this AU in the whole registration, by the statement that said it. */
  readonly completedBy: string | null;
  readonly passedBy: string | null;
  /** The latest moment that a statement of this session told of. */
  readonly lastAtMs: number | null;
}
export const FRESH_SESSION: SessionFacts = {
  hasReadPreferences: false,
  isClosed: false,
  said: {},
  completedBy: null,
  passedBy: null,
  lastAtMs: null,
};

export interface Refusal {
  readonly ok: false;
  readonly clause: string;
  readonly message: string;
}
/** `verb` null: cmi5 allowed, which the order of verbs does not count. */
export type Ruling = { readonly ok: true; readonly verb: AuVerb | null; readonly facts: SessionFacts } | Refusal;

const no = (clause: string, message: string): Refusal => ({ ok: false, clause, message });

/** Whether an LMS takes a statement of an AU, and what is known afterwards (6.3). The same one sent again is taken again. */
export function ruleOn(one: Statement, terms: SessionTerms, facts: SessionFacts): Ruling {
  if (one.id === undefined) return no('9.1', 'The AU must give each statement an id.');
  const id = one.id.toLowerCase();
  if (facts.isClosed) return no('9.3.8', 'The session is over.');
  if (one.verb.id === VOIDED) return no('6.3', 'An AU voids nothing.');
  const atMs = one.timestamp === undefined ? null : timestampMs(one.timestamp);
  if (atMs === null) return no('9.7', 'The statement has no timestamp.');
  if (!/(z|[+-]00:?00)$/i.test(one.timestamp!)) return no('9.7', 'The timestamp must be in UTC.');

  const isSomebody = (one.actor.objectType ?? 'Agent') === 'Agent' && one.actor.account !== undefined;
  if (!isSomebody || identityOf(one.actor) !== identityOf(terms.actor))
    return no('9.2', 'The actor is not the learner of the launch.');
  const missing = missingOf(terms, one.context);
  if (missing) return missing;

  const categories = idsIn(one.context!, 'category');
  const isDefined = categories.includes(CATEGORY.cmi5);
  const isMoveOn = categories.includes(CATEGORY.moveOn);
  if (!isDefined) {
    if (isMoveOn) return no('9.6.2.2', 'The category moveOn belongs to cmi5 defined statements with a result.');
    if (!facts.said.initialized) return no('9.3', 'The first statement must be "initialized".');
    if (atMs < facts.said.initialized.atMs) return no('9.3', 'The statement tells of a time before "initialized".');
    return { ok: true, verb: null, facts: { ...facts, lastAtMs: later(facts.lastAtMs, atMs) } };
  }
  const verb = AU_VERBS.find((name) => CMI5_VERBS[name] === one.verb.id);
  if (!verb) return no('7.1.3', `An AU says no cmi5 defined statement with the verb ${one.verb.id}.`);
  const wrong = wrongDefined(one, verb, isMoveOn, terms);
  if (wrong) return wrong;
  if (facts.said[verb]?.id === id) return { ok: true, verb, facts };
  const early = outOfOrder(verb, atMs, terms, facts);
  if (early) return early;
  return {
    ok: true,
    verb,
    facts: {
      ...facts,
      said: { ...facts.said, [verb]: { id, atMs } },
      lastAtMs: later(facts.lastAtMs, atMs),
      ...(verb === 'completed' ? { completedBy: id } : {}),
      ...(verb === 'passed' ? { passedBy: id } : {}),
      ...(verb === 'terminated' ? { isClosed: true } : {}),
    },
  };
}

/** A request with several: in the order of the moments they tell of (9.3), all or none. */
export function ruleOnAll(
  statements: readonly Statement[],
  terms: SessionTerms,
  facts: SessionFacts,
): { readonly ok: true; readonly facts: SessionFacts } | (Refusal & { readonly index: number }) {
  const order = statements
    .map((one, index) => ({ one, index, atMs: timestampMs(one.timestamp ?? '') ?? -Infinity }))
    .sort((a, b) => a.atMs - b.atMs);
  let now = facts;
  for (const { one, index } of order) {
    const ruling = ruleOn(one, terms, now);
    if (!ruling.ok) return { ...ruling, index };
    now = ruling.facts;
  }
  return { ok: true, facts: now };
}

function missingOf({ registration, sessionId, template }: SessionTerms, context: Context | undefined): Refusal | null {
  if (!context) return no('9.6', 'The statement has no context.');
  if (context.registration?.toLowerCase() !== registration)
    return no('9.6.1', 'The registration is not that of the launch.');
  if (context.extensions?.[EXTENSION.sessionId] !== sessionId)
    return no('9.6.3.1', 'The session id is not that of the launch.');
  for (const kind of ['grouping', 'category', 'parent', 'other'] as const) {
    const said = idsIn(context, kind);
    for (const id of idsIn(template, kind))
      if (!said.includes(id)) return no('10.2.1', `The activity ${id} of the contextTemplate is missing in ${kind}.`);
  }
  for (const [key, value] of Object.entries(template.extensions ?? {}))
    if (context.extensions?.[key] !== value) return no('10.2.1', `The contextTemplate has another ${key}.`);
  return null;
}

/** Object, result and categories of one cmi5 defined statement (9.4 to 9.6). */
function wrongDefined(one: Statement, verb: AuVerb, isMoveOn: boolean, terms: SessionTerms): Refusal | null {
  const object = one.object as Activity;
  if ((object.objectType ?? 'Activity') !== 'Activity' || object.id !== terms.activityId)
    return no('9.4', 'The object is not the activity of the launch.');
  const { score, success, completion, duration } = one.result ?? {};
  const isJudged = verb === 'passed' || verb === 'failed';
  if (isJudged && success !== (verb === 'passed'))
    return no('9.5.2', `"${verb}" needs success: ${String(verb === 'passed')}.`);
  if (!isJudged && success !== undefined) return no('9.5.2', `"${verb}" has no success.`);
  if (verb === 'completed' && completion !== true) return no('9.5.3', '"completed" needs completion: true.');
  if (verb !== 'completed' && completion !== undefined) return no('9.5.3', `"${verb}" has no completion.`);
  if (verb !== 'initialized' && duration === undefined) return no('9.5.4.1', `"${verb}" needs a duration.`);
  if (score !== undefined && !isJudged) return no('9.5.1', `"${verb}" has no score.`);
  const wantsMoveOn = success !== undefined || completion !== undefined;
  if (wantsMoveOn !== isMoveOn)
    return no('9.6.2.2', wantsMoveOn ? 'The category moveOn is missing.' : 'The category moveOn does not belong here.');
  return isJudged ? wrongScore(one, verb, terms) : null;
}

function wrongScore(one: Statement, verb: 'passed' | 'failed', { masteryScore }: SessionTerms): Refusal | null {
  const { scaled, raw, min, max } = one.result?.score ?? {};
  if (raw !== undefined && (min === undefined || max === undefined))
    return no('9.5.1', 'A raw score needs its min and max.');
  if (scaled !== undefined && scaled < 0) return no('9.5.1', 'A scaled score is 0 to 1.');
  if (masteryScore === null) return null;
  const told = one.context?.extensions?.[EXTENSION.masteryScore];
  // Judged by something else than a score it may go without.
  if (scaled !== undefined && told === undefined) return no('9.6.3.2', 'The masteryScore of the launch is missing.');
  if (told !== undefined && told !== masteryScore) return no('9.6.3.2', 'The masteryScore is not that of the launch.');
  if (scaled !== undefined && verb === 'passed' && scaled < masteryScore)
    return no('9.3.4', 'Passed with less than the masteryScore.');
  if (scaled !== undefined && verb === 'failed' && scaled >= masteryScore)
    return no('9.3.5', 'Failed with the masteryScore or more.');
  return null;
}

function outOfOrder(verb: AuVerb, atMs: number, { mode }: SessionTerms, facts: SessionFacts): Refusal | null {
  const { said } = facts;
  if (verb === 'initialized') {
    if (said.initialized) return no('9.3.2', '"initialized" was said already in this session.');
    return facts.hasReadPreferences ? null : no('11.0', 'The AU must read the learner preferences first.');
  }
  if (!said.initialized) return no('9.3', 'The first statement must be "initialized".');
  if (atMs < said.initialized.atMs) return no('9.3', 'The statement tells of a time before "initialized".');
  if (said[verb]) return no('9.3', `"${verb}" was said already in this session.`);
  if (verb === 'terminated')
    return atMs < (facts.lastAtMs ?? atMs) ? no('9.3', '"terminated" must be the last of the session.') : null;
  if (mode !== 'Normal') return no('10.2.2', `Nothing is judged in the mode ${mode}.`);
  if (verb === 'completed')
    return facts.completedBy ? no('9.3', 'The AU was completed already in this registration.') : null;
  if (said.passed || said.failed) return no('9.3', 'The AU was judged already in this session.');
  if (facts.passedBy) return no('9.3', 'The AU was passed already in this registration.');
  return null;
}

function idsIn(context: Context, kind: 'category' | 'grouping' | 'parent' | 'other'): string[] {
  const held = context.contextActivities?.[kind];
  return held === undefined ? [] : [held].flat().map(({ id }) => id);
}

const later = (a: number | null, b: number): number => Math.max(a ?? b, b);
