import type { NextFunction, Request, Response } from 'express';

/**
 * Nothing foreign is loaded, framed or called. What is allowed beside our own origin, and why:
 * `wasm-unsafe-eval` CAD, mesh and decoder kernels; `blob:` workers and textures that Babylon makes in memory;
 * `data:` small images and glTF buffers; inline styles, which Mantine and Babylon's canvases set.
 * COEP is left out: it would forbid embedding a hall in a company's portal and buys only shared memory.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self' blob: data:",
  "img-src 'self' blob: data:",
  "media-src 'self' blob: data:",
  "font-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ');

const outward: string[] = [];

/** Views below this path may call any address: a page that another system launched answers to that system. */
export function mayCallOut(path: `/${string}/`): void {
  outward.push(path);
}
const CALLS_OUT = CONTENT_SECURITY_POLICY.replace("connect-src 'self'", "connect-src 'self' https: http:");

const HEADERS: Record<string, string> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin-allow-popups',
  'permissions-policy':
    'xr-spatial-tracking=(self), camera=(self), microphone=(self), display-capture=(self), geolocation=()',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

export function securityHeaders(request: Request, response: Response, next: NextFunction): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  if (outward.some((path) => request.path.startsWith(path))) response.setHeader('content-security-policy', CALLS_OUT);
  next();
}
