import { Body, Controller, Get, HttpCode, Param, Post, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import {
  FaultList,
  FaultNew,
  ProcedureLoad,
  RubricNew,
  RunResults,
  ScoreView,
  TrainingRoomList,
  TrainingRoomNew,
  TrainingRoomView,
} from '#protocol/api/training';
import { ProjectId, RoomId, type UserId } from '#protocol/ids';
import { encodeBlock } from '#protocol/journal/index';
import { isOwnRun, may, type Action } from '#protocol/permissions/index';
import { procedureIn, RunId, runOf, type RunRow } from '#protocol/training/index';
import { Projects, RoomAccess } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { problems } from './problems.ts';
import { Results } from './results.service.ts';
import { Secrets } from './secrets.store.ts';
import { TrainingRooms } from './training-rooms.service.ts';

const DAG_CBOR = 'application/vnd.ipld.dag-cbor';
/** Facts that one seal stands for; see `protocol/training/ops.ts`. */
const MAX_UNSEALED = 50;
const READ_BATCH = 500;
const OfProject = z.object({ id: ProjectId });
const OfRoom = z.object({ room: RoomId });
const OfRun = z.object({ room: RoomId, run: RunId });

/** Training rooms, their results, and what instructors do that trainees must not see. */
@Controller('api')
export class TrainingController {
  constructor(
    private readonly rooms: TrainingRooms,
    private readonly results: Results,
    private readonly secrets: Secrets,
    private readonly projects: Projects,
    private readonly access: RoomAccess,
    private readonly host: RoomHost,
    private readonly clock: Clock,
  ) {}

  @Get('projects/:id/trainings')
  @Endpoint({
    summary: 'Training rooms of a project',
    access: 'session',
    params: OfProject,
    response: TrainingRoomList,
  })
  async list(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.access.require((await this.projects.get(id)).room, person, 'room.enter');
    return { rooms: await this.rooms.list(id) };
  }

  @Post('projects/:id/trainings')
  @Endpoint({
    summary: 'Open a training room with released procedures',
    access: 'session',
    params: OfProject,
    body: TrainingRoomNew,
    response: TrainingRoomView,
  })
  async open(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() { title, releases }: z.infer<typeof TrainingRoomNew>,
    @CurrentPerson() person: Person,
  ) {
    await this.access.require((await this.projects.get(id)).room, person, 'training.open');
    return this.rooms.view(await this.rooms.open(id, title, releases, person));
  }

  @Get('trainings/:room')
  @Endpoint({ summary: 'One training room', access: 'session', params: OfRoom, response: TrainingRoomView })
  async view(@Param() { room }: z.infer<typeof OfRoom>, @CurrentPerson() person: Person) {
    await this.access.require(room, person, 'room.enter');
    return this.rooms.view(room);
  }

  @Post('trainings/:room/procedures')
  @HttpCode(200)
  @Endpoint({
    summary: 'Bring another release into the room',
    access: 'session',
    params: OfRoom,
    body: ProcedureLoad,
    response: TrainingRoomView,
  })
  async load(
    @Param() { room }: z.infer<typeof OfRoom>,
    @Body() { release }: z.infer<typeof ProcedureLoad>,
    @CurrentPerson() person: Person,
  ) {
    await this.access.require(room, person, 'training.open');
    await this.rooms.load(room, release);
    return this.rooms.view(room);
  }

  @Get('trainings/:room/results')
  @Endpoint({
    summary: 'Results of runs in the room: everybody’s for instructors and who opened it, else mine',
    access: 'session',
    params: OfRoom,
    response: RunResults,
  })
  async resultsOf(@Param() { room }: z.infer<typeof OfRoom>, @CurrentPerson() person: Person) {
    const { role } = await this.access.require(room, person, 'room.enter');
    if (may(role, 'results.read')) return { results: await this.results.list({ room }) };
    const own = { person: person.id, ...(await this.rooms.answeredFor([room], person.id)) };
    return { results: await this.results.list({ room, own }) };
  }

  @Get('projects/:id/results')
  @Endpoint({
    summary: 'Newest results of runs in all rooms of the project: everybody’s for instructors, else mine',
    access: 'session',
    params: OfProject,
    response: RunResults,
  })
  async resultsOfProject(@Param() { id: project }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    const { role } = await this.access.require((await this.projects.get(project)).room, person, 'room.enter');
    if (may(role, 'results.read')) return { results: await this.results.list({ project }) };
    const own = {
      person: person.id,
      ...(await this.rooms.answeredFor(await this.rooms.roomsOf(project), person.id)),
    };
    return { results: await this.results.list({ project, own }) };
  }

  @Get('trainings/:room/journal')
  @Endpoint({
    summary: 'The room’s whole journal as dag-cbor { from, blocks }: what `workhall score --journal` reads',
    access: 'session',
    params: OfRoom,
    produces: DAG_CBOR,
  })
  async journal(@Param() { room }: z.infer<typeof OfRoom>, @CurrentPerson() person: Person): Promise<StreamableFile> {
    await this.access.require(room, person, 'history.read');
    const { length } = await this.host.state(room);
    const blocks: Uint8Array[] = [];
    for (let from = 0; from < length; from += READ_BATCH)
      for (const { bytes } of await this.host.entries(room, from, Math.min(READ_BATCH, length - from)))
        blocks.push(bytes);
    const { bytes } = encodeBlock({ from: 0, blocks });
    return new StreamableFile(bytes, { type: DAG_CBOR, length: bytes.length });
  }

  @Get('trainings/:room/runs/:run/score')
  @Endpoint({
    summary: 'The sheet of a run, computed from the journal, after its debrief',
    access: 'session',
    params: OfRun,
    response: ScoreView,
  })
  async score(@Param() { room, run }: z.infer<typeof OfRun>, @CurrentPerson() person: Person) {
    await this.run(room, run, person, 'results.read');
    return this.results.sheet(room, run);
  }

  @Post('trainings/:room/runs/:run/score')
  @HttpCode(200)
  @Endpoint({
    summary: 'The same run judged by another rubric; nothing is stored',
    access: 'session',
    params: OfRun,
    body: RubricNew,
    response: ScoreView,
  })
  async scoreAgain(
    @Param() { room, run }: z.infer<typeof OfRun>,
    @Body() { rubric }: z.infer<typeof RubricNew>,
    @CurrentPerson() person: Person,
  ) {
    await this.run(room, run, person, 'results.read');
    return this.results.sheet(room, run, rubric);
  }

  @Get('trainings/:room/runs/:run/faults')
  @Endpoint({
    summary: 'Faults that were injected into a run; for instructors who do not take part in it',
    access: 'session',
    params: OfRun,
    response: FaultList,
  })
  async faults(@Param() { room, run }: z.infer<typeof OfRun>, @CurrentPerson() person: Person) {
    await this.outside(room, run, person);
    const facts = await this.secrets.of(run);
    return {
      faults: facts.map(({ event, atMs }) => ({
        fault: event.fault,
        isCleared: event.type === 'faultCleared',
        atMs,
        by: event.by,
      })),
    };
  }

  @Post('trainings/:room/runs/:run/faults')
  @HttpCode(200)
  @Endpoint({
    summary: 'Inject a fault into a run, or take it away: nobody in the run learns of it before the debrief',
    access: 'session',
    params: OfRun,
    body: FaultNew,
    response: FaultList,
  })
  async inject(
    @Param() { room, run }: z.infer<typeof OfRun>,
    @Body() { fault, isCleared }: z.output<typeof FaultNew>,
    @CurrentPerson() person: Person,
  ) {
    const row = await this.outside(room, run, person);
    if (row.outcome !== null) throw problems.isOver(run);
    const { document } = await this.host.state(room);
    if (!procedureIn(document, row.procedure)?.workplace.faults.some(({ id }) => id === fault))
      throw problems.noSuchFault(fault);
    const facts = await this.secrets.of(run);
    const isThere = facts.findLast(({ event }) => event.fault === fault)?.event.type === 'faultInjected';
    if (isThere !== isCleared) throw problems.faultIsThere(fault, isThere);
    if (facts.filter(({ slot }) => slot === null).length >= MAX_UNSEALED) throw problems.tooManyFaults(MAX_UNSEALED);
    const type = isCleared ? 'faultCleared' : 'faultInjected';
    await this.secrets.add(run, { event: { type, by: person.id, fault }, atMs: this.clock.nowMs() });
    return this.faults({ room, run }, person);
  }

  /** The run, for somebody who may know its secrets. */
  private async outside(room: RoomId, run: string, person: Person): Promise<RunRow> {
    const row = await this.run(room, run, person, 'fault.inject');
    if (takesPart(row, person.id) && !row.isRevealed) throw problems.takesPart(run);
    return row;
  }

  private async run(room: RoomId, run: string, person: Person, action: Action): Promise<RunRow> {
    const { place } = await this.access.require(room, person, 'room.enter');
    const row = runOf((await this.host.state(room)).document, run);
    if (!row) throw problems.noSuchRun(run);
    await this.access.require(room, person, action, isOwnRun(row, place.person, person.id));
    return row;
  }
}

const takesPart = ({ participants }: RunRow, person: UserId): boolean => participants.some(({ id }) => id === person);
