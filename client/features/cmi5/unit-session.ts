import { z } from 'zod';
import {
  AuStatements,
  LAUNCH_DATA,
  LEARNER_PREFERENCES,
  readPreferences,
  type AuLaunch,
  type LaunchData,
  type LearnerPreferences,
} from '#protocol/cmi5/index';
import type { Statement } from '#protocol/xapi/index';
import { WorkhallError } from '#protocol/errors';

/** What an earlier session of this registration said already; kept with the LMS, which forgets nothing (9.3). */
const Progress = z.object({ isCompleted: z.boolean(), isPassed: z.boolean(), runs: z.array(z.string()) });
type Progress = z.infer<typeof Progress>;
const STATE_ID = 'workhall.unit';
/** Runs remembered; nobody tries more often within a registration. */
const MOST_RUNS = 200;
const Token = z.object({ 'auth-token': z.string() });

export interface RunOutcome {
  readonly run: string;
  readonly isWhole: boolean;
  readonly isPassed: boolean;
  readonly isBarred: boolean;
  readonly points: number;
  readonly full: number;
  readonly durationMs: number;
}

/**
 * One session with the LMS that launched this page: token, launch data, preferences, and what is said in which order. A
 * pass is told at once; a fail when the learner leaves, because a session tells one judgement and they may try again.
 */
export class UnitSession {
  readonly #say: AuStatements;
  readonly #beganMs = Date.now();
  #failed: RunOutcome | null = null;
  #isJudged = false;
  #isOver = false;
  /** What is being told: the end waits for it. */
  #telling: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly launch: AuLaunch,
    private readonly authorization: string,
    readonly data: LaunchData,
    readonly preferences: LearnerPreferences | null,
    private progress: Progress,
  ) {
    this.#say = new AuStatements(launch, data, () => crypto.randomUUID());
  }

  static async open(launch: AuLaunch): Promise<UnitSession> {
    const fetched = await fetch(launch.fetch, { method: 'POST' }).catch((cause: unknown) => {
      throw unreachable(cause);
    });
    const token = Token.safeParse(await fetched.json().catch(() => null));
    // A page that is loaded again has no second token: only the LMS can open another session.
    if (!token.success) throw launchedBefore();
    const authorization = `Basic ${token.data['auth-token']}`;
    const read = (path: string) => ask(launch, authorization, 'GET', path);
    const data = (await read(`/activities/state?${stateOf(launch, LAUNCH_DATA)}`)) as LaunchData | null;
    if (!data?.contextTemplate) throw launchedBefore();
    const agent = JSON.stringify(launch.actor);
    const profile = new URLSearchParams({ agent, profileId: LEARNER_PREFERENCES }).toString();
    const preferences = readPreferences(await read(`/agents/profile?${profile}`));
    const progress = Progress.safeParse(await read(`/activities/state?${stateOf(launch, STATE_ID)}`));
    const before = progress.success ? progress.data : { isCompleted: false, isPassed: false, runs: [] };
    return new UnitSession(launch, authorization, data, preferences, before);
  }

  begin = (): Promise<void> => this.#send(this.#say.initialized(Date.now()));

  /** A run that counts is over. `isShown`: the learner was guided, so only that they have been through it is told. */
  tell(run: RunOutcome, isShown: boolean): Promise<void> {
    const telling = this.#telling.then(() => this.#tell(run, isShown));
    this.#telling = telling.catch(() => undefined); // who asked is told
    return telling;
  }

  async #tell(run: RunOutcome, isShown: boolean): Promise<void> {
    // Told in an earlier session of the registration: the room keeps its runs.
    if (!this.#say.isJudged || this.#isOver || this.progress.runs.includes(run.run)) return;
    if (run.isWhole && !this.progress.isCompleted) {
      await this.#send(this.#say.completed(Date.now(), run.durationMs));
      await this.#keep({ ...this.progress, isCompleted: true });
    }
    if (isShown || this.#isJudged || this.progress.isPassed) return this.#remember(run);
    if (this.#judged(run).result?.success) await this.#judge(run);
    else this.#failed = run;
  }

  /** What is left to say, and the end. The address to go to, where the LMS gave one. */
  async leave(): Promise<string | null> {
    await this.#telling;
    if (!this.#isOver) {
      this.#isOver = true;
      if (this.#failed && !this.#isJudged) await this.#judge(this.#failed);
      await this.#send(this.#say.terminated(Date.now(), Date.now() - this.#beganMs));
    }
    return this.data.returnURL ?? null;
  }

  /** The tab is being closed: what still goes out goes without waiting. */
  vanish(): void {
    void this.leave().catch(() => undefined); // nobody is there to be told; the LMS abandons the session by itself
  }

  async #judge(run: RunOutcome): Promise<void> {
    this.#isJudged = true;
    const judged = this.#judged(run);
    await this.#send(judged);
    if (judged.result?.success) this.progress = { ...this.progress, isPassed: true };
    await this.#remember(run);
  }

  #remember({ run }: RunOutcome): Promise<void> {
    return this.#keep({ ...this.progress, runs: [...this.progress.runs, run].slice(-MOST_RUNS) });
  }

  #judged({ points, full, isPassed, isBarred, durationMs }: RunOutcome): Statement {
    const score = { scaled: points / full, raw: points, max: full, isPassed, isBarred };
    return this.#say.judged(Date.now(), durationMs, score);
  }

  async #keep(progress: Progress): Promise<void> {
    this.progress = progress;
    await ask(this.launch, this.authorization, 'PUT', `/activities/state?${stateOf(this.launch, STATE_ID)}`, progress);
  }

  async #send(statement: Statement): Promise<void> {
    const path = `/statements?statementId=${statement.id!}`;
    await ask(this.launch, this.authorization, 'PUT', path, statement);
  }
}

const stateOf = ({ actor, activityId, registration }: AuLaunch, stateId: string): string =>
  new URLSearchParams({ agent: JSON.stringify(actor), activityId, registration, stateId }).toString();

/** Null: nothing there. */
async function ask(
  { endpoint }: AuLaunch,
  authorization: string,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const answer = await fetch(`${endpoint}${path}`, {
    method,
    // Also when the page is going away.
    keepalive: method === 'PUT',
    headers: {
      authorization,
      'x-experience-api-version': '1.0.3',
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  }).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  if (answer.status === 404 && method === 'GET') return null;
  if (!answer.ok)
    throw new WorkhallError('cmi5', 'lms_refused', 'The learning platform did not take what this page told it.', {
      facts: { status: answer.status, said: (await answer.text()).slice(0, 300) },
      next: 'Open the unit again from your learning platform.',
    });
  return answer.status === 204 ? null : answer.json();
}

const unreachable = (cause: unknown) =>
  new WorkhallError('cmi5', 'lms_unreachable', 'Your learning platform does not answer.', {
    next: 'Check the connection, and open the unit again from there.',
    cause,
  });
const launchedBefore = () =>
  new WorkhallError('cmi5', 'launched_before', 'This address serves once, and it was used already.', {
    next: 'Open the unit again from your learning platform.',
  });
