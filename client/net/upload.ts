import type { z } from 'zod';
import { errorOf, unreachable, type HallApi } from './api.ts';

interface UploadOptions {
  readonly signal?: AbortSignal | undefined;
  /** 0 to 1 of the bytes that have left this machine. */
  readonly onSent?: (fraction: number) => void;
}

/** Sends a file as the body of a POST, and tells how far it is: `fetch` cannot. Rejects with a WorkhallError. */
export function uploadFile<S extends z.ZodType>(
  api: HallApi,
  answer: S,
  path: string,
  file: Blob,
  { signal, onSent }: UploadOptions = {},
): Promise<z.output<S>> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const request = new XMLHttpRequest();
    request.open('POST', api.url(path));
    for (const [name, value] of Object.entries(api.headers())) request.setRequestHeader(name, value);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onSent?.(event.loaded / event.total);
    };
    request.onload = () => {
      const body: unknown = request.response;
      const parsed = answer.safeParse(body);
      if (request.status < 300 && parsed.success) resolve(parsed.data);
      else reject(errorOf(request.status, body));
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
