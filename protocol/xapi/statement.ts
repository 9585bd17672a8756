import { activity, type Activity, type Extensions, type LanguageMap } from './activity.ts';
import { actor, agent, group, identityOf, type Actor, type Agent, type Group } from './actor.ts';
import {
  anyText,
  fail,
  faultOf,
  fields,
  flag,
  isObject,
  listOf,
  numeric,
  objectAt,
  oneOf,
  text,
  whole,
  type Check,
  type Fault,
  type Json,
} from './check.ts';
import { duration, extensions, iri, isSha2, languageMap, languageTag, timestamp, uuid } from './data-types.ts';
import type { XapiVersion } from './version.ts';

/** Statements: 1.0.3 part 2 section 2, IEEE 9274.1.1 section 4.2.2. */
export interface Verb {
  readonly id: string;
  readonly display?: LanguageMap;
}
export interface Score {
  readonly scaled?: number;
  readonly raw?: number;
  readonly min?: number;
  readonly max?: number;
}
export interface Result {
  readonly score?: Score;
  readonly success?: boolean;
  readonly completion?: boolean;
  readonly response?: string;
  readonly duration?: string;
  readonly extensions?: Extensions;
}
export interface StatementRef {
  readonly objectType: 'StatementRef';
  readonly id: string;
}
export const CONTEXT_ACTIVITIES = ['parent', 'grouping', 'category', 'other'] as const;
export type ContextActivities = {
  readonly [K in (typeof CONTEXT_ACTIVITIES)[number]]?: Activity | readonly Activity[];
};
export interface Context {
  readonly registration?: string;
  readonly instructor?: Actor;
  readonly team?: Group;
  readonly contextActivities?: ContextActivities;
  /** 2.0 only, like `contextGroups`. */
  readonly contextAgents?: readonly { objectType: 'contextAgent'; agent: Agent; relevantTypes?: readonly string[] }[];
  readonly contextGroups?: readonly { objectType: 'contextGroup'; group: Group; relevantTypes?: readonly string[] }[];
  readonly revision?: string;
  readonly platform?: string;
  readonly language?: string;
  readonly statement?: StatementRef;
  readonly extensions?: Extensions;
}
export interface Attachment {
  readonly usageType: string;
  readonly display: LanguageMap;
  readonly description?: LanguageMap;
  readonly contentType: string;
  readonly length: number;
  readonly sha2: string;
  readonly fileUrl?: string;
}
interface Told {
  readonly actor: Actor;
  readonly verb: Verb;
  readonly result?: Result;
  readonly context?: Context;
  readonly timestamp?: string;
  readonly attachments?: readonly Attachment[];
}
export interface SubStatement extends Told {
  readonly objectType: 'SubStatement';
  readonly object: Activity | Actor | StatementRef;
}
export interface Statement extends Told {
  readonly id?: string;
  readonly object: Activity | Actor | StatementRef | SubStatement;
  readonly stored?: string;
  readonly authority?: Actor;
  readonly version?: string;
}
/** As an LRS keeps it. */
export type StoredStatement = Statement & Required<Pick<Statement, 'id' | 'stored' | 'timestamp' | 'authority'>>;

export const VOIDED = 'http://adlnet.gov/expapi/verbs/voided';
export const SIGNATURE = 'http://adlnet.gov/expapi/attachments/signature';

const verb = fields({ id: iri, display: languageMap }, ['id']);
const statementRef = fields({ objectType: oneOf('StatementRef'), id: uuid }, ['objectType', 'id']);

const scoreFields = fields({ scaled: numeric, raw: numeric, min: numeric, max: numeric });
const score: Check = (value, path, version) => {
  scoreFields(value, path, version);
  const { scaled, raw, min, max } = value as Score;
  if (scaled !== undefined && (scaled < -1 || scaled > 1)) fail(`${path}.scaled`, 'must be between -1 and 1');
  if (min !== undefined && max !== undefined && min >= max) fail(`${path}.min`, 'must be less than max');
  if (raw !== undefined && min !== undefined && raw < min) fail(`${path}.raw`, 'must not be less than min');
  if (raw !== undefined && max !== undefined && raw > max) fail(`${path}.raw`, 'must not be more than max');
};
const result = fields({ score, success: flag, completion: flag, response: anyText, duration, extensions });

/** One activity, or several. */
const activities: Check = (value, path, version) =>
  (Array.isArray(value) ? listOf(activity) : activity)(value, path, version);
