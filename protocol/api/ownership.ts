import { z } from 'zod';
import { Address, CidText, ProjectId, RoomId, UserId } from '../ids.ts';

export const RevisionNew = z.strictObject({
  title: z.string().trim().min(1).max(200),
  notes: z.string().max(4000).default(''),
  licence: z.string().trim().min(1).max(200),
  /** PNG or WebP already stored by POST /api/pictures. */
  picture: CidText,
});

export const ContributorView = z.object({
  user: UserId,
  name: z.string(),
  /** Basis points; all contributors together have 10 000. */
  shareBps: z.number().int(),
  points: z.number(),
  address: Address.nullable(),
  signedAt: z.number().int().nullable(),
  isMe: z.boolean(),
});

export const RevisionView = z.object({
  cid: CidText,
  /** `mayOpen`: whoever asks can see the page of the project; a signer from outside cannot. */
  project: z.object({ id: ProjectId, title: z.string(), mayOpen: z.boolean() }),
  room: RoomId,
  title: z.string(),
  notes: z.string(),
  licence: z.string(),
  createdAt: z.number().int(),
  picture: CidText,
  stateHash: z.string(),
  journal: z.object({ head: CidText, length: z.number().int() }),
  files: z.array(z.object({ cid: CidText, size: z.number().int(), role: z.string(), name: z.string() })),
  contributors: z.array(ContributorView),
  parents: z.array(z.object({ manifest: CidText, tokenId: z.string().nullable(), title: z.string().nullable() })),
  /** What a contributor signs (EIP-712): hand `domain`, `types`, `message` to eth_signTypedData_v4. Null when already minted. */
  typedData: z
    .object({
      domain: z.record(z.string(), z.unknown()),
      types: z.record(z.string(), z.unknown()),
      primaryType: z.string(),
      message: z.record(z.string(), z.unknown()),
    })
    .nullable(),
  canMint: z.boolean(),
  token: z
    .object({
      tokenId: z.string(),
      owner: Address,
      contract: Address,
      chainId: z.number().int(),
      transaction: z.string(),
      mintedAt: z.number().int(),
    })
    .nullable(),
  /** Why minting is not possible on this installation, when it is not. */
  chainProblem: z.string().nullable(),
});
export type RevisionView = z.infer<typeof RevisionView>;

/** Revisions that cannot be minted before I sign; newest first, at most 50. */
export const RevisionsToSign = z.object({
  revisions: z.array(
    z.object({
      cid: CidText,
      title: z.string(),
      createdAt: z.number().int(),
      project: z.object({ id: ProjectId, title: z.string() }),
    }),
  ),
});
export type RevisionsToSign = z.infer<typeof RevisionsToSign>;

export const SignatureNew = z.strictObject({
  address: Address,
  signature: z
    .string()
    .regex(/^0x[0-9a-fA-F]+$/)
    .max(2000),
});

const VerifyCheck = z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), cid: CidText.optional() });
export const VerifyReport = z.object({
  ok: z.boolean(),
  tokenId: z.string(),
  manifest: CidText.nullable(),
  checks: z.array(VerifyCheck),
  tookMs: z.number(),
});
export type VerifyReport = z.infer<typeof VerifyReport>;

/** A proof while it is made: each check as it is done, then the report, or the problem that ended it. */
export const VerifyEvent = z.union([
  z.object({ check: VerifyCheck }),
  z.object({ report: VerifyReport }),
  z.object({
    problem: z.object({
      scope: z.string(),
      key: z.string(),
      message: z.string(),
      facts: z.record(z.string(), z.any()),
      next: z.string().optional(),
    }),
  }),
]);
export type VerifyEvent = z.infer<typeof VerifyEvent>;

/** One line of the design's history, for people. */
export const HistoryLine = z.object({
  seq: z.number().int(),
  at: z.number().int(),
  author: z.string(),
  type: z.string(),
  cid: CidText,
});
/*
 * POST /api/rooms/:id/revisions                   RevisionNew  -> RevisionView
 * GET  /api/revisions/to-sign                                  -> RevisionsToSign
 * GET  /api/revisions/:cid                                     -> RevisionView
 * GET  /api/revisions/:cid/history                             -> { lines: HistoryLine[] }
 * POST /api/revisions/:cid/signatures             SignatureNew -> RevisionView
 * POST /api/revisions/:cid/sign                                -> RevisionView   (with the key the server keeps for me)
 * POST /api/revisions/:cid/mint                                -> RevisionView
 * GET  /api/tokens/:tokenId                                    -> RevisionView
 * POST /api/tokens/:tokenId/verify                             -> VerifyReport
 * GET  /api/tokens/:tokenId/verify/events  (SSE)               -> VerifyEvent, one after the other
 */
