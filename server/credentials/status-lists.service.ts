import { Injectable } from '@nestjs/common';
import { isoSeconds } from '#protocol/credentials/index';
import { sign } from '#protocol/credentials/data-integrity';
import { statusListCredential } from '#protocol/credentials/status-list';
import { Clock } from '../platform/clock/index.ts';
import { CredentialStore } from './credential.store.ts';
import { IssuerKey } from './issuer-key.ts';
import { problems } from './problems.ts';

/** A list that says nothing new is signed again after this, so that its date stays young. */
const SIGN_AGAIN_MS = 60 * 60_000;
/** An offline verifier believes a copy for so long. */
const GOOD_FOR_MS = 7 * 86_400_000;

interface SignedList {
  readonly of: string;
  readonly signedAt: number;
  readonly credential: Promise<object>;
}

/** What was taken back, signed when somebody asks; several processes may each sign the same words. */
@Injectable()
export class StatusLists {
  private readonly signed = new Map<number, SignedList>();

  constructor(
    private readonly store: CredentialStore,
    private readonly key: IssuerKey,
    private readonly clock: Clock,
  ) {}

  /** Throws `credentials.no_such_list`. */
  async get(number: number): Promise<object> {
    const list = await this.store.list(number);
    if (!list) throw problems.noSuchList(number);
    const nowMs = this.clock.nowMs();
    const of = JSON.stringify(list);
    const known = this.signed.get(number);
    if (known?.of === of && nowMs - known.signedAt < SIGN_AGAIN_MS) return known.credential;
    const credential = this.make(list, nowMs);
    this.signed.set(number, { of, signedAt: nowMs, credential });
    credential.catch(() => this.signed.delete(number)); // whoever asked hears of it
    return credential;
  }

  private async make(list: NonNullable<Awaited<ReturnType<CredentialStore['list']>>>, nowMs: number): Promise<object> {
    const { did, ...about } = list;
    const { privateKey } = await this.key.signerOf(did);
    const validity = { validFrom: isoSeconds(nowMs), validUntil: isoSeconds(nowMs + GOOD_FOR_MS) };
    const credential = await statusListCredential({ ...about, issuer: did, ...validity });
    return sign(credential, { privateKey, created: isoSeconds(nowMs) });
  }
}
