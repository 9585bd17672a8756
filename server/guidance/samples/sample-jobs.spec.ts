import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { markersAt, planFault, type JobPlan } from '#protocol/guidance/index';
import { Procedure } from '#protocol/procedures/index';
import { A_PHOTO, ann, ben, JobJournal, VALVE_RELEASE } from '../../../test/support/jobs.ts';
import { codeOf, nextMoves } from '../../../test/support/knowing-hand.ts';
import { programmeOf, tightened } from '../simulated-torque.ts';
import { GEARBOX_JOB } from './gearbox.job.ts';
import { PUMP_SEAL_JOB } from './pump-seal.job.ts';
import { deviceOf, planOf, type SampleJob } from './sample-job.ts';

const procedureOf = async ({ procedure }: SampleJob): Promise<Procedure> => {
  const file = new URL(`../../../assets/procedures/${procedure}.procedure.json`, import.meta.url);
  return Procedure.parse(JSON.parse(await readFile(file, 'utf8')));
};
const CREW = (procedure: Procedure) =>
  [ann, ben].map((id) => ({ id, name: id, roles: procedure.workplace.roles.map((role) => role.id), station: null }));

/** Does the job to its end, as somebody who knows it; `others` does something else the first time a step comes up. */
function perform(sample: SampleJob, job: JobJournal, others: Record<string, () => void> = {}): string[] {
  const steps: string[] = [];
  const use = (tool: string, how: 'right' | 'low' = 'right') => {
    const { document } = job.state;
    const { value, unit, ok } = tightened(programmeOf(document, job.job, tool), how, job.results);
    job.tool(value, { device: deviceOf(tool, sample.stations[0]!), unit, isOk: ok });
  };
  for (let rounds = 0; rounds < 400 && job.engine?.status === 'running'; rounds++) {
    const step = job.step!;
    if (steps.at(-1) !== step) {
      steps.push(step);
      others[step]?.();
    }
    const moves = nextMoves(job.state.document, ann, job.atMs);
    const [other] = moves.length > 0 ? [] : nextMoves(job.state.document, ben, job.atMs);
    if (other?.kind === 'second') job.put('check.second', { gate: other.gate, isOk: true, note: '' }, 'ben');
    else if (moves.length === 0) throw new Error(`nobody knows what to do in ${step}`);
    for (const move of moves)
      if (move.kind === 'op') {
        const { type, payload } = move;
        if (job.step === step) expect(job.put(type, payload as never, 'ann'), `${step} ${type}`).toBeNull();
      } else if (move.kind === 'tool') use(move.tool);
      else if (move.kind === 'align') align(job, 0.004);
      else if (move.kind === 'photo')
        job.put('photo.add', { gate: move.gate, cid: A_PHOTO as never, kind: move.evidence }, 'ann');
  }
  return steps;
}
const align = (job: JobJournal, expectedErrorM: number) =>
  job.put(
    'align.set',
    {
      productInRoom: { position: [0, 0, -1], rotation: [0, 0, 0, 1] },
      expectedErrorM,
      how: 'markers',
      markers: ['36h11/0'],
    },
    'ann',
  );

describe.each([
  ['gearbox', GEARBOX_JOB, 30],
  ['pump seal', PUMP_SEAL_JOB, 22],
] as const)('the sample job “%s”', (_, sample, steps) => {
  let procedure: Procedure;
  let plan: JobPlan;
  beforeAll(async () => {
    procedure = await procedureOf(sample);
    plan = planOf(sample, VALVE_RELEASE as never);
  });
  const begun = () => {
    const job = new JobJournal(procedure, plan, CREW(procedure));
    expect(job.put('job.begin', {}, 'ann')).toBeNull();
    return job;
  };

  it('has a plan that fits its procedure, with pictures to compare with that are there', () => {
    expect(planFault(procedure, plan)).toBeNull();
    const media = new Set(procedure.workplace.media.map(({ id }) => id as string));
    for (const one of plan.gates) if (one.kind === 'photo' && one.compareWith) expect(media).toContain(one.compareWith);
    for (const { name, sheets, tools } of sample.stations) {
      expect(markersAt(plan, name)!.markers).toHaveLength(4 * sheets.length);
      for (const tool of tools)
        expect(plan.tools.filter((one) => one.tool === tool).length).toBe(sample.stations.length);
    }
    const tags = plan.markers!.flatMap(({ markers }) => markers.map(({ code }) => code));
    expect(new Set(tags).size, 'no tag at two stations').toBe(tags.length);
  });

  it('is done by who knows it without a deviation, and signed off', () => {
    const job = begun();
    expect(perform(sample, job)).toHaveLength(steps);
    expect(job.deviations).toEqual([]);
    expect(job.signOff()).toBeNull();
    expect(job.job.status).toBe('finished');
  });

  it('catches a part of another kind, and a torque that is too low, and goes on after rework', () => {
    const job = begun();
    const scanned = plan.gates.find(({ kind }) => kind === 'scan') as { step: string; thing: string };
    const tightenedIn = procedure.chapters
      .flatMap((chapter) => chapter.steps)
      .find(({ transitions }) => JSON.stringify(transitions).includes(`"${sample.stations[0]!.tools[0]}"`))!;
    perform(sample, job, {
      [scanned.step]: () => {
        const code = { ...codeOf(job.state.document, scanned.thing), part: 'TC-20X47X7' };
        expect(job.put('part.scan', { thing: scanned.thing as never, code }, 'ann')).toBeNull();
        expect(job.deviations.at(-1)!.kind).toBe('wrong_part');
        expect(job.dispose('rework', 'ann')).toBeNull();
      },
      [tightenedIn.id]: () => {
        const { value } = tightened(programmeOf(job.state.document, job.job, sample.stations[0]!.tools[0]!), 'low', 0);
        job.tool(value, { device: deviceOf(sample.stations[0]!.tools[0]!, sample.stations[0]!), isOk: false });
        expect(job.deviations.at(-1)!.kind).toMatch(/wrong_result|out_of_tolerance/);
        expect(job.dispose('rework', 'ann')).toBeNull();
      },
    });
    expect(job.deviations.map(({ decided }) => decided?.disposition)).toEqual(['rework', 'rework']);
    expect(job.signOff()).toBeNull();
  });

  it('keeps the work back while nobody knows where the overlay is', () => {
    const job = begun();
    const aligned = plan.gates.find(({ kind }) => kind === 'alignment')!;
    perform(sample, job, {
      [aligned.step]: () => {
        align(job, 0.05);
        expect(nextMoves(job.state.document, ann, job.atMs)[0]).toMatchObject({ kind: 'align' });
        expect(job.step).toBe(aligned.step);
      },
    });
    expect(job.engine!.status).toBe('completed');
  });
});
