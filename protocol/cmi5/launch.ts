import type { Activity, Agent, Context, Statement } from '../xapi/index.ts';
import { uuid5 } from '../xapi/uuid5.ts';
import type { AssignableUnit, Words } from './structure.ts';
import {
  ACTIVITY_TYPE,
  CATEGORY,
  CMI5_VERBS,
  EXTENSION,
  LAUNCH_PARAMETERS,
  type Cmi5Verb,
  type LaunchMode,
  type MoveOn,
} from './vocabulary.ts';

/** Made once for the statements of our LMS: uuid5 of the URL namespace and `urn:workhall:cmi5`. */
const OURS = uuid5('6ba7b811-9dad-11d1-80b4-00c04fd430c8', 'urn:workhall:cmi5');
/** The same for the same words, on every machine and after every crash. */
export const cmi5Id = (name: string): string => uuid5(OURS, name);

/** The state document that an AU reads first (10.2). */
export interface LaunchData {
  readonly contextTemplate: Context;
  readonly launchMode: LaunchMode;
  readonly moveOn: MoveOn;
  readonly launchParameters?: string;
  /** 0 to 1. */
  readonly masteryScore?: number;
  readonly returnURL?: string;
  readonly entitlementKey?: { readonly courseStructure: string; readonly alternate?: string };
}

export interface Launch {
  readonly actor: Agent;
  readonly registration: string;
  readonly sessionId: string;
  readonly activityId: string;
  readonly mode: LaunchMode;
  readonly unit: AssignableUnit;
  /** Of the AU, whole, without the parameters of the launch. */
  readonly url: string;
  readonly returnUrl: string | null;
}

/** Names and values of 8.1 after whatever the AU's own address has. */
export function launchUrl(
  { url, actor, registration, activityId }: Launch,
  endpoint: string,
  fetchUrl: string,
): string {
  const values: Record<(typeof LAUNCH_PARAMETERS)[number], string> = {
    endpoint,
    fetch: fetchUrl,
    actor: JSON.stringify(actor),
    registration,
    activityId,
  };
  const [address, fragment] = split(url, '#');
  const query = LAUNCH_PARAMETERS.map((name) => `${name}=${encodeURIComponent(values[name])}`).join('&');
  const joint = address.includes('?') ? (/[?&]$/.test(address) ? '' : '&') : '?';
  return `${address}${joint}${query}${fragment === null ? '' : `#${fragment}`}`;
}

export function launchData({ unit, mode, sessionId, returnUrl }: Launch): LaunchData {
  const { launchParameters, masteryScore, entitlementKey, moveOn } = unit;
  return {
    contextTemplate: {
      contextActivities: { grouping: [publisherActivity(unit.id)] },
      extensions: { [EXTENSION.sessionId]: sessionId },
    },
    launchMode: mode,
    moveOn,
    ...(launchParameters === null ? {} : { launchParameters }),
    ...(masteryScore === null ? {} : { masteryScore }),
    ...(returnUrl === null ? {} : { returnURL: returnUrl }),
    ...(entitlementKey === null ? {} : { entitlementKey: { courseStructure: entitlementKey } }),
  };
}

