import type { IncomingMessage } from 'node:http';

/** JSON bodies; the largest is a picture of 2 MiB as base64. Files are streamed by the routes that take them. */
const JSON_LIMIT = '4mb';

const ownReaders: string[] = [];

/** Routes below this path read their bodies themselves, byte for byte, JSON too (hashes, signatures, other limits). */
export function readsOwnBody(path: `/${string}/`): void {
  ownReaders.push(path);
}

/** What the JSON parser of the whole application takes. */
export const jsonBodies = {
  limit: JSON_LIMIT,
  type: ({ url = '', headers }: IncomingMessage): boolean =>
    /^application\/json\b/i.test(headers['content-type'] ?? '') && !ownReaders.some((path) => url.startsWith(path)),
};
