import { errorOf, unreachable } from '#net/api';
import { eventsOf } from '#net/server-sent-events';
import { VerifyEvent, type VerifyReport } from '#protocol/api/index';
import { WorkhallError } from '#protocol/errors';
import { api } from '../session/index.ts';

export type ProofCheck = VerifyReport['checks'][number];

/** Has the hall prove a token and tells of each check as it is done. Rejects with what ended the proof early. */
export async function prove(
  tokenId: string,
  signal: AbortSignal,
  onCheck: (check: ProofCheck) => void,
): Promise<VerifyReport> {
  const path = `/tokens/${encodeURIComponent(tokenId)}/verify/events`;
  const response = await fetch(api.url(path), { headers: api.headers(), signal }).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => undefined));
  for await (const event of eventsOf(response)) {
    const told = VerifyEvent.parse(event);
    if ('check' in told) onCheck(told.check);
    else if ('report' in told) return told.report;
    else {
      const { scope, key, message, facts, next } = told.problem;
      throw new WorkhallError(scope, key, message, { facts, ...(next ? { next } : {}) });
    }
  }
  throw unreachable();
}