const contextFields = {
  registration: uuid,
  instructor: actor,
  team: group,
  contextActivities: fields(Object.fromEntries(CONTEXT_ACTIVITIES.map((name) => [name, activities]))),
  revision: anyText,
  platform: anyText,
  language: languageTag,
  statement: statementRef,
  extensions,
};
const relevantTypes = listOf(iri, 1);
const CONTEXT: Readonly<Record<XapiVersion, Check>> = {
  '1.0.3': fields(contextFields),
  '2.0.0': fields({
    ...contextFields,
    contextAgents: listOf(fields({ objectType: oneOf('contextAgent'), agent, relevantTypes }, ['objectType', 'agent'])),
    contextGroups: listOf(fields({ objectType: oneOf('contextGroup'), group, relevantTypes }, ['objectType', 'group'])),
  }),
};
const context: Check = (value, path, version) => CONTEXT[version](value, path, version);

const attachment = fields(
  {
    usageType: iri,
    display: languageMap,
    description: languageMap,
    contentType: text((value) => /^[^\s/]+\/[^\s/]/.test(value), 'a media type'),
    length: whole,
    sha2: text(isSha2, 'a sha-2 in hex'),
    fileUrl: iri,
  },
  ['usageType', 'display', 'contentType', 'length', 'sha2'],
);

const told = { actor, verb, result, context, timestamp, attachments: listOf(attachment) };
const REQUIRED = ['actor', 'verb', 'object'];

const subStatementFields = fields({ ...told, objectType: oneOf('SubStatement'), object: simpleObject }, REQUIRED);
const subStatement: Check = (value, path, version) => {
  subStatementFields(value, path, version);
  checkContextFits(objectAt(value, path), path);
};

function simpleObject(...[value, path, version]: Parameters<Check>): void {
  const type = objectAt(value, path)['objectType'];
  if (type === 'Agent') return agent(value, path, version);
  if (type === 'Group') return group(value, path, version);
  if (type === 'StatementRef') return statementRef(value, path, version);
  activity(value, path, version);
}

const object: Check = (value, path, version) =>
  isObject(value) && value['objectType'] === 'SubStatement'
    ? subStatement(value, path, version)
    : simpleObject(value, path, version);

/** Somebody, or the pair of application and user that OAuth makes (1.0.3 Data 2.4.9). */
const authority: Check = (value, path, version) => {
  actor(value, path, version);
  const who = value as Group;
  if (who.objectType === 'Group' && (identityOf(who) !== null || who.member?.length !== 2))
    fail(path, 'of an application and its user is an anonymous group of two');
};

const statementVersion = (value: unknown, path: string, version: XapiVersion): void => {
  const isKnown = /^1\.0(\.\d+)?$/.test(String(value)) || (version === '2.0.0' && /^2\.0(\.\d+)?$/.test(String(value)));
  if (typeof value !== 'string' || !isKnown) fail(path, `must be 1.0.x${version === '2.0.0' ? ' or 2.0.x' : ''}`);
};

const statementFields = fields(
  { ...told, id: uuid, object, stored: timestamp, authority, version: statementVersion },
  REQUIRED,
);

function checkContextFits(statement: Json, path: string): void {
  const said = statement['context'] as Context | undefined;
  const type = (statement['object'] as Json)['objectType'] ?? 'Activity';
  if (type === 'Activity' || !said) return;
  for (const key of ['revision', 'platform'] as const) {
    if (said[key] !== undefined)
      fail(`${path === '' ? '' : `${path}.`}context.${key}`, 'belongs to statements about an activity only');
  }
}

const statement: Check = (value, path, version) => {
  statementFields(value, path, version);
  const whole = objectAt(value, path);
  checkContextFits(whole, path);
  const isVoiding = (whole['verb'] as Verb).id === VOIDED;
  if (isVoiding && (whole['object'] as Json)['objectType'] !== 'StatementRef')
    fail(path === '' ? 'object' : `${path}.object`, 'of the verb voided must be a StatementRef');
};

/** Null: valid in this version. `path` is what the answer calls it, such as `statements[3]`. */
export function checkStatement(value: unknown, version: XapiVersion, path = ''): Fault | null {
  return faultOf(statement, value, path, version);
}

/** An agent or an identified group, as request parameters name somebody. */
export function checkActor(value: unknown, version: XapiVersion, path = 'agent'): Fault | null {
  return faultOf(actor, value, path, version);
}
export const isStatementRef = (object: Statement['object']): object is StatementRef =>
  object.objectType === 'StatementRef';
export const isVoiding = (one: Statement): boolean => one.verb.id === VOIDED && isStatementRef(one.object);
