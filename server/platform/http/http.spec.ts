import { Body, Controller, Get, Global, Module, Param, Post, Query, StreamableFile } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { WorkhallError } from '#protocol/errors';
import { readConfig } from '../config/index.ts';
import { AccessGate, Endpoint, HttpModule, isAllowedOrigin, staticPage } from './index.ts';

const bolt = z.object({ name: z.string(), lengthM: z.number() });

@Controller('api/bolts')
class BoltsController {
  @Get()
  @Endpoint({
    summary: 'List',
    query: z.object({ limit: z.coerce.number().int().max(10).default(3) }),
    access: 'public',
  })
  list(@Query() query: { limit: number }): { limit: number } {
    return query;
  }

  @Post()
  @Endpoint({ summary: 'Add', body: bolt, response: bolt, access: 'public' })
  add(@Body() body: z.output<typeof bolt>): object {
    return { ...body, secret: 'never leaves' };
  }

  @Get(':id')
  @Endpoint({ summary: 'One', params: z.object({ id: z.string().regex(/^b\d+$/) }), response: bolt, access: 'session' })
  one(@Param('id') id: string): object {
    return { name: id, lengthM: 0.02 };
  }

  @Get('file/model')
  @Endpoint({ summary: 'Model', produces: 'model/gltf-binary', response: bolt, access: 'public' })
  file(): StreamableFile {
    return new StreamableFile(Buffer.from('glTF'), { type: 'model/gltf-binary' });
  }

  @Get('broken/answer')
  @Endpoint({ summary: 'Breaks its own schema', response: bolt, access: 'public' })
  broken(): object {
    return { name: 7 };
  }

  @Get('forgotten/access')
  forgotten(): string {
    return 'open to all';
  }
}

@Global()
@Module({ imports: [HttpModule], controllers: [BoltsController] })
class BoltsModule {}

let app: NestExpressApplication;
let gate: AccessGate;
let url: string;
let web: string;

beforeAll(async () => {
  web = mkdtempSync(join(tmpdir(), 'workhall-web-'));
  mkdirSync(join(web, 'assets'));
  writeFileSync(join(web, 'index.html'), '<script src="/assets/room-0a1b2c3d.js"></script>');
  writeFileSync(join(web, 'assets', 'room-0a1b2c3d.js'), 'plain');
  writeFileSync(join(web, 'assets', 'room-0a1b2c3d.js.gz'), gzipSync('packed'));
  const module = await Test.createTestingModule({ imports: [BoltsModule] }).compile();
  app = module.createNestApplication<NestExpressApplication>({ logger: false });
  app.use(...staticPage(web));
  await app.listen(0, '127.0.0.1');
  gate = app.get(AccessGate);
  url = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  rmSync(web, { recursive: true, force: true });
});

const post = (body: string) =>
  fetch(`${url}/api/bolts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

describe('an endpoint', () => {
  test('gets its request validated, with defaults and numbers made of text', async () => {
    expect(await (await fetch(`${url}/api/bolts?limit=7`)).json()).toEqual({ limit: 7 });
    expect(await (await fetch(`${url}/api/bolts`)).json()).toEqual({ limit: 3 });
    const refused = await fetch(`${url}/api/bolts?limit=70`);
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      scope: 'http',
      key: 'invalid_request',
      facts: { place: 'query', fields: ['limit'] },
    });
  });

  test('lets nothing out that its answer does not name', async () => {
    const answer = await (await post(JSON.stringify({ name: 'M8', lengthM: 0.03 }))).json();
    expect(answer).toEqual({ name: 'M8', lengthM: 0.03 });
  });

  test('answers 500 without detail when it breaks its own schema', async () => {
    const answer = await fetch(`${url}/api/bolts/broken/answer`);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ scope: 'server', key: 'unexpected' });
  });

  test('says that a body is no JSON instead of failing', async () => {
    const answer = await post('{"name":');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ scope: 'http', key: 'malformed' });
  });

  test('may stream a file', async () => {
    const answer = await fetch(`${url}/api/bolts/file/model`);
    expect(answer.headers.get('content-type')).toBe('model/gltf-binary');
    expect(await answer.text()).toBe('glTF');
  });

  test('is described from the same schemas', async () => {
    const { paths } = await (await fetch(`${url}/api/openapi.json`)).json();
    expect(paths['/api/bolts/{id}'].get.parameters).toMatchObject([{ name: 'id', in: 'path', required: true }]);
    expect(paths['/api/bolts'].post.requestBody.content['application/json'].schema.required).toEqual([
      'name',
      'lengthM',
    ]);
  });
});

describe('the gate', () => {
  test('stays closed for a route that does not say who may call it, and before anyone brought a check', async () => {
    for (const path of ['forgotten/access', 'b1']) {
      const answer = await fetch(`${url}/api/bolts/${path}`);
      expect([path, answer.status]).toEqual([path, 500]);
      expect(await answer.json()).toMatchObject({ key: 'access_undeclared' });
    }
  });

  test('asks the check, and hands on its refusal', async () => {
    gate.use((request, access) => {
      expect(access).toBe('session');
      if (!request.headers.authorization)
        throw new WorkhallError('identity', 'not_signed_in', 'Sign in first.', { status: 401 });
    });
    expect((await fetch(`${url}/api/bolts/b1`)).status).toBe(401);
    const allowed = await fetch(`${url}/api/bolts/b1`, { headers: { authorization: 'Bearer x' } });
    expect(await allowed.json()).toEqual({ name: 'b1', lengthM: 0.02 });
  });
});

describe('the page', () => {
  test('is kept for a year where the name carries a hash, and asked for again elsewhere', async () => {
    const script = await fetch(`${url}/assets/room-0a1b2c3d.js`, { headers: { 'accept-encoding': 'identity' } });
    expect(await script.text()).toBe('plain');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect((await fetch(url)).headers.get('cache-control')).toBe('no-cache');
  });

  test('goes out packed to a browser that can unpack it', async () => {
    const script = await fetch(`${url}/assets/room-0a1b2c3d.js`, { headers: { 'accept-encoding': 'gzip, br' } });
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(await script.text()).toBe('packed');
  });

  test('answers every view of the hall, and leaves files and the API alone', async () => {
    const view = (path: string) => fetch(`${url}${path}`, { headers: { accept: 'text/html' } });
    expect(await (await view('/projects/p1/room')).text()).toContain('<script');
    expect((await view('/assets/gone-0a1b2c3d.js')).status).toBe(404);
    for (const path of ['/api/gone', '/xapi/statements']) expect((await view(path)).status).toBe(404);
    expect((await view('/../package.json')).status).not.toBe(200);
  });
});

test('a page of a foreign origin may not use our sockets; programs and named origins may', () => {
  const { tree } = readConfig({}, { ALLOWED_ORIGINS: 'https://portal.example', PUBLIC_URL: 'https://hall.example/' });
  const from = (origin?: string) => isAllowedOrigin({ headers: { host: 'localhost:2567', origin } } as never, tree);
  expect(from('http://localhost:2567')).toBe(true);
  expect(from('https://portal.example')).toBe(true);
  expect(from('https://hall.example')).toBe(true);
  expect(from(undefined)).toBe(true);
  expect(from('https://evil.example')).toBe(false);
  expect(from('http://localhost:2567.evil.example')).toBe(false);
  expect(from('null')).toBe(false);
});
