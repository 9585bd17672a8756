import type { CID } from '#protocol/journal/block';
import type { EvidenceSource } from '#protocol/credentials/evidence';
import type { CertificateReport } from '#protocol/credentials/verify';
import { api } from '../session/index.ts';

/** Larger evidence is checked by the command line, block by block. */
const MOST_CAR_BYTES = 64 * 1024 * 1024;

/**
 * Judges a certificate in this browser. JSON-LD, the curve and the CAR reader come only now. Of this hall's certificates
 * the list is asked here whatever address they name: a hall may have moved.
 */
export async function judge(document: unknown): Promise<CertificateReport> {
  const [{ verifyCertificate }, issuer] = await Promise.all([
    import('#protocol/credentials/verify'),
    api.certificateIssuer(),
  ]);
  const trusted = new Map([issuer.did, ...issuer.formerDids].map((did) => [did, issuer.name]));
  return verifyCertificate(document, {
    nowMs: Date.now(),
    trusted,
    statusList: async (url) => {
      const list = /\/api\/credentials\/status\/(\d{1,7})$/.exec(new URL(url).pathname)?.[1];
      return list && trusted.has(issuerOf(document)) ? api.statusList(Number(list)) : null;
    },
    evidence: evidenceOfThisHall(),
  });
}

/** The text of a certificate in a file of any of its forms; null where there is none. */
export async function certificateIn(file: File): Promise<unknown> {
  const { unbake } = await import('#protocol/credentials/bake');
  const text = unbake(new Uint8Array(await file.arrayBuffer()));
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null; // some other text in braces
  }
}

/** The whole journal in one answer; each block is hashed by who asks for it. */
function evidenceOfThisHall(): EvidenceSource {
  let blocks: Promise<Map<string, Uint8Array> | null> | undefined;
  return async (cid: CID) => {
    blocks ??= carOf(cid);
    return (await blocks)?.get(cid.toString()) ?? null;
  };
}

async function carOf(root: CID): Promise<Map<string, Uint8Array> | null> {
  const answer = await fetch(`${api.hallUrl}/ipfs/${root}?format=car`).catch(() => null);
  if (!answer?.ok || Number(answer.headers.get('content-length') ?? 0) > MOST_CAR_BYTES) return null;
  const { CarReader } = await import('@ipld/car');
  const reader = await CarReader.fromBytes(new Uint8Array(await answer.arrayBuffer()));
  const blocks = new Map<string, Uint8Array>();
  for await (const { cid, bytes } of reader.blocks()) blocks.set(cid.toString(), bytes);
  return blocks;
}

function issuerOf(document: unknown): string {
  const { issuer } = (document ?? {}) as { issuer?: unknown };
  const id = typeof issuer === 'object' && issuer !== null && 'id' in issuer ? issuer.id : issuer;
  return typeof id === 'string' ? id : '';
}
