import { Injectable } from '@nestjs/common';
import { JobPlan, planFault } from '#protocol/guidance/index';
import { ProjectId } from '#protocol/ids';
import { Clock } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { Releases, type Released } from '../procedures/index.ts';
import type { GuidanceTables } from './guidance.migrations.ts';
import { problems } from './problems.ts';

/** How products are made here: by product type a release, its gates, the kit and the tools. */
@Injectable()
export class Plans {
  constructor(
    private readonly database: Database,
    private readonly releases: Releases,
    private readonly clock: Clock,
  ) {}

  async save(project: ProjectId, plan: JobPlan): Promise<void> {
    const { procedure } = await this.releaseOf(project, plan.release);
    const fault = planFault(procedure, plan);
    if (fault) throw problems.refused(fault);
    const row = {
      project,
      product_type: plan.productType,
      plan: JSON.stringify(plan),
      saved_at: new Date(this.clock.nowMs()),
    };
    await this.db
      .insertInto('job_plan')
      .values(row)
      .onConflict((conflict) => conflict.columns(['project', 'product_type']).doUpdateSet(row))
      .execute();
  }

  async list(project: ProjectId) {
    const rows = await this.db
      .selectFrom('job_plan')
      .selectAll()
      .where('project', '=', project)
      .orderBy('product_type')
      .execute();
    return rows.map(({ plan, saved_at }) => ({
      project,
      plan: JobPlan.parse(JSON.parse(plan)),
      savedAt: saved_at.getTime(),
    }));
  }

  /** Throws `guidance.no_plan`. */
  async get(project: string, productType: string): Promise<JobPlan> {
    const plan = await this.find(project, productType);
    if (!plan) throw problems.noPlan(productType);
    return plan;
  }

  async find(project: string, productType: string): Promise<JobPlan | null> {
    const row = await this.db
      .selectFrom('job_plan')
      .select('plan')
      .where('project', '=', project)
      .where('product_type', '=', productType)
      .executeTakeFirst();
    return row ? JobPlan.parse(JSON.parse(row.plan)) : null;
  }

  async releaseOf(project: string, cid: string): Promise<Released> {
    const release = await this.releases.get(cid);
    if (release.project !== project) throw problems.otherProject(cid);
    return release;
  }

  private get db() {
    return this.database.of<GuidanceTables>();
  }
}
