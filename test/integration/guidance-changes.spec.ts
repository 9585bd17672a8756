import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobOf, rowsOf } from '#protocol/guidance/index';
import type { Procedure } from '#protocol/procedures/index';
import { tellInSync } from '../../client/offline/in-sync.ts';
import { FileDevice } from '../support/file-device.ts';
import { Line } from '../support/line.ts';
import { enterJob, takeJob } from '../support/offline-shift.ts';
import { aStep, to } from '../support/procedures.ts';
import { TORQUE, valve, valvePlan } from '../support/jobs.ts';
import { openProject, signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

interface Changes {
  plans: { newest: { release: string; revision: number }; fault: { key: string } | null }[];
  jobs: {
    room: string;
    change: string;
    takenBy: string[];
    reasons: string[];
    to: { release: string; revision: number };
  }[];
}

/** A label at the end: nothing that was done is touched by it. */
const labelled = valve((steps) => [
  ...steps.slice(0, 5),
  { ...steps[5]!, transitions: [{ ...to('label', { kind: 'confirmed' }), id: 't0', interrupts: false }] },
  aStep('label', { transitions: [to(null, { kind: 'confirmed' })] }),
]);

/** Tightened otherwise: nobody has come so far when it is released, as far as the hall knows. */
const looser = valve((steps) => {
  const screw = (thing: string) => ({
    ...{ kind: 'toolUsed', thing, tool: 'wrench' },
    result: { ...TORQUE, minimum: 20 },
  });
  return steps.map((step) =>
    step['id'] === 'tighten'
      ? aStep('tighten', { transitions: [to('gap', screw('screw-1'), screw('screw-2'))] })
      : step,
  );
});

describe('a newer release while a job runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workhall-changes-'));
  let hall: Hall;
  let line: Line;
  let [owner, sue, eve] = [] as unknown as [Person, Person, Person];
  let sent = 0;
  beforeAll(async () => {
    hall = await startHall({ env: { MQTT_PORT: '0' } });
    line = await Line.to(hall);
    [owner, sue, eve] = (await Promise.all(['Olga', 'Sue', 'Eve'].map((name) => signIn(hall.url, name)))) as [
      Person,
      Person,
      Person,
    ];
  }, 60_000);
  afterAll(async () => {
    await line?.close();
    await hall?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Eve has begun a job; `release` makes the next release of its instruction. */
  const running = async (onNewRelease: string) => {
    const { project } = await openProject(owner, [sue], 'supervisor');
    const { token } = await owner.ask<{ token: string }>('POST', `/api/projects/${project}/invitations`, {
      role: 'engineer',
    });
    await eve.ask('POST', `/api/invitations/${token}/accept`);
    const draft = await owner.ask<{ id: string; version: number }>('POST', `/api/projects/${project}/procedures`, {
      procedure: valve(),
    });
    let version = 1;
    const release = async (procedure?: Procedure) => {
      if (procedure)
        ({ version } = await owner.ask<{ version: number }>('PUT', `/api/procedures/${draft.id}`, {
          version,
          procedure,
        }));
      return (await owner.ask<{ cid: string }>('POST', `/api/procedures/${draft.id}/releases`, { version })).cid;
    };
    const plan = valvePlan({ release: await release(), gates: [], kit: [], onNewRelease });
    await sue.ask('POST', `/api/projects/${project}/job-plans`, plan);
    const { station } = await sue.ask<{ station: { id: string } }>('POST', `/api/projects/${project}/stations`, {
      name: 'S1',
      tools: [],
    });
    const { room } = await eve.ask<{ room: string }>('POST', `/api/projects/${project}/jobs`, {
      code: 'WO;1;VALVE-40;SN-1',
      station: station.id,
    });
    const op = async (who: Person, type: string, payload: unknown) => {
      const ops = [{ id: `c-${sent++}`, type, payload }];
      const { verdicts } = await who.ask<{ verdicts: { ok: boolean; problem?: { key: string } }[] }>(
        'POST',
        `/api/jobs/${room}/ops`,
        { ops },
      );
      return verdicts[0]!.ok ? null : verdicts[0]!.problem!.key;
    };
    await op(eve, 'job.begin', {});
    const revision = async () =>
      (await eve.ask<{ summary: { revision: number } }>('GET', `/api/jobs/${room}`)).summary.revision;
    const changes = () => sue.ask<Changes>('GET', `/api/projects/${project}/instruction-changes`);
    return { project, room, release, op, revision, changes };
  };

  it('is taken at once where nothing done is touched, when that is the plan’s rule', async () => {
    const { release, revision, changes } = await running('whenSafe');
    await release(labelled);
    await until('the job runs revision 2', async () => (await revision()) === 2);
    expect(await changes()).toEqual({ plans: [], jobs: [] });
  });

  it('asks a supervisor, who decides with a reason; an engineer does not', async () => {
    const { project, room, release, op, revision, changes } = await running('ask');
    const newer = await release(labelled);
    const before = await changes();
    expect(before).toMatchObject({ plans: [{ newest: { release: newer, revision: 2 }, fault: null }], jobs: [] });
    const take = { productType: 'VALVE-40', release: newer };
    await expect(eve.ask('POST', `/api/projects/${project}/instruction-changes`, take)).rejects.toThrow('403');
    const taken = await sue.ask<Changes>('POST', `/api/projects/${project}/instruction-changes`, take);
    expect(taken).toMatchObject({ plans: [], jobs: [{ room, change: 'asks', reasons: [], to: { revision: 2 } }] });
    expect(await revision()).toBe(1);
    const decision = { release: newer, decision: 'migrate', reason: 'The label is wanted on all of them' };
    expect(await op(eve, 'job.revise', decision)).toBe('not_allowed');
    expect(await op(sue, 'job.revise', decision)).toBeNull();
    await until('the job runs revision 2', async () => (await revision()) === 2);
    expect((await changes()).jobs).toEqual([]);
  });

  it('leaves a job alone that is to stay, and says that it is not on the newest', async () => {
    const { project, room, release, revision, changes } = await running('stay');
    const newer = await release(labelled);
    await sue.ask('POST', `/api/projects/${project}/instruction-changes`, { productType: 'VALVE-40', release: newer });
    expect((await changes()).jobs).toMatchObject([{ room, change: 'stays' }]);
    expect(await revision()).toBe(1);
  });

  describe('of a job that was taken along', () => {
    const DEVICE = 'device-of-eve';
    /** The release comes while she does the first step where nobody hears her. */
    const away = async (name: string, procedure: Procedure) => {
      const job = await running('whenSafe');
      await eve.ask('POST', `/api/jobs/${job.room}/taken`, { device: DEVICE });
      const device = new FileDevice(join(folder, name));
      await takeJob(line.url, eve, job.room, device);
      line.cut();
      const session = await enterJob(line.url, eve, job.room, device);
      const stop = tellInSync(session, DEVICE);
      const made = session.submitJob('job.act', {
        act: { type: 'mounted', by: eve.id, thing: 'bearing' } as never,
      });
      expect('problem' in made).toBe(false);
      await job.release(procedure);
      await until('it is told who has it', async () => (await job.changes()).jobs[0]?.change === 'away');
      expect((await job.changes()).jobs).toMatchObject([{ takenBy: ['Eve'], reasons: [] }]);
      // Whatever others do in it meanwhile.
      expect(await job.op(sue, 'job.hold', { reason: 'Look at it' })).toBeNull();
      expect(await job.op(sue, 'job.resume', {})).toBeNull();
      expect(await job.revision()).toBe(1);
      line.mend();
      const isBack = () => jobOf(session.document.get())!.away?.[0]?.session === session.me.session;
      const leave = async () => {
        stop();
        await session.leave();
      };
      return { ...job, session, isBack, leave };
    };

    it('waits until the device is back and all that was done is there, then is taken', async () => {
      const { revision, session, changes, leave } = await away('taken', labelled);
      await until('the job runs revision 2', async () => (await revision()) === 2);
      const steps = rowsOf(session.document.get(), 'visits').map(({ step, revision: under }) => [step, under]);
      expect(steps.slice(0, 2)).toEqual([
        ['insert', 1],
        ['tighten', 1],
      ]);
      expect(session.refused.get()).toEqual([]);
      expect((await changes()).jobs).toEqual([]);
      await leave();
    });

    it('does not touch what was begun there: the job stays on its revision, and the engineer can ask why', async () => {
      const { room, revision, session, isBack, leave } = await away('kept', looser);
      await until('the device is back', isBack);
      const change = async () =>
        (await eve.ask<{ change: Changes['jobs'][0] }>('GET', `/api/jobs/${room}/instruction-change`)).change;
      await until('it waits for a safe step', async () => (await change()).change === 'waits');
      expect((await change()).reasons).not.toEqual([]);
      expect(await revision()).toBe(1);
      expect(session.refused.get()).toEqual([]);
      await leave();
      expect((await change()).change, 'gone again, it is away').toBe('away');
      await eve.ask('POST', `/api/jobs/${room}/let-go`, { device: DEVICE });
      expect((await change()).change).toBe('waits');
    });

    it('is no matter of people who have nothing to do with it', async () => {
      const { room } = await running('whenSafe');
      const max = await signIn(hall.url, 'Max');
      await expect(max.ask('POST', `/api/jobs/${room}/taken`, { device: DEVICE })).rejects.toThrow(/40[34]/);
    });
  });
});
