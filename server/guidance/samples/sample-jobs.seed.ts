import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CidText } from '#protocol/ids';
import { Projects } from '../../design/index.ts';
import { Seeds } from '../../platform/seeds/index.ts';
import { Procedures, Releases } from '../../procedures/index.ts';
import { Plans } from '../plans.service.ts';
import { Stations } from '../stations.service.ts';
import { GEARBOX_JOB } from './gearbox.job.ts';
import { PUMP_SEAL_JOB } from './pump-seal.job.ts';
import { planOf, toolsOf } from './sample-job.ts';

const SAMPLES = [GEARBOX_JOB, PUMP_SEAL_JOB];

/** Plans and stations of the sample jobs, in the demo project. Those that are there stay as people have made them. */
@Injectable()
export class SampleJobsSeed implements OnModuleInit {
  constructor(
    private readonly seeds: Seeds,
    private readonly projects: Projects,
    private readonly procedures: Procedures,
    private readonly releases: Releases,
    private readonly plans: Plans,
    private readonly stations: Stations,
  ) {}

  onModuleInit(): void {
    this.seeds.register('sample jobs', () => this.run());
  }

  async run(): Promise<string> {
    const demo = await this.projects.demo();
    if (!demo) return 'not needed, there is no demo project';
    const drafts = await this.procedures.list(demo.id);
    const known = new Set((await this.plans.list(demo.id)).map(({ plan }) => plan.productType as string));
    const standing = new Set((await this.stations.list(demo.id)).map(({ name }) => name));
    let made = 0;
    for (const sample of SAMPLES) {
      const draft = drafts.find(({ procedure }) => procedure.id === sample.procedure);
      const newest = draft && (await this.releases.viewsOf(draft.id))[0];
      if (!newest) continue;
      for (const one of sample.stations.filter(({ name }) => !standing.has(name))) {
        await this.stations.make(demo.id, {
          name: one.name,
          tools: toolsOf(one),
          isSimulated: true,
          firstTag: one.firstTag,
        });
      }
      if (known.has(sample.productType)) continue;
      await this.plans.save(demo.id, planOf(sample, CidText.parse(newest.cid)));
      made += 1;
    }
    return made > 0 ? `${made} planned` : 'there';
  }
}
