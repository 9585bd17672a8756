import type { IncomingMessage } from 'node:http';
import type { ConfigTree } from '../config/index.ts';

/**
 * May a page of this origin open our sockets and use our sessions? Yes when it is the page we serve ourselves or one
 * that ALLOWED_ORIGINS names. A request without an Origin comes from a program, which cannot be tricked like a browser.
 */
export function isAllowedOrigin(request: IncomingMessage, tree: ConfigTree): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  if (tree.allowedOrigins.includes(origin) || origin === tree.publicUrl) return true;
  const forwarded = tree.trustProxy ? request.headers['x-forwarded-host'] : undefined;
  const host = String(forwarded ?? request.headers.host ?? '');
  return URL.canParse(origin) && new URL(origin).host === host;
}
