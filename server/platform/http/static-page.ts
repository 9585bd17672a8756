import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const YEAR_S = 31_536_000;
/** Vite puts a content hash into the names under `assets/`, so such a file never changes. */
const HASHED = /[\\/]assets[\\/].+-[\w-]{8,}\.\w+(\.br|\.gz)?$/;
const ENCODINGS = [
  { token: 'br', suffix: '.br' },
  { token: 'gzip', suffix: '.gz' },
];

/**
 * The built page: hashed files for a year, everything else revalidated; the compressed twin that the build left beside
 * a file when the browser takes it; and index.html for every address that is a view of the page.
 */
export function staticPage(root: string): RequestHandler[] {
  const files = express.static(root, {
    index: 'index.html',
    setHeaders: (response, path) => {
      const cache = HASHED.test(path) ? `public, max-age=${YEAR_S}, immutable` : 'no-cache';
      response.setHeader('cache-control', cache);
    },
  });
  return [compressedTwin(root), files, singlePage(root)];
}

function compressedTwin(root: string): RequestHandler {
  const known = new Map<string, boolean>();
  const has = (path: string) => {
    const found = known.get(path) ?? existsSync(join(root, path));
    known.set(path, found);
    return found;
  };
  return (request: Request, response: Response, next: NextFunction) => {
    const type = TYPES.find(([suffix]) => request.path.endsWith(suffix))?.[1];
    if (!type || (request.method !== 'GET' && request.method !== 'HEAD') || request.path.includes('..')) return next();
    const accepted = String(request.headers['accept-encoding'] ?? '');
    const encoding = ENCODINGS.find(({ token, suffix }) => accepted.includes(token) && has(request.path + suffix));
    response.vary('accept-encoding');
    if (!encoding) return next();
    request.url = request.path + encoding.suffix;
    response.setHeader('content-encoding', encoding.token);
    response.setHeader('content-type', type);
    next();
  };
}

/** Kinds worth compressing; models and pictures are already. */
const TYPES = [
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.wasm', 'application/wasm'],
] as const;

function singlePage(root: string): RequestHandler {
  return (request, response, next) => {
    const isView =
      request.method === 'GET' && !/^\/(api|ipfs|matchmake|xapi)\//.test(request.path) && !/\.\w+$/.test(request.path);
    if (!isView || !request.accepts('html') || !existsSync(join(root, 'index.html'))) return next();
    response.setHeader('cache-control', 'no-cache');
    response.sendFile('index.html', { root });
  };
}
