import { Controller, Delete, Get, Post, Put, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { identityOf } from '#protocol/xapi/index';
import { Endpoint } from '../platform/http/index.ts';
import type { DocumentRequest } from './caller-guards.ts';
import { requireScope } from './callers.ts';
import { merged, replaced, requirePreconditions, type Guard, type Preconditions } from './documents.ts';
import { DocumentStore, type Content, type Document, type Shelf } from './document.store.ts';
import { XapiDoor, type Handlers, type XapiRequest } from './door.ts';
import { actorIn, iriIn, needed, timeIn, uuidIn } from './params.ts';
import { problems } from './problems.ts';

const MAX_DOCUMENT_BYTES = 8 * 2 ** 20;

interface Resource {
  readonly kind: Shelf['kind'];
  readonly params: readonly string[];
  /** Parameter that names one document. */
  readonly id: 'stateId' | 'profileId';
  readonly scope: 'State' | 'Profile';
}
const STATE: Resource = {
  kind: 'state',
  params: ['activityId', 'agent', 'registration'],
  id: 'stateId',
  scope: 'State',
};
const ACTIVITY: Resource = { kind: 'activity', params: ['activityId'], id: 'profileId', scope: 'Profile' };
const AGENT: Resource = { kind: 'agent', params: ['agent'], id: 'profileId', scope: 'Profile' };

/** Communication 2.3, 2.6 and 2.7: state, agent profiles, activity profiles. */
@Controller(['xapi', 'xapi/projects/:project'])
export class DocumentsController {
  private readonly handlers = new Map([STATE, ACTIVITY, AGENT].map((one) => [one, this.handlersOf(one)]));

  constructor(
    private readonly door: XapiDoor,
    private readonly store: DocumentStore,
  ) {}

  @Get('activities/state')
  @Endpoint({ summary: 'xAPI: a state document, or the ids of all', access: 'public' })
  getState(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(STATE, request, response);
  }
  @Put('activities/state')
  @Endpoint({ summary: 'xAPI: replace a state document', access: 'public' })
  putState(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(STATE, request, response);
  }
  @Post('activities/state')
  @Endpoint({ summary: 'xAPI: merge into a state document', access: 'public' })
  postState(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(STATE, request, response);
  }
  @Delete('activities/state')
  @Endpoint({ summary: 'xAPI: delete one state document or all', access: 'public' })
  deleteState(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(STATE, request, response);
  }

  @Get('activities/profile')
  @Endpoint({ summary: 'xAPI: a document of an activity, or the ids of all', access: 'public' })
  getActivity(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(ACTIVITY, request, response);
  }
  @Put('activities/profile')
  @Endpoint({ summary: 'xAPI: replace a document of an activity', access: 'public' })
  putActivity(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(ACTIVITY, request, response);
  }
  @Post('activities/profile')
  @Endpoint({ summary: 'xAPI: merge into a document of an activity', access: 'public' })
  postActivity(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(ACTIVITY, request, response);
  }
  @Delete('activities/profile')
  @Endpoint({ summary: 'xAPI: delete a document of an activity', access: 'public' })
  deleteActivity(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(ACTIVITY, request, response);
  }

  @Get('agents/profile')
  @Endpoint({ summary: 'xAPI: a document of an agent, or the ids of all', access: 'public' })
  getAgent(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(AGENT, request, response);
  }
  @Put('agents/profile')
  @Endpoint({ summary: 'xAPI: replace a document of an agent', access: 'public' })
  putAgent(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(AGENT, request, response);
  }
  @Post('agents/profile')
  @Endpoint({ summary: 'xAPI: merge into a document of an agent', access: 'public' })
  postAgent(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(AGENT, request, response);
  }
  @Delete('agents/profile')
  @Endpoint({ summary: 'xAPI: delete a document of an agent', access: 'public' })
  deleteAgent(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(AGENT, request, response);
  }

  private serve(resource: Resource, request: Request, response: Response): Promise<void> {
    return this.door.serve(request, response, this.handlers.get(resource)!);
  }

  private handlersOf(resource: Resource): Handlers {
    const params = [...resource.params, resource.id];
    return {
      GET: { params: [...params, 'since'], run: (request, response) => this.read(resource, request, response) },
      DELETE: { params, run: (request, response) => this.delete(resource, request, response) },
      PUT: { params, run: (request, response) => this.write(resource, request, response, 'PUT') },
      POST: { params, run: (request, response) => this.write(resource, request, response, 'POST') },
    };
  }

  private async read(resource: Resource, request: XapiRequest, response: Response): Promise<void> {
    requireScope(request.caller, `read${resource.scope}`);
    const shelf = shelfOf(resource, request);
    const id = request.params.get(resource.id);
    const sinceMs = timeIn(request.params, 'since');
    await guarded(request, { method: 'GET', shelf, id });
    if (id !== undefined) {
      const document = await this.store.find(shelf, id);
      if (!document) throw problems.noDocument();
      return send(response, document);
    }
    const { ids, updatedAt } = await this.store.ids(shelf, sinceMs);
    if (updatedAt) response.set('last-modified', updatedAt.toUTCString());
    response.json(ids);
  }

  private async delete(resource: Resource, request: XapiRequest, response: Response): Promise<void> {
    requireScope(request.caller, `write${resource.scope}`);
    const shelf = shelfOf(resource, request);
    const id = request.params.get(resource.id);
    if (id === undefined && resource.kind !== 'state') throw problems.badParameter(resource.id, 'is missing');
    await guarded(request, { method: 'DELETE', shelf, id });
    if (id === undefined) await this.store.deleteAll(shelf);
    else
      await this.store.change(shelf, id, (before) => {
        requirePreconditions(before, preconditionsOf(request));
        return null;
      });
    response.status(204).end();
  }

  private async write(
    resource: Resource,
    request: XapiRequest,
    response: Response,
    method: 'PUT' | 'POST',
  ): Promise<void> {
    requireScope(request.caller, `write${resource.scope}`);
    const shelf = shelfOf(resource, request);
    const id = needed(resource.id, request.params.get(resource.id));
    const contentType = request.header('content-type') ?? 'application/octet-stream';
    const said: Content = { contentType, bytes: await request.body(MAX_DOCUMENT_BYTES) };
    await guarded(request, { method, shelf, id, content: said });
    const conditions = preconditionsOf(request);
    const in10: Guard = resource.kind === 'state' ? 'open' : 'always';
    const guard = request.version === '1.0.3' ? in10 : 'existing';
    await this.store.change(shelf, id, (before) =>
      method === 'PUT' ? replaced(before, said, conditions, guard) : merged(before, said, conditions),
    );
    response.status(204).end();
  }
}

function shelfOf({ kind, params: wanted }: Resource, { caller, params, version }: XapiRequest): Shelf {
  const has = (name: string) => wanted.includes(name);
  const agent = has('agent') ? identityOf(needed('agent', actorIn(params, 'agent', version)))! : '';
  const activity = has('activityId') ? needed('activityId', iriIn(params, 'activityId')) : '';
  const registration = has('registration') ? (uuidIn(params, 'registration') ?? null) : null;
  return { compartment: caller.compartment, kind, activity, agent, registration };
}

async function guarded({ caller: { guarded: by } }: XapiRequest, asked: DocumentRequest): Promise<void> {
  await by?.guard.document(by.key, asked);
}

function preconditionsOf({ header }: XapiRequest): Preconditions {
  return { ifMatch: header('if-match'), ifNoneMatch: header('if-none-match') };
}

function send(response: Response, { contentType, etag, updatedAt, bytes }: Document): void {
  response.set({ 'content-type': contentType, etag, 'last-modified': updatedAt.toUTCString() });
  // Documents are strangers' bytes on our origin: never a page.
  response.set({ 'content-security-policy': "sandbox; default-src 'none'" }).end(bytes);
}
