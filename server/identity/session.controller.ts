import { Body, Controller, Delete, Get, Header, HttpCode, Patch, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import {
  ExportedKey,
  GuestSignIn,
  Me,
  MePatch,
  SignedIn,
  WalletChallenge,
  WalletChallengeRequest,
  WalletSignIn,
} from '#protocol/api/session';
import { Config } from '../platform/config/index.ts';
import { Endpoint, isAllowedOrigin } from '../platform/http/index.ts';
import { Authentication, bearerOf, CurrentPerson } from './authentication.ts';
import { IdentityKeys } from './keys.wallet.ts';
import { People } from './people.service.ts';
import { meOf, type Person } from './person.ts';
import { problems } from './problems.ts';
import { Sessions } from './sessions.service.ts';
import { SignInLimit } from './sign-in-limit.ts';
import { WalletSignature } from './siwe.wallet.ts';

@Controller('api')
export class SessionController {
  constructor(
    private readonly people: People,
    private readonly sessions: Sessions,
    private readonly authentication: Authentication,
    private readonly wallets: WalletSignature,
    private readonly keys: IdentityKeys,
    private readonly limit: SignInLimit,
    private readonly config: Config,
  ) {}

  @Post('session/guest')
  @Header('cache-control', 'no-store')
  @HttpCode(200)
  @Endpoint({ summary: 'Come in as a guest with a name', access: 'public', body: GuestSignIn, response: SignedIn })
  async guest(
    @Body() { name }: z.infer<typeof GuestSignIn>,
    @Req() request: Request,
  ): Promise<z.infer<typeof SignedIn>> {
    this.limit.pass('guest', request.ip ?? '');
    const person = await this.people.create(name);
    return { token: await this.sessions.open(person), me: meOf(person, null) };
  }

  @Post('session/wallet/challenge')
  @HttpCode(200)
  @Endpoint({
    summary: 'A text to sign with a wallet (EIP-4361); serves once, for five minutes',
    access: 'public',
    body: WalletChallengeRequest,
    response: WalletChallenge,
  })
  async challenge(
    @Body() { address }: z.infer<typeof WalletChallengeRequest>,
    @Req() request: Request,
  ): Promise<z.infer<typeof WalletChallenge>> {
    this.limit.pass('wallet', request.ip ?? '');
    return this.wallets.challenge(address, this.originOf(request));
  }

  @Post('session/wallet')
  @Header('cache-control', 'no-store')
  @HttpCode(200)
  @Endpoint({
    summary: 'Sign in with the signed text; with the bearer token of a guest, the wallet is linked to that guest',
    access: 'public',
    body: WalletSignIn,
    response: SignedIn,
  })
  async wallet(@Body() body: z.infer<typeof WalletSignIn>, @Req() request: Request): Promise<z.infer<typeof SignedIn>> {
    this.limit.pass('wallet', request.ip ?? '');
    const guest = await this.authentication.personOf(request);
    if (!guest && bearerOf(request)) throw problems.notSignedIn();
    const address = await this.wallets.verify(body.message, body.signature, this.originOf(request));
    const person = guest ? await this.link(guest, address) : await this.comeIn(address, body.name);
    return { token: await this.sessions.open(person), me: await this.meOf(person) };
  }

  @Delete('session')
  @Endpoint({ summary: 'Sign out: the token is worthless from now on', access: 'session', response: z.object({}) })
  async signOut(@Req() request: Request): Promise<object> {
    await this.sessions.revoke(bearerOf(request)!);
    return {};
  }

  @Get('me')
  @Endpoint({ summary: 'Who I am here', access: 'session', response: Me })
  me(@CurrentPerson() person: Person): Promise<Me> {
    return this.meOf(person);
  }

  @Patch('me')
  @Endpoint({ summary: 'Change my name', access: 'session', body: MePatch, response: Me })
  async rename(@Body() { name }: z.infer<typeof MePatch>, @CurrentPerson() person: Person): Promise<Me> {
    return this.meOf(await this.people.rename(person.id, name));
  }

  @Post('me/key')
  @HttpCode(200)
  @Endpoint({ summary: 'Have the hall make and keep a key for me', access: 'session', response: Me })
  async makeKey(@CurrentPerson() person: Person): Promise<Me> {
    await this.keys.make(person.id);
    return this.meOf(person);
  }

  @Get('me/key')
  @Header('cache-control', 'no-store')
  @Endpoint({ summary: 'Take the key that the hall keeps for me', access: 'session', response: ExportedKey })
  exportKey(@CurrentPerson() person: Person): Promise<z.infer<typeof ExportedKey>> {
    return this.keys.exportFor(person.id);
  }

  private async link(guest: Person, address: string): Promise<Person> {
    if (guest.walletAddress === address) return guest;
    if (guest.walletAddress !== null) throw problems.walletLinked(guest.walletAddress);
    const maker = await this.people.findByHallKey(address);
    if (maker && maker.id !== guest.id) throw problems.walletTaken(address);
    return this.people.linkWallet(guest.id, address);
  }

  /** A key that the hall made for somebody, and that they took along into a wallet, is their way back. */
  private async comeIn(address: string, name: string | undefined): Promise<Person> {
    const known = (await this.people.findByWallet(address)) ?? (await this.people.findByHallKey(address));
    if (known) return known;
    return this.people.create(name ?? `${address.slice(0, 6)}…${address.slice(-4)}`, address);
  }

  private async meOf(person: Person): Promise<Me> {
    return meOf(person, await this.keys.serverAddressOf(person.id));
  }

  /** Where the person's page stands: a browser says so itself, and only our own pages are believed. */
  private originOf(request: Request): string {
    const { origin } = request.headers;
    if (origin && isAllowedOrigin(request, this.config.tree)) return origin;
    return this.config.tree.publicUrl ?? `${request.protocol}://${request.host}`;
  }
}
