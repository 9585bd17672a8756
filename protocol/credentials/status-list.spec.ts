import { base64url } from 'multiformats/bases/base64';
import fc from 'fast-check';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { HALL_DID, LIST_URL } from './credential.fixture.ts';
import { isSet, LIST_BITS, statusListCredential } from './status-list.ts';

const list = (indices: number[]) =>
  statusListCredential({
    url: LIST_URL,
    issuer: HALL_DID,
    revocations: indices.map((index) => ({ index, reason: 'misuse', at: 0 })),
    validFrom: '2026-11-21T10:00:00Z',
    validUntil: '2026-11-28T10:00:00Z',
  });

test('exactly the revoked bits are set, the first one leftmost, as the recommendation wants', async () => {
  const { credentialSubject } = await list([0, 9, LIST_BITS - 1]);
  const bytes = gunzipSync(base64url.decode(credentialSubject.encodedList));
  expect(bytes.length).toBe(16_384);
  expect([bytes[0], bytes[1], bytes.at(-1)]).toEqual([0b1000_0000, 0b0100_0000, 0b0000_0001]);
  expect(bytes.reduce((sum, byte) => sum + (byte ? 1 : 0), 0)).toBe(3);
});

test('whatever is revoked is found revoked, and nothing else', async () => {
  const indices = fc.uniqueArray(fc.integer({ min: 0, max: LIST_BITS - 1 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(indices, fc.integer({ min: 0, max: LIST_BITS - 1 }), async (revoked, other) => {
      const { credentialSubject } = await list(revoked);
      for (const index of [...revoked, other])
        expect(await isSet(credentialSubject.encodedList, index)).toBe(revoked.includes(index));
    }),
    { numRuns: 25 },
  );
});

test('an index beyond the end, rubbish and a gzip bomb are refused', async () => {
  const { credentialSubject } = await list([]);
  await expect(isSet(credentialSubject.encodedList, LIST_BITS)).rejects.toThrow(RangeError);
  await expect(isSet('uAAAA', 0)).rejects.toThrow();
  const bomb = base64url.encode(gzipSync(Buffer.alloc(200 * 1024 * 1024)));
  await expect(isSet(bomb, 0)).rejects.toThrow(/larger/);
});
