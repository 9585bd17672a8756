import { Controller, Get, HttpCode, Options, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { AssetStore } from '../assets/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { contentTypeOf } from './content-type.ts';
import { Cmi5Courses } from './courses.service.ts';
import { Cmi5Launches } from './launches.service.ts';
import { problems } from './problems.ts';

/**
 * Pages of strangers from our own address: `sandbox` without `allow-same-origin` gives them an origin of nobody's, so they
 * reach neither what our page keeps in the browser nor our API with a session; they speak to the LRS with their token, as a
 * page from anywhere does. The price: a course that wants cookies or local storage for itself has none.
 */
const SANDBOX =
  'sandbox allow-scripts allow-forms allow-modals allow-popups allow-downloads allow-pointer-lock allow-presentation ' +
  'allow-top-navigation-by-user-activation';
const OfFile = z.object({ key: z.string().max(100), path: z.union([z.string(), z.array(z.string())]) });
const OfToken = z.object({ token: z.string().max(200) });

/** What a launched unit asks for before it has a token: its files, and then the token. No session is involved. */
@Controller('api/cmi5')
export class Cmi5ContentController {
  constructor(
    private readonly courses: Cmi5Courses,
    private readonly launches: Cmi5Launches,
    private readonly assets: AssetStore,
  ) {}

  @Get('content/:key/*path')
  @Endpoint({
    summary: 'A file of a course, for who was launched into it',
    access: 'public',
    params: OfFile,
    produces: 'application/octet-stream',
  })
  async file(
    @Param() { key, path: parts }: z.infer<typeof OfFile>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const path = [parts].flat().join('/');
    const file = await this.courses.file(key, path);
    if (!file) throw problems.noSuchFile(path);
    const { cid, size } = file;
    response.set({
      'content-security-policy': SANDBOX,
      'content-type': contentTypeOf(path),
      // Its own scripts and data are of another origin to a page that has none.
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'referrer-policy': 'no-referrer',
      'cache-control': 'private, max-age=3600',
      'accept-ranges': 'bytes',
      etag: `"${cid}"`,
    });
    if (request.headers['if-none-match']?.includes(cid)) return void response.status(304).end();
    const range = rangeOf(request.headers.range, size);
    if (range === 'none') return void response.status(416).set('content-range', `bytes */${size}`).end();
    response.set('content-length', String(range?.length ?? size));
    if (range)
      response.status(206).set('content-range', `bytes ${range.offset}-${range.offset + range.length - 1}/${size}`);
    if (request.method === 'HEAD' || size === 0) return void response.end();
    await pipeline(this.assets.streamFile(cid, range), response).catch((thrown: unknown) => {
      if (!response.destroyed) throw thrown; // the other side left, as players of films do
    });
  }

  @Post('fetch/:token')
  @HttpCode(200)
  @Endpoint({ summary: 'cmi5: the authorization token of a session, once', access: 'public', params: OfToken })
  async fetch(@Param() { token }: z.infer<typeof OfToken>, @Res() response: Response): Promise<void> {
    const fetched = await this.launches.fetch(token);
    response.set({ 'access-control-allow-origin': '*', 'cache-control': 'no-store' }).json(fetched);
  }

  @Options('fetch/:token')
  @Endpoint({ summary: 'cmi5: units of any origin may ask', access: 'public' })
  preflight(@Res() response: Response): void {
    response
      .set({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'Content-Type',
      })
      .status(204)
      .end();
  }
}

/** One range; several, or none that can be understood, give the whole file (RFC 9110, 14.2). */
function rangeOf(header: string | undefined, size: number): { offset: number; length: number } | 'none' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || (first === '' && last === '')) return undefined;
  const offset = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return offset > end ? 'none' : { offset, length: end - offset + 1 };
}
