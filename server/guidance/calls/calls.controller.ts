import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Req,
  Sse,
  StreamableFile,
  type MessageEvent,
} from '@nestjs/common';
import { Readable } from 'node:stream';
import type { Request } from 'express';
import { map, type Observable } from 'rxjs';
import { z } from 'zod';
import {
  CallAnswer,
  CallAnswered,
  DutyPut,
  ExpertList,
  ExpertPut,
  MyHelp,
  RecordingFinish,
  RecordingKept,
  RecordingPart,
} from '#protocol/api/help';
import { Language } from '#protocol/procedures/index';
import { OpId, ProjectId, RoomId, UserId } from '#protocol/ids';
import type { Action } from '#protocol/permissions/index';
import { Projects, RoomAccess } from '../../design/index.ts';
import { authorOf, CurrentPerson, type Person } from '../../identity/index.ts';
import { Ids } from '../../platform/clock/index.ts';
import { Endpoint } from '../../platform/http/index.ts';
import { RoomHost } from '../../rooms/index.ts';
import { Jobs } from '../jobs.service.ts';
import { HelpBell } from './bell.service.ts';
import { Experts } from './experts.service.ts';
import { problems } from './problems.ts';
import { MAX_PART_BYTES, Recordings } from './recordings.service.ts';

const OfProject = z.object({ id: ProjectId });
const OfExpert = z.object({ id: ProjectId, person: UserId });
const OfCall = z.object({ room: RoomId, call: z.string().max(40) });
const OfRecording = z.object({ room: RoomId, recording: z.string().max(40) });
const InLanguage = z.object({ language: Language.optional() });
const OfPart = OfRecording.extend({ n: z.coerce.number().int().min(0).max(4999) });

/** Experts, and calls as people who are not in the job's room see them. In the room everything goes through its journal. */
@Controller('api')
export class CallsController {
  constructor(
    private readonly experts: Experts,
    private readonly bell: HelpBell,
    private readonly recordings: Recordings,
    private readonly jobs: Jobs,
    private readonly projects: Projects,
    private readonly access: RoomAccess,
    private readonly host: RoomHost,
    private readonly ids: Ids,
  ) {}

  @Get('projects/:id/experts')
  @Endpoint({
    summary: 'Who can be called from jobs of this project, in the order in which they are rung',
    access: 'session',
    params: OfProject,
    response: ExpertList,
  })
  async list(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.mayIn(id, person, 'room.enter');
    return { experts: await this.experts.list(id) };
  }

  @Put('projects/:id/experts')
  @Endpoint({
    summary: 'Add somebody of the project to its experts, or say more about them',
    access: 'session',
    params: OfProject,
    body: ExpertPut,
    response: ExpertList,
  })
  async put(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() expert: z.infer<typeof ExpertPut>,
    @CurrentPerson() person: Person,
  ) {
    await this.mayIn(id, person, 'job.plan');
    await this.experts.put(id, expert);
    this.bell.tell([expert.person]);
    return { experts: await this.experts.list(id) };
  }

  @Delete('projects/:id/experts/:person')
  @Endpoint({
    summary: 'Take somebody off the list',
    access: 'session',
    params: OfExpert,
    response: ExpertList,
  })
  async remove(@Param() { id, person: expert }: z.infer<typeof OfExpert>, @CurrentPerson() person: Person) {
    await this.mayIn(id, person, 'job.plan');
    await this.experts.remove(id, expert);
    this.bell.tell([expert]);
    return { experts: await this.experts.list(id) };
  }

  @Get('me/help')
  @Endpoint({ summary: 'What rings for me, and what I have missed', access: 'session', response: MyHelp })
  mine(@CurrentPerson() person: Person) {
    return this.bell.now(person.id);
  }

  @Sse('me/help/events')
  @Endpoint({
    summary: 'The same as a stream of server-sent events; while it is open I can be reached',
    access: 'session',
    produces: 'text/event-stream',
  })
  events(@CurrentPerson() person: Person): Observable<MessageEvent> {
    return this.bell.watch(person.id).pipe(map((news) => ({ data: news })));
  }

  @Put('me/help/duty')
  @Endpoint({ summary: 'Whether I can be called now', access: 'session', body: DutyPut, response: MyHelp })
  async duty(@Body() { isOnDuty }: z.infer<typeof DutyPut>, @CurrentPerson() person: Person) {
    await this.experts.setDuty(person.id, isOnDuty);
    this.bell.tell([person.id]);
    return this.bell.now(person.id);
  }

