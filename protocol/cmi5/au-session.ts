import type { Agent, Result, Statement } from '../xapi/index.ts';
import { lasting, type LaunchData } from './launch.ts';
import { CATEGORY, CMI5_VERBS, EXTENSION, LAUNCH_PARAMETERS, type AuVerb } from './vocabulary.ts';

/** How an LMS has launched us (8.1): the other side of `launchUrl`. */
export interface AuLaunch {
  /** With no slash at its end. */
  readonly endpoint: string;
  readonly fetch: string;
  readonly actor: Agent;
  readonly registration: string;
  readonly activityId: string;
}

/** Null: this page was not launched by an LMS. Parameters may come in any order. */
export function readLaunch(search: string): AuLaunch | null {
  const params = new URLSearchParams(search);
  const [endpoint, fetch, actor, registration, activityId] = LAUNCH_PARAMETERS.map((name) => params.get(name) ?? '');
  if (!endpoint || !fetch || !actor || !registration || !activityId) return null;
  if (![endpoint, fetch].every((url) => /^https?:\/\//i.test(url) && URL.canParse(url))) return null;
  try {
    const agent = JSON.parse(actor) as Agent;
    if (!agent.account?.name || !agent.account.homePage) return null;
    return { endpoint: endpoint.replace(/\/+$/, ''), fetch, actor: agent, registration, activityId };
  } catch {
    return null; // the actor is no JSON
  }
}

export interface Judgement {
  /** 0 to 1. */
  readonly scaled: number;
  readonly raw: number;
  readonly max: number;
  /** What we make of it where the LMS gives no masteryScore. */
  readonly isPassed: boolean;
  /** Something was done that must not be done: no score makes up for it. */
  readonly isBarred?: boolean;
}

/** Statements of ours in one session: with the context template untouched, and category and extensions added (9.6, 10.2.1). */
export class AuStatements {
  constructor(
    private readonly launch: AuLaunch,
    private readonly data: LaunchData,
    private readonly newId: () => string,
  ) {}

  /** Whether anything but `initialized` and `terminated` may be said (10.2.2). */
  get isJudged(): boolean {
    return this.data.launchMode === 'Normal';
  }

  initialized(atMs: number): Statement {
    return this.say('initialized', atMs);
  }
  completed(atMs: number, durationMs: number): Statement {
    return this.say('completed', atMs, { completion: true, duration: lasting(durationMs) });
  }
  /** `masteryScore` decides where the LMS gives one (9.3.4, 9.3.5). */
  judged(atMs: number, durationMs: number, { scaled, raw, max, isPassed, isBarred = false }: Judgement): Statement {
    const { masteryScore } = this.data;
    const bounded = Math.min(1, Math.max(0, scaled));
    const isEnough = masteryScore === undefined ? isPassed : bounded >= masteryScore;
    const success = isEnough && !isBarred;
    // With enough points "failed" may not tell them (9.3.5).
    if (isEnough && isBarred) return this.say('failed', atMs, { success, duration: lasting(durationMs) });
    const score = { scaled: bounded, raw: Math.min(Math.max(0, raw), max), min: 0, max };
    return this.say(success ? 'passed' : 'failed', atMs, { score, success, duration: lasting(durationMs) });
  }
  terminated(atMs: number, durationMs: number): Statement {
    return this.say('terminated', atMs, { duration: lasting(durationMs) });
  }

  private say(verb: AuVerb, atMs: number, result?: Result): Statement {
    const { contextTemplate, masteryScore } = this.data;
    const { actor, registration, activityId } = this.launch;
    const isMoveOn = result?.success !== undefined || result?.completion !== undefined;
    const held = contextTemplate.contextActivities?.category;
    const category = [
      ...(held === undefined ? [] : [held].flat()),
      { id: CATEGORY.cmi5 },
      ...(isMoveOn ? [{ id: CATEGORY.moveOn }] : []),
    ];
    const isScored = result?.score !== undefined && masteryScore !== undefined;
    return {
      id: this.newId(),
      actor,
      verb: { id: CMI5_VERBS[verb], display: { en: verb } },
      object: { objectType: 'Activity', id: activityId },
      ...(result ? { result } : {}),
      context: {
        ...contextTemplate,
        registration,
        contextActivities: { ...contextTemplate.contextActivities, category },
        extensions: {
          ...(isScored ? { [EXTENSION.masteryScore]: masteryScore } : {}),
          ...contextTemplate.extensions,
        },
      },
      timestamp: new Date(atMs).toISOString(),
    };
  }
}
