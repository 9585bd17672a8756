import { Controller, Get, HttpCode, Options, Post, Put, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { randomUUID } from 'node:crypto';
import { FORMATS, identityOf, languagesIn, type Format } from '#protocol/xapi/index';
import { Endpoint } from '../platform/http/index.ts';
import { requireScope } from './callers.ts';
import { XapiDoor, type Handler, type Handlers, type XapiRequest } from './door.ts';
import { MAX_BODY_BYTES, receive } from './intake.ts';
import { lastBoundary, writePart } from './multipart.ts';
import { actorIn, countIn, flagIn, iriIn, needed, timeIn, uuidIn } from './params.ts';
import { problems } from './problems.ts';
import { StatementStore, type Found, type Query } from './statement.store.ts';
import { Statements, type Shape } from './statements.service.ts';

/** Statements of one page at most, and as many as `limit=0` or no limit gets. */
const MAX_LIMIT = 500;
const CONSISTENT = 'x-experience-api-consistent-through';
const FILTERS = [
  ...['agent', 'verb', 'activity', 'registration', 'related_activities', 'related_agents', 'since', 'until', 'limit'],
  ...['format', 'attachments', 'ascending'],
];
const GET_PARAMS = ['statementId', 'voidedStatementId', ...FILTERS];

/** Communication 2.1: statements. */
@Controller(['xapi', 'xapi/projects/:project'])
export class StatementsController {
  constructor(
    private readonly door: XapiDoor,
    private readonly statements: Statements,
    private readonly store: StatementStore,
  ) {}

  private readonly handlers = {
    GET: { params: GET_PARAMS, run: (request, response) => this.read(request, response) },
    PUT: { params: ['statementId'], run: (request, response) => this.put(request, response) },
    POST: { params: [], run: (request, response) => this.post(request, response) },
  } satisfies Record<string, Handler>;
  private readonly moreHandlers = {
    GET: { params: ['after', ...FILTERS], run: (request, response) => this.read(request, response) },
  } satisfies Record<string, Handler>;

  @Get('statements')
  @Endpoint({ summary: 'xAPI: one statement or all that the filters find (its own credentials)', access: 'public' })
  onGet(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(request, response, this.handlers);
  }

  @Put('statements')
  @Endpoint({
    summary: 'xAPI: store one statement under its id',
    access: 'public',
    consumes: ['application/json', 'multipart/mixed'],
  })
  onPut(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(request, response, this.handlers);
  }

  @Post('statements')
  @HttpCode(200)
  @Endpoint({
    summary: 'xAPI: store statements, all or none',
    access: 'public',
    consumes: ['application/json', 'multipart/mixed'],
  })
  onPost(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(request, response, this.handlers);
  }

  @Get('statements/more')
  @Endpoint({ summary: 'xAPI: the next page; addresses come from the page before', access: 'public' })
  onMore(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(request, response, this.moreHandlers);
  }

  @Options('*resource')
  @Endpoint({ summary: 'xAPI: pages of any origin may ask', access: 'public' })
  onOptions(@Res() response: Response): void {
    this.door.preflight(response);
  }

  /** The header is in every answer, those to mistakes too. */
  private serve(request: Request, response: Response, handlers: Handlers): Promise<void> {
    response.set(CONSISTENT, this.consistentThrough());
    return this.door.serve(request, response, handlers);
  }

  private async put({ caller, params, version, ...request }: XapiRequest, response: Response): Promise<void> {
    requireScope(caller, 'write');
    const id = needed('statementId', uuidIn(params, 'statementId'));
    const received = receive(await request.body(MAX_BODY_BYTES), request.header('content-type'), version);
    const [statement] = received.statements;
    if (received.isList || !statement) throw problems.badBody('must be one statement');
    if (statement.id !== undefined && statement.id.toLowerCase() !== id)
      throw problems.badParameter('statementId', 'is not the id of the statement');
    await this.statements.accept(caller, { ...received, statements: [{ ...statement, id }] }, version);
    response.set(CONSISTENT, this.consistentThrough()).status(204).end();
  }

  private async post({ caller, version, ...request }: XapiRequest, response: Response): Promise<void> {
    requireScope(caller, 'write');
    const received = receive(await request.body(MAX_BODY_BYTES), request.header('content-type'), version);
    const ids = await this.statements.accept(caller, received, version);
    response.set(CONSISTENT, this.consistentThrough()).status(200).json(ids);
  }

  private async read(request: XapiRequest, response: Response): Promise<void> {
    const { caller, params, version } = request;
    requireScope(caller, 'readMine');
    const format = (params.get('format') ?? 'exact') as Format;
    if (!FORMATS.includes(format)) throw problems.badParameter('format', `must be ${FORMATS.join(', ')}`);
    const shape: Shape = { format, languages: languagesIn(request.header('accept-language')), version };
    const withAttachments = flagIn(params, 'attachments');

    const id = uuidIn(params, 'statementId');
    const voided = uuidIn(params, 'voidedStatementId');
    if (id !== undefined || voided !== undefined) {
      for (const name of params.keys())
        if (!['statementId', 'voidedStatementId', 'attachments', 'format'].includes(name))
          throw problems.badParameter(name, 'does not go with the id of a statement');
      if (id !== undefined && voided !== undefined)
        throw problems.badParameter('voidedStatementId', 'is one id too many');
      const one = await this.store.find(caller.compartment, (id ?? voided)!, voided !== undefined, caller.seesOnly);
      if (!one) throw problems.noStatement((id ?? voided)!);
      response.set('last-modified', one.stored.toUTCString());
      const [json] = await this.statements.shaped(caller.compartment, [one], shape);
      return this.send(request, response, json!, withAttachments ? [one] : null);
    }
    const query = queryIn(request);
    const { found, hasMore } = await this.store.query(caller.compartment, query);
    const statements = await this.statements.shaped(caller.compartment, found, shape);
    const newest = query.isAscending ? found.at(-1) : found[0];
    if (newest) response.set('last-modified', newest.stored.toUTCString());
    const more = hasMore ? nextPage(request, found.at(-1)!.seq) : '';
    const json = `{"statements":[${statements.join()}],"more":${JSON.stringify(more)}}`;
    await this.send(request, response, json, withAttachments ? found : null);
  }

  /** `found`: with the bytes of their attachments, as multipart/mixed. */
  private async send(
    { caller }: XapiRequest,
    response: Response,
    json: string,
    found: readonly Found[] | null,
  ): Promise<void> {
    if (!found) return void response.type('application/json').send(json);
    const boundary = randomUUID();
    response.type(`multipart/mixed; boundary=${boundary}`);
    response.write(writePart(boundary, { 'Content-Type': 'application/json' }, Buffer.from(json)));
    for await (const { sha2, contentType, bytes } of this.statements.attachmentsOf(caller.compartment, found)) {
      const headers = {
        'Content-Type': contentType,
        'Content-Transfer-Encoding': 'binary',
        'X-Experience-API-Hash': sha2,
      };
      const isFull = !response.write(writePart(boundary, headers, bytes));
      if (isFull) await drained(response);
      if (response.destroyed) return;
    }
    response.end(lastBoundary(boundary));
  }

  private consistentThrough(): string {
    return new Date(this.store.consistentThroughMs()).toISOString();
  }
}

/** Until the other side took what was written, or left. */
function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.once('drain', go).once('close', go);
  });
}

