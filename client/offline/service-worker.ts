import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { createPartialResponse } from 'workbox-range-requests';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';
import { FILES_CACHE, MARK_HEADER, PAGES_CACHE, PARTS_CACHE, sessionMark, TAKE_OVER } from './session-mark.ts';

/**
 * Between the page and the hall: the page itself opens without a network, and what was taken along is answered from the
 * device. Everything else goes to the hall as if this were not here. Built beside the page (shell.vite.ts).
 */
declare const __SHELL__: { url: string; revision: string | null }[];
declare const self: {
  skipWaiting(): Promise<void>;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
};

/** A hall that has not answered by now is answered for, where this device can, ms. */
const PATIENCE_MS = 4_000;

precacheAndRoute(__SHELL__);
cleanupOutdatedCaches();

// Views of the page; an LMS's learners get theirs from the hall, because it may call out.
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    denylist: [/^\/(api|ipfs|matchmake|xapi|cmi5)\//, /\.\w+$/],
  }),
);
registerRoute(
  ({ url, request }) => request.method === 'GET' && /^\/(assets|xr)\//.test(url.pathname),
  new CacheFirst({ cacheName: PARTS_CACHE }),
);
registerRoute(
  ({ url, request }) => request.method === 'GET' && /^\/api\/assets\/[a-z2-7]+$/.test(url.pathname),
  ({ request, url }) => fileAnswer(request, url),
);
registerRoute(
  ({ url, request }) =>
    request.method === 'GET' &&
    url.pathname.startsWith('/api/') &&
    request.headers.has('authorization') &&
    !request.headers.get('accept')?.includes('text/event-stream'),
  ({ request }) => pageAnswer(request),
);

// A new version waits until somebody says that it may come.
self.addEventListener('message', ({ data }) => void (data === TAKE_OVER && self.skipWaiting()));

/** Content never changes under its address: what is here is right. */
async function fileAnswer(request: Request, url: URL): Promise<Response> {
  const files = await caches.open(FILES_CACHE);
  const kept = await files.match(url.pathname);
  if (!kept) return fetch(request);
  return request.headers.has('range') ? createPartialResponse(request, kept) : kept;
}

/** The hall's own answer where it can be had, else the one that was taken along by the same session. */
async function pageAnswer(request: Request): Promise<Response> {
  const kept = await keptPage(request);
  if (!kept) return fetch(request);
  const asked = fetch(request);
  try {
    return await Promise.race([asked, rejectAfter(PATIENCE_MS)]);
  } catch {
    asked.catch(() => undefined); // answered already
    return kept;
  }
}

async function keptPage(request: Request): Promise<Response | undefined> {
  const kept = await (await caches.open(PAGES_CACHE)).match(request.url, { ignoreVary: true });
  const token = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
  if (!kept || token === undefined) return undefined;
  return kept.headers.get(MARK_HEADER) === (await sessionMark(token)) ? kept : undefined;
}

const rejectAfter = (ms: number): Promise<never> =>
  new Promise((_resolve, reject) => setTimeout(() => reject(new Error('the hall is silent')), ms));
