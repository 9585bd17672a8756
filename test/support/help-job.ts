import { Procedure } from '#protocol/procedures/index';
import { valve, valvePlan } from './jobs.ts';
import { aThing } from './procedures.ts';
import { signIn, type Person } from './people.ts';

/** A job of Ann's that waits for help, and Eva, who is on the list of experts. */
export interface HelpJob {
  readonly owner: Person;
  readonly ann: Person;
  readonly eva: Person;
  readonly project: string;
  readonly room: string;
}

/** The valve with its housing standing on the bench, so that there is something to point at. */
function standingValve(): Procedure {
  const plain = valve();
  const housing = aThing('housing', {
    isFixed: true,
    poseInRoom: { position: [0, 0.03, 0], rotation: [0, 0, 0, 1] },
  } as never);
  return Procedure.parse({
    ...plain,
    workplace: { ...plain.workplace, things: [...plain.workplace.things, housing] },
  });
}

export async function openHelpJob(hallUrl: string): Promise<HelpJob> {
  const [owner, ann, eva] = (await Promise.all(['Olga', 'Ann', 'Eva'].map((name) => signIn(hallUrl, name)))) as [
    Person,
    Person,
    Person,
  ];
  const { id: project } = await owner.ask<{ id: string }>('POST', '/api/projects', { title: 'Works', description: '' });
  for (const [other, role] of [
    [ann, 'trainee'],
    [eva, 'reviewer'],
  ] as const) {
    // prettier-ignore
    const { token } = await owner.ask<{ token: string }>('POST', `/api/projects/${project}/invitations`, { role });
    await other.ask('POST', `/api/invitations/${token}/accept`);
  }
  const draft = await owner.ask<{ id: string }>('POST', `/api/projects/${project}/procedures`, {
    procedure: standingValve(),
  });
  const { cid: release } = await owner.ask<{ cid: string }>('POST', `/api/procedures/${draft.id}/releases`, {
    version: 1,
  });
  await owner.ask('POST', `/api/projects/${project}/job-plans`, valvePlan({ release, tools: [] }));
  const made = await owner.ask<{ station: { id: string } }>('POST', `/api/projects/${project}/stations`, {
    name: 'S1',
    tools: [],
  });
  const { room } = await ann.ask<{ room: string }>('POST', `/api/projects/${project}/jobs`, {
    code: 'WO;4711;VALVE-40;SN-1',
    station: made.station.id,
  });
  await ann.ask('POST', `/api/jobs/${room}/ops`, { ops: [{ id: 'begin', type: 'job.begin', payload: {} }] });
  await owner.ask('PUT', `/api/projects/${project}/experts`, {
    ...{ person: eva.id, languages: ['en'], subjects: ['bearings'], rank: 1 },
  });
  return { owner, ann, eva, project, room };
}
