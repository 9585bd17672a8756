import { Injectable } from '@nestjs/common';
import { awayFrom, jobOf, type AwayDevice, type JobRow } from '#protocol/guidance/index';
import type { RoomId } from '#protocol/ids';
import type { Person } from '../identity/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { Jobs } from './jobs.service.ts';
import { GOOD_FOR_MS } from './offline-pack.service.ts';
import { ShownSkills } from './shown-skills.service.ts';

/** Jobs on devices that go where there is no network: what is done there is done by the instruction that went along. */
@Injectable()
export class TakenJobs {
  constructor(
    private readonly jobs: Jobs,
    private readonly host: RoomHost,
    private readonly skills: ShownSkills,
    private readonly clock: Clock,
  ) {}

  /** Also of who comes into the crew only there. */
  async mark(room: RoomId, person: Person, device: string): Promise<void> {
    const untilMs = this.clock.nowMs() + GOOD_FOR_MS;
    await this.jobs.say(room, 'job.takeAlong', { person: person.id, name: person.name, device, untilMs });
    // Where the hall cannot be asked, what the crew has learnt since the job was opened could not be shown any more.
    const { document } = await this.host.state(room);
    const crew = jobOf(document)?.crew.map(({ id }) => id) ?? [];
    await this.skills.showNews(room, document, crew);
  }

  /** What is not along, or over, is let go already. */
  async letGo(room: RoomId, person: Person, device: string): Promise<void> {
    const job = jobOf((await this.host.state(room)).document);
    const row = job?.away?.find((one) => one.device === device && one.person === person.id);
    if (!row || job!.status === 'finished' || job!.status === 'scrapped') return;
    await this.jobs.say(room, 'job.letGo', { device });
  }

  /** Devices that are not back yet. Who is in the room is known in every process of the hall. */
  async away(room: RoomId, job: JobRow): Promise<readonly AwayDevice[]> {
    if (!job.away?.length) return [];
    const people = await this.host.participants(room);
    const here = new Set<string>(people.filter(({ isConnected }) => isConnected).map(({ session }) => session));
    return awayFrom(job, here, this.clock.nowMs());
  }
}
