import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Hall } from './server.ts';

const CLI = join(import.meta.dirname, '..', '..', 'dist', 'server', 'cli', 'main.js');

export interface XapiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** As JSON.parse gives it: the test judges it field by field. */
  readonly body: ReturnType<typeof JSON.parse>;
}

/** Somebody who speaks xAPI to a hall: with a key, with a session, or with nothing. */
export class XapiClient {
  private readonly endpoint: string;
  private readonly authorization: string | null;
  private readonly version: string | null;

  constructor(endpoint: string, authorization: string | null, version: string | null = '2.0.0') {
    this.endpoint = endpoint;
    this.authorization = authorization;
    this.version = version;
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<XapiAnswer> {
    const isText = typeof body === 'string' || body instanceof Uint8Array;
    const answer = await fetch(path.startsWith('/xapi') ? new URL(path, this.endpoint) : `${this.endpoint}${path}`, {
      method,
      headers: {
        ...(this.authorization ? { authorization: this.authorization } : {}),
        ...(this.version ? { 'x-experience-api-version': this.version } : {}),
        ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? (body as string) : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : null };
  }

  get = (path: string, headers?: Record<string, string>) => this.ask('GET', path, undefined, headers);
  post = (path: string, body: unknown, headers?: Record<string, string>) => this.ask('POST', path, body, headers);
  put = (path: string, body: unknown, headers?: Record<string, string>) => this.ask('PUT', path, body, headers);
}

export const basic = (key: string, secret: string): string =>
  `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;

/** A key of the hall, made by the command line while the hall runs. */
export function hallKey({ dataDir }: Pick<Hall, 'dataDir'>, ...options: string[]): { key: string; secret: string } {
  const made = execFileSync(
    process.execPath,
    [CLI, 'xapi-key', 'make', 'a test', '--data', dataDir, '--json', ...options],
    { encoding: 'utf8' },
  );
  return JSON.parse(made) as { key: string; secret: string };
}

export function keyed(hall: Hall, ...options: string[]): XapiClient {
  const { key, secret } = hallKey(hall, ...options);
  return new XapiClient(`${hall.url}/xapi`, basic(key, secret));
}

/** Somebody attempted something. */
export function anAttempt(more: Record<string, unknown> = {}): Record<string, unknown> & { id: string } {
  return {
    id: crypto.randomUUID(),
    actor: { objectType: 'Agent', account: { homePage: 'https://hall.example.com', name: 'ann' }, name: 'Ann' },
    verb: { id: 'http://adlnet.gov/expapi/verbs/attempted', display: { en: 'attempted' } },
    object: { objectType: 'Activity', id: 'https://hall.example.com/procedures/p1' },
    ...more,
  };
}
