import { expect, it } from 'vitest';
import { turnCredentials } from './turn-credentials.ts';

it('signs the name and the time until which it holds, as coturn checks it', () => {
  // printf '1800000000:ann' | openssl dgst -sha1 -hmac 'north' -binary | base64
  expect(turnCredentials('north', 'ann', 1_800_000_000_999)).toEqual({
    username: '1800000000:ann',
    credential: 'Sqiimhz6m4x0uPJBfx56aqeAS4E=',
  });
});
