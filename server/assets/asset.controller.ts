import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { CID } from '#protocol/journal/block';
import { Endpoint } from '../platform/http/index.ts';
import { answeredFromCache, describeBody, rangeOf, send } from './asset-response.ts';
import { AssetStore, type ByteRange } from './asset.store.ts';
import { SAFE_TYPES, SNIFF_BYTES, sniffType } from './content-type.ts';
import { readWhole } from './streams.ts';
import { parseCid } from './verify.ts';

const DAG_CBOR = 0x71;

const byCid = z.object({ cid: z.string().max(200).meta({ description: 'Content address, CIDv1' }) });
const presentation = z.object({
  type: z
    .enum(SAFE_TYPES)
    .optional()
    .meta({ description: 'Media type to answer with; otherwise found from the bytes' }),
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^/\\\p{Cc}]+$/u, 'a file name without slashes')
    .optional()
    .meta({ description: 'Makes the answer a download of this name' }),
});

/** Files and manifests by content address. Who knows an address may read it: docs/decisions/0006-asset-access.md. */
@Controller('api/assets')
export class AssetController {
  constructor(private readonly assets: AssetStore) {}

  /** `HEAD` comes here too: Express hands it to the `GET` route. */
  @Get(':cid')
  @Endpoint({
    summary: 'A file by content address; ranges, validators and immutable caching',
    access: 'public',
    params: byCid,
    query: presentation,
    produces: 'application/octet-stream',
  })
  async read(
    @Param() { cid: text }: z.output<typeof byCid>,
    @Query() { type, name }: z.output<typeof presentation>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const cid = parseCid(text);
    const content = cid.code === DAG_CBOR ? await this.blockContent(cid) : await this.fileContent(cid);
    const etag = `${cid}`;
    const range = rangeOf(request, response, etag, content.size);
    describeBody(response, { etag, type: type ?? content.type, fileName: name });
    if (answeredFromCache(request, response)) return;
    response.setHeader('accept-ranges', 'bytes');
    response.setHeader('content-length', range?.length ?? content.size);
    if (range) {
      response
        .status(206)
        .setHeader('content-range', `bytes ${range.offset}-${range.offset + range.length - 1}/${content.size}`);
    }
    await send(request, response, content.open(range));
  }

  @Get(':cid/car')
  @Endpoint({
    summary: 'All blocks under a content address as one CAR file, for verification without this server',
    access: 'public',
    params: byCid,
    produces: 'application/vnd.ipld.car',
  })
  async car(
    @Param() { cid: text }: z.output<typeof byCid>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const cid = parseCid(text);
    await this.assets.getBlock(cid);
    describeBody(response, { etag: `${cid}.car`, type: 'application/vnd.ipld.car; version=1', fileName: `${cid}.car` });
    if (answeredFromCache(request, response)) return;
    await send(request, response, this.assets.exportCar([cid]));
  }

  /** Reads the start, so that a missing or damaged file is refused before the first header is sent. */
  private async fileContent(cid: CID) {
    const size = await this.assets.fileSize(cid);
    const start = await readWhole(this.assets.streamFile(cid, { offset: 0, length: SNIFF_BYTES }));
    return { size, type: sniffType(start) as string, open: (range?: ByteRange) => this.assets.streamFile(cid, range) };
  }

  private async blockContent(cid: CID) {
    const block = await this.assets.getBlock(cid);
    const open = async function* (range: ByteRange = { offset: 0, length: block.length }) {
      yield block.subarray(range.offset, range.offset + range.length);
    };
    return { size: block.length, type: 'application/vnd.ipld.dag-cbor', open };
  }
}
