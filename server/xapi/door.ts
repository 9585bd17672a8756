import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { readsOwnBody } from '../platform/http/index.ts';
import { VERSION_HEADER, versionOf, type XapiVersion } from '#protocol/xapi/index';
import { Callers, type Caller } from './callers.ts';
import { readBody } from './bodies.ts';
import { problems } from './problems.ts';

/** One request as the standard thinks of it, whichever syntax it came in. */
export interface XapiRequest {
  readonly caller: Caller;
  readonly version: XapiVersion;
  /** Path before the resource: `/xapi`, or `/xapi/projects/<id>`. */
  readonly base: string;
  readonly params: ReadonlyMap<string, string>;
  /** By its name in small letters. */
  header(name: string): string | undefined;
  /** At most `limit` bytes, or a problem. */
  body(limit: number): Promise<Buffer>;
}

export interface Handler {
  /** Names of parameters; any other is refused (1.0.3 Communication 3.2). */
  readonly params: readonly string[];
  run(request: XapiRequest, response: Response): Promise<void>;
}
export type Handlers = Partial<Record<'GET' | 'PUT' | 'POST' | 'DELETE', Handler>>;

readsOwnBody('/xapi/');

/** Form parameters of the alternate syntax that stand for headers. */
const HEADER_PARAMS = new Set([
  ...['authorization', 'content-type', 'content-length', 'content-transfer-encoding', 'if-match', 'if-none-match'],
  ...['accept', 'accept-encoding', 'accept-language', VERSION_HEADER],
]);
const MAX_FORM_BYTES = 8 * 2 ** 20;
const CORS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'ETag, Last-Modified, Content-Length, X-Experience-API-Version, X-Experience-API-Consistent-Through',
};
const PREFLIGHT: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'HEAD, GET, PUT, POST, DELETE',
  'access-control-allow-headers':
    'Authorization, Content-Type, If-Match, If-None-Match, Accept-Language, X-Experience-API-Version, X-Experience-API-Hash',
  'access-control-max-age': '86400',
};

interface Plain {
  readonly method: string;
  readonly params: ReadonlyMap<string, string>;
  readonly headers: ReadonlyMap<string, string>;
  body(limit: number): Promise<Buffer>;
}

/** What all resources have in common: syntax, caller, version, parameters, and headers of the answer. */
@Injectable()
export class XapiDoor {
  constructor(private readonly callers: Callers) {}

  /** Content players are pages of other origins: any may ask. Credentials travel in a header, never in a cookie. */
  preflight(response: Response): void {
    response
      .set({ ...CORS, ...PREFLIGHT })
      .status(204)
      .end();
  }

  async serve(request: Request, response: Response, handlers: Handlers): Promise<void> {
    response.set({ ...CORS, [VERSION_HEADER]: '2.0.0', 'cache-control': 'private, no-cache' });
    const plain = await understood(request);
    const project = request.params['project'];
    const caller = await this.callers
      .of(plain.headers.get('authorization'), typeof project === 'string' ? project : undefined)
      .catch((thrown: unknown) => {
        response.set('www-authenticate', 'Basic realm="xAPI"');
        throw thrown;
      });
    response.set(VERSION_HEADER, caller.version);
    const asked = plain.headers.get(VERSION_HEADER);
    const version = versionOf(asked);
    if (version === null) throw problems.noVersion(asked);
    response.set(VERSION_HEADER, version);

    const handler = handlers[(plain.method === 'HEAD' ? 'GET' : plain.method) as keyof Handlers];
    if (!handler) throw problems.wrongMethod(plain.method);
    for (const name of plain.params.keys()) if (!handler.params.includes(name)) throw problems.unknownParameter(name);
    const base = project === undefined ? '/xapi' : `/xapi/projects/${String(project)}`;
    const header = (name: string) => plain.headers.get(name);
    await handler.run({ caller, version, base, params: plain.params, header, body: plain.body }, response);
  }
}

async function understood(request: Request): Promise<Plain> {
  const params = paramsOf(new URL(request.originalUrl, 'http://hall').searchParams);
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers.set(name, value);
  const own = { params, headers, body: (limit: number) => readBody(request, limit) };
  if (request.method !== 'POST' || !params.has('method')) return { method: request.method, ...own };
  return alternate(own);
}

/** 1.0.3 Communication 1.3: a POST that carries another request in a form, for clients that can do no other. */
async function alternate({ params, headers, body }: Omit<Plain, 'method'>): Promise<Plain> {
  if (params.size > 1) throw problems.badAlternate('it has parameters in its address beside `method`');
  if (!/^application\/x-www-form-urlencoded\b/i.test(headers.get('content-type') ?? ''))
    throw problems.badAlternate('its content type is not application/x-www-form-urlencoded');
  const form = paramsOf(new URLSearchParams((await body(MAX_FORM_BYTES)).toString('utf8')));
  const inner = new Map([...headers].filter(([name]) => !name.startsWith('content-')));
  const innerParams = new Map<string, string>();
  for (const [name, value] of form) {
    if (HEADER_PARAMS.has(name.toLowerCase())) inner.set(name.toLowerCase(), value);
    else if (name !== 'content') innerParams.set(name, value);
  }
  if (versionOf(inner.get(VERSION_HEADER)) === '2.0.0') throw problems.noAlternate();
  const method = params.get('method')!.toUpperCase();
  const content = form.get('content');
  if ((method === 'PUT' || method === 'POST') && content === undefined)
    throw problems.badAlternate('there is no `content`');
  if (!inner.has('content-type')) inner.set('content-type', 'application/json');
  const bytes = Buffer.from(content ?? '', 'utf8');
  return { method, params: innerParams, headers: inner, body: async () => bytes };
}

function paramsOf(search: URLSearchParams): Map<string, string> {
  const params = new Map<string, string>();
  for (const [name, value] of search) {
    if (params.has(name)) throw problems.badParameter(name, 'is there twice');
    params.set(name, value);
  }
  return params;
}
