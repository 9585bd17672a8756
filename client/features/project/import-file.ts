/**
 * From a file on this machine to parts in a room: upload, the server's import, and the ops that add the parts. The
 * project page joins the room just for this; the room page hands in the session it already has.
 */
import { z } from 'zod';
import { connectRoom, type RoomSession } from '#net/index';
import { newId } from '#net/new-id';
import type { HallApi } from '#net/api';
import { uploadFile } from '#net/upload';
import type { ImportResult, ImportStage } from '#protocol/assets/import-status';
import { importParts, productBoundsM } from '#protocol/design/import-parts';
import { childrenOf, partsOf, poseInRoom, type DesignOpType, type DesignPayload } from '#protocol/design/index';
import { WorkhallError, type Problem } from '#protocol/errors';
import { OpId, type PartId } from '#protocol/ids';
import { rotateVec3, type Vec3 } from '#protocol/spatial/index';
import type { Document } from '#protocol/document/index';

/** What is going on, in order; the stages between `uploading` and `saving` are the server's. */
export type ImportStep = 'uploading' | ImportStage | 'saving' | 'done';

export interface ImportProgress {
  readonly step: ImportStep;
  /** 0 to 1 over everything. */
  readonly fraction: number;
}

export interface ImportFileOptions {
  readonly file: File;
  readonly api: HallApi;
  readonly room: string;
  /** Session token for joining, or the session of somebody who is in the room already. */
  readonly join: { readonly token: string } | { readonly session: RoomSession };
  /** Group the product goes into. Default: the top of the tree. */
  readonly parent?: PartId | null;
  /** Where the middle of its underside stands, in the parent's frame, metres. Default: on the floor, beside what is there. */
  readonly standAt?: Vec3;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportedFile {
  /** The undo step: all ops of the import carry it. */
  readonly group: OpId;
  readonly result: ImportResult;
  /** Roots and everything below them. */
  readonly parts: readonly PartId[];
}

const Started = z.object({ id: z.string() });
/** Shares of the whole, measured with the as1 assembly over loopback and stretched for slower networks. */
const UPLOAD_SHARE = 0.25;
const SERVER_SHARE = 0.65;

/** Throws a WorkhallError (`import.cancelled` when the signal stopped it). What was added before a failure is undone. */
export async function importFile(options: ImportFileOptions): Promise<ImportedFile> {
  const { file, api, signal } = options;
  const tell = (step: ImportStep, fraction: number) => options.onProgress?.({ step, fraction });
  try {
    tell('uploading', 0);
    const path = `/imports?name=${encodeURIComponent(file.name)}`;
    const onSent = (sent: number) => tell('uploading', sent * UPLOAD_SHARE);
    const { id } = await uploadFile(api, Started, path, file, { signal, onSent });
    const result = await finished(api, id, signal, (stage, fraction) =>
      tell(stage, UPLOAD_SHARE + fraction * SERVER_SHARE),
    );
    tell('saving', UPLOAD_SHARE + SERVER_SHARE);
    const imported = await addToRoom(options, result, (done) =>
      tell('saving', UPLOAD_SHARE + SERVER_SHARE + done * (1 - UPLOAD_SHARE - SERVER_SHARE)),
    );
    tell('done', 1);
    return imported;
  } catch (thrown) {
    if (signal?.aborted) throw cancelled(thrown);
    throw thrown;
  }
}

/** Takes a whole import back: as the person's own newest step, so it can be redone in the room. */
export async function undoImport(room: string, token: string, group: OpId): Promise<void> {
  const session = await connectRoom({ hallUrl: location.origin, token, room, device: 'desktop' });
  try {
    await submitted(session, 'history.undo', { target: group });
  } finally {
    await session.leave();
  }
}

async function finished(
  api: HallApi,
  id: string,
  signal: AbortSignal | undefined,
  onStage: (stage: ImportStage, fraction: number) => void,
): Promise<ImportResult> {
  try {
    for await (const status of api.importEvents(id, signal)) {
      onStage(status.stage, status.fraction);
      if (status.state === 'done' && status.result) return status.result;
      if (status.state === 'failed' || status.state === 'cancelled') throw failure(status.problem);
    }
    // The stream may end before its last event was read (a proxy that cuts idle streams): ask once more.
    const last = await api.importStatus(id, signal);
    if (last.state === 'done' && last.result) return last.result;
    throw failure(last.problem);
  } catch (thrown) {
    if (signal?.aborted) await api.cancelImport(id).catch(() => undefined); // it may just have ended by itself
    throw thrown;
  }
}

async function addToRoom(
  { api, room, join, parent = null, standAt, signal }: ImportFileOptions,
  result: ImportResult,
  onSaved: (fraction: number) => void,
): Promise<ImportedFile> {
  const joined =
    'session' in join ? null : await connectRoom({ hallUrl: api.hallUrl, token: join.token, room, device: 'desktop' });
  const session = joined ?? (join as { session: RoomSession }).session;
  const group = OpId.parse(newId());
  try {
    const document = session.document.get();
    const batches = importParts(result, {
      group,
      parent,
      after: childrenOf(document, parent).at(-1)?.order ?? null,
      standAt: standAt ?? freeSpot(document, result),
    });
    let saved = 0;
    for (const parts of batches) {
      if (signal?.aborted) {
        if (saved > 0) await submitted(session, 'history.undo', { target: group });
        throw cancelled();
      }
      await submitted(session, 'parts.add', { parts }, group);
      onSaved(++saved / batches.length);
    }
    return { group, result, parts: batches.flat().map(({ id }) => id) };
  } finally {
    await joined?.leave();
  }
}

/** On the floor: in the middle of an empty room, else to the right of everything, with a gap. */
function freeSpot(document: Document, { structure }: ImportResult): Vec3 {
  const GAP = 0.2; // of the newcomer's width
  let rightM = -Infinity;
  for (const part of partsOf(document).values()) {
    if (part.shape?.kind !== 'asset') continue;
    const { min, max } = part.shape.boundsM;
    const pose = poseInRoom(document, part.id);
    for (const x of [min[0], max[0]])
      for (const y of [min[1], max[1]])
        for (const z of [min[2], max[2]])
          rightM = Math.max(rightM, pose.position[0] + rotateVec3(pose.rotation, [x, y, z])[0]);
  }
  const bounds = productBoundsM(structure);
  if (rightM === -Infinity || !bounds) return [0, 0, 0];
  const widthM = bounds.max[0] - bounds.min[0];
  return [rightM + widthM * (0.5 + GAP), 0, 0];
}

/** Sends one op and waits until it is on disk. */
async function submitted<T extends DesignOpType>(
  session: RoomSession,
  type: T,
  payload: DesignPayload<T>,
  group?: OpId,
): Promise<void> {
  const sent = session.submit(type, payload, group ? { group } : undefined);
  if ('problem' in sent) throw failure(sent.problem);
  await session.confirmed(sent.id);
}

function failure(problem: Problem | undefined): WorkhallError {
  if (!problem)
    return new WorkhallError('import', 'ended', 'The import ended without a result. The project is unchanged.', {
      next: 'Try again; if it stays, check the file in the program that wrote it.',
    });
  const { scope, key, message, facts, next } = problem;
  return new WorkhallError(scope, key, message, { facts: { ...facts }, ...(next ? { next } : {}) });
}

function cancelled(cause?: unknown): WorkhallError {
  return new WorkhallError('import', 'cancelled', 'The import was stopped. The project is unchanged.', { cause });
}
