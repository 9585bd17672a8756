import { z } from 'zod';
import { CidText, ProjectId, RoomId, SubmissionId, UserId } from '../ids.ts';
import { Genesis } from '../journal/entry.ts';
import { DemoRole, Role } from '../permissions/index.ts';
import { Brief } from '../design/brief.ts';

const title = z.string().trim().min(1).max(200);

export const ProjectSummary = z.object({
  id: ProjectId,
  title,
  description: z.string(),
  /** My role; null when I only see it because it is the demo or open to the crowd. */
  role: Role.nullable(),
  isDemo: z.boolean(),
  /** The design room. */
  room: RoomId,
  /** Newest picture: PNG or WebP on IPFS, served at /api/assets/:cid. */
  picture: CidText.nullable(),
  /** When the picture was set; what happened in the room after it is not on it. */
  pictureAt: z.number().int().nullable(),
  partCount: z.number().int(),
  /** Names of the people who are in the design room now. */
  present: z.array(z.string()),
  openBriefs: z.number().int(),
  revisionCount: z.number().int(),
  updatedAt: z.number().int(),
});
export type ProjectSummary = z.infer<typeof ProjectSummary>;

export const Member = z.object({ user: UserId, name: z.string(), role: Role });
export const BriefSummary = z.object({
  id: RoomId,
  project: ProjectId,
  title,
  deadlineAt: z.number().int(),
  submissionCount: z.number().int(),
  isOpen: z.boolean(),
  picture: CidText.nullable(),
});
export type BriefSummary = z.infer<typeof BriefSummary>;
export const RevisionSummary = z.object({
  cid: CidText,
  title: z.string(),
  createdAt: z.number().int(),
  picture: CidText.nullable(),
  tokenId: z.string().nullable(),
  signedCount: z.number().int(),
  contributorCount: z.number().int(),
});
export type RevisionSummary = z.infer<typeof RevisionSummary>;

export const Project = ProjectSummary.extend({
  members: z.array(Member),
  briefs: z.array(BriefSummary),
  revisions: z.array(RevisionSummary),
});
export type Project = z.infer<typeof Project>;

export const ProjectNew = z.strictObject({ title, description: z.string().max(4000).default('') });
export const ProjectPatch = z.strictObject({
  title: title.optional(),
  description: z.string().max(4000).optional(),
  picture: CidText.optional(),
});
export const ProjectList = z.object({ projects: z.array(ProjectSummary), briefs: z.array(BriefSummary) });
export const InvitationNew = z.strictObject({ role: Role.exclude(['owner']) });
export const Invitation = z.object({ token: z.string(), role: Role, path: z.string() });
/** What a link tells whoever holds it, before they say who they are: this and nothing else of the project. */
export const InvitationTold = z.object({
  project: title,
  inviter: z.string(),
  role: Role,
  expiresAt: z.number().int(),
});
export type InvitationTold = z.infer<typeof InvitationTold>;
export const InvitationAccepted = z.object({ project: ProjectId, room: RoomId, role: Role });
export const RolePatch = z.strictObject({ role: Role });
export const MyDemoRolePut = z.strictObject({ role: DemoRole });
/** A PNG or WebP of at most 2 MB, base64. */
export const PictureNew = z.strictObject({ data: z.string().max(2_800_000) });
export const PictureStored = z.object({ cid: CidText });

export const RoomInfo = z.object({
  id: RoomId,
  kind: Genesis.shape.kind,
  purpose: Genesis.shape.purpose,
  title: z.string(),
  project: ProjectId.nullable(),
  /** The brief a submission belongs to. */
  brief: RoomId.nullable(),
  submission: SubmissionId.nullable(),
  /** My role in this room; null when I may not enter. */
  role: Role.nullable(),
  isClosed: z.boolean(),
  length: z.number().int(),
});
export type RoomInfo = z.infer<typeof RoomInfo>;
/** Serves once, for 60 s, for one room and person. */
export const Ticket = z.object({ ticket: z.string(), room: RoomId, role: Role });

