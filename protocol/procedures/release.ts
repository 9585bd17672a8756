import { z } from 'zod';
import { Address, CidText, ProjectId, UserId } from '../ids.ts';
import { CID, decodeBlock, encodeBlock, type Block } from '../journal/block.ts';
import { Text } from './text.ts';

const Link = z.custom<CID>((value) => CID.asCID(value) !== null, 'a CID link');
const Somebody = z.strictObject({ id: UserId, name: z.string() });

/**
 * A signed release of a procedure: one dag-cbor block that names the procedure, its media and who answers for it. Its
 * CID is what a room loads, a job refers to and a certificate names.
 */
export const ReleaseManifest = z.strictObject({
  format: z.literal('workhall.procedure'),
  version: z.literal(1),
  project: ProjectId,
  /** Which of the project's procedures: the same through all its releases. */
  line: z.string().max(64),
  title: Text,
  /** The dag-cbor block of the document. */
  procedure: Link,
  /** 1 for the first of its procedure. */
  release: z.number().int().min(1),
  previous: Link.nullable(),
  media: z.array(Link).max(2000),
  /** Who changed it since the release before. */
  authors: z.array(Somebody).max(100),
  reviewer: Somebody,
  note: z.string().max(4000),
  /** Milliseconds since 1970, the server's clock. */
  releasedAt: z.number().int().nonnegative(),
  /** The reviewer's EIP-712 signature over `statementOf`; null for the samples that a hall comes with. */
  signature: z.strictObject({ address: Address, signature: z.string().regex(/^0x[0-9a-f]{130}$/) }).nullable(),
});
export type ReleaseManifest = z.infer<typeof ReleaseManifest>;

export const encodeRelease = (manifest: ReleaseManifest): Block => encodeBlock(ReleaseManifest.parse(manifest));
/** Throws a ZodError on bytes that are no release. */
export const decodeRelease = (bytes: Uint8Array): ReleaseManifest => ReleaseManifest.parse(decodeBlock(bytes));

/** What the reviewer signs: readable in a wallet, and everything that matters in it. */
export const Statement = z.strictObject({
  procedure: CidText,
  release: z.number().int(),
  previous: z.string(),
  reviewer: UserId,
  note: z.string(),
  releasedAt: z.number().int(),
});
export type Statement = z.infer<typeof Statement>;

export const statementOf = ({
  procedure,
  release,
  previous,
  reviewer,
  note,
  releasedAt,
}: Pick<ReleaseManifest, keyof Statement>) => ({
  domain: { name: 'Workhall procedure', version: '1' },
  types: {
    Release: [
      { name: 'procedure', type: 'string' },
      { name: 'release', type: 'uint32' },
      { name: 'previous', type: 'string' },
      { name: 'reviewer', type: 'string' },
      { name: 'note', type: 'string' },
      { name: 'releasedAt', type: 'uint64' },
    ],
  },
  value: {
    procedure: `${procedure}`,
    release,
    previous: previous ? `${previous}` : '',
    reviewer: reviewer.id,
    note,
    releasedAt,
  },
});
