import { decodeBlock } from '#protocol/journal/index';
import { decodeBody } from '#protocol/presence/index';
import { rotateVec3, type Vec3 } from '#protocol/spatial/index';
import { unpackMotion } from '#protocol/training/index';

/** Where a head was and where it looked. */
export interface Look {
  readonly atMs: number;
  readonly headInRoom: Vec3;
  /** Unit vector. */
  readonly forwardInRoom: Vec3;
}

/** Right-handed, Y up: a head looks along its -Z. */
const FORWARD: Vec3 = [0, 0, -1];

/** Reads what `GET /trainings/:room/recordings/:person` answers: dag-cbor `{ chunks }`, each deflated motion. */
export async function looksIn(answer: Uint8Array): Promise<Look[]> {
  const { chunks } = decodeBlock(answer) as { chunks: readonly { bytes: Uint8Array }[] };
  const looks: Look[] = [];
  for (const { bytes } of chunks)
    for (const { atMs, body } of unpackMotion(await inflated(bytes)) ?? []) {
      const head = decodeBody(body)?.headInRoom;
      if (head) looks.push({ atMs, headInRoom: head.position, forwardInRoom: rotateVec3(head.rotation, FORWARD) });
    }
  return looks;
}

async function inflated(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
