import { verifySignature } from './data-integrity.ts';
import { UnknownContext, type ContextSource } from './document-loader.ts';
import { checkEvidence, type EvidenceSource } from './evidence.ts';
import { readCertificate, type ReadCertificate } from './reading.ts';
import { isSet, StatusEntry, StatusListCredential, type RevocationReason } from './status-list.ts';

/** Larger files are not certificates. */
export const MOST_CERTIFICATE_BYTES = 1024 * 1024;

export interface VerifyPorts {
  readonly nowMs: number;
  /** Keys that the person who asks trusts, by did, with the name they know them by. */
  readonly trusted: ReadonlyMap<string, string>;
  /** The credential of a status list, null where nobody can be asked. */
  readonly statusList: (url: string) => Promise<unknown>;
  /** Undefined: evidence is not looked for. */
  readonly evidence?: EvidenceSource;
  readonly contexts?: ContextSource;
}

type Facts = Readonly<Record<string, string | number | null>>;

/** `good`, `bad` (do not rely on it), `open` (could not be found out), `absent` (not claimed). `code` says which sentence fits. */
export interface CertificateCheck {
  readonly about: 'form' | 'signature' | 'issuer' | 'period' | 'status' | 'evidence';
  readonly outcome: 'good' | 'bad' | 'open' | 'absent';
  readonly code:
    | 'form_open_badge'
    | 'form_not_a_certificate'
    | 'signature_valid'
    | 'signature_changed'
    | 'signature_unsupported'
    | 'signature_unknown_context'
    | 'signature_unreadable'
    | 'issuer_trusted'
    | 'issuer_unknown'
    | 'issuer_not_signer'
    | 'period_valid'
    | 'period_unlimited'
    | 'period_expired'
    | 'period_not_yet'
    | 'status_good'
    | 'status_revoked'
    | 'status_none'
    | 'status_unreachable'
    | 'status_unsupported'
    | 'status_list_bad'
    | 'status_list_old'
    | 'evidence_journal'
    | 'evidence_found'
    | 'evidence_none'
    | 'evidence_unreachable'
    | 'evidence_mismatch';
  readonly facts: Facts;
}

export type CertificateVerdict =
  | 'valid'
  /** Signed and in time, by a key that the person who asks does not know. */
  | 'unknown_issuer'
  /** Nobody could be asked whether it was taken back. */
  | 'status_unknown'
  | 'revoked'
  | 'expired'
  | 'not_yet'
  /** Changed, not by its issuer, or not a certificate at all. */
  | 'invalid';

export interface CertificateReport {
  readonly verdict: CertificateVerdict;
  readonly certificate: ReadCertificate | null;
  readonly checks: readonly CertificateCheck[];
}

/** Judges a certificate by itself: nothing is asked but the list of what was taken back, and the evidence's blocks. */
export async function verifyCertificate(document: unknown, ports: VerifyPorts): Promise<CertificateReport> {
  const checks: CertificateCheck[] = [];
  const say = (code: CertificateCheck['code'], outcome: CertificateCheck['outcome'], facts: Facts = {}) => {
    checks.push({ about: code.split('_')[0] as CertificateCheck['about'], outcome, code, facts });
    return outcome === 'good';
  };
  const read = readCertificate(document);
  if (!read.ok) {
    say('form_not_a_certificate', 'bad', { detail: read.detail });
    return { verdict: 'invalid', certificate: null, checks };
  }
  const { certificate } = read;
  say('form_open_badge', 'good');
  const signed = document as Record<string, unknown>;

  const isSigned = await checkSignature(signed, certificate, ports, say);
  // What an unsigned word says about time, status and evidence is worth nothing.
  if (!isSigned) return { verdict: 'invalid', certificate, checks };
  const isTrusted = ports.trusted.has(certificate.issuer.id);
  if (isTrusted) say('issuer_trusted', 'good', { name: ports.trusted.get(certificate.issuer.id)! });
  else say('issuer_unknown', 'open', { did: certificate.issuer.id });

  checkPeriod(certificate, ports.nowMs, say);
  await checkStatus(signed['credentialStatus'], certificate, ports, say);
  if (ports.evidence) await sayEvidence(certificate, ports.evidence, say);
  return { verdict: verdictOf(checks), certificate, checks };
}

type Say = (code: CertificateCheck['code'], outcome: CertificateCheck['outcome'], facts?: Facts) => boolean;

