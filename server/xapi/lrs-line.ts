import { isSameStatement, VERSION_HEADER, type Statement } from '#protocol/xapi/index';
import type { LrsConfig } from '../platform/config/config.tree.ts';

export type Outcome =
  | { readonly kind: 'stored' }
  /** Of several: one of them cannot be taken, not told which. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'later'; readonly why: string; readonly afterMs?: number };

/** A statement as it waits: JSON with an id. */
export interface Parcel {
  readonly id: string;
  readonly statement: string;
}

const TIMEOUT_MS = 20_000;
/** Of what the other side says about a refusal. */
const MAX_WHY = 500;

/** Talks to the LRS of the company. Knows HTTP, keeps nothing. */
export class LrsLine {
  constructor(private readonly lrs: LrsConfig | undefined) {}

  /** For people; without credentials, which may stand in an address. */
  get place(): string | null {
    return this.lrs ? new URL(this.lrs.url).host : null;
  }

  /** Sending again what arrived already changes nothing there: statements have ids. */
  async send(parcels: readonly Parcel[], signal: AbortSignal): Promise<Outcome> {
    const body = `[${parcels.map(({ statement }) => statement).join()}]`;
    const answer = await this.ask('POST', '/statements', signal, body);
    if (typeof answer === 'string') return { kind: 'later', why: answer };
    const why = `${answer.status} ${await textOf(answer)}`.trim();
    if (answer.ok) return { kind: 'stored' };
    if (answer.status === 409 && parcels.length === 1) return this.compare(parcels[0]!, why, signal);
    if ([400, 409, 413, 422].includes(answer.status)) return { kind: 'refused', why };
    // 401, 403 and 404 are mistakes of settings: they will be corrected, and nothing is lost until then.
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
    return { kind: 'later', why, ...(seconds > 0 ? { afterMs: seconds * 1000 } : {}) };
  }

  /** Some answer 409 to a statement that they have, the same as it is. */
  private async compare({ id, statement }: Parcel, why: string, signal: AbortSignal): Promise<Outcome> {
    const answer = await this.ask('GET', `/statements?statementId=${id}`, signal);
    if (typeof answer === 'string') return { kind: 'later', why: answer };
    if (!answer.ok) {
      await answer.body?.cancel();
      return { kind: 'refused', why };
    }
    const theirs = (await answer.json().catch(() => null)) as Statement | null;
    if (theirs === null) return { kind: 'later', why: 'the statement came back as something that is not JSON' };
    const isSame = isSameStatement(theirs, JSON.parse(statement) as Statement);
    return isSame ? { kind: 'stored' } : { kind: 'refused', why: 'another statement is stored there under this id' };
  }

  /** Why there was no answer, where there was none. */
  private async ask(method: string, path: string, signal: AbortSignal, body?: string): Promise<Response | string> {
    const { url, key, secret, version } = this.lrs!;
    try {
      return await fetch(`${url}${path}`, {
        method,
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        headers: {
          authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
          [VERSION_HEADER]: version,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
      });
    } catch (thrown) {
      const { message, cause } = thrown as Error;
      return cause instanceof Error ? `${message}: ${cause.message}` : message;
    }
  }
}

/** The answer may break off in its middle, too. */
async function textOf(answer: Response): Promise<string> {
  const text = await answer.text().catch(() => '(the answer broke off)');
  return text.slice(0, MAX_WHY);
}
