import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { WorkhallError } from '#protocol/errors';
import { Endpoint } from '../platform/http/index.ts';
import { answeredFromCache, describeBody, send } from './asset-response.ts';
import { AssetStore } from './asset.store.ts';
import { parseCid } from './verify.ts';

const RAW = 'application/vnd.ipld.raw';
const CAR = 'application/vnd.ipld.car';

const byCid = z.object({ cid: z.string().max(200) });
const options = z.object({
  format: z
    .enum(['raw', 'car'])
    .optional()
    .meta({ description: `Or by the Accept header: ${RAW}, ${CAR}` }),
  'dag-scope': z.enum(['all', 'entity', 'block']).default('all'),
});

/**
 * The part of the Trustless Gateway specification (specs.ipfs.tech/http-gateways/trustless-gateway) that a verifier
 * needs: blocks and CARs by CID, no paths, nothing rendered. A reader checks hashes itself and need not trust us.
 */
@Controller('ipfs')
export class GatewayController {
  constructor(private readonly assets: AssetStore) {}

  @Get(':cid')
  @Endpoint({
    summary: 'IPFS trustless gateway: one block (format=raw) or a CAR (format=car)',
    access: 'public',
    params: byCid,
    query: options,
    produces: CAR,
  })
  async read(
    @Param() { cid: text }: z.output<typeof byCid>,
    @Query() query: z.output<typeof options>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const cid = parseCid(text);
    const format = query.format ?? formatAccepted(request);
    const block = await this.assets.getBlock(cid);
    const isOneBlock = query['dag-scope'] === 'block';
    if (format === 'raw') {
      describeBody(response, { etag: `${cid}.raw`, type: RAW, fileName: `${cid}.bin` });
      response.setHeader('content-length', block.length);
    } else {
      const etag = isOneBlock ? `${cid}.block.car` : `${cid}.car`;
      describeBody(response, { etag, type: `${CAR}; version=1; order=dfs; dups=n`, fileName: `${cid}.car` });
    }
    response.setHeader('x-ipfs-path', `/ipfs/${cid}`);
    // No cookies count here and the address is the permission, so any page may read.
    response.setHeader('access-control-allow-origin', '*');
    response.vary('accept');
    if (answeredFromCache(request, response)) return;
    if (format === 'raw') return send(request, response, once(block));
    await send(request, response, this.assets.exportCar([cid], { depth: isOneBlock ? 0 : undefined }));
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

function formatAccepted(request: Request): 'raw' | 'car' {
  const { accept } = request.headers;
  if (accept?.includes(RAW)) return 'raw';
  if (accept?.includes(CAR)) return 'car';
  throw new WorkhallError('assets', 'format_required', 'This gateway serves blocks and CARs only.', {
    facts: { formats: ['raw', 'car'] },
    status: 406,
    next: 'Add ?format=raw or ?format=car, or read files at /api/assets/<cid>.',
  });
}
