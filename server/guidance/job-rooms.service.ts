import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import type { UserId } from '#protocol/ids';
import type { Document } from '#protocol/document/index';
import { jobOf, jobState, rowsOf, type JobRow } from '#protocol/guidance/index';
import { nextDueAtMs, type RunState } from '#protocol/procedures/index';
import { RoomFeatures, type FeatureOfRoom, type OpenRoom, type RoomFeature } from '../rooms/index.ts';
import { BackDevices } from './back-devices.ts';
import { RecordingWitness } from './calls/recording-witness.ts';
import { ChangesOfInstructions } from './changes-of-instructions.service.ts';
import { Jobs } from './jobs.service.ts';
import { ShownSkills } from './shown-skills.service.ts';

/** After a failure it is tried again in so long, ms. */
const AGAIN_MS = 2_000;
/** While a step waits for a skill, the hall looks so often whether it was granted or taken back, ms. */
const SKILL_MS = 3_000;

/** What the hall does by itself while people are in a job's room: says when time has come, shows skills, copies the job. */
@Injectable()
export class JobRooms implements RoomFeature, OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('Jobs');

  constructor(
    private readonly features: RoomFeatures,
    private readonly jobs: Jobs,
    private readonly skills: ShownSkills,
    private readonly changes: ChangesOfInstructions,
  ) {}

  onModuleInit(): void {
    this.features.register('guidance', this);
  }

  /** What a crash left between a journal and its copy. */
  async onApplicationBootstrap(): Promise<void> {
    for (const room of await this.jobs.unfinished()) await this.jobs.keep(room);
  }

  open(opened: OpenRoom): FeatureOfRoom {
    const { room, journal } = opened;
    const { jobs, skills, changes, logger } = this;
    const witness = new RecordingWitness(opened, (recording) => {
      jobs.say(room, 'help.stopRecording', { recording }).catch((thrown: unknown) => logger.warn(String(thrown)));
    });
    const shown = new Set<UserId>();
    let dueAtMs = 0;
    let skillsAtMs = 0;
    let isBusy = false;
    const back = new BackDevices(opened);
    const stop = journal.subscribe({
      onEntries: (entries) => {
        for (const { entry } of entries) back.heard(entry);
        dueAtMs = 0;
        void jobs.keep(room);
      },
      onReset: () => {},
    });
    const tend = async (nowMs: number): Promise<void> => {
      // What comes while this looks is looked at next: it sets the time back to now.
      dueAtMs = Infinity;
      const { document } = journal.durable;
      const job = jobOf(document);
      if (!job) return;
      const newcomers = job.crew.map(({ id }) => id).filter((id) => !shown.has(id));
      if (newcomers.length > 0) await skills.show(room, newcomers);
      for (const id of newcomers) shown.add(id);
      for (const device of back.lost()) await jobs.say(room, 'job.away', { device });
      await changes.tend(room);
      const state = jobState(document, job);
      const due = state && job.status === 'running' ? nextDueAtMs(state) : null;
      const needsSkill = state !== null && waitsForSkill(document, job, state);
      if (needsSkill && nowMs >= skillsAtMs) {
        skillsAtMs = nowMs + SKILL_MS;
        const crew = job.crew.map(({ id }) => id);
        await skills.showNews(room, document, crew);
      }
      if (due !== null && due <= nowMs) await jobs.say(room, 'job.time', {});
      dueAtMs = Math.min(dueAtMs, due ?? Infinity, needsSkill ? skillsAtMs : Infinity);
    };
    return {
      refusal: (op) => witness.refusal(op),
      tick: (nowMs) => {
        witness.tick(nowMs);
        if (isBusy || (nowMs < dueAtMs && back.lost().length === 0)) return;
        isBusy = true;
        tend(nowMs)
          .catch((thrown: unknown) => {
            dueAtMs = nowMs + AGAIN_MS;
            logger.warn(`Room ${room}: ${thrown instanceof Error ? thrown.message : 'failed'}; it is tried again.`);
          })
          .finally(() => (isBusy = false));
      },
      close: stop,
    };
  }
}

/** A running step asks for a skill that nobody has shown in it yet. */
function waitsForSkill(document: Document, job: JobRow, { active }: RunState): boolean {
  const visits = rowsOf(document, 'visits');
  return job.plan.gates.some(({ kind, step, id }) => {
    const thread = kind === 'skill' ? active.find((one) => one.step === step)?.thread : undefined;
    return thread !== undefined && !visits.find(({ n }) => n === job.visiting[thread])?.met.includes(id);
  });
}
