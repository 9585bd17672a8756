import { Injectable } from '@nestjs/common';
import type { BriefSummary, Project, ProjectList, ProjectSummary } from '#protocol/api/projects';
import { briefOf, partsOf } from '#protocol/design/index';
import type { Document } from '#protocol/document/index';
import type { CidText } from '#protocol/ids';
import type { z } from 'zod';
import type { Person } from '../identity/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { Memberships } from './memberships.service.ts';
import { Projects, type ProjectRow } from './projects.service.ts';
import { RevisionShelf } from './revision-shelf.ts';
import { RoomPlaces, type RoomPlace } from './room-place.store.ts';

/** Briefs on the page of the hall. */
const BRIEFS_SHOWN = 50;

/** Documents are immutable, so what was counted in one stays true. */
const counts = new WeakMap<Document, number>();

/** Projects as the hall shows them: from the tables, the journals, and who is there now. */
@Injectable()
export class ProjectViews {
  constructor(
    private readonly projects: Projects,
    private readonly memberships: Memberships,
    private readonly places: RoomPlaces,
    private readonly host: RoomHost,
    private readonly revisions: RevisionShelf,
    private readonly clock: Clock,
  ) {}

  async list(person: Person): Promise<z.infer<typeof ProjectList>> {
    const [rows, briefs] = await Promise.all([this.projects.listFor(person), this.places.newestBriefs(BRIEFS_SHOWN)]);
    const [projects, all] = await Promise.all([
      Promise.all(rows.map(async (row) => (await this.gather(row, person)).summary)),
      Promise.all(briefs.map((place) => this.briefSummary(place))),
    ]);
    return { projects, briefs: all.filter((brief) => brief !== null && brief.isOpen) as BriefSummary[] };
  }

  async view(id: string, person: Person): Promise<Project> {
    const row = await this.projects.get(id);
    const [{ summary, briefs, revisions }, members] = await Promise.all([
      this.gather(row, person),
      this.memberships.list(row.id),
    ]);
    return { ...summary, members, briefs, revisions };
  }

  private async gather(row: ProjectRow, person: Person) {
    const [role, state, briefPlaces, revisions, present] = await Promise.all([
      this.memberships.roleIn(row.id, person.id),
      this.host.state(row.room),
      this.places.briefsOf(row.id),
      this.revisions.list(row.id),
      this.host.participants(row.room),
    ]);
    const briefs = (await Promise.all(briefPlaces.map((place) => this.briefSummary(place)))).filter(
      (brief) => brief !== null,
    );
    const summary: ProjectSummary = {
      id: row.id,
      title: row.title,
      description: row.description,
      role,
      isDemo: row.isDemo,
      room: row.room,
      picture: row.picture as CidText | null,
      pictureAt: row.pictureAt,
      partCount: partCountOf(state.document),
      present: [...new Set(present.map(({ name }) => name))],
      openBriefs: briefs.filter((brief) => brief.isOpen).length,
      revisionCount: revisions.length,
      updatedAt: state.lastAt,
    };
    return { summary, briefs, revisions };
  }

  /** Null when the brief was never set: its owner's request broke off. */
  private async briefSummary(place: RoomPlace): Promise<BriefSummary | null> {
    const [{ document }, project, submissions] = await Promise.all([
      this.host.state(place.room),
      this.projects.get(place.project),
      this.places.submissionsOf(place.room),
    ]);
    const brief = briefOf(document);
    if (!brief) return null;
    return {
      id: place.room,
      project: place.project,
      title: brief.title,
      deadlineAt: brief.deadlineAt,
      submissionCount: submissions.length,
      isOpen: this.clock.nowMs() <= brief.deadlineAt,
      picture: project.picture as CidText | null,
    };
  }
}

/** Parts with a shape; groups only hold them. */
function partCountOf(document: Document): number {
  const known = counts.get(document);
  if (known !== undefined) return known;
  const count = partsOf(document).count((part) => part.shape !== null);
  counts.set(document, count);
  return count;
}
