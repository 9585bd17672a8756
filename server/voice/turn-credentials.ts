import { createHmac } from 'node:crypto';

/**
 * Credentials that a TURN server believes without knowing anybody: the time until which they hold and a name, signed
 * with the secret both sides share (coturn `use-auth-secret`; draft-uberti-behave-turn-rest-00, 2.2).
 */
export function turnCredentials(
  secret: string,
  name: string,
  validUntilMs: number,
): { username: string; credential: string } {
  const username = `${Math.floor(validUntilMs / 1000)}:${name}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
