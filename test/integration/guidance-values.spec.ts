import { readFileSync } from 'node:fs';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Procedure } from '#protocol/procedures/index';
import { aStep, to } from '../support/procedures.ts';
import { valve, valvePlan } from '../support/jobs.ts';
import { openProject, signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { aloneIn, openTraining, startRun } from '../support/training.ts';

const FILE = new URL('../../assets/procedures/pump-skid.procedure.json', import.meta.url);
const PUMP = Procedure.parse(JSON.parse(readFileSync(FILE, 'utf8')));
const SENSOR = PUMP.workplace.sensors[0]!;

/** A valve whose first step waits for what that instrument shows. */
function waiting(minimum: number): Procedure {
  const plain = valve((steps) => [
    aStep('leak', {
      transitions: [
        to('tighten', { kind: 'value', sensor: SENSOR.id, range: { minimum, unit: SENSOR.unit }, holdMs: 0 }),
      ],
    }),
    ...steps.slice(1),
  ]);
  return Procedure.parse({ ...plain, workplace: { ...plain.workplace, sensors: [SENSOR] } });
}

describe('a step that waits for what the plant shows', () => {
  let hall: Hall;
  let ann: Person;
  let made = 0;
  beforeAll(async () => {
    hall = await startHall({ env: { MQTT_PORT: '0' } });
    ann = await signIn(hall.url, 'Ann');
  }, 60_000);
  afterAll(() => hall?.stop());

  const job = async (minimum: number, source: object) => {
    const n = made++;
    const { project } = await openProject(ann);
    const procedure = waiting(minimum);
    const draft = await ann.ask<{ id: string }>('POST', `/api/projects/${project}/procedures`, { procedure });
    const { cid: release } = await ann.ask<{ cid: string }>('POST', `/api/procedures/${draft.id}/releases`, {
      version: 1,
    });
    const values = [{ sensor: SENSOR.id, device: `PT-${n}` }];
    await ann.ask('POST', `/api/projects/${project}/job-plans`, valvePlan({ release, gates: [], kit: [], values }));
    const station = await ann.ask<{ station: { id: string; mqtt: { port: number } | null }; password: string }>(
      'POST',
      `/api/projects/${project}/stations`,
      { name: 'S1', tools: [], gauges: [{ device: `PT-${n}`, unit: SENSOR.unit, source }] },
    );
    const { room } = await ann.ask<{ room: string }>('POST', `/api/projects/${project}/jobs`, {
      code: 'WO;1;VALVE-40;SN-1',
      station: station.station.id,
    });
    const ops = [{ id: `begin-${n}`, type: 'job.begin', payload: {} }];
    await ann.ask('POST', `/api/jobs/${room}/ops`, { ops });
    const steps = async () =>
      (await ann.ask<{ summary: { steps: string[] } }>('GET', `/api/jobs/${room}`)).summary.steps;
    return { ...station, project, steps };
  };

  it('opens by a number in JSON on the hall’s broker, and the station alone may say it', async () => {
    const topic = 'plant/line-1/leak-test';
    const { station, password, project, steps } = await job(2, { kind: 'mqtt', topic, path: '$.data[0].pressure' });
    const url = `mqtt://127.0.0.1:${station.mqtt!.port}`;
    const say = (client: MqttClient, pressure: number) =>
      client.publishAsync(topic, JSON.stringify({ data: [{ pressure }] }), { qos: 1 });
    const gateway = await connectAsync(url, { username: station.id, password });
    await say(gateway, 1.2);
    await until('the reading comes through', async () => {
      await say(gateway, 1.2);
      const { stations } = await ann.ask<{ stations: { gauges: { isUp: boolean }[] }[] }>(
        'GET',
        `/api/projects/${project}/stations`,
      );
      return stations[0]?.gauges[0]?.isUp ?? false;
    });
    expect(await steps()).toEqual(['leak']);
    await say(gateway, 2.1);
    await until('the step is left', async () => (await steps())[0] === 'tighten');
    await gateway.endAsync(true);
  });

  it('opens by the instrument of a simulated machine that runs in a training room', async () => {
    const ground = await openTraining(ann, [], PUMP);
    const session = await ann.train(ground.room);
    await startRun(session, ground, 'guided', [aloneIn(PUMP, ann)]);
    const { steps } = await job(SENSOR.minimum, { kind: 'machine', room: ground.room, sensor: SENSOR.id });
    await until('the step is left', async () => (await steps())[0] === 'tighten', 20_000);
    await session.leave();
  });
});
