import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Procedure } from '#protocol/procedures/index';
import { aStep, to } from '../support/procedures.ts';
import { valve, valvePlan } from '../support/jobs.ts';
import { openProject, signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

interface Changes {
  plans: { newest: { release: string; revision: number }; fault: { key: string } | null }[];
  jobs: { room: string; change: string; reasons: string[]; to: { release: string; revision: number } }[];
}

/** A label at the end: nothing that was done is touched by it. */
const labelled = valve((steps) => [
  ...steps.slice(0, 5),
  { ...steps[5]!, transitions: [{ ...to('label', { kind: 'confirmed' }), id: 't0', interrupts: false }] },
  aStep('label', { transitions: [to(null, { kind: 'confirmed' })] }),
]);

describe('a newer release while a job runs', () => {
  let hall: Hall;
  let [owner, sue, eve] = [] as unknown as [Person, Person, Person];
  let sent = 0;
  beforeAll(async () => {
    hall = await startHall({ env: { MQTT_PORT: '0' } });
    [owner, sue, eve] = (await Promise.all(['Olga', 'Sue', 'Eve'].map((name) => signIn(hall.url, name)))) as [
      Person,
      Person,
      Person,
    ];
  }, 60_000);
  afterAll(() => hall?.stop());

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
});
