import { Body, Controller, Get, HttpCode, Param, Post, Req, Sse, type MessageEvent } from '@nestjs/common';
import type { Request } from 'express';
import { Observable } from 'rxjs';
import { z } from 'zod';
import {
  HistoryLine,
  RevisionNew,
  RevisionsToSign,
  RevisionView,
  SignatureNew,
  VerifyReport,
  type VerifyEvent,
} from '#protocol/api/ownership';
import { toProblem } from '#protocol/errors';
import { CidText, RoomId } from '#protocol/ids';
import { CurrentPerson, Sessions, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { OwnershipService } from './ownership.service.ts';
import { WantedSignatures } from './wanted-signatures.service.ts';

const byRoom = z.object({ room: RoomId });
const byCid = z.object({ cid: CidText });
const byToken = z.object({ tokenId: z.string().regex(/^\d{1,78}$/) });
type ByCid = z.output<typeof byCid>;
type ByToken = z.output<typeof byToken>;
type View = z.input<typeof RevisionView>;

/** Revisions and tokens are public, like the chain and IPFS they live on; signing and minting need a person. */
@Controller('api')
export class OwnershipController {
  constructor(
    private readonly ownership: OwnershipService,
    private readonly wanted: WantedSignatures,
    private readonly sessions: Sessions,
  ) {}

  @Post('rooms/:room/revisions')
  @HttpCode(200)
  @Endpoint({
    summary: 'Publish what is in the room now as a revision on IPFS',
    access: 'session',
    params: byRoom,
    body: RevisionNew,
    response: RevisionView,
  })
  async publish(
    @Param() { room }: z.output<typeof byRoom>,
    @Body() body: z.output<typeof RevisionNew>,
    @CurrentPerson() me: Person,
  ): Promise<View> {
    return this.ownership.publish(room, me, body);
  }

  @Get('revisions/to-sign')
  @Endpoint({
    summary: 'Revisions that wait for my signature, also of projects I am no member of',
    access: 'session',
    response: RevisionsToSign,
  })
  toSign(@CurrentPerson() me: Person): Promise<z.input<typeof RevisionsToSign>> {
    return this.wanted.of(me);
  }

  @Get('revisions/:cid')
  @Endpoint({ summary: 'One published revision', access: 'public', params: byCid, response: RevisionView })
  async read(@Param() { cid }: ByCid, @Req() request: Request): Promise<View> {
    return this.ownership.view(cid, await this.personOf(request));
  }

  @Get('revisions/:cid/history')
  @Endpoint({
    summary: 'What was done to the design, line by line',
    access: 'public',
    params: byCid,
    response: z.object({ lines: z.array(HistoryLine) }),
  })
  async history(@Param() { cid }: ByCid): Promise<{ lines: z.input<typeof HistoryLine>[] }> {
    return { lines: await this.ownership.history(cid) };
  }

  @Post('revisions/:cid/signatures')
  @HttpCode(200)
  @Endpoint({
    summary: 'Hand in a signature made by a wallet',
    access: 'session',
    params: byCid,
    body: SignatureNew,
    response: RevisionView,
  })
  async sign(
    @Param() { cid }: ByCid,
    @Body() body: z.output<typeof SignatureNew>,
    @CurrentPerson() me: Person,
  ): Promise<View> {
    return this.ownership.sign(cid, me, body.address, body.signature);
  }

  @Post(['revisions/:cid/sign', 'revisions/:cid/sign-with-server-key'])
  @HttpCode(200)
  @Endpoint({
    summary: 'Sign with the key this hall keeps for me',
    access: 'session',
    params: byCid,
    response: RevisionView,
  })
  async signWithServerKey(@Param() { cid }: ByCid, @CurrentPerson() me: Person): Promise<View> {
    return this.ownership.signWithServerKey(cid, me);
  }

  @Post('revisions/:cid/mint')
  @HttpCode(200)
  @Endpoint({ summary: 'Mint the token', access: 'session', params: byCid, response: RevisionView })
  async mint(@Param() { cid }: ByCid, @CurrentPerson() me: Person): Promise<View> {
    return this.ownership.mint(cid, me);
  }

  @Get('tokens/:tokenId')
  @Endpoint({ summary: 'The revision of a token', access: 'public', params: byToken, response: RevisionView })
  async token(@Param() { tokenId }: ByToken, @Req() request: Request): Promise<View> {
    return this.ownership.tokenView(tokenId, await this.personOf(request));
  }

  @Post('tokens/:tokenId/verify')
  @HttpCode(200)
  @Endpoint({ summary: 'Prove a design from its token', access: 'public', params: byToken, response: VerifyReport })
  async verify(@Param() { tokenId }: ByToken): Promise<z.input<typeof VerifyReport>> {
    return this.ownership.verify(tokenId);
  }

  @Sse('tokens/:tokenId/verify/events')
  @Endpoint({
    summary: 'The same proof as server-sent events: each check as it is done, then the report',
    access: 'public',
    params: byToken,
    produces: 'text/event-stream',
  })
  verifyEvents(@Param() { tokenId }: ByToken): Observable<MessageEvent> {
    return new Observable((listener) => {
      const say = (data: z.input<typeof VerifyEvent>) => listener.next({ data });
      this.ownership
        .verify(tokenId, (check) => say({ check }))
        .then(
          (report) => say({ report }),
          (thrown: unknown) => say({ problem: toProblem(thrown) }),
        )
        .finally(() => listener.complete());
    });
  }

  /** Public pages show more to who is signed in (their own share, the mint button). */
  private async personOf({ headers }: Request): Promise<Person | null> {
    const token = /^Bearer ([\w-]{20,200})$/i.exec(headers.authorization ?? '')?.[1];
    return token ? this.sessions.personOf(token) : null;
  }
}
