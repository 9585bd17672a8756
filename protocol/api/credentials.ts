import { z } from 'zod';
import { Achievement, Score } from '../credentials/credential.ts';
import { Skill, SkillLevel } from '../credentials/skills.ts';
import { RevocationReason } from '../credentials/status-list.ts';
import { CidText, ProjectId, UserId } from '../ids.ts';

/** Certificates. Their ids are random, and whoever has the link may read: docs/decisions/0014-certificates.md. */
export const CertificateId = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'a certificate has a UUID');
const timeMs = z.number().int();

/** The document as it was signed; judged by `protocol/credentials/verify`, not here. */
const SignedDocument = z.looseObject({});

export const CertificateIssuer = z.object({
  did: z.string(),
  name: z.string(),
  /** Keys this hall signed with before. */
  formerDids: z.array(z.string()),
});
export type CertificateIssuer = z.infer<typeof CertificateIssuer>;

export const CertificateSummary = z.object({
  id: CertificateId,
  title: z.string(),
  recipient: z.string(),
  validFrom: timeMs,
  validUntil: timeMs.nullable(),
  skills: z.array(Skill),
  evidence: CidText.nullable(),
  revoked: z.object({ at: timeMs, reason: RevocationReason }).nullable(),
});
export type CertificateSummary = z.infer<typeof CertificateSummary>;
export const CertificateList = z.object({ certificates: z.array(CertificateSummary) });

export const CertificateView = CertificateSummary.extend({
  document: SignedDocument,
  /** Only for members of the project. */
  project: z.object({ id: ProjectId, title: z.string() }).nullable(),
  mayRevoke: z.boolean(),
  /** What the person who took it back wrote; only for those who may. */
  revocationNote: z.string().nullable(),
});
export type CertificateView = z.infer<typeof CertificateView>;

export const CertificateNew = z.strictObject({
  person: UserId,
  achievement: Achievement.omit({ id: true }),
  skills: z.array(Skill).min(1).max(20),
  score: Score.optional(),
  /** What proves it: the head of a run's journal, or a file on this hall's IPFS node. */
  evidence: CidText.optional(),
  validUntil: timeMs.nullable(),
});
export const CertificateRevocation = z.strictObject({
  reason: RevocationReason,
  note: z.string().max(500).default(''),
});

const HeldSkill = z.object({
  code: z.string(),
  name: z.string(),
  level: SkillLevel,
  state: z.enum(['valid', 'expiring', 'expired']),
  validUntil: timeMs.nullable(),
  certificate: CertificateId,
  title: z.string(),
  evidence: CidText.nullable(),
});
export const SkillsMatrix = z.object({
  people: z.array(z.object({ user: UserId, name: z.string(), skills: z.array(HeldSkill) })),
  /** False: only my own row is shown to me. */
  isWhole: z.boolean(),
  mayIssue: z.boolean(),
});
export type SkillsMatrix = z.infer<typeof SkillsMatrix>;
/*
 * GET  /api/credentials/issuer                                     -> CertificateIssuer   (public)
 * GET  /api/credentials/status/:list                               -> signed status list  (public)
 * GET  /api/credentials/:id                                        -> CertificateView     (public, by its link)
 * GET  /api/credentials/:id/credential.json | badge.svg | badge.png                       (public, by its link)
 * POST /api/credentials/:id/revoke         CertificateRevocation   -> CertificateView
 * GET  /api/me/credentials                                         -> CertificateList
 * GET  /api/projects/:id/skills                                    -> SkillsMatrix
 * POST /api/projects/:id/credentials       CertificateNew          -> CertificateView
 */
