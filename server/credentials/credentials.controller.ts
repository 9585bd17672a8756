import { Body, Controller, Get, Header, HttpCode, Param, Post, Req, StreamableFile } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import {
  CertificateId,
  CertificateIssuer,
  CertificateList,
  CertificateNew,
  CertificateRevocation,
  CertificateView,
  SkillsMatrix,
} from '#protocol/api/credentials';
import { badgeSvg } from '#protocol/credentials/badge-picture';
import { bakePng, bakeSvg } from '#protocol/credentials/bake';
import { ProjectId } from '#protocol/ids';
import { CurrentPerson, Sessions, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { badgePng } from './badge.png.ts';
import { Credentials } from './credentials.service.ts';
import { IssuerKey } from './issuer-key.ts';
import { StatusLists } from './status-lists.service.ts';

const byId = z.object({ id: CertificateId });
const byProject = z.object({ id: ProjectId });
const byList = z.object({ list: z.coerce.number().int().min(1).max(1_000_000) });
type ById = z.output<typeof byId>;
type ByProject = z.output<typeof byProject>;

/** Certificates are read by whoever has their link; their ids are random. */
@Controller('api')
export class CredentialsController {
  constructor(
    private readonly credentials: Credentials,
    private readonly lists: StatusLists,
    private readonly key: IssuerKey,
    private readonly sessions: Sessions,
  ) {}

  @Get('credentials/issuer')
  @Header('access-control-allow-origin', '*')
  @Endpoint({ summary: 'The key this hall certifies with', access: 'public', response: CertificateIssuer })
  issuer(): Promise<CertificateIssuer> {
    return this.credentials.issuer();
  }

  @Get('credentials/status/:list')
  @Header('access-control-allow-origin', '*')
  @Header('cache-control', 'no-cache')
  @Endpoint({
    summary: 'Bitstring Status List: which certificates were taken back, signed by the hall',
    access: 'public',
    params: byList,
    response: z.looseObject({}),
  })
  status(@Param() { list }: z.output<typeof byList>): Promise<object> {
    return this.lists.get(list);
  }

  @Get('credentials/:id')
  @Header('cache-control', 'no-store')
  @Endpoint({ summary: 'One certificate, by its link', access: 'public', params: byId, response: CertificateView })
  async read(@Param() { id }: ById, @Req() request: Request): Promise<CertificateView> {
    return this.credentials.view(id, await this.personOf(request));
  }

  @Get('credentials/:id/credential.json')
  @Header('access-control-allow-origin', '*')
  @Endpoint({
    summary: 'The signed certificate (Open Badges 3.0)',
    access: 'public',
    params: byId,
    produces: 'application/json',
  })
  async json(@Param() { id }: ById): Promise<StreamableFile> {
    const { document } = await this.credentials.get(id);
    return download(Buffer.from(document), 'application/json', `certificate-${id.slice(0, 8)}.json`);
  }

  @Get('credentials/:id/badge.svg')
  @Endpoint({
    summary: 'The badge with the certificate baked in',
    access: 'public',
    params: byId,
    produces: 'image/svg+xml',
  })
  async svg(@Param() { id }: ById): Promise<StreamableFile> {
    const { document, summary } = await this.credentials.get(id);
    const date = new Date(summary.validFrom).toISOString().slice(0, 10);
    const picture = badgeSvg({ title: summary.title, recipient: summary.recipient, issuer: this.key.name, date });
    const svg = bakeSvg(picture, JSON.parse(document) as object);
    return download(Buffer.from(svg), 'image/svg+xml', `badge-${id.slice(0, 8)}.svg`);
  }

  @Get('credentials/:id/badge.png')
  @Endpoint({ summary: 'The same as PNG', access: 'public', params: byId, produces: 'image/png' })
  async png(@Param() { id }: ById): Promise<StreamableFile> {
    const { document } = await this.credentials.get(id);
    const png = bakePng(badgePng(), JSON.parse(document) as object);
    return download(png, 'image/png', `badge-${id.slice(0, 8)}.png`);
  }

  @Post('credentials/:id/revoke')
  @HttpCode(200)
  @Endpoint({
    summary: 'Take a certificate back, for a reason that everybody can read',
    access: 'session',
    params: byId,
    body: CertificateRevocation,
    response: CertificateView,
  })
  revoke(
    @Param() { id }: ById,
    @Body() { reason, note }: z.output<typeof CertificateRevocation>,
    @CurrentPerson() me: Person,
  ): Promise<CertificateView> {
    return this.credentials.revoke(id, me, reason, note);
  }

  @Get('me/credentials')
  @Endpoint({ summary: 'My certificates, newest first', access: 'session', response: CertificateList })
  mine(@CurrentPerson() me: Person): Promise<z.output<typeof CertificateList>> {
    return this.credentials.ofPerson(me.id);
  }

  @Get('projects/:id/skills')
  @Endpoint({
    summary: 'Who can do what in the project, and until when',
    access: 'session',
    params: byProject,
    response: SkillsMatrix,
  })
  matrix(@Param() { id }: ByProject, @CurrentPerson() me: Person): Promise<SkillsMatrix> {
    return this.credentials.matrix(id, me);
  }

  @Post('projects/:id/credentials')
  @HttpCode(200)
  @Endpoint({
    summary: 'Certify somebody by hand, after an assessment on the job',
    access: 'session',
    params: byProject,
    body: CertificateNew,
    response: CertificateView,
  })
  issue(
    @Param() { id }: ByProject,
    @Body() body: z.output<typeof CertificateNew>,
    @CurrentPerson() me: Person,
  ): Promise<CertificateView> {
    return this.credentials.issueByHand(id, me, body);
  }

  /** A public page shows more to who is signed in. */
  private async personOf({ headers }: Request): Promise<Person | null> {
    const token = /^Bearer ([\w-]{20,200})$/i.exec(headers.authorization ?? '')?.[1];
    return token ? this.sessions.personOf(token) : null;
  }
}

const download = (bytes: Uint8Array, type: string, fileName: string): StreamableFile =>
  new StreamableFile(bytes, { type, disposition: `attachment; filename="${fileName}"`, length: bytes.length });
