import { Injectable, type OnModuleInit } from '@nestjs/common';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Procedure } from '#protocol/procedures/index';
import { AssetStore } from '../assets/index.ts';
import { Projects } from '../design/index.ts';
import { HALL } from '../identity/index.ts';
import { APP_ROOT } from '../platform/config/index.ts';
import { Seeds } from '../platform/seeds/index.ts';
import { Procedures } from './procedures.service.ts';
import { Releases } from './releases.service.ts';

const FOLDER = join(APP_ROOT, 'assets', 'procedures');
const PICTURES = join(APP_ROOT, 'assets', 'pictures');
const SUFFIX = '.procedure.json';

/** The sample procedures, in the demo project, released. Those that are there stay as people have made them. */
@Injectable()
export class ProcedureSeed implements OnModuleInit {
  constructor(
    private readonly seeds: Seeds,
    private readonly projects: Projects,
    private readonly procedures: Procedures,
    private readonly releases: Releases,
    private readonly assets: AssetStore,
  ) {}

  onModuleInit(): void {
    this.seeds.register('sample procedures', () => this.run());
  }

  async run(): Promise<string> {
    const demo = await this.projects.demo();
    if (!demo) return 'not needed, there is no demo project';
    await this.bringPictures();
    const known = await this.procedures.list(demo.id);
    let made = 0;
    for (const name of (await readdir(FOLDER)).filter((file) => file.endsWith(SUFFIX)).sort()) {
      const procedure = Procedure.parse(JSON.parse(await readFile(join(FOLDER, name), 'utf8')));
      const there = known.find((draft) => draft.procedure.id === procedure.id);
      if (there && there.releasedVersion > 0) continue;
      await this.releases.releaseSample(there ?? (await this.procedures.create(demo.id, procedure, HALL)));
      made += 1;
    }
    return made > 0 ? `${made} released` : 'there';
  }

  /** Steps name them by content. */
  private async bringPictures(): Promise<void> {
    for (const name of (await readdir(PICTURES)).filter((file) => file.endsWith('.png')).sort())
      await this.assets.putFile(createReadStream(join(PICTURES, name)));
  }
}