/** What the LMS says by itself, with ids that follow from what it is about: said again it is the same statement. */
export const lmsStatements = {
  launched({ url, unit, mode, ...launch }: Launch, atMs: number): Statement {
    const { launchParameters, masteryScore, moveOn } = unit;
    return statement('launched', launch.sessionId, {
      ...launch,
      atMs,
      object: unitActivity(launch.activityId, unit),
      publisher: unit.id,
      extensions: {
        [EXTENSION.launchMode]: mode,
        [EXTENSION.launchUrl]: url,
        [EXTENSION.moveOn]: moveOn,
        ...(masteryScore === null ? {} : { [EXTENSION.masteryScore]: masteryScore }),
        ...(launchParameters === null ? {} : { [EXTENSION.launchParameters]: launchParameters }),
      },
    });
  },
  /** `lastAtMs`: of what the AU said last, or of the launch (9.5.4.2). */
  abandoned(
    about: Pick<Launch, 'actor' | 'registration' | 'sessionId' | 'activityId' | 'unit'>,
    atMs: number,
    durationMs: number,
  ): Statement {
    return statement('abandoned', about.sessionId, {
      ...about,
      atMs,
      object: unitActivity(about.activityId, about.unit),
      publisher: about.unit.id,
      result: { duration: lasting(durationMs) },
    });
  },
  waived(
    about: Pick<Launch, 'actor' | 'registration' | 'activityId' | 'unit'>,
    reason: string,
    atMs: number,
  ): Statement {
    const { registration, activityId } = about;
    return statement('waived', `${registration} ${activityId}`, {
      ...about,
      sessionId: waiverSession(registration, activityId),
      atMs,
      object: unitActivity(activityId, about.unit),
      publisher: about.unit.id,
      isMoveOn: true,
      result: { success: true, completion: true, extensions: { [EXTENSION.reason]: reason } },
    });
  },
  satisfied(
    about: Pick<Launch, 'actor' | 'registration' | 'sessionId'>,
    what: { kind: 'block' | 'course'; activityId: string; id: string; title: Words; description: Words },
    atMs: number,
  ): Statement {
    const definition = { type: ACTIVITY_TYPE[what.kind], ...named(what) };
    return statement('satisfied', `${about.registration} ${what.activityId}`, {
      ...about,
      atMs,
      object: { objectType: 'Activity', id: what.activityId, definition },
      publisher: what.id,
    });
  },
};

/** A session of nothing but the waiver and what it satisfies (9.3.7). */
export const waiverSession = (registration: string, activityId: string): string =>
  cmi5Id(`waiver ${registration} ${activityId}`);

function statement(
  verb: Cmi5Verb,
  key: string,
  told: {
    actor: Agent;
    registration: string;
    sessionId: string;
    atMs: number;
    object: Activity;
    publisher: string;
    isMoveOn?: boolean;
    result?: Statement['result'];
    extensions?: Record<string, unknown>;
  },
): Statement {
  const category = [CATEGORY.cmi5, ...(told.isMoveOn ? [CATEGORY.moveOn] : [])].map((id) => ({ id }));
  return {
    id: cmi5Id(`${verb} ${key}`),
    actor: told.actor,
    verb: { id: CMI5_VERBS[verb], display: { en: verb } },
    object: told.object,
    ...(told.result ? { result: told.result } : {}),
    context: {
      registration: told.registration,
      contextActivities: { category, grouping: [publisherActivity(told.publisher)] },
      extensions: { [EXTENSION.sessionId]: told.sessionId, ...told.extensions },
    },
    timestamp: new Date(told.atMs).toISOString(),
  };
}

const publisherActivity = (id: string): Activity => ({ objectType: 'Activity', id });

function unitActivity(id: string, unit: AssignableUnit): Activity {
  const type = unit.activityType === null || unit.activityType === '' ? {} : { type: unit.activityType };
  return { objectType: 'Activity', id, definition: { ...type, ...named(unit) } };
}

/** Words without a language cannot stand in a language map but as what nobody knows the language of. */
const named = ({ title, description }: { title: Words; description: Words }) => ({
  ...(Object.keys(title).length > 0 ? { name: title } : {}),
  ...(Object.keys(description).length > 0 ? { description } : {}),
});

/** Milliseconds as a duration to the hundredth of a second. */
export function lasting(ms: number): string {
  return `PT${Math.max(0, Math.round(ms / 10) / 100)}S`;
}

function split(text: string, at: string): [string, string | null] {
  const place = text.indexOf(at);
  return place < 0 ? [text, null] : [text.slice(0, place), text.slice(place + at.length)];
}
