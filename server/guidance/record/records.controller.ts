import { Controller, Get, Header, Param, Query, Req, StreamableFile } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import { RecordView } from '#protocol/api/guidance';
import { encodeBlock } from '#protocol/journal/index';
import { Config } from '../../platform/config/index.ts';
import { Endpoint } from '../../platform/http/index.ts';
import { Records } from './records.service.ts';

const DAG_CBOR = 'application/vnd.ipld.dag-cbor';
const OfRecord = z.object({ cid: z.string().max(200) });
const InLanguage = z.object({ language: z.enum(['en', 'zh']).default('en') });

/** What was made, for whoever has the product: the code on the record's paper leads here. */
@Controller('api/records/:cid')
export class RecordsController {
  constructor(
    private readonly records: Records,
    private readonly config: Config,
  ) {}

  @Get()
  @Endpoint({ summary: 'An as-built record by its address', access: 'public', params: OfRecord, response: RecordView })
  async read(@Param() { cid }: z.infer<typeof OfRecord>) {
    return { cid, signed: await this.records.read(cid) };
  }

  @Get('journal')
  @Endpoint({
    summary: 'The journal that it was made from as dag-cbor { from, blocks }, for judging every op again',
    access: 'public',
    params: OfRecord,
    produces: DAG_CBOR,
  })
  async journal(@Param() { cid }: z.infer<typeof OfRecord>): Promise<StreamableFile> {
    const { bytes } = encodeBlock({ from: 0, blocks: await this.records.journal(cid) });
    return new StreamableFile(bytes, { type: DAG_CBOR, length: bytes.length });
  }

  @Get('record.pdf')
  @Header('cache-control', 'no-cache')
  @Endpoint({
    summary: 'The same on paper, with a code that leads to its verification',
    access: 'public',
    params: OfRecord,
    query: InLanguage,
    produces: 'application/pdf',
  })
  async pdf(
    @Param() { cid }: z.infer<typeof OfRecord>,
    @Query() { language }: z.infer<typeof InLanguage>,
    @Req() request: Request,
  ): Promise<StreamableFile> {
    const origin = this.config.tree.publicUrl ?? `${request.protocol}://${request.get('host')}`;
    const bytes = await this.records.pdf(cid, language, `${origin}/record/${cid}`);
    return new StreamableFile(bytes, {
      type: 'application/pdf',
      disposition: `inline; filename="as-built-${cid.slice(-8)}.pdf"`,
      length: bytes.length,
    });
  }
}
