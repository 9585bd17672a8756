import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { cidOf } from '#protocol/journal/block';
import { KuboAssetStore } from '../../server/assets/kubo.store.ipfs.ts';

const RAW = 0x55;
const bytes = new TextEncoder().encode('a bearing housing');
const cid = cidOf(bytes, RAW);

describe('a Kubo node that is ill', () => {
  let server: Server | undefined;

  /** A store that talks to a node with this behaviour; 200 ms patience. */
  const storeOn = async (node: RequestListener) => {
    server = createServer(node);
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new KuboAssetStore(url, { readTimeoutMs: 200, writeTimeoutMs: 200, pinTimeoutMs: 200 });
  };

  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
  });

  it('is named when nothing listens there', async () => {
    const store = await storeOn(() => {});
    const { port } = server!.address() as AddressInfo;
    await new Promise((resolve) => server!.close(resolve));
    server = undefined;
    const problem = { key: 'node_unreachable', facts: { url: `http://127.0.0.1:${port}` } };
    await expect(store.open()).rejects.toMatchObject({ status: 503, problem });
    await expect(store.getBlock(cid)).rejects.toMatchObject({ status: 503, problem });
    await expect(store.putFile(bytes)).rejects.toMatchObject({ status: 503, problem });
  });

  it('is given up on after the time-out when it never answers, for every call', async () => {
    const store = await storeOn(() => {});
    const calls = {
      open: () => store.open(),
      getBlock: () => store.getBlock(cid),
      has: () => store.has(cid),
      putFile: () => store.putFile(bytes),
      putBlock: () => store.putBlock(cid, bytes),
      pin: () => store.pin(cid),
      unpin: () => store.unpin(cid),
      listPins: () => store.listPins(),
    };
    for (const [name, call] of Object.entries(calls)) {
      await expect(call(), name).rejects.toMatchObject({ status: 504, problem: { key: 'node_timeout' } });
    }
  });

  it('is given up on when it stops in the middle of an answer', async () => {
    const store = await storeOn((_, response) => void response.writeHead(200).write('half'));
    await expect(store.getBlock(cid)).rejects.toMatchObject({ problem: { key: 'node_timeout' } });
  });

  it('cannot pass a forged block', async () => {
    const store = await storeOn((_, response) => void response.end('a bearing housinG'));
    await expect(store.getFile(cid)).rejects.toMatchObject({
      problem: { key: 'block_corrupt', facts: { cid: `${cid}` } },
    });
  });

  it('cannot claim to have stored something else, or nothing', async () => {
    const other = cidOf(new Uint8Array([1]), RAW);
    const lying = await storeOn((request, response) => {
      request.resume().on('end', () => response.end(JSON.stringify({ Root: { Cid: { '/': `${other}` } } })));
    });
    const mismatch = { status: 502, problem: { key: 'root_mismatch', facts: { expected: `${cid}`, got: `${other}` } } };
    await expect(lying.putFile(bytes)).rejects.toMatchObject(mismatch);
  });

  it('passes on its own words when it refuses', async () => {
    const store = await storeOn((request, response) => {
      const answer = JSON.stringify({ Message: 'no space left on device', Code: 0, Type: 'error' });
      request.resume().on('end', () => response.writeHead(500, { 'content-type': 'application/json' }).end(answer));
    });
    await expect(store.putFile(bytes)).rejects.toMatchObject({
      problem: { key: 'node_failed', facts: { reason: 'no space left on device' } },
    });
  });
});
