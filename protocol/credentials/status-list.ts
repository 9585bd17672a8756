import { base64url } from 'multiformats/bases/base64';
import { z } from 'zod';
import { CREDENTIALS_V2 } from './document-loader.ts';

/**
 * Bitstring Status List 1.0 (W3C): one bit for each certificate of a list, gzipped, in a signed credential of its own.
 * Whoever asks for the list does not tell which certificate they look at.
 */

/** The least that the recommendation allows (section 3.1), so that one certificate hides among many. */
export const LIST_BITS = 131_072;
/** A gzip bomb ends here. */
const MOST_BYTES = 2 * 1024 * 1024;

/** Why a certificate is taken back. Public, so these words are all that is said. */
export const REVOCATION_REASONS = [
  'issued_in_error',
  'superseded',
  'evidence_withdrawn',
  'retraining',
  'misuse',
] as const;
export const RevocationReason = z.enum(REVOCATION_REASONS);
export type RevocationReason = z.infer<typeof RevocationReason>;

export interface Revocation {
  readonly index: number;
  readonly reason: RevocationReason;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Terms of the reasons, defined in the list itself: a verifier that does not know Workhall loads nothing for them. */
const REASON_TERMS = {
  revocations: {
    '@id': 'urn:workhall:terms:revocations',
    '@container': '@set',
    '@context': {
      index: { '@id': 'urn:workhall:terms:index', '@type': 'http://www.w3.org/2001/XMLSchema#integer' },
      reason: { '@id': 'urn:workhall:terms:reason' },
      at: { '@id': 'urn:workhall:terms:at', '@type': 'http://www.w3.org/2001/XMLSchema#dateTime' },
    },
  },
} as const;

export interface StatusListFacts {
  /** Address at which the hall serves it. */
  readonly url: string;
  readonly issuer: string;
  readonly revocations: readonly Revocation[];
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validUntil: string;
}

/** The credential of a list, to be signed by the same issuer as the certificates in it. */
export async function statusListCredential(facts: StatusListFacts) {
  const bits = new Uint8Array(LIST_BITS / 8);
  for (const { index } of facts.revocations) bits[index >> 3]! |= 0x80 >> (index & 7);
  return {
    '@context': [CREDENTIALS_V2, REASON_TERMS],
    id: facts.url,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: facts.issuer,
    validFrom: facts.validFrom,
    validUntil: facts.validUntil,
    credentialSubject: {
      id: `${facts.url}#list`,
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: base64url.encode(await gzip(bits)),
      ...(facts.revocations.length > 0 && {
        revocations: facts.revocations.map(({ index, reason, at }) => ({
          index,
          reason,
          at: new Date(at).toISOString(),
        })),
      }),
    },
  };
}

/** The entry in a certificate: bit `index` of the list at `url`. */
export const statusEntry = (url: string, index: number) => ({
  id: `${url}#${index}`,
  type: 'BitstringStatusListEntry' as const,
  statusPurpose: 'revocation' as const,
  statusListIndex: String(index),
  statusListCredential: url,
});

export const StatusEntry = z.object({
  type: z.literal('BitstringStatusListEntry'),
  statusPurpose: z.string(),
  statusListIndex: z.string().regex(/^\d{1,9}$/),
  statusListCredential: z.url(),
});

/** What we read of a list, ours or another's. */
export const StatusListCredential = z.object({
  id: z.string().optional(),
  issuer: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]),
  validFrom: z.string().optional(),
  validUntil: z.string().optional(),
  credentialSubject: z.object({
    type: z.literal('BitstringStatusList'),
    statusPurpose: z.union([z.string(), z.array(z.string())]),
    encodedList: z.string().max(4_000_000),
    revocations: z
      .array(z.object({ index: z.number(), reason: RevocationReason, at: z.iso.datetime() }))
      .optional()
      .catch(undefined),
  }),
});

/** Bit `index` of an encoded list. Throws a RangeError beyond its end, and on what is not a list. */
export async function isSet(encodedList: string, index: number): Promise<boolean> {
  const bits = await gunzip(base64url.decode(encodedList));
  const byte = bits[index >> 3];
  if (byte === undefined) throw new RangeError(`the list has ${bits.length * 8} entries, not ${index + 1}`);
  return (byte & (0x80 >> (index & 7))) !== 0;
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

async function gunzip(packed: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(packed)]).stream().pipeThrough(new DecompressionStream('gzip'));
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MOST_BYTES) {
      await reader.cancel();
      throw new RangeError(`the list is larger than ${MOST_BYTES} bytes`);
    }
    parts.push(value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
