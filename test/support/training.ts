import { readFileSync } from 'node:fs';
import type { TrainingSession } from '#net/index';
import { Procedure, start, type Mode, type RunEvent } from '#protocol/procedures/index';
import {
  procedureIn,
  RunId,
  runOf,
  stateOf,
  type RunParticipant,
  type RunRow,
  type TrainingPayload,
} from '#protocol/training/index';
import { Dice } from './design-arbitraries.ts';
import { until, type Person } from './people.ts';
import { Driver } from './procedure-driver.ts';

const FILE = new URL('../../assets/procedures/gearbox-assembly.procedure.json', import.meta.url);
/** The sample without its pictures: a hall releases a procedure when it keeps all its files, and here is only the text. */
export const GEARBOX = plainOf(Procedure.parse(JSON.parse(readFileSync(FILE, 'utf8'))));

/** Without its files, which a hall would have to keep before it releases the procedure. */
export function plainOf(procedure: Procedure): Procedure {
  const plain = <C extends Procedure['chapters'][number]>(chapter: C): C => ({
    ...chapter,
    steps: chapter.steps.map((step) => ({
      ...step,
      behaviours: step.behaviours.filter((one) => !('media' in one)),
    })),
  });
  return {
    ...procedure,
    workplace: { ...procedure.workplace, media: [] },
    chapters: procedure.chapters.map(plain),
    subchapters: procedure.subchapters.map(plain),
  };
}

export interface TrainingGround {
  readonly project: string;
  readonly room: string;
  /** CID of the procedure's document. */
  readonly procedure: string;
  readonly release: string;
}

/** A project with a training room in which `procedure` is released; `others` get their roles. */
export async function openTraining(
  owner: Person,
  others: readonly (readonly [Person, string])[] = [],
  procedure: Procedure = GEARBOX,
): Promise<TrainingGround> {
  const { id: project } = await owner.ask<{ id: string }>('POST', '/api/projects', {
    title: 'School',
    description: '',
  });
  for (const [other, role] of others) {
    const { token } = await owner.ask<{ token: string }>('POST', `/api/projects/${project}/invitations`, { role });
    await other.ask('POST', `/api/invitations/${token}/accept`);
  }
  const draft = await owner.ask<{ id: string }>('POST', `/api/projects/${project}/procedures`, { procedure });
  const { cid: release, procedure: document } = await owner.ask<{ cid: string; procedure: string }>(
    'POST',
    `/api/procedures/${draft.id}/releases`,
    { version: 1 },
  );
  const { room } = await owner.ask<{ room: string }>('POST', `/api/projects/${project}/trainings`, {
    title: 'Gearbox',
    releases: [release],
  });
  return { project, room, procedure: document, release };
}

/** Somebody of a run, with all roles there are: alone they can do everything. */
export const aloneIn = (procedure: Procedure, { id, name }: Person): RunParticipant =>
  ({ id, name, roles: procedure.workplace.roles.map((role) => role.id), station: null }) as unknown as RunParticipant;

export async function startRun(
  session: TrainingSession,
  ground: TrainingGround,
  mode: Mode,
  participants: readonly RunParticipant[],
  id = `run-${session.me.participant}-${Math.random().toString(36).slice(2, 10)}`,
): Promise<RunId> {
  const run = RunId.parse(id);
  const payload = { run, procedure: ground.procedure, mode, seed: 1, participants } as TrainingPayload<'run.start'>;
  const sent = session.submitTraining('run.start', payload);
  if ('problem' in sent) throw new Error(sent.problem.message);
  await session.confirmed(sent.id);
  return run;
}

export const rowOf = (session: TrainingSession, run: string): RunRow => runOf(session.document.get(), run)!;
export const engineOf = (session: TrainingSession, run: string) => {
  const document = session.document.get();
  const row = runOf(document, run)!;
  return stateOf(document, row, procedureIn(document, row.procedure)!);
};

/** All that somebody does who knows the gearbox, alone, without what is only time. */
export function knownWay(mode: Mode, participants: readonly RunParticipant[]): RunEvent[] {
  const people = participants.map(({ id, roles, station }) => ({ id, roles, station }));
  const { state } = start(GEARBOX, { mode, seed: 1, participants: people, startedAtMs: 0 });
  const driver = new Driver(GEARBOX, state, new Dice(1));
  for (let moves = 0; moves < 40 && driver.state.status === 'running'; moves++) {
    const { step } = driver.state.active[0]!;
    if (step === 'bearings') for (const thing of ['bearing-6208-2', 'spacer', 'bearing-6208-1']) driver.put(thing);
    else driver.attempt(step, 0);
  }
  return driver.events.map(({ event }) => event).filter(({ type }) => type !== 'time');
}

/** Sends acts one after the other; returns the keys of what was refused at once. */
export function actAll(session: TrainingSession, run: RunId, acts: readonly RunEvent[]): string[] {
  return acts.flatMap((act) => {
    const sent = session.submitTraining('run.act', { run, act: act as never });
    return 'problem' in sent ? [sent.problem.key] : [];
  });
}

export const isRevealed = (session: TrainingSession, run: string): Promise<void> =>
  until('the debrief', () => rowOf(session, run).isRevealed, 20_000);
