import { Injectable } from '@nestjs/common';
import type { RevisionSummary } from '#protocol/api/projects';
import type { ProjectId } from '#protocol/ids';

/** Newest first. */
export type RevisionSource = (project: ProjectId) => Promise<RevisionSummary[]>;

/** Projects show their revisions without knowing how they are published: that domain puts them here (`use`). */
@Injectable()
export class RevisionShelf {
  private source: RevisionSource = async () => [];

  use(source: RevisionSource): void {
    this.source = source;
  }

  list(project: ProjectId): Promise<RevisionSummary[]> {
    return this.source(project);
  }
}
