import { decodeBlock } from '#protocol/journal/index';
import { decodeBody } from '#protocol/presence/index';
import { rotateVec3, type Vec3 } from '#protocol/spatial/index';
import { unpackMotion } from '#protocol/training/index';

/** Where a head was and where it looked. */
export interface Look {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly headInRoom: Vec3;
  /** Unit vector. */
  readonly forwardInRoom: Vec3;
}

/** Right-handed, Y up: a head looks along its -Z. */
const FORWARD: Vec3 = [0, 0, -1];
/** Bodies are sent when they change: after so long without one somebody has left rather than stood still, ms. */
const STALE_MS = 30_000;

/**
 * Reads what `GET /trainings/:room/recordings/:person` answers: dag-cbor `{ chunks }`, each deflated motion. `nextMs`: from
 * where to ask on; null: nothing came.
 */
export async function looksIn(answer: Uint8Array): Promise<{ looks: Look[]; nextMs: number | null }> {
  const { chunks } = decodeBlock(answer) as { chunks: readonly { bytes: Uint8Array; toMs: number }[] };
  const looks: Look[] = [];
  for (const { bytes } of chunks)
    for (const { atMs, body } of unpackMotion(await inflated(bytes)) ?? []) {
      const head = decodeBody(body)?.headInRoom;
      if (head) looks.push({ atMs, headInRoom: head.position, forwardInRoom: rotateVec3(head.rotation, FORWARD) });
    }
  const last = chunks.at(-1);
  return { looks, nextMs: last ? last.toMs + 1 : null };
}

/** The newest look up to a moment, unless it is long gone. `looks` in order of time. */
export function lookAt(looks: readonly Look[], atMs: number): Look | null {
  const found = looks.findLast((look) => look.atMs <= atMs);
  return found && atMs - found.atMs <= STALE_MS ? found : null;
}

async function inflated(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
