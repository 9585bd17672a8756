import { base58btc } from 'multiformats/bases/base58';
import { expect, test } from 'vitest';
import vector from '../../test/conformance/open-badges/eddsa-rdfc-2022.vectors.json' with { type: 'json' };
import { issued, HALL_DID } from './credential.fixture.ts';
import { canonize, hashData, sign, verifySignature } from './data-integrity.ts';
import { UnknownContext, bundledContexts } from './document-loader.ts';
import { keyOfDid } from './multikey.ts';

const EXAMPLES = 'https://www.w3.org/ns/credentials/examples/v2';
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The published vector uses the W3C's context for examples, which no hall needs. */
async function withExamples() {
  const bundled = await bundledContexts();
  const examples = { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } };
  return (url: string) => (url === EXAMPLES ? examples : bundled(url));
}

test('the published vector of eddsa-rdfc-2022 is reproduced byte for byte, from the words to the signature', async () => {
  const contexts = await withExamples();
  expect(await canonize(vector.unsigned, contexts)).toBe(vector.canonicalDocument);
  expect(await canonize(vector.proofConfig, contexts)).toBe(vector.canonicalProof);
  const { '@context': _, ...draft } = vector.proofConfig;
  expect(hex(await hashData(vector.unsigned, draft, contexts))).toBe(vector.hashData);

  // Multicodec ed25519-priv (0x1300 as a varint), then the seed.
  const privateKey = base58btc.decode(vector.keyPair.privateKeyMultibase).subarray(2);
  const signed = await sign(vector.unsigned, { privateKey, created: vector.proofConfig.created, contexts });
  expect(signed).toEqual(vector.signed);
  expect(hex(base58btc.decode(signed.proof.proofValue))).toBe(vector.signatureHex);
  expect(await verifySignature(vector.signed, contexts)).toMatchObject({ outcome: 'valid' });
});

test('a change of any signed word, name or time is seen', async () => {
  const good = await issued();
  expect(await verifySignature(good)).toMatchObject({ outcome: 'valid', did: HALL_DID });
  const text = JSON.stringify(good);
  for (const [from, to] of [
    ['92.5', '99.5'],
    ['Ada', 'Eva'],
    ['2027-11-21', '2037-11-21'],
    ['"4711"', '"4712"'],
    ['level-3', 'level-4'],
    ['2026-11-21T10:00:00Z","verificationMethod', '2026-11-22T10:00:00Z","verificationMethod'],
  ] as const) {
    const changed = text.replace(from, to);
    expect(changed, from).not.toBe(text);
    expect(await verifySignature(JSON.parse(changed)), from).toMatchObject({ outcome: 'changed' });
  }
});

test('the order of keys and white space do not matter: what is signed is the meaning', async () => {
  const shuffled = Object.fromEntries(Object.entries(await issued()).reverse());
  expect(await verifySignature(shuffled)).toMatchObject({ outcome: 'valid' });
});

test('a word that no context defines is refused, because the signature would not cover it', async () => {
  const good = await issued();
  await expect(verifySignature({ ...good, promoted: 'chief engineer' })).rejects.toThrow(
    /dropping|safe mode|promoted/i,
  );
});

test('a foreign context is refused by name, and nothing is fetched', async () => {
  const good = await issued();
  const url = 'https://evil.example/context.json';
  const foreign = { ...good, '@context': [...good['@context'], url] };
  const thrown = await verifySignature(foreign).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(UnknownContext);
  expect((thrown as UnknownContext).problem).toMatchObject({ key: 'unknown_context', facts: { url } });
});

test('other proofs than ours are named, not judged', async () => {
  const good = await issued();
  const other = { ...good, proof: { ...good.proof[0], cryptosuite: 'ecdsa-rdfc-2019' } };
  expect(await verifySignature(other)).toEqual({ outcome: 'unsupported', detail: 'ecdsa-rdfc-2019' });
  expect(await verifySignature({ ...good, proof: undefined })).toEqual({ outcome: 'unsupported', detail: 'no proof' });
  const login = { ...good, proof: { ...good.proof[0], proofPurpose: 'authentication' } };
  expect(await verifySignature(login)).toMatchObject({ outcome: 'unsupported' });
});

test('only Ed25519 keys that name themselves are keys', () => {
  expect(keyOfDid(HALL_DID)).toHaveLength(32);
  for (const did of [
    'did:web:hall.example',
    'did:key:z6Mk',
    `${HALL_DID}1`,
    'did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169',
  ])
    expect(keyOfDid(did), did).toBeNull();
});
