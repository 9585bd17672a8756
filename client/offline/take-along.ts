import { OfflinePack } from '#protocol/api/offline';
import { WorkhallError } from '#protocol/errors';
import { cidOf, CID, sameBytes } from '#protocol/journal/index';
import type { HallApi } from '#net/api';
import { takeRoom } from '#net/take-room';
import type { TakenRooms } from '#net/taken-rooms';
import { FILES_CACHE, MARK_HEADER, PAGES_CACHE, sessionMark } from './session-mark.ts';
import { z } from 'zod';
import type { ShiftStore, TakenJob } from './shift.store.ts';

const RAW = 0x55;
/** Files fetched at once. */
const AT_ONCE = 4;
/** Left for what is done with the jobs: pictures, and the journal that grows, bytes. */
const SPARE_BYTES = 64 * 1024 * 1024;

export interface Progress {
  readonly bytes: number;
  readonly of: number;
}

interface Ports {
  readonly api: HallApi;
  readonly store: ShiftStore;
  readonly rooms: TakenRooms;
  readonly token: string;
  readonly user: string;
  /** `deviceMark`. */
  readonly device: string;
}

/**
 * Takes a job along: journal, files, answers and skills, so that it opens without the hall. What is here already is not
 * fetched again; cut in the middle it goes on where it was. Throws `offline.no_space`, and what the hall says.
 */
export async function takeAlong(
  ports: Ports,
  job: { readonly room: string; readonly order: string; readonly serial: string },
  { onProgress, signal }: { onProgress: (progress: Progress) => void; signal: AbortSignal },
): Promise<TakenJob> {
  const { api, device } = ports;
  // First: what is fetched now must not be followed by another instruction. Who may only look holds nobody up.
  await api
    .ask(z.object({}), 'POST', `/jobs/${job.room}/taken`, { body: { device }, signal })
    .catch((thrown: unknown) => {
      if (!(thrown instanceof WorkhallError && thrown.status === 403)) throw thrown;
    });
  try {
    return await fetchAll(ports, job, { onProgress, signal });
  } catch (thrown) {
    await tellLetGo(ports, job.room);
    throw thrown;
  }
}

/** Out of reach the hall believes that it is along until the pack is too old. */
const tellLetGo = ({ api, device }: Pick<Ports, 'api' | 'device'>, room: string): Promise<unknown> =>
  api.ask(z.object({}), 'POST', `/jobs/${room}/let-go`, { body: { device } }).catch((thrown: unknown) => {
    console.warn('The hall could not be told that a job was let go.', thrown);
  });

async function fetchAll(
  { api, store, rooms, token, user }: Ports,
  job: { readonly room: string; readonly order: string; readonly serial: string },
  { onProgress, signal }: { onProgress: (progress: Progress) => void; signal: AbortSignal },
): Promise<TakenJob> {
  const { room } = job;
  const pack = await api.ask(OfflinePack, 'GET', `/jobs/${room}/offline-pack`, { signal });
  const files = await caches.open(FILES_CACHE);
  const missing: OfflinePack['files'][number][] = [];
  for (const file of pack.files) if (!(await files.match(addressOf(file.cid)))) missing.push(file);
  const of = missing.reduce((sum, { bytes }) => sum + bytes, 0);
  await makeRoom(of);

  let bytes = 0;
  onProgress({ bytes, of });
  const queue = [...missing];
  const fetchers = Array.from({ length: AT_ONCE }, async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      await fetchFile(files, next.cid, signal);
      bytes += next.bytes;
      onProgress({ bytes, of });
    }
  });
  await Promise.all(fetchers);

  const pages = await fetchPages(pack.pages, token, signal);
  await takeRoom({ hallUrl: api.hallUrl, token, room, device: 'desktop' }, rooms, pack.packedAt - Date.now());
  const size = pack.files.reduce((sum, file) => sum + file.bytes, 0);
  const taken = { ...job, user, pack, takenAtMs: Date.now(), bytes: size, pages };
  await store.putJob(taken);
  return taken;
}

