import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyRecord, type SignedRecord } from '#protocol/guidance/index';
import { decodeBlock } from '#protocol/journal/index';
import type { Problem } from '#protocol/errors';
import { valve, valvePlan, A_PHOTO } from '../support/jobs.ts';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { SimulatedController, SimulatedMqttTool } from '../support/simulated-tool.ts';

interface View {
  room: string;
  summary: { status: string; steps: string[]; deviations: { kind: string }[]; undecided: number };
}
const CLI = fileURLToPath(new URL('../../dist/server/cli/main.js', import.meta.url));
let sent = 0;

describe('a job in a hall', () => {
  let hall: Hall;
  let [owner, ann, ben] = [] as unknown as [Person, Person, Person];
  let project = '';
  let station = { id: '', password: '', port: 0 };
  let press: SimulatedController;
  let wrench: SimulatedMqttTool;

  const op = async (person: Person, room: string, type: string, payload: unknown, id = `it-${sent++}`) => {
    const { verdicts } = await person.ask<{ verdicts: { ok: boolean; problem?: Problem }[] }>(
      'POST',
      `/api/jobs/${room}/ops`,
      {
        ops: [{ id, type, payload }],
      },
    );
    return verdicts[0]!.ok ? null : (verdicts[0]!.problem?.key ?? 'hall_only');
  };
  const act = (person: Person, room: string, type: string, more: object = {}) =>
    op(person, room, 'job.act', { act: { type, by: person.id, ...more } });
  const view = (room: string) => owner.ask<View>('GET', `/api/jobs/${room}`);
  const at = (room: string, step: string) =>
    until(`the job is at ${step}`, async () => (await view(room)).summary.steps.includes(step), 10_000);
  const open = (code: string) => ann.ask<View>('POST', `/api/projects/${project}/jobs`, { code, station: station.id });
  const keyOf = (asked: Promise<unknown>) =>
    asked.then(
      () => null,
      (thrown: { problem?: Problem; message: string }) => thrown.problem?.key ?? thrown.message,
    );

  beforeAll(async () => {
    hall = await startHall({ env: { MQTT_PORT: '0' } });
    [owner, ann, ben] = (await Promise.all(['Olga', 'Ann', 'Ben'].map((name) => signIn(hall.url, name)))) as [
      Person,
      Person,
      Person,
    ];
    ({ id: project } = await owner.ask<{ id: string }>('POST', '/api/projects', { title: 'Works', description: '' }));
    for (const other of [ann, ben]) {
      const { token } = await owner.ask<{ token: string }>('POST', `/api/projects/${project}/invitations`, {
        role: 'trainee',
      });
      await other.ask('POST', `/api/invitations/${token}/accept`);
    }
    const draft = await owner.ask<{ id: string }>('POST', `/api/projects/${project}/procedures`, {
      procedure: valve(),
    });
    const { cid: release } = await owner.ask<{ cid: string }>('POST', `/api/procedures/${draft.id}/releases`, {
      version: 1,
    });
    await owner.ask('POST', `/api/projects/${project}/job-plans`, valvePlan({ release }));
    press = await SimulatedController.open();
    const made = await owner.ask<{ station: { id: string; mqtt: { port: number } }; password: string }>(
      'POST',
      `/api/projects/${project}/stations`,
      {
        name: 'S1',
        tools: [
          { device: 'W-1', line: { kind: 'mqtt' }, serial: 'T-1', calibratedUntil: 4e12 },
          {
            device: 'P-1',
            line: { kind: 'openProtocol', host: '127.0.0.1', port: press.port },
            serial: 'T-2',
            calibratedUntil: null,
          },
        ],
      },
    );
    station = { id: made.station.id, password: made.password, port: made.station.mqtt.port };
    wrench = await SimulatedMqttTool.open(`mqtt://127.0.0.1:${station.port}`, station.id, station.password, 'W-1');
  }, 90_000);
  afterAll(async () => {
    await wrench?.close();
    await hall?.stop();
    await press?.close();
  });

  it('keeps a result for which no job is there, where somebody sees it', async () => {
    await wrench.tighten({ id: 'stray', torqueNm: 25, isOk: true });
    await until('it is shown', async () => {
      const { results } = await owner.ask<{ results: unknown[] }>('GET', `/api/projects/${project}/stray-results`);
      return results.length === 1;
    });
  });

  it('is opened by the order’s code, and not by a wrong one', async () => {
    expect(await keyOf(open('hello'))).toContain('unreadable_code');
    expect(await keyOf(open('WO;1;PUMP;SN-9'))).toContain('no_plan');
    const wrong = { code: 'WO;1;VALVE-40;SN-9', serial: 'SN-8', station: station.id };
    expect(await keyOf(ann.ask('POST', `/api/projects/${project}/jobs`, wrong))).toContain('wrong_order_code');
  });

  it(
    'goes from the code to the signed record: a wrong part and a wrong torque caught, a skill released, tools by both lines',
    { timeout: 60_000 },
    async () => {
      const { room } = await open('WO;4711;VALVE-40;SN-1');
      expect(await keyOf(open('WO;4712;VALVE-40;SN-2'))).toContain('station_busy');
      expect(await op(ben, room, 'job.begin', {})).toBe('not_in_crew');
      expect(await op(ann, room, 'tool.result', {})).toBe('hall_only');
      expect(
        await op(ben, room, 'job.join', { person: { id: ben.id, name: 'Ben', roles: [], station: null } }),
      ).toBeNull();
      expect(await op(ann, room, 'job.begin', {})).toBeNull();
      const scan = (part: string) =>
        op(ann, room, 'part.scan', { thing: 'bearing', code: { part, serial: 'B-77', lot: null } });
      await scan('6204-2RS');
      expect((await view(room)).summary.deviations).toMatchObject([{ kind: 'wrong_part' }]);
      await op(ann, room, 'deviation.dispose', {
        deviation: '0',
        disposition: 'rework',
        reason: 'took the right one',
        releasesStep: false,
      });
      await scan('6208-2RS');
      await op(ann, room, 'photo.add', { gate: 'bearing-photo', cid: A_PHOTO, kind: 'picture' });
      await act(ann, room, 'mounted', { thing: 'bearing' });
      await at(room, 'tighten');
      expect(await act(ann, room, 'touched', { thing: 'screw-1' })).toBe('skill_missing');
      const release = { step: 'tighten', what: 'skill', reason: 'Shown how by the supervisor' };
      expect(await op(ann, room, 'step.release', release)).toBe('not_allowed');
      expect(await op(owner, room, 'step.release', release)).toBeNull();
      await wrench.tighten({ id: '1', torqueNm: 18, isOk: false });
      await until('the wrong torque is caught', async () => (await view(room)).summary.undecided === 1);
      await op(ann, room, 'deviation.dispose', {
        deviation: '2',
        disposition: 'rework',
        reason: 'loosened',
        releasesStep: false,
      });
      await op(owner, room, 'step.release', release);
      await wrench.tighten({ id: '2', torqueNm: 25, isOk: true });
      wrench.drop();
      await wrench.tighten({ id: '3', torqueNm: 25.5, isOk: true });
      await at(room, 'gap');
      await op(ann, room, 'value.measure', {
        variable: 'gap',
        value: 0.2,
        instrument: { device: 'G-1', calibratedUntilMs: 4e12 },
      });
      await act(ann, room, 'confirmed');
      await until('the controller is there', () => press.heard.includes(60));
      await press.tighten({ id: '10', torqueNm: 25, isOk: true });
      await at(room, 'inspect');
      await until('the controller knows', () => press.waiting() === 0);
      press.repeat({ id: '10', torqueNm: 25, isOk: true });
      await act(ann, room, 'confirmed');
      expect(await op(ann, room, 'check.second', { gate: 'second', isOk: true, note: '' })).toBe('same_person');
      expect(await op(ben, room, 'check.second', { gate: 'second', isOk: true, note: 'fine' })).toBeNull();
      expect(await op(ann, room, 'job.signOff', { statement: 'Built as drawn' })).toBeNull();

      const { cid, signed } = await owner.ask<{ cid: string; signed: SignedRecord }>('GET', `/api/jobs/${room}/record`);
      expect(cid).toMatch(/^b/);
      const answer = await fetch(`${hall.url}/api/jobs/${room}/journal`, {
        headers: { authorization: `Bearer ${owner.token}` },
      });
      const journal = new Uint8Array(await answer.arrayBuffer());
      const { blocks } = decodeBlock(journal) as { blocks: Uint8Array[] };
      const folder = mkdtempSync(join(tmpdir(), 'workhall-record-'));
      const files = [join(folder, 'record.json'), join(folder, 'journal.cbor')] as const;
      writeFileSync(files[0], JSON.stringify({ cid, signed }));
      writeFileSync(files[1], journal);
      const check = () =>
        spawnSync(process.execPath, [CLI, 'job', files[0], '--journal', files[1]], { encoding: 'utf8' });
      expect(check()).toMatchObject({ status: 0, stdout: expect.stringContaining('replayed here: the same record') });
      writeFileSync(files[0], JSON.stringify({ cid, signed }).replace('"B-77"', '"B-78"'));
      expect(check().status).not.toBe(0);
      rmSync(folder, { recursive: true });
      expect(verifyRecord(signed, blocks)).toBeNull();
      expect(
        signed.record.tightenings.map(({ result, verdict }) => `${result.device} ${result.value} ${verdict}`),
      ).toEqual(['W-1 18 failed', 'W-1 25 counted', 'W-1 25.5 counted', 'P-1 25 counted']);

      // A line that is ready is one thing, a tool that was heard another.
      const { stations } = await owner.ask<{ stations: { tools: { device: string; heardAt: number | null }[] }[] }>(
        'GET',
        `/api/projects/${project}/stations`,
      );
      const heard = new Map(stations.flatMap(({ tools }) => tools.map((one) => [one.device, one.heardAt] as const)));
      expect([...heard].filter(([, at]) => at !== null).map(([device]) => device)).toEqual(
        expect.arrayContaining(['W-1', 'P-1']),
      );

      const parts = (query: string) =>
        owner.ask<{ parts: { product: string; part: string; serial: string }[] }>(
          'GET',
          `/api/projects/${project}/genealogy?${query}`,
        );
      expect((await parts('product=SN-1')).parts).toMatchObject([{ part: '6208-2RS', serial: 'B-77' }]);
      // Who put it in, when, and where that is written and signed.
      const fitted = { product: 'SN-1', by: 'Ann', atMs: expect.any(Number), record: expect.stringMatching(/^baf/) };
      expect((await parts('serial=B-77')).parts).toMatchObject([fitted]);
      expect((await parts('lot=none')).parts).toEqual([]);
      const { figures } = await owner.ask<{ figures: { jobs: Record<string, number>; firstPassYield: number } }>(
        'GET',
        `/api/projects/${project}/job-figures`,
      );
      expect(figures).toMatchObject({ jobs: { finished: 1 }, firstPassYield: 0 });
      expect(await keyOf(ann.ask('GET', `/api/projects/${project}/job-figures`))).toContain('not_allowed');
      expect(await keyOf(open('WO;4711;VALVE-40;SN-1'))).toContain('made_before');

      // Numbers are found in any case, as they are written first.
      const { room: small } = await open('WO;4713;VALVE-40;sn-1');
      await op(ann, small, 'job.begin', {});
      await op(ann, small, 'part.scan', {
        thing: 'bearing',
        code: { part: '6208-2RS', serial: 'b-77', lot: null },
      });
      const productsOf = async (query: string) => (await parts(query)).parts.map(({ product }) => product).sort();
      await until('the small one is known', async () => (await productsOf('product=sn-1')).join() === 'sn-1');
      expect(await productsOf('product=SN-1')).toEqual(['SN-1']);
      expect(await productsOf('product=Sn-1')).toEqual(['SN-1', 'sn-1']);
      expect(await productsOf('serial=b-77')).toEqual(['sn-1']);
    },
  );
});
