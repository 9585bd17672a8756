import { z } from 'zod';

/** Ids are made by whoever creates the thing (client or server), so they travel in ops and replay the same. */
const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'an id has 1-64 letters, digits, _ or -');

export const UserId = id.brand<'UserId'>();
export const ProjectId = id.brand<'ProjectId'>();
export const RoomId = id.brand<'RoomId'>();
export const PartId = id.brand<'PartId'>();
export const CommentId = id.brand<'CommentId'>();
export const OpId = id.brand<'OpId'>();
export const SubmissionId = id.brand<'SubmissionId'>();

export const ClientId = id.brand<'ClientId'>();
export type ClientId = z.infer<typeof ClientId>;

export type UserId = z.infer<typeof UserId>;
export type ProjectId = z.infer<typeof ProjectId>;
export type RoomId = z.infer<typeof RoomId>;
export type PartId = z.infer<typeof PartId>;
export type CommentId = z.infer<typeof CommentId>;
export type OpId = z.infer<typeof OpId>;
export type SubmissionId = z.infer<typeof SubmissionId>;

/** CIDv1 in base32 text, as IPFS tools print it. */
export const CidText = z.string().regex(/^b[a-z2-7]{20,120}$/, 'a CID is CIDv1 in base32');
export type CidText = z.infer<typeof CidText>;

/** 20-byte EVM address, hex, any letter case. */
export const Address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'an address is 0x and 40 hex digits');
