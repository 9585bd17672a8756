import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import {
  ChangeOfJob,
  FiguresView,
  GenealogyQuery,
  JobList,
  JobNew,
  JobOps,
  JobVerdicts,
  JobView,
  PartsOfProduct,
  PlanList,
  RecordView,
  StationList,
  StationMade,
  StationNew,
  StationPassword,
  StationSetUp,
  SIMULATED_DEVICE,
  StrayResults,
  type StationView,
} from '#protocol/api/guidance';
import type { Problem } from '#protocol/errors';
import { figuresOf, HALL_JOB_OPS, JobPlan, jobsCsv, type GuidanceOpType } from '#protocol/guidance/index';
import { ProjectId, RoomId } from '#protocol/ids';
import { encodeBlock } from '#protocol/journal/index';
import type { Action } from '#protocol/permissions/index';
import { Projects, RoomAccess } from '../design/index.ts';
import { authorOf, CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { ChangesOfInstructions } from './changes-of-instructions.service.ts';
import { Jobs } from './jobs.service.ts';
import { Plans } from './plans.service.ts';
import { whyNoRecording } from './calls/recording-witness.ts';
import { problems } from './problems.ts';
import { Stations, type Station } from './stations.service.ts';
import { ToolIntake } from './tool-intake.service.ts';

const DAG_CBOR = 'application/vnd.ipld.dag-cbor';
const READ_BATCH = 500;
const OfProject = z.object({ id: ProjectId });
const OfStation = OfProject.extend({ station: z.string().max(64) });
/** Of titles in what is handed out. */
const InLanguage = z.object({ language: z.enum(['en', 'zh']).default('en') });
const OfRoom = z.object({ room: RoomId });

/** Plans, stations and jobs of a project; what is done in a job goes through its room. */
@Controller('api')
export class GuidanceController {
  constructor(
    private readonly plans: Plans,
    private readonly stations: Stations,
    private readonly jobs: Jobs,
    private readonly tools: ToolIntake,
    private readonly projects: Projects,
    private readonly access: RoomAccess,
    private readonly host: RoomHost,
    private readonly changes: ChangesOfInstructions,
  ) {}

  @Get('projects/:id/job-plans')
  @Endpoint({
    summary: 'How products of this project are made',
    access: 'session',
    params: OfProject,
    response: PlanList,
  })
  async plansOf(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.mayIn(id, person, 'room.enter');
    return { plans: await this.plans.list(id) };
  }

  @Post('projects/:id/job-plans')
  @HttpCode(200)
  @Endpoint({
    summary: 'Save the plan of a product type',
    access: 'session',
    params: OfProject,
    body: JobPlan,
    response: PlanList,
  })
  async savePlan(@Param() { id }: z.infer<typeof OfProject>, @Body() plan: JobPlan, @CurrentPerson() person: Person) {
    await this.mayIn(id, person, 'job.plan');
    await this.plans.save(id, plan);
    await this.changes.tendAll(id, plan.productType);
    return { plans: await this.plans.list(id) };
  }

  @Get('projects/:id/stations')
  @Endpoint({
    summary: 'Work stations, their tools and the job each has',
    access: 'session',
    params: OfProject,
    response: StationList,
  })
  async stationsOf(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.mayIn(id, person, 'room.enter');
    return { stations: await Promise.all((await this.stations.list(id)).map((one) => this.stationView(one))) };
  }

  @Post('projects/:id/stations')
  @Endpoint({
    summary: 'A new station; its password is told once',
    access: 'session',
    params: OfProject,
    body: StationNew,
    response: StationMade,
  })
  async makeStation(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() body: z.infer<typeof StationNew>,
    @CurrentPerson() person: Person,
  ) {
    await this.mayIn(id, person, 'job.plan');
    const { station, password } = await this.stations.make(id, body);
    await this.tools.stationsChanged();
    return { station: await this.stationView(station), password };
  }

  @Put('projects/:id/stations/:station')
  @Endpoint({
    summary: 'What stands at a station: tools with their calibration, and instruments',
    access: 'session',
    params: OfStation,
    body: StationSetUp,
    response: StationList,
  })
  async setUpStation(
    @Param() { id, station }: z.infer<typeof OfStation>,
    @Body() body: z.infer<typeof StationSetUp>,
    @CurrentPerson() person: Person,
  ) {
    await this.mayIn(id, person, 'job.plan');
    const known = await this.stations.get(id, station);
    if (known.isSimulated && !body.tools.every(({ device }) => device.startsWith(SIMULATED_DEVICE)))
      throw problems.simulatedNames(SIMULATED_DEVICE);
    await this.stations.change(known, body);
    await this.tools.stationsChanged();
    return { stations: await Promise.all((await this.stations.list(id)).map((one) => this.stationView(one))) };
  }

  @Post('projects/:id/stations/:station/password')
  @HttpCode(200)
  @Endpoint({
    summary: 'A new password for a station’s tools; told once, and the one before is good for nothing then',
    access: 'session',
    params: OfStation,
    response: StationPassword,
  })
  async passwordOf(@Param() { id, station }: z.infer<typeof OfStation>, @CurrentPerson() person: Person) {
    await this.mayIn(id, person, 'job.plan');
    const { id: known } = await this.stations.get(id, station);
    return { password: await this.stations.newPassword(known) };
  }

  @Get('projects/:id/jobs')
  @Endpoint({ summary: 'Jobs, newest first', access: 'session', params: OfProject, response: JobList })
  async list(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.mayIn(id, person, 'room.enter');
    return { jobs: await this.jobs.list(id) };
  }

  @Post('projects/:id/jobs')
  @Endpoint({
    summary: 'Open a job by an order’s code, scanned or typed',
    access: 'session',
    params: OfProject,
    body: JobNew,
    response: JobView,
  })
  async open(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() body: z.infer<typeof JobNew>,
    @CurrentPerson() person: Person,
  ) {
    await this.mayIn(id, person, 'job.open');
    return this.jobs.view(await this.jobs.open(id, body, person));
  }

  @Get('jobs/:room')
  @Endpoint({ summary: 'One job', access: 'session', params: OfRoom, response: JobView })
  async view(@Param() { room }: z.infer<typeof OfRoom>, @CurrentPerson() person: Person) {
    await this.access.require(room, person, 'room.enter');
    return this.jobs.view(room);
  }

  @Get('jobs/:room/instruction-change')
  @Endpoint({
    summary: 'What is newer than the instruction that this job runs, and whether it goes over to it',
    access: 'session',
    params: OfRoom,
    response: ChangeOfJob,
  })
  async changeOfJob(@Param() { room }: z.infer<typeof OfRoom>, @CurrentPerson() person: Person) {
    await this.access.require(room, person, 'room.enter');
    return { change: await this.changes.of(room) };
  }

  @Post('jobs/:room/ops')
  @HttpCode(200)
  @Endpoint({
    summary: 'Ops of a device that is no browser',
    access: 'session',
    params: OfRoom,
    body: JobOps,
    response: JobVerdicts,
  })
  async send(
    @Param() { room }: z.infer<typeof OfRoom>,
    @Body() { ops }: z.infer<typeof JobOps>,
    @CurrentPerson() person: Person,
  ) {
    const { role } = await this.access.require(room, person, 'room.enter');
    await this.jobs.view(room);
    const refused = await this.refusals(room, ops);
    const open = ops.filter(({ id, type }) => !HALL_JOB_OPS.has(type as GuidanceOpType) && !refused.has(id));
    const given = await this.host.submit(room, authorOf(person), open, { role });
    await this.jobs.afterJoins(
      room,
      open.filter((_, at) => given[at]!.ok),
    );
    await this.changes.tend(room);
    void this.jobs.keep(room);
    const verdicts = new Map(open.map(({ id }, at) => [id, given[at]!]));
    return {
      verdicts: ops.map(({ id }) => {
        const verdict = verdicts.get(id);
        const problem = verdict?.ok === false ? verdict.problem : refused.get(id);
        return verdict?.ok ? { id, ok: true } : { id, ok: false, ...(problem && { problem }) };
      }),
    };
  }

  /** What a room refuses that the journal alone cannot judge: who is in it counts for those who are not, too. */
  private async refusals(room: RoomId, ops: z.infer<typeof JobOps>['ops']): Promise<Map<string, Problem>> {
    const refused = new Map<string, Problem>();
    if (!ops.some(({ type }) => type === 'help.record')) return refused;
    const { document } = await this.host.state(room);
    const here = (await this.host.participants(room)).map(({ user }) => user);
    for (const op of ops) {
      const problem = whyNoRecording(op, document, here);
      if (problem) refused.set(op.id, problem);
    }
    return refused;
  }

  @Get('jobs/:room/journal')
  @Endpoint({
    summary: 'The whole journal as dag-cbor { from, blocks }',
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

  @Get('jobs/:room/record')
  @Endpoint({
    summary: 'The as-built record of a job that is over, signed by the hall',
    access: 'session',
    params: OfRoom,
    response: RecordView,
  })
  async record(@Param() { room }: z.infer<typeof OfRoom>, @CurrentPerson() person: Person) {
    await this.access.require(room, person, 'room.enter');
    return this.jobs.record(room);
  }

  @Get('projects/:id/genealogy')
  @Endpoint({
    summary: 'What is in this product; or in which products this piece or lot is',
    access: 'session',
    params: OfProject,
    query: GenealogyQuery,
    response: PartsOfProduct,
  })
  async genealogy(
    @Param() { id }: z.infer<typeof OfProject>,
    @Query() query: z.infer<typeof GenealogyQuery>,
    @CurrentPerson() person: Person,
  ) {
    await this.mayIn(id, person, 'room.enter');
    return { parts: await this.jobs.parts(id, query) };
  }

  @Get('projects/:id/stray-results')
  @Endpoint({
    summary: 'Results of tools for which no job was there',
    access: 'session',
    params: OfProject,
    response: StrayResults,
  })
  async strays(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.mayIn(id, person, 'room.enter');
    return { results: await this.tools.strays(id) };
  }

  @Get('projects/:id/job-figures')
  @Endpoint({
    summary: 'Figures of the board: yield, cycle times, where time is lost',
    access: 'session',
    params: OfProject,
    response: FiguresView,
  })
  async figures(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.mayIn(id, person, 'job.figures');
    return { figures: figuresOf((await this.jobs.list(id)).map(({ summary }) => summary)) };
  }

  @Get('projects/:id/jobs.csv')
  @Endpoint({
    summary: 'Jobs and their steps, by title, as CSV',
    access: 'session',
    params: OfProject,
    query: InLanguage,
    produces: 'text/csv',
  })
  async csv(
    @Param() { id }: z.infer<typeof OfProject>,
    @Query() { language }: z.infer<typeof InLanguage>,
    @CurrentPerson() person: Person,
  ): Promise<StreamableFile> {
    await this.mayIn(id, person, 'job.figures');
    const bytes = Buffer.from(
      jobsCsv(
        (await this.jobs.list(id)).map(({ summary }) => summary),
        language,
      ),
    );
    return new StreamableFile(bytes, { type: 'text/csv', length: bytes.length });
  }

  private async stationView({ id, name, tools, isSimulated, gauges, firstTag }: Station): Promise<StationView> {
    const job = await this.stations.jobAt(id);
    const isMqtt = [...tools.map(({ line }) => line), ...gauges.map(({ source }) => source)].some(
      ({ kind }) => kind === 'mqtt',
    );
    const port = isMqtt ? this.tools.mqttPort : 0;
    const heard = await this.tools.heardAt(tools.map(({ device }) => device));
    return {
      id,
      name,
      isSimulated,
      firstTag,
      tools: tools.map((tool) => ({
        ...tool,
        isUp: isSimulated || this.tools.isUp(tool.device),
        heardAt: heard.get(tool.device) ?? null,
      })),
      gauges: gauges.map((gauge) => ({ ...gauge, isUp: this.tools.isUp(gauge.device) })),
      mqtt: port === 0 ? null : { port, username: id },
      job: job && {
        room: job.room,
        order: job.summary.order,
        productType: job.summary.productType,
        serial: job.summary.serial,
        revision: job.summary.revision,
        crew: job.summary.crew,
      },
    };
  }

  private async mayIn(project: ProjectId, person: Person, action: Action): Promise<void> {
    await this.access.require((await this.projects.get(project)).room, person, action);
  }
}
