import { Body, Controller, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import {
  CheckReport,
  FORMATS,
  ProcedureDiff,
  ProcedureExport,
  ProcedureImport,
  ProcedureImported,
  ProcedureList,
  ProcedureNew,
  ProcedureSave,
  ProcedureSummary,
  ProcedureView,
  ReleaseNew,
  ReleaseStatement,
  ReleaseView,
  Saved,
  TextList,
  TrainingRules,
  Translation,
} from '#protocol/api/procedures';
import { CidText, ProjectId } from '#protocol/ids';
import type { Action } from '#protocol/permissions/index';
import { check, diffProcedures, isReleasable, textsOf } from '#protocol/procedures/index';
import { Projects, RoomAccess } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { readForeign, writeForeign } from './conversion.ts';
import { Procedures, type Draft } from './procedures.service.ts';
import { Releases } from './releases.service.ts';

const OfProject = z.object({ id: ProjectId });
const OfProcedure = z.object({ id: z.string().max(64) });
const OfRelease = z.object({ cid: CidText });
const InFormat = z.object({ format: z.enum(FORMATS).default('workhall') });
const Between = z.object({
  /** Number of a release; 0: nothing, so that everything is new. Default: the newest. */
  from: z.coerce.number().int().min(1).optional(),
  /** Default: the draft. */
  to: z.coerce.number().int().min(1).optional(),
});
const WithNote = z.object({ note: z.string().max(4000).default('') });

/** Drafts, their checks and translations, foreign formats, and signed releases. */
@Controller('api')
export class ProceduresController {
  constructor(
    private readonly procedures: Procedures,
    private readonly releases: Releases,
    private readonly projects: Projects,
    private readonly access: RoomAccess,
  ) {}

  @Get('projects/:id/procedures')
  @Endpoint({
    summary: 'Procedures of a project with their releases',
    access: 'session',
    params: OfProject,
    response: ProcedureList,
  })
  async list(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.require(id, person, 'room.enter');
    const drafts = await this.procedures.list(id);
    return { procedures: await Promise.all(drafts.map((draft) => this.procedures.summary(draft))) };
  }

  @Post('projects/:id/procedures')
  @Endpoint({
    summary: 'Start a procedure in a project',
    access: 'session',
    params: OfProject,
    body: ProcedureNew,
    response: ProcedureSummary,
  })
  async create(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() { procedure }: z.infer<typeof ProcedureNew>,
    @CurrentPerson() person: Person,
  ) {
    await this.require(id, person, 'procedure.edit');
    return this.procedures.summary(await this.procedures.create(id, procedure, person));
  }

  @Post('projects/:id/procedures/import')
  @Endpoint({
    summary: 'Bring in our own JSON, a VR Builder process (serializer 4) or ARLEM; answers what was lost',
    access: 'session',
    params: OfProject,
    body: ProcedureImport,
    response: ProcedureImported,
  })
  async import(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() body: z.output<typeof ProcedureImport>,
    @CurrentPerson() person: Person,
  ) {
    await this.require(id, person, 'procedure.edit');
    const { procedure, losses } = readForeign(body);
    const draft = await this.procedures.create(id, procedure, person);
    return { id: draft.id, version: draft.version, losses };
  }

  @Get('projects/:id/training-rules')
  @Endpoint({
    summary: 'What the project asks for in reviews and recordings',
    access: 'session',
    params: OfProject,
    response: TrainingRules,
  })
  async rules(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.require(id, person, 'room.enter');
    return this.procedures.rules(id);
  }

  @Put('projects/:id/training-rules')
  @Endpoint({
    summary: 'Set it',
    access: 'session',
    params: OfProject,
    body: TrainingRules,
    response: TrainingRules,
  })
  async setRules(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() rules: TrainingRules,
    @CurrentPerson() person: Person,
  ) {
    await this.require(id, person, 'project.edit');
    await this.procedures.setRules(id, rules);
    return rules;
  }

  @Get('procedures/:id')
  @Endpoint({ summary: 'A procedure’s draft', access: 'session', params: OfProcedure, response: ProcedureView })
  async read(@Param() { id }: z.infer<typeof OfProcedure>, @CurrentPerson() person: Person) {
    const draft = await this.draft(id, person, 'room.enter');
    return { ...(await this.procedures.summary(draft)), procedure: draft.procedure };
  }

  @Put('procedures/:id')
  @Endpoint({
    summary: 'Save the draft; refused when somebody has saved since the version it was made from',
    access: 'session',
    params: OfProcedure,
    body: ProcedureSave,
    response: Saved,
  })
  async save(
    @Param() { id }: z.infer<typeof OfProcedure>,
    @Body() { version, procedure }: z.infer<typeof ProcedureSave>,
    @CurrentPerson() person: Person,
  ) {
    await this.draft(id, person, 'procedure.edit');
    return { version: (await this.procedures.save(id, version, procedure, person)).version };
  }

  @Get('procedures/:id/check')
  @Endpoint({
    summary: 'What a careful colleague finds',
    access: 'session',
    params: OfProcedure,
    response: CheckReport,
  })
  async check(@Param() { id }: z.infer<typeof OfProcedure>, @CurrentPerson() person: Person) {
    const findings = check((await this.draft(id, person, 'room.enter')).procedure);
    return { isReleasable: isReleasable(findings), findings };
  }

  @Get('procedures/:id/texts')
  @Endpoint({ summary: 'All texts, for translators', access: 'session', params: OfProcedure, response: TextList })
  async texts(@Param() { id }: z.infer<typeof OfProcedure>, @CurrentPerson() person: Person) {
    const { procedure } = await this.draft(id, person, 'room.enter');
    return { languages: procedure.languages, texts: [...textsOf(procedure)] };
  }

  @Patch('procedures/:id/texts')
  @Endpoint({
    summary: 'Translate: words by text, in one language',
    access: 'session',
    params: OfProcedure,
    body: Translation,
    response: Saved,
  })
  async translate(
    @Param() { id }: z.infer<typeof OfProcedure>,
    @Body() { version, language, texts }: z.infer<typeof Translation>,
    @CurrentPerson() person: Person,
  ) {
    await this.draft(id, person, 'procedure.edit');
    return { version: (await this.procedures.translate(id, version, language, texts, person)).version };
  }

  @Get('procedures/:id/export')
  @Endpoint({
    summary: 'The draft in our own or a foreign format, with what that cannot carry',
    access: 'session',
    params: OfProcedure,
    query: InFormat,
    response: ProcedureExport,
  })
  async export(
    @Param() { id }: z.infer<typeof OfProcedure>,
    @Query() { format }: z.output<typeof InFormat>,
    @CurrentPerson() person: Person,
  ) {
    return writeForeign((await this.draft(id, person, 'room.enter')).procedure, format);
  }

  @Get('procedures/:id/diff')
  @Endpoint({
    summary: 'What changed between two releases, or since the newest, by step and aspect',
    access: 'session',
    params: OfProcedure,
    query: Between,
    response: ProcedureDiff,
  })
  async diff(
    @Param() { id }: z.infer<typeof OfProcedure>,
    @Query() { from, to }: z.output<typeof Between>,
    @CurrentPerson() person: Person,
  ) {
    const draft = await this.draft(id, person, 'room.enter');
    const newest = from ?? (await this.releases.viewsOf(id))[0]?.release;
    if (newest === undefined) return { changes: [] };
    const before = await this.releases.procedureOf(id, newest);
    const after = to === undefined ? draft.procedure : await this.releases.procedureOf(id, to);
    return { changes: diffProcedures(before, after).map((change) => ({ ...change })) };
  }

  @Get('procedures/:id/statement')
  @Endpoint({
    summary: 'What a reviewer with a wallet signs to release the draft (EIP-712); good for 15 minutes',
    access: 'session',
    params: OfProcedure,
    query: WithNote,
    response: ReleaseStatement,
  })
  async statement(
    @Param() { id }: z.infer<typeof OfProcedure>,
    @Query() { note }: z.output<typeof WithNote>,
    @CurrentPerson() person: Person,
  ) {
    return this.releases.statement(await this.draft(id, person, 'procedure.review'), person, note);
  }

  @Post('procedures/:id/releases')
  @HttpCode(201)
  @Endpoint({
    summary: 'Release the draft as its reviewer: signed, content-addressed, never changed again',
    access: 'session',
    params: OfProcedure,
    body: ReleaseNew,
    response: ReleaseView,
  })
  async release(
    @Param() { id }: z.infer<typeof OfProcedure>,
    @Body() { version, ...options }: z.output<typeof ReleaseNew>,
    @CurrentPerson() person: Person,
  ) {
    const draft = await this.draft(id, person, 'procedure.review', version);
    const { secondPerson } = await this.procedures.rules(draft.project);
    return this.releases.release(draft, person, { ...options, secondPerson });
  }

  @Get('releases/:cid/procedure')
  @Endpoint({
    summary: 'The document of a release',
    access: 'session',
    params: OfRelease,
    response: ProcedureNew,
  })
  async released(@Param() { cid }: z.infer<typeof OfRelease>, @CurrentPerson() person: Person) {
    const { project, procedure } = await this.releases.get(cid);
    await this.require(project, person, 'room.enter');
    return { procedure };
  }

  /** A draft, for who has the right to it; with `version`: that one and no later. */
  private async draft(id: string, person: Person, action: Action, version?: number): Promise<Draft> {
    const draft = await this.procedures.get(id);
    await this.require(draft.project, person, action);
    if (version !== undefined) this.procedures.expect(draft, version);
    return draft;
  }

  private async require(project: string, person: Person, action: Action): Promise<void> {
    const { room } = await this.projects.get(project);
    await this.access.require(room, person, action);
  }
}
