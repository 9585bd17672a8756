import { Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import type { RevisionsToSign } from '#protocol/api/ownership';
import { WorkhallError } from '#protocol/errors';
import { ProjectId } from '#protocol/ids';
import { CID } from '#protocol/journal/block';
import { decodeManifest } from '#protocol/ownership/manifest';
import { AssetStore } from '../assets/index.ts';
import { Projects } from '../design/index.ts';
import type { Person } from '../identity/index.ts';
import { HallChain } from './hall-chain.service.ts';
import { RevisionStore } from './revision.store.ts';

/** What waits for somebody's signature, in their projects and where their work was taken over from outside. */
@Injectable()
export class WantedSignatures {
  private readonly logger = new Logger('Signatures');
  private filling: Promise<void> | undefined;

  constructor(
    private readonly revisions: RevisionStore,
    private readonly assets: AssetStore,
    private readonly projects: Projects,
    private readonly chain: HallChain,
  ) {}

  /** Nothing while this hall has no chain: there are no terms then that anybody could sign. */
  async of(person: Person): Promise<z.input<typeof RevisionsToSign>> {
    if (await this.chain.problem()) return { revisions: [] };
    await this.filled();
    const records = await this.revisions.toSignBy(person.id);
    const revisions = records.map(async ({ cid, title, createdAt, project }) => ({
      cid,
      title,
      createdAt: createdAt.getTime(),
      project: { id: ProjectId.parse(project), title: (await this.projects.get(project)).title },
    }));
    return { revisions: await Promise.all(revisions) };
  }

  /** Once per start: revisions of earlier versions have their contributors in the manifest alone. */
  private filled(): Promise<void> {
    this.filling ??= this.fill().catch((thrown: unknown) => {
      this.filling = undefined; // ask again next time
      throw thrown;
    });
    return this.filling;
  }

  private async fill(): Promise<void> {
    for (const cid of await this.revisions.withoutContributors()) {
      try {
        const { contributors } = decodeManifest(await this.assets.getBlock(CID.parse(cid)));
        await this.revisions.addContributors(cid, contributors);
      } catch (thrown) {
        // One damaged manifest must not hide what others are to sign.
        if (!(thrown instanceof WorkhallError)) throw thrown;
        this.logger.warn(`The contributors of ${cid} cannot be read: ${thrown.message}`);
      }
    }
  }
}
