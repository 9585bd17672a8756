import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { AcceptancePreview, SubmissionAccepted } from '#protocol/api/projects';
import { commentsOf, submissionOf } from '#protocol/design/index';
import type { RoomId } from '#protocol/ids';
import type { Op, StoredEntry } from '#protocol/journal/index';
import type { Person } from '../identity/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { Fleet } from '../platform/fleet/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { Briefs } from './briefs.service.ts';
import { carryOver, tryOut, type CarriedOp } from './carry-over.ts';
import { problems, refusal } from './problems.ts';
import { Projects } from './projects.service.ts';
import { RoleChanges } from './role-changes.ts';
import { RoomAccess } from './room-access.ts';
import type { SubmissionPlace } from './room-place.store.ts';

const READ_BATCH = 1000;
/** Ops given to the journal at once; they are written in groups and judged one by one. */
const WRITE_BATCH = 100;

type Outcome = z.infer<typeof SubmissionAccepted>;

/**
 * Takes a submission into its project: every op that built it is written into the project's journal, by its original
 * author and with the address (`via`) at which it was first written, so that shares and provenance follow from the
 * project's journal alone. What the design refuses by now is told, with the reason.
 */
@Injectable()
export class Acceptance {
  constructor(
    private readonly host: RoomHost,
    private readonly briefs: Briefs,
    private readonly access: RoomAccess,
    private readonly projects: Projects,
    private readonly changes: RoleChanges,
    private readonly clock: Clock,
    private readonly fleet: Fleet,
  ) {}

  /** What accepting would do now. Writes nothing; the project may be changed before somebody accepts. */
  async preview(brief: RoomId, id: string, person: Person): Promise<AcceptancePreview> {
    const at = await this.briefs.find(brief, id);
    await this.access.require(brief, person, 'submission.accept');
    const { room, carried } = await this.prepare(at);
    const [project, submission] = await Promise.all([this.host.state(room), this.host.state(at.room)]);
    const { applied, refused } = tryOut(carried, project.document, this.clock.nowMs());
    return {
      applied: applied.length,
      refused: refused.map(({ carried: { op, author }, message }) => ({
        type: op.type,
        author: author.name,
        message,
      })),
      comments: commentsOf(submission.document).size,
      authors: [...new Map(applied.map(({ author }) => [author.id, author])).values()],
    };
  }

  async accept(brief: RoomId, id: string, person: Person): Promise<Outcome> {
    const at = await this.briefs.find(brief, id);
    const { role } = await this.access.require(brief, person, 'submission.accept');
    const outcome = await this.fleet.exclusively(`accept ${brief}`, async () => {
      const { room, carried } = await this.prepare(at);
      const written = await this.write(room, carried);
      await this.briefs.write(brief, person, role, 'submission.accept', { id: at.submission });
      return written;
    });
    this.changes.tell(at.room, at.person);
    return outcome;
  }

  /** What is to be written, and the room of the project it is for. */
  private async prepare(at: SubmissionPlace): Promise<{ room: RoomId; carried: readonly CarriedOp[] }> {
    const submission = submissionOf((await this.host.state(at.brief)).document, at.submission);
    const last = submission?.iterations.at(-1);
    if (!submission || submission.state !== 'submitted' || !last)
      throw wrongState(at.submission, submission?.state ?? 'draft');
    const [reference, handedIn, { room }] = await Promise.all([
      this.host.state(at.room, 1),
      this.host.state(at.room, last.length),
      this.projects.get(at.project),
    ]);
    if (handedIn.length !== last.length || handedIn.head.toString() !== last.head)
      throw problems.handedInElsewhere(at.submission);
    const entries = await this.read(at.room, last.length);
    return { room, carried: carryOver(entries, reference.document, handedIn.document) };
  }

  private async read(room: RoomId, length: number): Promise<StoredEntry[]> {
    const entries: StoredEntry[] = [];
    for (let from = 1; from < length; from += READ_BATCH)
      entries.push(...(await this.host.entries(room, from, Math.min(READ_BATCH, length - from))));
    return entries;
  }

  /** In the original order; runs of one author go in together. */
  private async write(room: RoomId, carried: readonly CarriedOp[]): Promise<Outcome> {
    const outcome: Outcome = { applied: 0, refused: [] };
    for (const run of runsOfOneAuthor(carried)) {
      const { author } = run[0]!;
      const verdicts = await this.host.submit(
        room,
        author,
        run.map(({ op }): Op => op),
        { via: run.map(({ via }) => via), role: 'owner' },
      );
      verdicts.forEach((verdict, index) => {
        if (verdict.ok) outcome.applied += 1;
        else outcome.refused.push({ type: run[index]!.op.type, author: author.name, message: verdict.problem.message });
      });
    }
    return outcome;
  }
}

function runsOfOneAuthor(carried: readonly CarriedOp[]): CarriedOp[][] {
  const runs: CarriedOp[][] = [];
  for (const op of carried) {
    const run = runs.at(-1);
    if (run && run.length < WRITE_BATCH && run[0]!.author.id === op.author.id && run[0]!.author.name === op.author.name)
      run.push(op);
    else runs.push([op]);
  }
  return runs;
}

function wrongState(submission: string, state: string) {
  return refusal({
    scope: 'design',
    key: 'wrong_state',
    facts: { submission, state },
    message: `This submission is ${state}.`,
    next: 'Only a submission that is handed in can be accepted.',
  });
}
