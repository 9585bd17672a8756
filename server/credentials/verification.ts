import { readFileSync, statSync } from 'node:fs';
import { toProblem, WorkhallError } from '#protocol/errors';
import { CertificateIssuer } from '#protocol/api/credentials';
import { unbake } from '#protocol/credentials/bake';
import { MOST_CERTIFICATE_BYTES, verifyCertificate, type CertificateReport } from '#protocol/credentials/verify';
import { StatusEntry } from '#protocol/credentials/status-list';
import type { EvidenceSource } from '#protocol/credentials/evidence';
import { GatewayReader } from '../assets/index.ts';

/** Where a verifier away from the hall may look; everything is optional. */
export interface Sources {
  /** A hall that the person who asks trusts: its key, its lists, its evidence. */
  readonly hall?: string;
  /** Keys they trust. */
  readonly issuers: readonly string[];
  /** A status list that was saved earlier. */
  readonly statusFile?: string;
  /** IPFS gateway for the evidence. */
  readonly ipfs?: string;
  /** Ask nobody. */
  readonly isOffline: boolean;
}

const TIMEOUT_MS = 15_000;
const MOST_LIST_BYTES = 4 * 1024 * 1024;
const ACCEPT = { accept: 'application/json, image/svg+xml, image/png' };

/** Judges a certificate out of a file (JSON, SVG, PNG) or from an address, with nothing but what `sources` name. */
export async function verifyFrom(place: string, sources: Sources, nowMs: number): Promise<CertificateReport> {
  const bytes = isAddress(place) ? await fetched(addressOf(place), MOST_CERTIFICATE_BYTES) : read(place);
  const document = parsed(bytes, place);
  const { isOffline, statusFile } = sources;
  const named = isOffline ? undefined : (sources.hall ?? hallOf(document));
  const gateway = isOffline ? undefined : (sources.ipfs ?? named);
  return verifyCertificate(document, {
    nowMs,
    trusted: await trustedBy(sources),
    statusList: async (url) => {
      if (statusFile) return JSON.parse(readFileSync(statusFile, 'utf8')) as unknown;
      if (isOffline) return null;
      const at = sources.hall ? new URL(new URL(url).pathname, sources.hall) : new URL(url);
      return JSON.parse(new TextDecoder().decode(await fetched(at, MOST_LIST_BYTES))) as unknown;
    },
    ...(gateway && { evidence: evidenceFrom(gateway) }),
  });
}

/** The hall's own key counts as known when the person named the hall. */
async function trustedBy({ hall, issuers, isOffline }: Sources): Promise<Map<string, string>> {
  const trusted = new Map(issuers.map((did) => [did, 'named by you']));
  if (!hall || isOffline) return trusted;
  const answer = await fetched(new URL('/api/credentials/issuer', hall), MOST_CERTIFICATE_BYTES);
  const { did, name, formerDids } = CertificateIssuer.parse(JSON.parse(new TextDecoder().decode(answer)));
  for (const one of [did, ...formerDids]) trusted.set(one, name);
  return trusted;
}

function evidenceFrom(gateway: string): EvidenceSource {
  const reader = new GatewayReader(gateway, TIMEOUT_MS);
  return async (cid) => {
    try {
      return await reader.getBlock(cid);
    } catch (thrown) {
      // Found, but not what the address says; the empty bytes fail the hash and are told so.
      return toProblem(thrown).key === 'block_corrupt' ? new Uint8Array() : null;
    }
  };
}

/** The origin of the status list is the hall that issued. */
function hallOf(document: unknown): string | undefined {
  const entry = StatusEntry.safeParse((document as { credentialStatus?: unknown } | null)?.credentialStatus);
  if (!entry.success || !/^https?:/.test(entry.data.statusListCredential)) return undefined;
  return new URL(entry.data.statusListCredential).origin;
}

const isAddress = (place: string): boolean => /^https?:\/\//.test(place);

/** The page of a certificate is as good as the address of its file. */
function addressOf(place: string): URL {
  const url = new URL(place);
  const page = /^\/credential\/([0-9a-f-]{36})$/.exec(url.pathname);
  return page ? new URL(`/api/credentials/${page[1]}/credential.json`, url) : url;
}

function read(path: string): Uint8Array {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined)
    throw new WorkhallError('credentials', 'no_such_file', `There is no file ${path}.`, { facts: { path } });
  if (size > MOST_CERTIFICATE_BYTES) throw tooLarge(path);
  return readFileSync(path);
}

async function fetched(url: URL, most: number): Promise<Uint8Array> {
  let answer: Response;
  try {
    answer = await fetch(url, { headers: ACCEPT, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    throw new WorkhallError('credentials', 'unreachable', `${url.origin} does not answer.`, {
      facts: { url: url.origin },
      next: 'Check the address, or verify the file with --offline.',
      status: 503,
      cause,
    });
  }
  if (!answer.ok)
    throw new WorkhallError('credentials', 'unreachable', `${url} answers HTTP ${answer.status}.`, {
      facts: { url: url.toString(), status: answer.status },
      next: 'Check the address.',
      status: 502,
    });
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    size += part.byteLength;
    if (size > most) throw tooLarge(url.toString());
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function parsed(bytes: Uint8Array, place: string): unknown {
  const text = unbake(bytes);
  try {
    if (text !== null) return JSON.parse(text) as unknown;
  } catch (cause) {
    throw notACertificate(place, cause);
  }
  throw notACertificate(place);
}

const tooLarge = (place: string): WorkhallError =>
  new WorkhallError('credentials', 'too_large', `${place} is larger than a certificate is.`, { facts: { place } });

const notACertificate = (place: string, cause?: unknown): WorkhallError =>
  new WorkhallError('credentials', 'not_a_certificate', `There is no certificate in ${place}.`, {
    facts: { place },
    next: 'Give the JSON file of a certificate, or a PNG or SVG badge with one baked in.',
    cause,
  });
