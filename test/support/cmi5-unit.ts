import { AuStatements, readLaunch, type AuLaunch, type LaunchData } from '#protocol/cmi5/index';
import type { Statement } from '#protocol/xapi/index';
import { XapiClient } from './xapi-client.ts';

/** An assignable unit without a page: does what a browser would do with a launch address. */
export class TestUnit {
  readonly launch: AuLaunch;
  readonly data: LaunchData;
  readonly say: AuStatements;
  readonly lrs: XapiClient;

  private constructor(launch: AuLaunch, data: LaunchData, lrs: XapiClient) {
    this.launch = launch;
    this.data = data;
    this.lrs = lrs;
    this.say = new AuStatements(launch, data, () => crypto.randomUUID());
  }

  static async open(url: string): Promise<TestUnit> {
    const launch = readLaunch(new URL(url).search)!;
    const token = await fetchToken(launch);
    if (!('auth-token' in token)) throw new Error(JSON.stringify(token));
    const lrs = new XapiClient(launch.endpoint, `Basic ${token['auth-token']}`, '1.0.3');
    const { body } = await lrs.get(`/activities/state?${stateOf(launch, 'LMS.LaunchData')}`);
    await lrs.get(
      `/agents/profile?${new URLSearchParams({ agent: JSON.stringify(launch.actor), profileId: 'cmi5LearnerPreferences' })}`,
    );
    return new TestUnit(launch, body as LaunchData, lrs);
  }

  /** Status of the answer: 204, or 403 with the reason. */
  async send(statement: Statement): Promise<{ status: number; text: string }> {
    return this.lrs.put(`/statements?statementId=${statement.id}`, statement);
  }
}

export const stateOf = ({ actor, activityId, registration }: AuLaunch, stateId: string): string =>
  new URLSearchParams({ agent: JSON.stringify(actor), activityId, registration, stateId }).toString();

export async function fetchToken({ fetch: url }: AuLaunch): Promise<Record<string, string>> {
  const answer = await fetch(url, { method: 'POST' });
  if (answer.status !== 200) throw new Error(`fetch answered ${answer.status}`);
  return (await answer.json()) as Record<string, string>;
}
