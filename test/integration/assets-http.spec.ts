import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { CarReader } from '@ipld/car';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CID, encodeBlock, isBlock } from '#protocol/journal/block';
import { AssetsModule, AssetStore, GatewayReader } from '../../server/assets/index.ts';
import { collect } from '../../server/assets/streams.ts';
import { Config, readConfig } from '../../server/platform/config/index.ts';
import { Health } from '../../server/platform/health/index.ts';
import { securityHeaders } from '../../server/platform/http/index.ts';
import { PlatformModule } from '../../server/platform/platform.module.ts';
import { pseudoRandomBytes } from './assets-bytes.ts';
import { blockFile } from './assets-store.behaviour.ts';

const MIB = 1024 * 1024;

async function startApp(dataDir: string): Promise<NestExpressApplication> {
  const config: Config = readConfig({ DATA_DIR: dataDir }, {});
  @Module({ imports: [PlatformModule.register(config), AssetsModule] })
  class TestHall {}
  const app = await NestFactory.create<NestExpressApplication>(TestHall, {
    logger: false,
    forceCloseConnections: true,
  });
  app.use(securityHeaders);
  await app.listen(0, '127.0.0.1');
  return app;
}

describe('assets over HTTP', () => {
  let folder: string;
  let app: NestExpressApplication;
  let url: string;
  let assets: AssetStore;
  const model = pseudoRandomBytes(3 * MIB + 5, 21);
  model.set(new TextEncoder().encode('glTF'));
  let modelCid: string;

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${url}${path}`, { headers, method });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'workhall-assets-http-'));
    app = await startApp(folder);
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
    assets = app.get(AssetStore);
    modelCid = `${(await assets.putFile(model)).cid}`;
  });

  afterAll(async () => {
    await app?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('serves a model whole, with its type, its length and headers that let it be cached for ever', async () => {
    const answer = await get(`/api/assets/${modelCid}`);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'model/gltf-binary',
      'content-length': `${model.length}`,
      'accept-ranges': 'bytes',
      'cache-control': 'public, max-age=31536000, immutable',
      etag: `"${modelCid}"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    expect(Buffer.compare(await answer.bytes(), model)).toBe(0);
  });

  it('answers HEAD with the same headers and no bytes', async () => {
    const answer = await get(`/api/assets/${modelCid}`, {}, 'HEAD');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-length')).toBe(`${model.length}`);
    expect((await answer.bytes()).length).toBe(0);
  });

  it('answers a revisit with 304', async () => {
    const answer = await get(`/api/assets/${modelCid}`, { 'if-none-match': `"${modelCid}"` });
    expect(answer.status).toBe(304);
  });

  it('resumes a download: ranges from the start, the middle and the end, across blocks', async () => {
    for (const [range, from, to] of [
      ['bytes=0-9', 0, 10],
      [`bytes=${MIB - 4}-${MIB + 3}`, MIB - 4, MIB + 4],
      ['bytes=-7', model.length - 7, model.length],
      [`bytes=${model.length - 3}-`, model.length - 3, model.length],
    ] as const) {
      const answer = await get(`/api/assets/${modelCid}`, { range });
      expect(answer.status, range).toBe(206);
      expect(answer.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/${model.length}`);
      expect([...(await answer.bytes())]).toEqual([...model.subarray(from, to)]);
    }
    const other = await get(`/api/assets/${modelCid}`, { range: 'bytes=0-9', 'if-range': '"another"' });
    expect(other.status).toBe(200);
    await other.body?.cancel();
    const beyond = await get(`/api/assets/${modelCid}`, { range: 'bytes=99999999-' });
    expect(beyond.status).toBe(416);
    expect(beyond.headers.get('content-range')).toBe(`bytes */${model.length}`);
    expect(await beyond.json()).toMatchObject({ scope: 'assets', key: 'range_not_satisfiable' });
  });

  it('offers a download under a name of any language, and only types that cannot run as a page', async () => {
    const answer = await get(`/api/assets/${modelCid}?name=${encodeURIComponent('泵 pump.glb')}&type=model/step`);
    expect(answer.headers.get('content-disposition')).toContain(
      `filename*=UTF-8''${encodeURIComponent('泵 pump.glb')}`,
    );
    expect(answer.headers.get('content-type')).toBe('model/step');
    await answer.body?.cancel();
    for (const query of ['type=text/html', 'type=image/svg%2Bxml', 'name=..%2Fetc', 'name=a%0D%0Ab']) {
      const refused = await get(`/api/assets/${modelCid}?${query}`);
      expect(refused.status, query).toBe(422);
      expect(await refused.json()).toMatchObject({ scope: 'http', key: 'invalid_request' });
    }
    const page = await assets.putFile(new TextEncoder().encode('<!doctype html><script>alert(1)</script>'));
    const html = await get(`/api/assets/${page.cid}`);
    expect(html.headers.get('content-type')).toBe('application/octet-stream');
    await html.body?.cancel();
  });

  it('serves a manifest block, an empty file, and what a CID itself carries', async () => {
    const manifest = encodeBlock({ model: CID.parse(modelCid) });
    await assets.putBlock(manifest.cid, manifest.bytes);
    const answer = await get(`/api/assets/${manifest.cid}`);
    expect(answer.headers.get('content-type')).toBe('application/vnd.ipld.dag-cbor');
    expect([...(await answer.bytes())]).toEqual([...manifest.bytes]);
    const { cid } = await assets.putFile(new Uint8Array());
    const empty = await get(`/api/assets/${cid}`);
    expect([empty.status, (await empty.bytes()).length]).toEqual([200, 0]);
    expect((await get('/ipfs/bafkqaaa?format=raw')).status).toBe(200);
  });

  it('answers a wrong or unknown address with a typed problem', async () => {
    const wrong = await get('/api/assets/not-a-cid');
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { scope: 'assets', key: 'bad_cid' }]);
    const absent = encodeBlock('never stored').cid;
    for (const path of [`/api/assets/${absent}`, `/api/assets/${absent}/car`, `/ipfs/${absent}?format=raw`]) {
      const missing = await get(path);
      expect([missing.status, await missing.json()], path).toMatchObject([404, { key: 'block_not_found' }]);
    }
    const neither = await get(`/ipfs/${modelCid}`);
    expect([neither.status, await neither.json()]).toMatchObject([406, { key: 'format_required' }]);
  });

  it('hands out blocks and CARs that a stranger can check without this server', async () => {
    const raw = await get(`/ipfs/${modelCid}`, { accept: 'application/vnd.ipld.raw' });
    expect(raw.headers.get('content-type')).toBe('application/vnd.ipld.raw');
    expect(isBlock(CID.parse(modelCid), await raw.bytes())).toBe(true);
    for (const [path, count] of [
      [`/api/assets/${modelCid}/car`, 5],
      [`/ipfs/${modelCid}?format=car`, 5],
      [`/ipfs/${modelCid}?format=car&dag-scope=block`, 1],
    ] as const) {
      const car = await CarReader.fromBytes(await (await get(path)).bytes());
      expect((await car.getRoots()).map(String)).toEqual([modelCid]);
      const blocks = await collect(car.blocks());
      expect(blocks, path).toHaveLength(count);
      expect(blocks.every(({ cid, bytes }) => isBlock(cid, bytes))).toBe(true);
    }
  });

  it('lets a verifier read through the gateway, and names the block that was damaged on disk', async () => {
    const gateway = new GatewayReader(url);
    expect(Buffer.compare(await gateway.getFile(modelCid), model)).toBe(0);
    const victim = await assets.putFile(pseudoRandomBytes(2 * MIB, 33));
    const leaf = (await collect(assets.walk(victim.cid)))[2]!;
    const file = blockFile(join(folder, 'ipfs', 'blocks'), leaf);
    const bytes = await readFile(file);
    bytes[100]! ^= 0x80;
    await writeFile(file, bytes);
    const corrupt = { problem: { key: 'block_corrupt', facts: { cid: `${leaf}` } } };
    await expect(gateway.getFile(victim.cid)).rejects.toMatchObject(corrupt);
    await expect(collect(gateway.walk(victim.cid))).rejects.toMatchObject(corrupt);
    // The first block was sent before the damaged one was reached: the connection breaks instead of ending well.
    await expect(get(`/api/assets/${victim.cid}`).then((answer) => answer.bytes())).rejects.toThrow();
  });

  it('goes on serving when a reader leaves in the middle', async () => {
    const large = await assets.putFile(pseudoRandomBytes(24 * MIB, 41));
    const leaving = new AbortController();
    const answer = await fetch(`${url}/api/assets/${large.cid}`, { signal: leaving.signal });
    await answer.body!.getReader().read();
    leaving.abort();
    expect((await get(`/api/assets/${modelCid}`, {}, 'HEAD')).status).toBe(200);
  });

  it('reports the state of the store in the health of the hall', async () => {
    const { parts } = await app.get(Health).report();
    expect(parts['ipfs']).toMatchObject({ ok: true });
    expect(parts['ipfs']?.detail).toMatch(/^embedded Helia: put [\d.]+ ms, get [\d.]+ ms$/);
  });
});
