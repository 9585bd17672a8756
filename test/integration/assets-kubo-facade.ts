import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CarReader } from '@ipld/car';
import * as dagCbor from '@ipld/dag-cbor';
import { FsBlockstore } from 'blockstore-fs';
import { FsDatastore } from 'datastore-fs';
import { createHeliaLight } from 'helia';
import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';
import { collect } from '../../server/assets/streams.ts';

export interface KuboFacade {
  readonly url: string;
  stop(): Promise<void>;
}

type Params = URLSearchParams;
type Answer = Uint8Array | object | readonly object[];

/**
 * A server that speaks the part of Kubo's RPC that Workhall uses, over a Helia node with stock blockstore-fs: it shares
 * no storage code with the product. Differences from Kubo 0.3x that were checked in its sources: `dag/import` names
 * roots only when it pins; errors are HTTP 500 with `{ Message }`; a block over 2 MiB is refused.
 */
export async function startKuboFacade(folder: string, port = 0): Promise<KuboFacade> {
  const blockstore = new FsBlockstore(join(folder, 'blocks'));
  const datastore = new FsDatastore(join(folder, 'datastore'));
  await blockstore.open();
  await datastore.open();
  const helia = await createHeliaLight({ blockstore, datastore, codecs: [dagCbor] }).start();

  const read = async (cid: CID): Promise<Uint8Array> => {
    if (!(await blockstore.has(cid)))
      throw new Error(`block was not found locally (offline): ipld: could not find ${cid}`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of blockstore.get(cid)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const isPinned = async (cid: CID) => (await collect(helia.pins.ls())).some((pin) => pin.cid.equals(cid));
  const pin = async (cid: CID) => {
    await read(cid);
    if (!(await isPinned(cid))) for await (const _ of helia.pins.add(cid));
  };

  const calls: Record<string, (params: Params, request: IncomingMessage) => Promise<Answer>> = {
    version: async () => ({ Version: '0.0.0-facade' }),
    'block/get': async (params) => read(cidArg(params)),
    'block/stat': async (params) => ({ Key: `${cidArg(params)}`, Size: (await read(cidArg(params))).length }),
    'block/rm': async (params) => {
      const cid = cidArg(params);
      if (await isPinned(cid)) throw new Error(`pinned: ${cid}`);
      await blockstore.delete(cid);
      return { Hash: `${cid}` };
    },
    'pin/add': async (params) => (await pin(cidArg(params)), { Pins: [`${cidArg(params)}`] }),
    'pin/rm': async (params) => {
      const cid = cidArg(params);
      if (!(await isPinned(cid))) throw new Error('not pinned or pinned indirectly');
      for await (const _ of helia.pins.rm(cid));
      return { Pins: [`${cid}`] };
    },
    'pin/ls': async () => (await collect(helia.pins.ls())).map(({ cid }) => ({ Cid: `${cid}`, Type: 'recursive' })),
    'dag/import': async (params, request) => {
      const car = await CarReader.fromBytes(await uploaded(request));
      for await (const { cid, bytes } of car.blocks()) {
        const digest = await sha256.digest(bytes);
        if (Buffer.compare(digest.digest, cid.multihash.digest) !== 0)
          throw new Error(`mismatch in content integrity, ${cid}`);
        if (bytes.length > 2 ** 21) throw new Error('produced block is over 2MiB');
        await blockstore.put(cid, bytes);
      }
      if (params.get('pin-roots') === 'false') return [];
      const roots = await car.getRoots();
      for (const root of roots) await pin(root);
      return roots.map((root) => ({ Root: { Cid: { '/': `${root}` }, PinErrorMsg: '' } }));
    },
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://kubo');
    try {
      const call = calls[url.pathname.replace('/api/v0/', '')];
      if (!call || request.method !== 'POST') return void response.writeHead(call ? 405 : 404).end();
      const answer = await call(url.searchParams, request);
      if (answer instanceof Uint8Array) return void response.end(answer);
      const lines = (Array.isArray(answer) ? answer : [answer]).map((line) => `${JSON.stringify(line)}\n`);
      response.setHeader('content-type', 'application/json').end(lines.join(''));
    } catch (error) {
      const Message = error instanceof Error ? error.message : `${error}`;
      response
        .writeHead(500, { 'content-type': 'application/json' })
        .end(JSON.stringify({ Message, Code: 0, Type: 'error' }));
    }
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await helia.stop();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

function cidArg(params: Params): CID {
  return CID.parse(params.get('arg') ?? '');
}

/** The one file of a multipart upload, read by the platform's own form parser. */
async function uploaded(request: IncomingMessage): Promise<Uint8Array> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const form = await new Response(Readable.toWeb(request) as ReadableStream, { headers }).formData();
  const file = [...form.values()].find((value) => value instanceof File);
  if (!file) throw new Error('file argument is required');
  return file.bytes();
}
