import { z } from 'zod';

/**
 * What people can do, as certificates say it. The levels are those of the ILUO matrix on shop-floor walls:
 * 1 knows it, 2 does it under supervision, 3 does it alone, 4 teaches it.
 */
export const SKILL_LEVELS = [1, 2, 3, 4] as const;
export const SkillLevel = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type SkillLevel = z.infer<typeof SkillLevel>;

/** English names in certificates; pages say it in the person's language. */
export const LEVEL_NAMES: Record<SkillLevel, string> = {
  1: 'Knows it',
  2: 'Does it under supervision',
  3: 'Does it alone',
  4: 'Teaches it',
};

export const Skill = z.strictObject({
  /** Of the framework, or of the company: `MECH-ASM-01`. */
  code: z.string().trim().min(1).max(60),
  name: z.string().trim().min(1).max(120),
  level: SkillLevel,
  framework: z.string().trim().min(1).max(120).optional(),
  /** Where the framework describes the skill. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
});
export type Skill = z.infer<typeof Skill>;

/** One certificate as the matrix sees it. Times in milliseconds since 1970. */
export interface HeldCertificate {
  readonly id: string;
  readonly title: string;
  readonly skills: readonly Skill[];
  readonly validFrom: number;
  /** Null: does not expire. */
  readonly validUntil: number | null;
  readonly isRevoked: boolean;
  /** CID of the run's journal. */
  readonly evidence: string | null;
}

/** The certificate is good until less than this is left; then somebody should plan a refresher. */
export const EXPIRES_SOON_MS = 60 * 86_400_000;

export type SkillState = 'valid' | 'expiring' | 'expired';

export interface HeldSkill {
  readonly code: string;
  readonly name: string;
  readonly level: SkillLevel;
  readonly state: SkillState;
  readonly validUntil: number | null;
  /** The certificate that says so. */
  readonly certificate: string;
  readonly title: string;
  readonly evidence: string | null;
}

/**
 * Skills held at a moment, by code. Of several certificates for one skill counts the valid one of the highest level, and
 * among equals the one that lasts longest; where none is valid any more, the one that expired last is shown as expired.
 * Revoked ones and those not yet valid say nothing. Does not depend on the order of the certificates.
 */
export function skillsOf(certificates: readonly HeldCertificate[], atMs: number): HeldSkill[] {
  const best = new Map<string, HeldSkill>();
  for (const certificate of certificates) {
    if (certificate.isRevoked || certificate.validFrom > atMs) continue;
    for (const skill of certificate.skills) {
      const held = toHeld(certificate, skill, atMs);
      const rival = best.get(skill.code);
      if (!rival || isBetter(held, rival)) best.set(skill.code, held);
    }
  }
  return [...best.values()].sort((a, b) => compareText(a.code, b.code));
}

function toHeld(certificate: HeldCertificate, skill: Skill, atMs: number): HeldSkill {
  const { id, title, validUntil, evidence } = certificate;
  const leftMs = (validUntil ?? Infinity) - atMs;
  const state = leftMs < 0 ? 'expired' : leftMs <= EXPIRES_SOON_MS ? 'expiring' : 'valid';
  return {
    code: skill.code,
    name: skill.name,
    level: skill.level,
    state,
    validUntil,
    certificate: id,
    title,
    evidence,
  };
}

function isBetter(a: HeldSkill, b: HeldSkill): boolean {
  const [aIsOver, bIsOver] = [a.state === 'expired', b.state === 'expired'];
  if (aIsOver !== bIsOver) return bIsOver;
  const [aUntil, bUntil] = [a.validUntil ?? Infinity, b.validUntil ?? Infinity];
  if (!aIsOver && a.level !== b.level) return a.level > b.level;
  if (aUntil !== bUntil) return aUntil > bUntil;
  if (a.level !== b.level) return a.level > b.level;
  return compareText(a.certificate, b.certificate) < 0;
}

/** By code units, the same on every machine. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export interface MatrixRow {
  readonly person: string;
  readonly skills: readonly HeldSkill[];
}

/**
 * The matrix as CSV (RFC 4180): a line for each person and skill. Cells that a spreadsheet would take for a formula are
 * made text, because names come from strangers.
 */
export function matrixCsv(rows: readonly MatrixRow[], heads: readonly string[]): string {
  const lines = rows.flatMap(({ person, skills }) =>
    skills.map((skill) => [
      person,
      skill.code,
      skill.name,
      String(skill.level),
      skill.state,
      skill.validUntil === null ? '' : new Date(skill.validUntil).toISOString().slice(0, 10),
      skill.title,
      skill.evidence ?? '',
    ]),
  );
  return [heads, ...lines].map((cells) => cells.map(csvCell).join(',')).join('\r\n') + '\r\n';
}

/** One cell, quoted where it has to be. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