/** Lets a job go: its files too, where no other job has them. What is not sent yet stays where it is. */
export async function letGo(room: string, ports: Pick<Ports, 'api' | 'device' | 'store' | 'rooms'>): Promise<void> {
  const { store, rooms } = ports;
  await tellLetGo(ports, room);
  const job = await store.job(room);
  await Promise.all([store.removeJob(room), rooms.remove(room)]);
  const others = await store.jobs();
  const unsent = (await store.evidence()).map(({ cid }) => cid);
  const keptFiles = new Set([...others.flatMap(({ pack }) => pack.files.map(({ cid }) => cid as string)), ...unsent]);
  const keptPages = new Set(others.flatMap(({ pages }) => pages));
  const [files, pages] = await Promise.all([caches.open(FILES_CACHE), caches.open(PAGES_CACHE)]);
  for (const { cid } of job?.pack.files ?? []) if (!keptFiles.has(cid)) await files.delete(addressOf(cid));
  for (const path of job?.pages ?? []) if (!keptPages.has(path)) await pages.delete(path);
}

/** How much there is, and whether the browser may throw it away when space runs short. */
export async function spaceHere(): Promise<{ usedBytes: number; freeBytes: number; isKept: boolean }> {
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  return { usedBytes: usage, freeBytes: quota - usage, isKept: await navigator.storage.persisted() };
}

async function makeRoom(bytes: number): Promise<void> {
  // Browsers that ask the person do so now; where they refuse, it is kept as long as there is space.
  await navigator.storage.persist();
  const { freeBytes } = await spaceHere();
  if (freeBytes > bytes + SPARE_BYTES) return;
  throw noSpace(bytes, freeBytes);
}

const noSpace = (neededBytes: number, freeBytes: number) =>
  new WorkhallError('offline', 'no_space', 'This device has not enough space for these jobs.', {
    facts: { neededMB: Math.ceil((neededBytes + SPARE_BYTES) / 1e6), freeMB: Math.floor(freeBytes / 1e6) },
    next: 'Let jobs go that are done, or free some space on the device.',
    status: 507,
  });

const addressOf = (cid: string): string => `/api/assets/${cid}`;

async function fetchFile(files: Cache, cid: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(addressOf(cid), { signal });
  if (!answer.ok) throw notThere(addressOf(cid), answer.status);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const { code, multihash } = CID.parse(cid);
  if (code === RAW && !sameBytes(cidOf(bytes, RAW).multihash.digest, multihash.digest))
    throw new WorkhallError('offline', 'other_bytes', 'A file came otherwise than it was named.', {
      facts: { cid },
      next: 'Try again.',
      status: 502,
    });
  await keep(files, addressOf(cid), new Response(bytes, { headers: answer.headers }));
}

/** Of a revision also the room's state that it names: the pages of a job ask for it next. */
async function fetchPages(paths: readonly string[], token: string, signal: AbortSignal): Promise<string[]> {
  const cache = await caches.open(PAGES_CACHE);
  const mark = await sessionMark(token);
  const left = [...paths];
  const taken: string[] = [];
  for (let path = left.shift(); path !== undefined; path = left.shift()) {
    const answer = await fetch(path, { headers: { authorization: `Bearer ${token}` }, signal });
    if (!answer.ok) throw notThere(path, answer.status);
    if (path.startsWith('/api/revisions/')) {
      const { room, journal } = (await answer.clone().json()) as { room: string; journal: { length: number } };
      left.push(`/api/rooms/${room}/snapshot?length=${journal.length}`);
    }
    const headers = new Headers(answer.headers);
    headers.set(MARK_HEADER, mark);
    await keep(cache, path, new Response(await answer.arrayBuffer(), { headers }));
    taken.push(path);
  }
  return taken;
}

async function keep(cache: Cache, path: string, answer: Response): Promise<void> {
  // What the hall packed for the way is unpacked here.
  answer.headers.delete('content-encoding');
  try {
    await cache.put(path, answer);
  } catch (cause) {
    if (!(cause instanceof DOMException && cause.name === 'QuotaExceededError')) throw cause;
    throw noSpace(0, (await spaceHere()).freeBytes);
  }
}

const notThere = (path: string, status: number) =>
  new WorkhallError('offline', 'not_there', 'Something that the job needs cannot be had from the hall.', {
    facts: { path, status },
    next: 'Try again; if it stays so, tell who made the procedure.',
    status: 502,
  });
