import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** 256 random bits, url-safe: a link or ticket nobody can guess. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** 32 bytes in base64url: anything else is turned away before the database is asked. */
export const TOKEN_FORM = /^[\w-]{43}$/;

/** All that the database keeps of a token. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
