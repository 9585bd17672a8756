import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { MAX_EVIDENCE_BYTES, type EvidenceKind } from '#protocol/api/guidance';
import { MAX_DOCUMENT_BYTES } from '#protocol/api/help';
import { jobOf } from '#protocol/guidance/index';
import { CidText, type RoomId, type UserId } from '#protocol/ids';
import { AssetStore, SNIFF_BYTES, sniffType, type SafeType } from '../assets/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { problems } from './problems.ts';

type Kind = z.infer<typeof EvidenceKind> | 'document';

const TYPES: Readonly<Record<Kind, readonly SafeType[]>> = {
  picture: ['image/jpeg', 'image/png', 'image/webp'],
  clip: ['video/webm', 'video/mp4'],
  document: ['application/pdf'],
};
const MAX_BYTES: Readonly<Record<Kind, number>> = { ...MAX_EVIDENCE_BYTES, document: MAX_DOCUMENT_BYTES };

/**
 * Pictures and clips of a job and the documents that are handed over in it, by content: the same file sent twice, after a drop or
 * a shift without network, is one file. They are what their first bytes say. That one belongs to a gate is said by `photo.add` in
 * the journal, in any order.
 */
@Injectable()
export class Evidence {
  constructor(
    private readonly assets: AssetStore,
    private readonly host: RoomHost,
  ) {}

  /** Throws `guidance.not_in_crew`. */
  async expectCrew(room: RoomId, person: UserId): Promise<void> {
    const job = jobOf((await this.host.state(room)).document);
    if (!job) throw problems.noSuchJob(room);
    if (!job.crew.some(({ id }) => id === person)) throw problems.notInCrew();
  }

  /** The request's body. Throws `guidance.not_evidence` and `guidance.evidence_too_large`; nothing of the file is kept then. */
  async store(kind: Kind, request: IncomingMessage): Promise<{ cid: CidText; bytes: number }> {
    expectSize(kind, Number(request.headers['content-length'] ?? 0));
    const { cid, size } = await this.assets.putFile(checked(kind, request));
    return { cid: CidText.parse(`${cid}`), bytes: size };
  }
}

async function* checked(kind: Kind, content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let start: Uint8Array | null = new Uint8Array(0);
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    expectSize(kind, bytes);
    if (start === null) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < SNIFF_BYTES) continue;
    expectType(kind, start);
    yield start;
    start = null;
  }
  if (start === null) return;
  expectType(kind, start);
  yield start;
}

function expectSize(kind: Kind, bytes: number): void {
  if (bytes > MAX_BYTES[kind]) throw problems.evidenceTooLarge(kind, Math.floor(MAX_BYTES[kind] / 1e6));
}

function expectType(kind: Kind, start: Uint8Array): void {
  if (!TYPES[kind].includes(sniffType(start))) throw problems.notEvidence(kind);
}