  @Post('me/help/seen')
  @HttpCode(200)
  @Endpoint({ summary: 'I have seen the calls that I missed', access: 'session', response: MyHelp })
  async seen(@CurrentPerson() person: Person) {
    await this.bell.seen(person.id);
    return this.bell.now(person.id);
  }

  @Post('jobs/:room/calls/:call/answer')
  @HttpCode(200)
  @Endpoint({
    summary: 'Accept or decline a call that rings for me; who accepts goes to the job’s room',
    access: 'session',
    params: OfCall,
    body: CallAnswer,
    response: CallAnswered,
  })
  async answer(
    @Param() { room, call }: z.infer<typeof OfCall>,
    @Body() { answer }: z.infer<typeof CallAnswer>,
    @CurrentPerson() person: Person,
  ) {
    const { role } = await this.access.require(room, person, 'job.help');
    const op = { id: OpId.parse(this.ids.next()), type: 'help.answer', payload: { call, answer } };
    const [verdict] = await this.host.submit(room, authorOf(person), [op], { role });
    await this.jobs.keep(room);
    if (verdict && !verdict.ok) throw problems.refused(verdict.problem);
    return { room, call };
  }

  @Put('jobs/:room/recordings/:recording/parts/:n')
  @Endpoint({
    summary: 'A part of a recording, as it is made; the body is the part',
    access: 'session',
    params: OfPart,
    consumes: ['application/octet-stream'],
    response: RecordingPart,
  })
  async part(
    @Param() { room, recording, n }: z.infer<typeof OfPart>,
    @Req() request: Request,
    @CurrentPerson() person: Person,
  ) {
    await this.access.require(room, person, 'job.help');
    if (Number(request.headers['content-length'] ?? 0) > MAX_PART_BYTES) throw problems.partTooLarge(MAX_PART_BYTES);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_PART_BYTES) throw problems.partTooLarge(MAX_PART_BYTES);
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    return { parts: await this.recordings.take(room, recording, n, bytes, person.id) };
  }

  @Post('jobs/:room/recordings/:recording/finish')
  @HttpCode(200)
  @Endpoint({
    summary: 'All parts have been sent: they become one file, and the journal says which',
    access: 'session',
    params: OfRecording,
    body: RecordingFinish,
    response: RecordingKept,
  })
  async finish(
    @Param() { room, recording }: z.infer<typeof OfRecording>,
    @Body() { parts, type }: z.infer<typeof RecordingFinish>,
    @CurrentPerson() person: Person,
  ) {
    await this.access.require(room, person, 'job.help');
    return this.recordings.finish(room, recording, parts, type, person);
  }

  @Get('jobs/:room/recordings/:recording')
  @Header('cache-control', 'no-store')
  @Header('x-content-type-options', 'nosniff')
  @Endpoint({
    summary: 'A recording, for who may see the job, until it is erased',
    access: 'session',
    params: OfRecording,
    produces: 'application/octet-stream',
  })
  async recorded(
    @Param() { room, recording }: z.infer<typeof OfRecording>,
    @CurrentPerson() person: Person,
  ): Promise<StreamableFile> {
    await this.access.require(room, person, 'room.enter');
    const { type, bytes, content } = await this.recordings.read(room, recording);
    return new StreamableFile(Readable.from(content, { objectMode: false }), { type, length: bytes });
  }

  @Get('jobs/:room/recordings/:recording/subtitles.vtt')
  @Header('cache-control', 'no-store')
  @Endpoint({
    summary:
      'What was said in a recording, as WebVTT; with an interpreter’s words where there are some in this language',
    access: 'session',
    params: OfRecording,
    query: InLanguage,
    produces: 'text/vtt',
  })
  async subtitles(
    @Param() { room, recording }: z.infer<typeof OfRecording>,
    @Query() { language }: z.infer<typeof InLanguage>,
    @CurrentPerson() person: Person,
  ): Promise<StreamableFile> {
    await this.access.require(room, person, 'room.enter');
    const text = await this.recordings.subtitles(room, recording, language);
    return new StreamableFile(Buffer.from(text), { type: 'text/vtt; charset=utf-8' });
  }

  private async mayIn(project: ProjectId, person: Person, action: Action): Promise<void> {
    await this.access.require((await this.projects.get(project)).room, person, action);
  }
}