export const BriefNew = Brief;
export const BriefOpened = z.object({ id: RoomId, path: z.string() });
export const SubmissionView = z.object({
  id: SubmissionId,
  room: RoomId,
  title,
  author: z.object({ id: UserId, name: z.string() }),
  state: z.enum(['draft', 'submitted', 'accepted', 'withdrawn']),
  iterations: z.array(z.object({ at: z.number(), note: z.string(), picture: CidText.nullable() })),
  /** Weighted mean 1..5, or null. */
  score: z.number().nullable(),
  ratingCount: z.number().int(),
  ratings: z.array(
    z.object({
      user: UserId,
      name: z.string(),
      scores: z.record(z.string(), z.number()),
      note: z.string(),
      at: z.number(),
      /** Number, from 1, of the iteration that was the newest when this was rated. */
      iteration: z.number().int(),
    }),
  ),
  isMine: z.boolean(),
});
export type SubmissionView = z.infer<typeof SubmissionView>;
export const BriefView = Brief.extend({
  id: RoomId,
  project: ProjectId,
  projectTitle: z.string(),
  ownerName: z.string(),
  picture: CidText.nullable(),
  isOpen: z.boolean(),
  role: Role,
  submissions: z.array(SubmissionView),
});
export type BriefView = z.infer<typeof BriefView>;
export const SubmissionNew = z.strictObject({ title });
export const SubmissionStarted = z.object({ id: SubmissionId, room: RoomId });
export const SubmissionHandIn = z.strictObject({ note: z.string().max(2000).default(''), picture: CidText.optional() });
export const RatingNew = z.strictObject({
  scores: z.record(z.string(), z.number().int().min(1).max(5)),
  note: z.string().max(2000).default(''),
});
/** What came over into the project's journal, and what did not, with the reason. */
export const SubmissionAccepted = z.object({
  applied: z.number().int(),
  refused: z.array(z.object({ type: z.string(), author: z.string(), message: z.string() })),
});
/** What accepting would do if it were done now; nothing is written, and the project may change before it is. */
export const AcceptancePreview = SubmissionAccepted.extend({
  /** Comments on the submission, which stay there. */
  comments: z.number().int(),
  /** Who made the changes that come over, and so will have a share. */
  authors: z.array(z.object({ id: UserId, name: z.string() })),
});
export type AcceptancePreview = z.infer<typeof AcceptancePreview>;
/*
 * GET    /api/projects                                    -> ProjectList     (mine, the demo, and briefs open to all)
 * POST   /api/projects                     ProjectNew     -> Project
 * GET    /api/projects/:id                                -> Project
 * PATCH  /api/projects/:id                 ProjectPatch   -> Project
 * POST   /api/projects/:id/invitations     InvitationNew  -> Invitation
 * GET    /api/invitations/:token                          -> InvitationTold  (no session needed)
 * POST   /api/invitations/:token/accept                   -> InvitationAccepted
 * PATCH  /api/projects/:id/members/:user   RolePatch      -> Project
 * POST   /api/pictures                     PictureNew     -> PictureStored
 * GET    /api/rooms/:id                                   -> RoomInfo
 * POST   /api/rooms/:id/ticket                            -> Ticket
 * GET    /api/rooms/:id/snapshot                          -> dag-cbor bytes (document/snapshot.ts)
 * GET    /api/rooms/:id/entries?from=0&limit=500          -> dag-cbor { from, blocks } of stored entries
 * POST   /api/projects/:id/briefs          BriefNew       -> BriefOpened
 * GET    /api/briefs/:id                                  -> BriefView
 * POST   /api/briefs/:id/submissions       SubmissionNew  -> SubmissionStarted
 * POST   /api/briefs/:id/submissions/:submission/hand-in  SubmissionHandIn -> BriefView
 * POST   /api/briefs/:id/submissions/:submission/ratings  RatingNew -> BriefView
 * POST   /api/briefs/:id/submissions/:submission/withdraw -> BriefView
 * GET    /api/briefs/:id/submissions/:submission/acceptance/preview -> AcceptancePreview
 * POST   /api/briefs/:id/submissions/:submission/accept   -> SubmissionAccepted
 * POST   /api/imports?name=FILE   raw body                -> { id }          (server/assets/import)
 * GET    /api/imports/:id  ·  GET /api/imports/:id/events (SSE)  ·  DELETE /api/imports/:id
 * GET    /api/assets/:cid                                 -> the file, immutable
 */
