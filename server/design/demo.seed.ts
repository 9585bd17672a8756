import { Injectable, type OnModuleInit } from '@nestjs/common';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ImportResult } from '#protocol/assets/import-status';
import { importParts } from '#protocol/design/index';
import { WorkhallError } from '#protocol/errors';
import { OpId, type RoomId } from '#protocol/ids';
import { AssetStore, ImportService } from '../assets/index.ts';
import { authorOf, HALL } from '../identity/index.ts';
import { APP_ROOT } from '../platform/config/index.ts';
import { Seeds } from '../platform/seeds/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { Pictures } from './pictures.service.ts';
import { takePrepared, writePrepared } from './prepared-import.ts';
import { Projects, type ProjectRow } from './projects.service.ts';

const FOLDER = join(APP_ROOT, 'assets', 'demo');
const FILE = 'planetary-gearbox.step';
const PREPARED = join(FOLDER, 'planetary-gearbox.car');
const PICTURES = ['planetary-gearbox.webp', 'planetary-gearbox.png'];
const TITLE = 'Planetary gearbox';
const DESCRIPTION =
  'Ratio 5 : 1, three planets on needle bearings, output on two 6208 bearings. Everyone may work on it: ' +
  'take off the covers, move parts, add your own, and undo what you like.';
/** The undo step of the import. The same name each time, so that a seed that a crash ended goes on where it was. */
const GROUP = OpId.parse('demo-planetary-gearbox');
const UNIQUE_VIOLATION = '23505';

/** The demo that everybody may enter. It is listed at once; its parts come when the import is through. */
@Injectable()
export class DemoSeed implements OnModuleInit {
  constructor(
    private readonly seeds: Seeds,
    private readonly projects: Projects,
    private readonly pictures: Pictures,
    private readonly host: RoomHost,
    private readonly imports: ImportService,
    private readonly assets: AssetStore,
  ) {}

  onModuleInit(): void {
    this.seeds.register('demo project', () => this.run());
  }

  /** `evenIfUsed`: also in a hall that has projects already. Answers in a phrase what was done. */
  async run({ evenIfUsed = false } = {}): Promise<string> {
    const known = await this.projects.demo();
    if (!known && !evenIfUsed && !(await this.projects.isEmptyHall())) return 'not needed, the hall has projects';
    const demo = known ?? (await this.establish());
    if (!demo) return 'made by another server of this hall';
    await this.takePicture(demo);
    const { length } = await this.host.state(demo.room);
    if (length > 1) return 'there';
    const parts = await this.fill(demo.room);
    return `“${TITLE}” with ${parts} parts`;
  }

  /** Imports the demo's file and writes the archive that spares every new hall the wait; the path it wrote. */
  async prepare(path = PREPARED): Promise<string> {
    await pipeline(writePrepared(this.assets, await this.import()), createWriteStream(path));
    return path;
  }

  private async establish(): Promise<ProjectRow | null> {
    const room = await this.host.create({ purpose: 'project', title: TITLE, author: authorOf(HALL) });
    try {
      return await this.projects.establish(HALL, room, { title: TITLE, description: DESCRIPTION }, true);
    } catch (thrown) {
      if ((thrown as { code?: string }).code === UNIQUE_VIOLATION) return null;
      throw thrown;
    }
  }

  private async takePicture(demo: ProjectRow): Promise<void> {
    const file = PICTURES.map((name) => join(FOLDER, name)).find((path) => existsSync(path));
    if (demo.picture !== null || !file) return;
    await this.projects.patch(demo.id, {
      picture: await this.pictures.store((await readFile(file)).toString('base64')),
    });
  }

  private async fill(room: RoomId): Promise<number> {
    const batches = importParts(await this.importOrTake(), {
      group: GROUP,
      parent: null,
      after: null,
      standAt: [0, 0, 0],
    });
    const ops = batches.map((parts, index) => ({
      id: OpId.parse(`${GROUP}-${index}`),
      type: 'parts.add',
      payload: { parts },
      group: GROUP,
    }));
    for (const verdict of await this.host.submit(room, authorOf(HALL), ops))
      if (!verdict.ok)
        throw new WorkhallError('design', 'demo_refused', `The demo does not fit its room: ${verdict.problem.message}`);
    return batches.flat().filter(({ shape }) => shape !== null).length;
  }

  private async importOrTake(): Promise<ImportResult> {
    const { cid } = await this.assets.putFile(createReadStream(join(FOLDER, FILE)));
    return (await takePrepared(this.assets, PREPARED, cid.toString())) ?? (await this.import());
  }

  /** Imports the demo's file, however it was prepared. */
  private async import(): Promise<ImportResult> {
    const filePath = await this.imports.receive(createReadStream(join(FOLDER, FILE)));
    const { result, problem } = await this.imports.finished(this.imports.start({ fileName: FILE, filePath }));
    if (!result)
      throw new WorkhallError(
        'design',
        'demo_import',
        `The demo file could not be imported: ${problem?.message ?? 'stopped'}`,
      );
    return result;
  }
}
