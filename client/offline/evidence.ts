import { EvidenceStored, MAX_EVIDENCE_BYTES } from '#protocol/api/guidance';
import { fileCidOf } from '#protocol/assets/file-cid';
import { WorkhallError } from '#protocol/errors';
import { unreachable, type HallApi } from '#net/api';
import { Store } from '#net/store';
import { uploadFile } from '#net/upload';
import { FILES_CACHE } from './session-mark.ts';
import type { ShiftStore } from './shift.store.ts';

type Kind = 'picture' | 'clip';
type Upload = typeof uploadFile;

/** A file on its way to the hall; `sent`: 0 to 1. */
export interface OnItsWay {
  readonly room: string;
  readonly kind: Kind;
  readonly sent: number;
}

/**
 * Pictures and clips of jobs: named by their content before anybody has them, kept on the device, sent when there is a
 * line. Sent again after a crash they are the same files.
 */
export class EvidenceBox {
  readonly onItsWay = new Store<OnItsWay | null>(null);
  #sending: Promise<void> | null = null;

  constructor(
    private readonly store: ShiftStore,
    private readonly api: HallApi,
    private readonly upload: Upload = uploadFile,
  ) {}

  /**
   * Resolves with its address when it outlives the page; then the op that names it may be made. Throws `offline.no_space_left`
   * and `offline.too_large`.
   */
  async keep(room: string, user: string, kind: Kind, file: Blob): Promise<string> {
    const limitBytes = MAX_EVIDENCE_BYTES[kind];
    if (file.size > limitBytes) throw tooLarge(kind, file.size, limitBytes);
    const cid = await fileCidOf(file);
    try {
      await this.store.putEvidence({ cid, room, user, kind, file, keptAtMs: Date.now() });
    } catch (cause) {
      throw cause instanceof DOMException && cause.name === 'QuotaExceededError' ? noSpace(file.size, cause) : cause;
    }
    await show(cid, file);
    return cid;
  }

  /** Sends what waits, the pictures first: resolves when nothing more can be sent now. */
  send(): Promise<void> {
    return (this.#sending ??= this.#sendAll().finally(() => (this.#sending = null)));
  }

  /** For `ConnectOptions.beforeSending`: pictures before the acts that name them, but nobody waits long for them. */
  readonly beforeSending = async (): Promise<void> => {
    await Promise.race([this.send(), new Promise((resolve) => setTimeout(resolve, MOST_WAIT_MS))]);
  };

  waiting = async (room: string): Promise<number> =>
    (await this.store.evidence()).filter((one) => one.room === room).length;

  async #sendAll(): Promise<void> {
    const all = await this.store.evidence();
    const inOrder = all.toSorted((a, b) => Number(a.kind === 'clip') - Number(b.kind === 'clip'));
    for (const one of inOrder) {
      if (one.problem) continue;
      try {
        await this.#sendOne(one.room, one.kind, one.file, one.cid);
        await this.store.removeEvidence(one.cid);
      } catch (thrown) {
        const { status, problem } = thrown instanceof WorkhallError ? thrown : unreachable(thrown);
        // Out of reach, or busy: later. What the hall does not want is told, and kept until somebody has seen it.
        if (status === 401 || status === 429 || status >= 500) return;
        const { scope, key, message } = problem;
        await this.store.putEvidence({ ...one, problem: { scope, key, message } });
      }
    }
  }

  async #sendOne(room: string, kind: Kind, file: Blob, cid: string): Promise<void> {
    const onSent = (sent: number) => this.onItsWay.set({ room, kind, sent });
    onSent(0);
    const path = `/jobs/${room}/evidence?kind=${kind}`;
    const stored = await this.upload(this.api, EvidenceStored, path, file, { onSent }).finally(() =>
      this.onItsWay.set(null),
    );
    if (stored.cid !== cid)
      throw new WorkhallError('guidance', 'other_bytes', 'The hall has got other bytes than were kept here.', {
        facts: { cid },
        status: 502,
        next: 'It is sent again.',
      });
  }
}

const tooLarge = (kind: Kind, bytes: number, limitBytes: number) =>
  new WorkhallError('offline', 'too_large', 'This file is larger than the hall takes.', {
    facts: { kind, sizeMB: Math.ceil(bytes / 1e6), limitMB: Math.floor(limitBytes / 1e6) },
    next: 'Take a smaller picture, or a shorter clip.',
    status: 413,
  });
const noSpace = (bytes: number, cause: unknown) =>
  new WorkhallError('offline', 'no_space_left', 'This device has no space left for it.', {
    facts: { neededMB: Math.ceil(bytes / 1e6) },
    next: 'Let jobs go that are done, or free some space on the device; then take it again.',
    status: 507,
    cause,
  });

/** How long acts wait for their pictures, ms. */
const MOST_WAIT_MS = 15_000;

/** Pages show it by its address from now on, whether the hall has it or not. */
async function show(cid: string, file: Blob): Promise<void> {
  if (!('caches' in globalThis)) return;
  const headers = { 'content-type': file.type || 'application/octet-stream', 'content-length': `${file.size}` };
  await (await caches.open(FILES_CACHE)).put(`/api/assets/${cid}`, new Response(file, { headers }));
}
