import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { BriefView, RatingNew, SubmissionHandIn, SubmissionView } from '#protocol/api/projects';
import {
  briefOf,
  meanScore,
  ratingsOf,
  submissionOf,
  type Brief,
  type DesignOpType,
  type DesignPayload,
  type Submission,
} from '#protocol/design/index';
import type { Document } from '#protocol/document/index';
import { CidText, OpId, RoomId, SubmissionId, type ProjectId } from '#protocol/ids';
import type { Role } from '#protocol/permissions/index';
import { authorOf, type Person } from '../identity/index.ts';
import { Clock, Ids } from '../platform/clock/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { Memberships } from './memberships.service.ts';
import { Pictures } from './pictures.service.ts';
import { problems, refusal } from './problems.ts';
import { Projects } from './projects.service.ts';
import { RoleChanges } from './role-changes.ts';
import { RoomAccess } from './room-access.ts';
import { RoomPlaces, type SubmissionPlace } from './room-place.store.ts';

/** Of one person for one brief. */
const MAX_SUBMISSIONS = 10;

/**
 * Work with the crowd. A brief is a fork of the project's design whose journal also holds the brief itself, the
 * submissions and the ratings; a submission is a fork of the brief's room, owned by who started it.
 */
@Injectable()
export class Briefs {
  constructor(
    private readonly host: RoomHost,
    private readonly places: RoomPlaces,
    private readonly access: RoomAccess,
    private readonly projects: Projects,
    private readonly memberships: Memberships,
    private readonly pictures: Pictures,
    private readonly changes: RoleChanges,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  async open(project: ProjectId, person: Person, brief: Brief): Promise<RoomId> {
    const { room: designRoom } = await this.projects.get(project);
    await this.access.require(designRoom, person, 'brief.open');
    if (brief.deadlineAt <= this.clock.nowMs()) throw problems.deadlineInThePast(brief.deadlineAt);
    const author = authorOf(person);
    const room = await this.host.create({ purpose: 'brief', title: brief.title, author, fork: { room: designRoom } });
    await this.write(room, person, 'owner', 'brief.set', { brief });
    await this.places.add({ room, project, purpose: 'brief', person: person.id });
    return room;
  }

  async view(id: string, person: Person): Promise<BriefView> {
    const { place, role } = await this.access.require(id, person, 'room.enter');
    const { document } = await this.host.state(place.room);
    const brief = briefOf(document);
    if (place.purpose !== 'brief' || !brief) throw problems.noSuchBrief(id);
    const [project, owners, started] = await Promise.all([
      this.projects.get(place.project),
      this.memberships.ownersOf(place.project),
      this.places.submissionsOf(place.room),
    ]);
    const owner = owners.find(({ user }) => user === place.person) ?? owners[0];
    // Only what was started through us counts: an op alone, sent by hand, could name somebody else's room.
    const submissions = started
      .map((at) => submissionOf(document, at.submission))
      .filter((submission) => submission !== undefined)
      .map((submission) => submissionView(document, brief, submission, person));
    return {
      ...brief,
      id: place.room,
      project: place.project,
      projectTitle: project.title,
      ownerName: owner?.name ?? '',
      picture: project.picture as CidText | null,
      isOpen: !(await this.access.isClosed(place)),
      role,
      submissions,
    };
  }

  async start(brief: RoomId, person: Person, title: string): Promise<SubmissionPlace> {
    const { place, role } = await this.access.require(brief, person, 'submission.start');
    if (place.purpose !== 'brief') throw problems.noSuchBrief(brief);
    const mine = (await this.places.submissionsOf(brief)).filter((at) => at.person === person.id);
    if (mine.length >= MAX_SUBMISSIONS) throw problems.tooManySubmissions(MAX_SUBMISSIONS);
    const room = await this.host.create({
      purpose: 'submission',
      title,
      author: authorOf(person),
      fork: { room: brief },
    });
    const submission = SubmissionId.parse(this.ids.next());
    const started: SubmissionPlace = {
      room,
      project: place.project,
      purpose: 'submission',
      person: person.id,
      brief,
      submission,
    };
    await this.places.add(started);
    await this.write(brief, person, role, 'submission.start', { id: submission, room, title });
    return started;
  }

  /** Records the head of the submission's journal in the brief's journal: this is what is rated and accepted. */
  async handIn(
    brief: RoomId,
    id: string,
    person: Person,
    { note, picture }: z.infer<typeof SubmissionHandIn>,
  ): Promise<void> {
    const at = await this.find(brief, id);
    const isMine = at.person === person.id;
    const { role } = await this.access.require(brief, person, 'submission.submit', isMine);
    if (!isMine) throw problems.notYours(id);
    if (picture) await this.pictures.expect(picture);
    const { head, length } = await this.host.state(at.room);
    const { document } = await this.host.state(brief);
    const lastLength = submissionOf(document, at.submission)?.iterations.at(-1)?.length ?? 1;
    if (length <= lastLength) throw problems.nothingNew(id);
    const payload = {
      id: at.submission,
      head: CidText.parse(head.toString()),
      length,
      note,
      ...(picture ? { picture } : {}),
    };
    await this.write(brief, person, role, 'submission.submit', payload);
  }

  async rate(brief: RoomId, id: string, person: Person, rating: z.infer<typeof RatingNew>): Promise<void> {
    const { submission } = await this.find(brief, id);
    const { role } = await this.access.require(brief, person, 'submission.rate');
    await this.write(brief, person, role, 'submission.rate', { id: submission, ...rating });
  }

  async withdraw(brief: RoomId, id: string, person: Person): Promise<void> {
    const at = await this.find(brief, id);
    const { role } = await this.access.require(brief, person, 'submission.withdraw', at.person === person.id);
    await this.write(brief, person, role, 'submission.withdraw', { id: at.submission });
    this.changes.tell(at.room, at.person);
  }

  /** Throws 404 when this brief has no such submission. */
  async find(brief: RoomId, id: string): Promise<SubmissionPlace> {
    if ((await this.places.get(brief)).purpose !== 'brief') throw problems.noSuchBrief(brief);
    const at = (await this.places.submissionsOf(brief)).find(({ submission }) => submission === id);
    if (!at) throw problems.noSuchSubmission(id);
    return at;
  }

  /** Writes one op into a brief's journal; what the journal refuses becomes an error. */
  async write<T extends DesignOpType>(
    room: RoomId,
    person: Person,
    role: Role,
    type: T,
    payload: DesignPayload<T>,
  ): Promise<void> {
    const op = { id: OpId.parse(this.ids.next()), type, payload };
    const [verdict] = await this.host.submit(room, authorOf(person), [op], { role });
    if (!verdict!.ok) throw refusal(verdict!.problem);
  }
}

function submissionView(document: Document, brief: Brief, submission: Submission, person: Person): SubmissionView {
  const ratings = [...ratingsOf(document).values()].filter((rating) => rating.submission === submission.id);
  return {
    id: submission.id,
    room: submission.room,
    title: submission.title,
    author: submission.author,
    state: submission.state,
    iterations: submission.iterations.map(({ at, note, picture }) => ({ at, note, picture: picture ?? null })),
    score: meanScore(brief, ratings),
    ratingCount: ratings.length,
    ratings: ratings
      .map(({ rater, raterName, scores, note, at }) => ({
        user: rater,
        name: raterName,
        scores,
        note,
        at,
        iteration: submission.iterations.filter((iteration) => iteration.at <= at).length,
      }))
      .sort((a, b) => b.at - a.at),
    isMine: submission.author.id === person.id,
  };
}
