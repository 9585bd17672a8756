/** Bringing files in over HTTP: the body is the file itself, so that it streams to disk and never lies in memory. */
import { Controller, Delete, Get, Param, Post, Query, Req, Sse } from '@nestjs/common';
import type { MessageEvent } from '@nestjs/common';
import type { Request } from 'express';
import { map } from 'rxjs';
import type { Observable } from 'rxjs';
import { z } from 'zod';
import { ImportStatus, ImportUnit, UpAxis } from '#protocol/assets/import-status';
import { Endpoint } from '../../platform/http/index.ts';
import { ImportService } from './import.service.ts';

const StartQuery = z.object({
  /** Shown to people; never used as a path. */
  name: z.string().min(1).max(255),
  /** For files that do not say: STL, OBJ. */
  unit: ImportUnit.optional(),
  upAxis: UpAxis.optional(),
});
const ImportId = z.object({ id: z.string().min(1).max(64) });

@Controller('api/imports')
export class ImportController {
  constructor(private readonly imports: ImportService) {}

  @Post()
  @Endpoint({
    summary: 'Bring a STEP, IGES, glTF, GLB, STL or OBJ file in; the body is the file',
    access: 'session',
    query: StartQuery,
    consumes: ['application/octet-stream'],
    response: z.object({ id: z.string() }),
  })
  async start(@Req() request: Request, @Query() query: z.infer<typeof StartQuery>): Promise<{ id: string }> {
    const stated = Number(request.headers['content-length']);
    const filePath = await this.imports.receive(request, Number.isFinite(stated) ? stated : undefined);
    return { id: this.imports.start({ fileName: query.name, filePath, unit: query.unit, upAxis: query.upAxis }) };
  }

  @Get(':id')
  @Endpoint({
    summary: 'How far an import is, and its result',
    access: 'session',
    params: ImportId,
    response: ImportStatus,
  })
  status(@Param() { id }: z.infer<typeof ImportId>): ImportStatus {
    return this.imports.status(id);
  }

  @Sse(':id/events')
  @Endpoint({
    summary: 'The same as a stream of server-sent events, until the import has ended',
    access: 'session',
    params: ImportId,
    produces: 'text/event-stream',
  })
  events(@Param() { id }: z.infer<typeof ImportId>): Observable<MessageEvent> {
    return this.imports.events(id).pipe(map((status) => ({ data: status })));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Stop an import that waits or runs',
    access: 'session',
    params: ImportId,
    response: ImportStatus,
  })
  cancel(@Param() { id }: z.infer<typeof ImportId>): ImportStatus {
    return this.imports.cancel(id);
  }
}
