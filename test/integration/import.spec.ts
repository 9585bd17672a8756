/** The import over HTTP, in a server with a real store: what the page does when a person drops a file on a project. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Test } from '@nestjs/testing';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImportStatus } from '#protocol/assets/import-status';
import { AssetsModule, AssetStore } from '../../server/assets/index.ts';
import { ImportLimits } from '../../server/assets/import/index.ts';
import { Config, readConfig } from '../../server/platform/config/index.ts';
import { AccessGate } from '../../server/platform/http/index.ts';
import { PlatformModule } from '../../server/platform/platform.module.ts';

const SAMPLES = join(dirname(createRequire(import.meta.url).resolve('occt-import-js/package.json')), 'test/testfiles');
const AS1 = join(SAMPLES, 'cax-if/as1-oc-214.stp');

let app: INestApplication;
let base: string;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'workhall-import-'));
  const config: Config = readConfig({ DATA_DIR: dataDir, PORT: '0' }, {});
  const module = await Test.createTestingModule({ imports: [PlatformModule.register(config), AssetsModule] })
    .overrideProvider(ImportLimits)
    .useValue({ ...new ImportLimits(), maxUploadBytes: 2_000_000 })
    .compile();
  app = module.createNestApplication({ logger: ['error'] });
  app.get(AccessGate).use(() => undefined);
  await app.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
});
afterAll(async () => {
  await app?.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function upload(bytes: Uint8Array, name: string, query = ''): Promise<Response> {
  return fetch(`${base}/api/imports?name=${encodeURIComponent(name)}${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.from(bytes),
  });
}
const read = async (id: string) => ImportStatus.parse(await (await fetch(`${base}/api/imports/${id}`)).json());

/** Every status of the event stream, to its end. */
async function follow(id: string): Promise<ImportStatus[]> {
  const text = await (await fetch(`${base}/api/imports/${id}/events`)).text();
  return [...text.matchAll(/^data: (.*)$/gm)].map((match) => ImportStatus.parse(JSON.parse(match[1]!)));
}

describe('bringing a file in', () => {
  let last: ImportStatus;
  let seen: ImportStatus[];
  beforeAll(async () => {
    const answer = await upload(await readFile(AS1), 'as1 总装.stp');
    expect(answer.status).toBe(201);
    const { id } = (await answer.json()) as { id: string };
    seen = await follow(id);
    last = await read(id);
  });

  it('shows its progress, which only grows, and ends done', () => {
    const fractions = seen.map((status) => status.fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(seen.at(-1)!.state).toBe('done');
    expect(new Set(seen.map((status) => status.stage)).size).toBeGreaterThan(3);
  });
  it('places eighteen parts and stores five files for them', () => {
    expect(last.problem).toBeUndefined();
    expect(last.result!.counts).toMatchObject({ placed: 18, shapes: 5 });
    expect(last.result!.fileName).toBe('as1 总装.stp');
  });
  it('stores the original byte by byte, and each shape under its own CID', async () => {
    const store = app.get(AssetStore);
    const original = await store.getFile(last.result!.original.cid);
    expect(Buffer.compare(original, await readFile(AS1))).toBe(0);
    for (const shape of last.result!.structure.shapes) {
      const glb = await store.getFile(shape.cid);
      expect(glb.byteLength).toBe(shape.size);
      expect(Buffer.from(glb.subarray(0, 4)).toString()).toBe('glTF');
    }
  });
  it('is nobody else’s to see or to stop', async () => {
    const asked = (method: string, path = '') =>
      fetch(`${base}/api/imports/${last.id}${path}`, { method, headers: { authorization: 'Bearer somebody-else' } });
    const answers = await Promise.all([asked('GET'), asked('GET', '/events'), asked('DELETE')]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
  it('leaves no upload behind', async () => {
    expect(await readdir(join(dataDir, 'uploads'))).toEqual([]);
  });
  it('stores nothing new when the same parts come again under another name', async () => {
    const { id } = (await (await upload(await readFile(AS1), 'copy.step')).json()) as { id: string };
    const again = (await follow(id)).at(-1)!;
    expect(again.result!.structure.shapes.map((shape) => shape.cid)).toEqual(
      last.result!.structure.shapes.map((shape) => shape.cid),
    );
    expect(again.result!.structure.nodes.map((node) => node.id)).toEqual(
      last.result!.structure.nodes.map((node) => node.id),
    );
  });
});

describe('what is refused', () => {
  it('a file above the limit, before it is read', async () => {
    const answer = await upload(new Uint8Array(2_000_001), 'large.stp');
    expect([answer.status, ((await answer.json()) as { key: string }).key]).toEqual([413, 'file_too_large']);
  });
  it('a file above the limit that does not say its length', async () => {
    const status = await new Promise<number>((resolve) => {
      const sent = request(
        `${base}/api/imports?name=x.stp`,
        { method: 'POST', headers: { 'content-type': 'application/octet-stream' } },
        (answer) => resolve(answer.statusCode!),
      );
      sent.on('error', () => resolve(413));
      for (let i = 0; i < 30; i++) sent.write(Buffer.alloc(100_000));
      sent.end();
    });
    expect(status).toBe(413);
    expect(await readdir(join(dataDir, 'uploads'))).toEqual([]);
  });
  it('an empty body', async () => {
    expect((await upload(new Uint8Array(), 'nothing.stp')).status).toBe(422);
  });
  it('an import that does not exist', async () => {
    expect((await fetch(`${base}/api/imports/nothing`)).status).toBe(404);
  });
  it('a broken file: the import fails with a problem a person can act on, and the next one works', async () => {
    const bytes = await readFile(AS1);
    const { id } = (await (await upload(bytes.subarray(0, 200_000), 'half.stp')).json()) as { id: string };
    const failed = (await follow(id)).at(-1)!;
    expect(failed).toMatchObject({ state: 'failed', problem: { scope: 'import', key: 'file_broken' } });
    expect(failed.problem!.next).toBeTruthy();
    const next = (await (
      await upload(await readFile(join(SAMPLES, 'simple-basic-cube/cube.stp')), 'cube.stp')
    ).json()) as { id: string };
    expect((await follow(next.id)).at(-1)!.state).toBe('done');
  });
});

describe('stopping an import', () => {
  it('ends one that runs and one that waits', async () => {
    const bytes = await readFile(AS1);
    const ids: string[] = [];
    for (const name of ['one.stp', 'two.stp'])
      ids.push(((await (await upload(bytes, name)).json()) as { id: string }).id);
    for (const id of ids) expect((await fetch(`${base}/api/imports/${id}`, { method: 'DELETE' })).status).toBe(200);
    for (const id of ids) expect((await follow(id)).at(-1)?.state ?? (await read(id)).state).toBe('cancelled');
  });
});
