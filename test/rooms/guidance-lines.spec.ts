import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFleet, type HallName, type ReferenceFleet } from '../support/fleet.ts';
import { openProject, signIn, until, type Person } from '../support/people.ts';
import { missingForScale } from '../support/programs.ts';
import { SimulatedController } from '../support/simulated-tool.ts';

const missing = missingForScale();
if (missing) console.warn(`The test of tool lines of several processes is skipped: this ${missing}`);
async function holderOf(connectionString: string): Promise<HallName> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ name: HallName }>(
    'select name from hall_process join line_holder on line_holder.process = hall_process.id',
  );
  await client.end();
  return rows[0]!.name;
}
const START = 1; // MID 0001: a hall comes in

describe.skipIf(missing)('lines to tools in a hall of two processes', () => {
  let fleet: ReferenceFleet;
  let olga: Person;
  let press: SimulatedController;
  beforeAll(async () => {
    fleet = await startFleet();
    olga = await signIn(fleet.url, 'Olga');
    press = await SimulatedController.open();
  });
  afterAll(async () => {
    await fleet?.stop();
    await press?.close();
  });

  it('run once, tell every process how they are, and go over to the other process when theirs is killed', async () => {
    const { project } = await openProject(olga);
    const line = { kind: 'openProtocol', host: '127.0.0.1', port: press.port };
    const tools = [{ device: 'P-1', line, serial: null, calibratedUntil: null }];
    await olga.ask('POST', `/api/projects/${project}/stations`, { name: 'S1', tools });
    const isUpAt = async (name: HallName) => {
      const { stations } = await olga
        .at(fleet.halls[name].url)
        .ask<{ stations: { tools: { isUp: boolean }[] }[] }>('GET', `/api/projects/${project}/stations`);
      return stations[0]!.tools[0]!.isUp;
    };
    for (const name of ['hall-1', 'hall-2'] as const) await until(`${name} says that it is up`, () => isUpAt(name));
    expect(press.heard.filter((mid) => mid === START)).toHaveLength(1);
    await press.tighten({ id: '1', torqueNm: 25, isOk: true });
    await until('the hall has the result', () => press.waiting() === 0);

    const holder = await holderOf(fleet.databaseUrl);
    await fleet.halls[holder].kill9();
    const other = olga.at(fleet.halls[holder === 'hall-1' ? 'hall-2' : 'hall-1'].url);
    await press.tighten({ id: '2', torqueNm: 25.5, isOk: true });
    await until('the other process has taken the result', () => press.waiting() === 0, 20_000);
    const { results } = await other.ask<{ results: { result: { value: number } }[] }>(
      'GET',
      `/api/projects/${project}/stray-results`,
    );
    expect(results.map(({ result }) => result.value).sort()).toEqual([25, 25.5]);
  });
});