function queryIn({ caller, params, version }: XapiRequest): Query {
  const anyOf: string[][] = [];
  const terms: string[] = [];
  const agent = actorIn(params, 'agent', version);
  const activity = iriIn(params, 'activity');
  const verb = iriIn(params, 'verb');
  const registration = uuidIn(params, 'registration');
  const isRelated = { agent: flagIn(params, 'related_agents'), activity: flagIn(params, 'related_activities') };
  const add = (kind: 'agent' | 'activity', what: string) => {
    const term = `${kind} ${what}`;
    if (isRelated[kind]) anyOf.push([term, `related_${term}`]);
    else terms.push(term);
  };
  if (agent) add('agent', identityOf(agent)!);
  if (activity !== undefined) add('activity', activity);
  if (verb !== undefined) terms.push(`verb ${verb}`);
  if (registration !== undefined) terms.push(`registration ${registration}`);
  const sinceMs = timeIn(params, 'since');
  const untilMs = timeIn(params, 'until');
  const after = params.get('after');
  if (after !== undefined && !/^\d{1,18}$/.test(after)) throw problems.badParameter('after', 'is not ours');
  return {
    terms,
    anyOf,
    only: caller.seesOnly,
    isAscending: flagIn(params, 'ascending'),
    limit: Math.min(countIn(params, 'limit') || MAX_LIMIT, MAX_LIMIT),
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(after === undefined ? {} : { after }),
  };
}

/** A relative IRL, good for as long as its statements are there; who follows it shows their credentials again. */
function nextPage({ base, params }: XapiRequest, after: string): string {
  return `${base}/statements/more?${new URLSearchParams({ ...Object.fromEntries(params), after }).toString()}`;
}
