import { Body, Controller, Get, Param, Put, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import { ExpertMark, ExpertRuns } from '#protocol/api/experts';
import { RoomId } from '#protocol/ids';
import { encodeBlock } from '#protocol/journal/index';
import { RunId } from '#protocol/training/index';
import { RoomAccess } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { Experts } from './experts.service.ts';
import { problems } from './problems.ts';
import { Recordings } from './recordings.service.ts';
import { Results } from './results.service.ts';

const DAG_CBOR = 'application/vnd.ipld.dag-cbor';
/** Half an hour of work. */
const MAX_CHUNKS = 180;
const OfRoom = z.object({ room: RoomId });
const OfRun = z.object({ room: RoomId, run: RunId });

/** Runs of instructors that everybody in the room may follow. */
@Controller('api/trainings/:room/experts')
export class ExpertsController {
  constructor(
    private readonly experts: Experts,
    private readonly recordings: Recordings,
    private readonly results: Results,
    private readonly access: RoomAccess,
  ) {}

  @Get()
  @Endpoint({
    summary: 'Runs to follow, newest first: marked by those who did them, while their motion is kept',
    access: 'session',
    params: OfRoom,
    response: ExpertRuns,
  })
  async list(@Param() { room }: z.infer<typeof OfRoom>, @CurrentPerson() person: Person) {
    await this.access.require(room, person, 'room.enter');
    return { experts: await this.experts.list(room) };
  }

  @Put(':run')
  @Endpoint({
    summary: 'Instructors let others follow a run of their own, or not any more',
    access: 'session',
    params: OfRun,
    body: ExpertMark,
    response: ExpertRuns,
  })
  async mark(
    @Param() { room, run }: z.infer<typeof OfRun>,
    @Body() { isExpert }: z.infer<typeof ExpertMark>,
    @CurrentPerson() person: Person,
  ) {
    await this.access.require(room, person, 'run.command');
    if (isExpert) await this.experts.mark(room, run, person.id);
    else await this.experts.unmark(room, run, person.id);
    return { experts: await this.experts.list(room) };
  }

  @Get(':run')
  @Endpoint({
    summary: 'What the expert did, and how they moved, as dag-cbor { events, chunks }',
    access: 'session',
    params: OfRun,
    produces: DAG_CBOR,
  })
  async read(@Param() { room, run }: z.infer<typeof OfRun>, @CurrentPerson() person: Person): Promise<StreamableFile> {
    await this.access.require(room, person, 'room.enter');
    const expert = (await this.experts.list(room)).find((one) => one.run === run);
    if (!expert) throw problems.noSuchRun(run);
    const { recorded } = await this.results.record(room, run);
    const { startedAtMs, endedAtMs } = expert;
    const chunks = await this.recordings.read(room, expert.person, startedAtMs, endedAtMs, MAX_CHUNKS);
    const { bytes } = encodeBlock({ events: recorded.events.map((one) => ({ ...one })), chunks });
    return new StreamableFile(bytes, { type: DAG_CBOR, length: bytes.length });
  }
}
