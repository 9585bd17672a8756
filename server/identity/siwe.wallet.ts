import { Injectable } from '@nestjs/common';
import { getAddress, verifyMessage } from 'ethers';
import { randomBytes } from 'node:crypto';
import { SiweMessage } from 'siwe';
import { z } from 'zod';
import { Clock } from '../platform/clock/index.ts';
import { Config } from '../platform/config/index.ts';
import { Database } from '../platform/database/index.ts';
import type { IdentityTables } from './identity.migrations.ts';
import { problems } from './problems.ts';

/** Chain id of the embedded development chain. */
const EMBEDDED_CHAIN_ID = 31_337;
const NONCE_MS = 5 * 60_000;
const CHAIN_TIMEOUT_MS = 5_000;
const STATEMENT = 'Sign in to this Workhall. This costs nothing and moves nothing.';

export interface Challenge {
  readonly message: string;
  readonly nonce: string;
  readonly expiresAt: number;
}

/**
 * Sign-in by wallet, EIP-4361. The server makes the whole text, remembers its nonce, and takes it back once; domain,
 * URI, chain and address must be those it was made for. Plain accounts only: contract wallets (EIP-1271) would need
 * the chain at every sign-in.
 */
@Injectable()
export class WalletSignature {
  private chainId?: Promise<number>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** `origin` is that of the page the person sees, such as `https://hall.example.com`. */
  async challenge(rawAddress: string, origin: string): Promise<Challenge> {
    const address = checksummed(rawAddress);
    const now = this.clock.nowMs();
    const expiresAt = now + NONCE_MS;
    const nonce = randomBytes(16).toString('hex');
    const chainId = await this.currentChain();
    await this.db
      .deleteFrom('wallet_nonce')
      .where('expires_at', '<', new Date(now - NONCE_MS))
      .execute();
    await this.db
      .insertInto('wallet_nonce')
      .values({ nonce, address, origin, chain_id: chainId, expires_at: new Date(expiresAt) })
      .execute();
    const message = new SiweMessage({
      domain: new URL(origin).host,
      address,
      statement: STATEMENT,
      uri: origin,
      version: '1',
      chainId,
      nonce,
      issuedAt: new Date(now).toISOString(),
      expirationTime: new Date(expiresAt).toISOString(),
    });
    return { message: message.prepareMessage(), nonce, expiresAt };
  }

  /** The address that signed. Uses up the nonce, whatever comes out. */
  async verify(text: string, signature: string, origin: string): Promise<string> {
    const message = read(text);
    const issued = await this.db
      .deleteFrom('wallet_nonce')
      .where('nonce', '=', message.nonce)
      .returningAll()
      .executeTakeFirst();
    if (!issued) throw problems.nonceUnknown();
    const now = this.clock.nowMs();
    if (issued.expires_at.getTime() <= now) throw problems.nonceExpired();
    if (message.expirationTime && Date.parse(message.expirationTime) <= now) throw problems.nonceExpired();
    match('origin', issued.origin, origin);
    match('domain', new URL(origin).host, message.domain);
    match('address of the page', origin, message.uri);
    match('chain', String(issued.chain_id), String(message.chainId));
    match('account', issued.address, message.address);
    if (signerOf(text, signature) !== issued.address) throw problems.badSignature(issued.address);
    return issued.address;
  }

  private currentChain(): Promise<number> {
    const url = this.config.tree.chainRpcUrl;
    if (!url) return Promise.resolve(EMBEDDED_CHAIN_ID);
    this.chainId ??= askChain(url).catch((thrown: unknown) => {
      this.chainId = undefined; // ask again next time: the node may only be starting
      throw thrown;
    });
    return this.chainId;
  }

  private get db() {
    return this.database.of<IdentityTables>();
  }
}

/** With fetch: ethers' provider would wait for ever for a node that does not answer. */
async function askChain(url: string): Promise<number> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
      signal: AbortSignal.timeout(CHAIN_TIMEOUT_MS),
    });
    const { result } = z.object({ result: z.string().regex(/^0x[0-9a-f]+$/i) }).parse(await answer.json());
    return Number(result);
  } catch (cause) {
    throw problems.chainUnreachable(cause);
  }
}

function checksummed(address: string): string {
  try {
    return getAddress(address);
  } catch {
    throw problems.badAddress(address);
  }
}

function read(text: string): SiweMessage {
  try {
    return new SiweMessage(text);
  } catch (cause) {
    throw problems.messageUnreadable(cause);
  }
}

function match(field: string, expected: string, got: string): void {
  if (expected !== got) throw problems.messageMismatch(field, expected, got);
}

function signerOf(text: string, signature: string): string | null {
  try {
    return verifyMessage(text, signature);
  } catch {
    return null; // not even the shape of a signature
  }
}