async function checkSignature(
  signed: Record<string, unknown>,
  { issuer }: ReadCertificate,
  { contexts }: VerifyPorts,
  say: Say,
): Promise<boolean> {
  try {
    const verdict = await verifySignature(signed, contexts);
    if (verdict.outcome === 'unsupported') return say('signature_unsupported', 'bad', { detail: verdict.detail });
    if (verdict.outcome === 'changed') return say('signature_changed', 'bad', { did: verdict.did });
    if (verdict.did !== issuer.id) return say('issuer_not_signer', 'bad', { did: verdict.did, issuer: issuer.id });
    return say('signature_valid', 'good', { did: verdict.did, created: verdict.created });
  } catch (thrown) {
    if (thrown instanceof UnknownContext) return say('signature_unknown_context', 'bad', { url: thrown.url });
    return say('signature_unreadable', 'bad', { detail: reasonOf(thrown) });
  }
}

function checkPeriod({ validFrom, validUntil }: ReadCertificate, nowMs: number, say: Say): void {
  const facts = { validFrom, validUntil };
  if (validFrom !== null && nowMs < validFrom) say('period_not_yet', 'bad', facts);
  else if (validUntil === null) say('period_unlimited', 'good', facts);
  else if (nowMs > validUntil) say('period_expired', 'bad', facts);
  else say('period_valid', 'good', facts);
}

async function checkStatus(entry: unknown, { issuer }: ReadCertificate, ports: VerifyPorts, say: Say): Promise<void> {
  if (entry === undefined) {
    say('status_none', 'absent');
    return;
  }
  const parsed = StatusEntry.safeParse(Array.isArray(entry) && entry.length === 1 ? entry[0] : entry);
  if (!parsed.success || parsed.data.statusPurpose !== 'revocation') {
    say('status_unsupported', 'open');
    return;
  }
  const { statusListCredential: url, statusListIndex } = parsed.data;
  const document = await ports.statusList(url).catch(() => null);
  if (document === null || document === undefined) {
    say('status_unreachable', 'open', { url });
    return;
  }
  try {
    const list = StatusListCredential.parse(document);
    const verdict = await verifySignature(document as Record<string, unknown>, ports.contexts);
    // Only the issuer says what it took back; another's list, however well signed, says nothing about this one.
    if (verdict.outcome !== 'valid' || verdict.did !== issuer.id || list.issuer !== issuer.id)
      throw new Error('it is not signed by the issuer of the certificate');
    if (list.id !== undefined && list.id !== url) throw new Error('it is another list');
    if (![list.credentialSubject.statusPurpose].flat().includes('revocation'))
      throw new Error('it is a list for another purpose');
    const index = Number(statusListIndex);
    const asOf = list.validFrom ? Date.parse(list.validFrom) : null;
    if (await isSet(list.credentialSubject.encodedList, index)) {
      const why = list.credentialSubject.revocations?.find((revocation) => revocation.index === index);
      const reason: RevocationReason | null = why?.reason ?? null;
      say('status_revoked', 'bad', { reason, at: why ? Date.parse(why.at) : null, asOf });
    } else if (list.validUntil && Date.parse(list.validUntil) < ports.nowMs) say('status_list_old', 'open', { asOf });
    else say('status_good', 'good', { asOf });
  } catch (thrown) {
    say('status_list_bad', 'open', { url, detail: reasonOf(thrown) });
  }
}

async function sayEvidence({ evidence }: ReadCertificate, source: EvidenceSource, say: Say): Promise<void> {
  if (evidence === null) {
    say('evidence_none', 'absent');
    return;
  }
  const found = await checkEvidence(evidence, source).catch(() => ({ outcome: 'unreachable' }) as const);
  if (found.outcome === 'unreachable') say('evidence_unreachable', 'open', { cid: evidence });
  else if (found.outcome === 'mismatch') say('evidence_mismatch', 'bad', { cid: found.cid });
  else if (found.entries === null) say('evidence_found', 'good', { cid: evidence });
  else say('evidence_journal', 'good', { cid: evidence, entries: found.entries });
}

function verdictOf(checks: readonly CertificateCheck[]): CertificateVerdict {
  const has = (code: CertificateCheck['code']) => checks.some((check) => check.code === code);
  if (has('status_revoked')) return 'revoked';
  if (has('evidence_mismatch')) return 'invalid';
  if (has('period_expired')) return 'expired';
  if (has('period_not_yet')) return 'not_yet';
  if (has('issuer_unknown')) return 'unknown_issuer';
  if (checks.some(({ about, outcome }) => about === 'status' && outcome === 'open')) return 'status_unknown';
  return 'valid';
}

const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 300);
