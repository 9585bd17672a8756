import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { InstructionChanges, JobChange } from '#protocol/api/guidance';
import { toProblem } from '#protocol/errors';
import { changeOf, jobOf, jobState, planFault, whyNotHere, type JobPlan } from '#protocol/guidance/index';
import { ProjectId, type RoomId } from '#protocol/ids';
import { partsOf, procedureIn } from '#protocol/procedures/index';
import { RoomPlaces } from '../design/index.ts';
import { Releases, type NewRelease, type Released } from '../procedures/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { Jobs } from './jobs.service.ts';
import { Plans } from './plans.service.ts';
import { problems } from './problems.ts';
import { TakenJobs } from './taken-jobs.service.ts';

/** Releases never change; so many stay at hand. */
const KEPT_RELEASES = 50;

/**
 * New releases of instructions while jobs run. A plan whose rule is `whenSafe` takes one by itself where it fits; others are taken by
 * whoever plans. Running jobs then stay, go on under it at a safe step, or wait for a supervisor's word.
 */
@Injectable()
export class ChangesOfInstructions implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('Instructions');
  private readonly known = new Map<string, Promise<Released>>();
  private stop: () => void = () => {};

  constructor(
    private readonly releases: Releases,
    private readonly plans: Plans,
    private readonly jobs: Jobs,
    private readonly host: RoomHost,
    private readonly places: RoomPlaces,
    private readonly taken: TakenJobs,
  ) {}

  onModuleInit(): void {
    this.stop = this.releases.onRelease((release) => {
      this.spread(release).catch((thrown: unknown) => this.logger.error('A new release was not passed on', thrown));
    });
  }
  beforeApplicationShutdown(): void {
    this.stop();
  }

  /** The plan makes its products by this release from now on; its running jobs follow by the plan's rule. */
  async take(project: ProjectId, productType: string, release: string): Promise<void> {
    const plan = await this.plans.get(project, productType);
    if ((await this.release(release)).project !== project) throw problems.otherProject(release);
    await this.plans.save(project, { ...plan, release: release as JobPlan['release'] });
    await this.tendAll(project, productType);
  }

  async tendAll(project: ProjectId, productType: string): Promise<void> {
    for (const room of await this.jobs.openOnes(project, productType)) await this.tend(room);
  }

  /** Takes a job over to its plan's release when it is to be and can be; called with whatever happens in it. */
  async tend(room: RoomId): Promise<void> {
    const { document } = await this.host.state(room);
    const job = jobOf(document);
    if (!job) return;
    const { project } = await this.places.get(room);
    const plan = await this.plans.find(project, job.plan.productType);
    if (!plan || changeOf(job, plan) !== 'waits') return;
    // What is done without the hall is done by the instruction that went along.
    if ((await this.taken.away(room, job)).length > 0) return;
    const { manifest, procedure, bytes } = await this.release(plan.release);
    const before = procedureIn(document, job.procedure);
    const state = jobState(document, job);
    if (!before || (state && whyNotHere(before, procedure, job.plan, plan, state).length > 0)) return;
    const cid = `${manifest.procedure}` as never;
    try {
      if (!procedureIn(document, cid))
        for (const part of partsOf(cid, bytes)) await this.jobs.say(room, 'job.load', part);
      const change = { release: plan.release, procedure: cid, revision: manifest.release, plan };
      await this.jobs.say(room, 'job.migrate', change);
      void this.jobs.keep(room);
    } catch (thrown) {
      // Somebody did something meanwhile: it is looked at again with that.
      const { key } = toProblem(thrown);
      if (!['not_safe_to_migrate', 'same_revision', 'job_is_over', 'loaded_already'].includes(key)) throw thrown;
    }
  }

  /** What is newer than what plans and running jobs have. */
  async list(project: ProjectId): Promise<InstructionChanges> {
    const list: InstructionChanges = { plans: [], jobs: [] };
    for (const { plan } of await this.plans.list(project)) {
      const now = await this.release(plan.release);
      const newest = await this.releases.newestOf(now.manifest.line);
      if (newest !== null && newest !== plan.release) {
        const next = await this.release(newest);
        const fault = planFault(next.procedure, plan);
        list.plans.push({
          productType: plan.productType,
          procedure: now.manifest.line,
          revision: now.manifest.release,
          release: plan.release,
          newest: { release: newest as JobPlan['release'], revision: next.manifest.release, note: next.manifest.note },
          fault: fault && { key: fault.key, message: fault.message },
        });
      }
      for (const room of await this.jobs.openOnes(project, plan.productType)) {
        const change = await this.changeOfJob(room, plan);
        if (change) list.jobs.push(change);
      }
    }
    return list;
  }

  /** What is newer than what this job runs; null: nothing. */
  async of(room: RoomId): Promise<JobChange | null> {
    const [{ project }, { document }] = await Promise.all([this.places.get(room), this.host.state(room)]);
    const job = jobOf(document);
    const plan = job && (await this.plans.find(project, job.plan.productType));
    return plan ? this.changeOfJob(room, plan) : null;
  }

  private async changeOfJob(room: RoomId, plan: JobPlan): Promise<JobChange | null> {
    const { document } = await this.host.state(room);
    const job = jobOf(document);
    const change = job && changeOf(job, plan);
    const before = job && procedureIn(document, job.procedure);
    if (!job || !change || !before) return null;
    const { manifest, procedure } = await this.release(plan.release);
    const state = jobState(document, job);
    const away = change === 'waits' ? await this.taken.away(room, job) : [];
    return {
      room,
      station: job.station,
      serial: job.serial,
      procedure: manifest.line,
      revision: job.revision,
      to: { release: plan.release, revision: manifest.release },
      change: away.length > 0 ? 'away' : change,
      takenBy: away.map(({ name }) => name),
      reasons: state ? [...whyNotHere(before, procedure, job.plan, plan, state)] : [],
    };
  }

  private async spread({ cid, project: id, line }: NewRelease): Promise<void> {
    const project = ProjectId.parse(id);
    const { manifest, procedure } = await this.release(cid);
    for (const { plan } of await this.plans.list(project)) {
      const now = await this.release(plan.release);
      const isNewer = now.manifest.line === line && now.manifest.release < manifest.release;
      if (!isNewer || plan.onNewRelease !== 'whenSafe' || planFault(procedure, plan)) continue;
      await this.take(project, plan.productType, cid);
    }
  }

  private release(cid: string): Promise<Released> {
    const known = this.known.get(cid);
    if (known) return known;
    const read = this.releases.get(cid);
    this.known.set(cid, read);
    read.catch(() => this.known.delete(cid));
    if (this.known.size > KEPT_RELEASES) this.known.delete(this.known.keys().next().value!);
    return read;
  }
}
