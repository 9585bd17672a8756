import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MasterKey } from './master-key.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'workhall-key-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('what was sealed opens again after a restart, for its owner only', () => {
  const secret = Buffer.from('a private key of 32 bytes, say ..');
  const sealed = MasterKey.open(folder).seal(secret, 'ada');
  expect(sealed.includes(secret)).toBe(false);
  expect(MasterKey.open(folder).unseal(sealed, 'ada')).toEqual(secret);
  expect(() => MasterKey.open(folder).unseal(sealed, 'eve')).toThrow('cannot be opened');
});

test('a changed byte is noticed', () => {
  const key = MasterKey.open(folder);
  const sealed = key.seal(Buffer.from('secret'), 'ada');
  sealed[sealed.length - 1]! ^= 1;
  expect(() => key.unseal(sealed, 'ada')).toThrow('cannot be opened');
});

test('the key file is readable by its user only, and a damaged one is refused', () => {
  MasterKey.open(folder);
  const path = join(folder, 'master.key');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  writeFileSync(path, 'short');
  expect(() => MasterKey.open(folder)).toThrow('does not hold 32 bytes');
});
