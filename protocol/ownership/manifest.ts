import { z } from 'zod';
import { Address, ProjectId, RoomId, UserId } from '../ids.ts';
import { CID, decodeBlock, encodeBlock, type Block } from '../journal/block.ts';

/**
 * The manifest of a revision: one dag-cbor block that names everything the revision is made of. Its CID is the
 * revision's name, and the token on chain keeps the 32 bytes of its hash.
 */
const Link = z.custom<CID>((value) => CID.asCID(value) !== null, 'a CID link');

const JournalPoint = z.strictObject({
  room: RoomId,
  head: Link,
  /** Entries up to and including `head`. */
  length: z.number().int().positive(),
});

export const FILE_ROLES = ['shape', 'source', 'thumbnail'] as const;

export const RevisionManifest = z.strictObject({
  format: z.literal('workhall.revision'),
  version: z.literal(1),
  project: z.strictObject({ id: ProjectId, title: z.string().max(200) }),
  room: RoomId,
  title: z.string().min(1).max(200),
  notes: z.string().max(4000),
  /** SPDX expression or the name of a licence. */
  licence: z.string().min(1).max(200),
  /** Milliseconds since 1970, the server's clock. */
  createdAt: z.number().int().nonnegative(),
  publisher: z.strictObject({ id: UserId, name: z.string() }),
  thumbnail: Link,
  journal: z.strictObject({
    head: Link,
    length: z.number().int().positive(),
    /** Journals this one was forked from, nearest first; each up to the entry where the fork left it. */
    lineage: z.array(JournalPoint).max(64),
  }),
  /** Hex sha-256 of the document after the last entry. */
  stateHash: z.string().regex(/^[0-9a-f]{64}$/),
  files: z
    .array(
      z.strictObject({
        cid: Link,
        /** Bytes. */
        size: z.number().int().nonnegative(),
        role: z.enum(FILE_ROLES),
        name: z.string().max(500),
      }),
    )
    .max(100_000),
  /** Largest share first; all shares together are 10 000 basis points. */
  contributors: z
    .array(
      z.strictObject({
        user: UserId,
        name: z.string(),
        address: Address,
        shareBps: z.number().int().min(0).max(10_000),
        points: z.number().nonnegative(),
      }),
    )
    .min(1),
  /** Version of the rubric in `rubric.ts` by which points were given. */
  shareRubric: z.number().int().positive(),
  /** Revisions this one derives from. `tokenId` where they were minted when this was published. */
  parents: z.array(z.strictObject({ manifest: Link, tokenId: z.string().regex(/^\d+$/).optional() })).max(16),
  /** The revision of the same room before this one. */
  previous: Link.optional(),
});
export type RevisionManifest = z.infer<typeof RevisionManifest>;

export function encodeManifest(manifest: RevisionManifest): Block {
  const { previous, ...rest } = RevisionManifest.parse(manifest);
  return encodeBlock({
    ...rest,
    parents: rest.parents.map(({ manifest: cid, tokenId }) =>
      tokenId ? { manifest: cid, tokenId } : { manifest: cid },
    ),
    ...(previous ? { previous } : {}),
  });
}

/** Throws a ZodError on bytes that are not a manifest. Hashes are the caller's business (`isBlock`). */
export function decodeManifest(bytes: Uint8Array): RevisionManifest {
  return RevisionManifest.parse(decodeBlock(bytes));
}

const PREFIX = [0x01, 0x71, 0x12, 0x20] as const;

/** `0x` + 64 hex digits: what the token keeps of a manifest's CID. Throws on any other kind of CID. */
export function digestOfManifest(cid: CID): `0x${string}` {
  if (!PREFIX.every((byte, i) => cid.bytes[i] === byte) || cid.bytes.length !== 36)
    throw new RangeError(`${cid} is not a manifest: expected CIDv1, dag-cbor, sha2-256`);
  return `0x${toHex(cid.multihash.digest)}`;
}

/** The CID again, from what the token keeps. */
export function manifestOfDigest(digest: string): CID {
  if (!/^0x[0-9a-fA-F]{64}$/.test(digest)) throw new RangeError(`${digest} is not a 32-byte digest`);
  const bytes = Uint8Array.from(digest.slice(2).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return CID.decode(Uint8Array.of(...PREFIX, ...bytes));
}

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
