/** Bringing files in over HTTP: the body is the file itself, so that it streams to disk and never lies in memory. */
import { createHash } from 'node:crypto';
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
    const { name: fileName, unit, upAxis } = query;
    return { id: this.imports.start({ fileName, filePath, unit, upAxis, owner: sessionOf(request) }) };
  }

  @Get(':id')
  @Endpoint({
    summary: 'How far an import is, and its result',
    access: 'session',
    params: ImportId,
    response: ImportStatus,
  })
  status(@Param() { id }: z.infer<typeof ImportId>, @Req() request: Request): ImportStatus {
    return this.imports.status(id, sessionOf(request));
  }

  @Sse(':id/events')
  @Endpoint({
    summary: 'The same as a stream of server-sent events, until the import has ended',
    access: 'session',
    params: ImportId,
    produces: 'text/event-stream',
  })
  events(@Param() { id }: z.infer<typeof ImportId>, @Req() request: Request): Observable<MessageEvent> {
    return this.imports.events(id, sessionOf(request)).pipe(map((status) => ({ data: status })));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Stop an import that waits or runs',
    access: 'session',
    params: ImportId,
    response: ImportStatus,
  })
  cancel(@Param() { id }: z.infer<typeof ImportId>, @Req() request: Request): ImportStatus {
    return this.imports.cancel(id, sessionOf(request));
  }
}

/** An import belongs to the session that brought it in; kept as a hash, so that no token lies in memory. */
function sessionOf({ headers }: Request): string {
  return createHash('sha256')
    .update(headers.authorization ?? '')
    .digest('base64url');
}
