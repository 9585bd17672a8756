import { Injectable } from '@nestjs/common';
import type { DocumentList } from '#protocol/api/help';
import { documentsIn } from '#protocol/guidance/index';
import type { RoomId } from '#protocol/ids';
import { RoomPlaces } from '../../design/index.ts';
import { Plans } from '../plans.service.ts';

/** What the procedures show by which a project makes its products, each file once. */
@Injectable()
export class ProjectDocuments {
  constructor(
    private readonly places: RoomPlaces,
    private readonly plans: Plans,
  ) {}

  async of(room: RoomId): Promise<DocumentList['documents']> {
    const { project } = await this.places.get(room);
    const releases = new Set((await this.plans.list(project)).map(({ plan }) => plan.release));
    const found = new Map<string, DocumentList['documents'][number]>();
    for (const release of releases) {
      const { procedure } = await this.plans.releaseOf(project, release);
      for (const shown of documentsIn(procedure))
        if (!found.has(shown.cid)) found.set(shown.cid, { ...shown, procedure: procedure.title });
    }
    return [...found.values()];
  }
}
