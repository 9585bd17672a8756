import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base58btc } from 'multiformats/bases/base58';
import { bundledContexts, UnknownContext, type ContextSource } from './document-loader.ts';
import { didOfKey, keyOfDid, methodOf } from './multikey.ts';

/**
 * Data Integrity with the cryptosuite eddsa-rdfc-2022 (W3C vc-di-eddsa 1.0, section 3.2): RDFC-1.0 of the document and of
 * the proof's options, sha-256 of each, Ed25519 over both. JSON-LD and RDF are the field's own library, the curve is
 * @noble/curves; what lies between is this page. @digitalbazaar/vc was weighed: it does the same with classes for suites,
 * and says of a failure only that there was one. It verifies ours in the tests instead.
 */
const CRYPTOSUITE = 'eddsa-rdfc-2022';
/** A document made to keep the canonicalization busy is given up after this. */
const CANONIZE_TIMEOUT_MS = 5_000;

export interface Proof {
  readonly type: 'DataIntegrityProof';
  readonly cryptosuite: string;
  readonly created?: string;
  readonly verificationMethod: string;
  readonly proofPurpose: string;
  readonly proofValue: string;
}
export type Signed<T extends object> = T & { readonly proof: Proof };
type Document = Readonly<Record<string, unknown>>;

export interface SignOptions {
  /** Ed25519 seed, 32 bytes. */
  readonly privateKey: Uint8Array;
  /** ISO 8601, UTC, whole seconds. */
  readonly created: string;
  readonly contexts?: ContextSource;
}

/** Returns a copy with a proof by `did:key` of the key. Throws `UnknownContext`, and on terms no context defines. */
export async function sign<T extends object>(document: T, options: SignOptions): Promise<Signed<T>> {
  const did = didOfKey(ed25519.getPublicKey(options.privateKey));
  const draft = {
    type: 'DataIntegrityProof',
    cryptosuite: CRYPTOSUITE,
    created: options.created,
    verificationMethod: methodOf(did),
    proofPurpose: 'assertionMethod',
  } as const;
  const bytes = await hashData(document as Document, draft, options.contexts);
  return { ...document, proof: { ...draft, proofValue: base58btc.encode(ed25519.sign(bytes, options.privateKey)) } };
}

export type SignatureVerdict =
  | { readonly outcome: 'valid'; readonly did: string; readonly created: string | null }
  /** The words or the proof were changed after signing, or it was never signed by this key. */
  | { readonly outcome: 'changed'; readonly did: string }
  /** Another kind of proof than ours, or none: nothing can be said. */
  | { readonly outcome: 'unsupported'; readonly detail: string };

/** Judges the proof alone; who the key belongs to is another question. Throws `UnknownContext`. */
export async function verifySignature(signed: Document, contexts?: ContextSource): Promise<SignatureVerdict> {
  const { proof: proofs, ...document } = signed;
  const proof = [proofs].flat().find((one): one is Proof => isProof(one));
  if (!proof) return { outcome: 'unsupported', detail: proofs ? suiteOf(proofs) : 'no proof' };
  if (proof.proofPurpose !== 'assertionMethod') return { outcome: 'unsupported', detail: proof.proofPurpose };
  const did = proof.verificationMethod.split('#')[0]!;
  const key = keyOfDid(did);
  if (!key || proof.verificationMethod !== methodOf(did))
    return { outcome: 'unsupported', detail: proof.verificationMethod };
  const { proofValue, ...draft } = proof;
  const signature = decoded(proofValue);
  if (!signature) return { outcome: 'changed', did };
  const bytes = await hashData(document, draft, contexts);
  // Strict RFC 8032: no second encoding of the same signature passes.
  return ed25519.verify(signature, bytes, key, { zip215: false })
    ? { outcome: 'valid', did, created: proof.created ?? null }
    : { outcome: 'changed', did };
}

/** What is signed: the hash of the proof's options, then that of the document, 64 bytes. */
export async function hashData(document: Document, draft: object, contexts?: ContextSource): Promise<Uint8Array> {
  const [options, words] = await Promise.all([
    canonize({ '@context': document['@context'], ...draft }, contexts),
    canonize(document, contexts),
  ]);
  const encoder = new TextEncoder();
  return Uint8Array.from([...sha256(encoder.encode(options)), ...sha256(encoder.encode(words))]);
}

/** Canonical N-Quads (RDFC-1.0). The libraries are some 100 kB: loaded when something is signed or verified. */
export async function canonize(document: object, contexts?: ContextSource): Promise<string> {
  const [{ default: jsonld }, known] = await Promise.all([import('jsonld'), contexts ?? bundledContexts()]);
  let unknown: UnknownContext | undefined;
  try {
    return await jsonld.canonize(document, {
      algorithm: 'RDFC-1.0',
      format: 'application/n-quads',
      safe: true,
      signal: AbortSignal.timeout(CANONIZE_TIMEOUT_MS),
      documentLoader: async (url) => {
        const context = known(url);
        if (context) return { documentUrl: url, document: context, contextUrl: null };
        unknown = new UnknownContext(url);
        throw unknown;
      },
    });
  } catch (thrown) {
    throw unknown ?? thrown;
  }
}

function isProof(thing: unknown): thing is Proof {
  const proof = thing as Partial<Proof> | null | undefined;
  return (
    proof?.type === 'DataIntegrityProof' &&
    proof.cryptosuite === CRYPTOSUITE &&
    [proof.verificationMethod, proof.proofPurpose, proof.proofValue].every((value) => typeof value === 'string')
  );
}

function suiteOf(proofs: unknown): string {
  const [first] = [proofs].flat() as { type?: unknown; cryptosuite?: unknown }[];
  return String(first?.cryptosuite ?? first?.type ?? 'no proof').slice(0, 100);
}

function decoded(proofValue: string): Uint8Array | null {
  if (!/^z[1-9A-HJ-NP-Za-km-z]{60,100}$/.test(proofValue)) return null;
  const bytes = base58btc.decode(proofValue);
  return bytes.length === 64 ? bytes : null;
}
