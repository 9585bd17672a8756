import { z } from 'zod';
import { CREDENTIALS_V2, OPEN_BADGES_V3 } from './document-loader.ts';
import { LEVEL_NAMES, Skill, SKILL_LEVELS, type SkillLevel } from './skills.ts';
import { statusEntry } from './status-list.ts';

/** What is recognised: the same for everybody who achieves it. */
export const Achievement = z.strictObject({
  /** URI: `ipfs://<cid>` of a procedure's release, or a `urn:uuid:`. */
  id: z.string().regex(/^(ipfs:\/\/|urn:uuid:|https?:\/\/)\S{1,200}$/, 'an achievement is named by a URI'),
  name: z.string().trim().min(1).max(120),
  description: z.string().trim().min(1).max(2000),
  /** What one has to do for it. */
  criteria: z.string().trim().min(1).max(4000),
});
export type Achievement = z.infer<typeof Achievement>;

/** Points of the run: `value` of `max`, passed from `required` on. */
export const Score = z
  .strictObject({ value: z.number().min(0), max: z.number().positive(), required: z.number().min(0).optional() })
  .refine(({ value, max, required }) => value <= max && (required ?? 0) <= max, 'a score is at most its maximum');
export type Score = z.infer<typeof Score>;

/** Who somebody is in a learning platform: xAPI's account, whose name means something only together with its home page. */
export interface HolderAccount {
  readonly homePage: string;
  readonly name: string;
}
/** Open Badges has a type for an account's name, and `ext:` for what it has no word for. */
export const HOME_PAGE_OF_ACCOUNT = 'ext:accountHomePage';

export interface CertificateFacts {
  /** `urn:uuid:…` */
  readonly id: string;
  readonly issuer: { readonly did: string; readonly name: string; readonly url?: string };
  readonly recipient: { readonly id: string; readonly name: string; readonly account?: HolderAccount };
  readonly achievement: Achievement;
  readonly skills: readonly Skill[];
  readonly score?: Score;
  readonly evidence?: { readonly cid: string; readonly name: string; readonly narrative: string };
  /** Milliseconds since 1970. */
  readonly validFrom: number;
  readonly validUntil: number | null;
  readonly status: { readonly url: string; readonly index: number };
}

/** Whole seconds, as the published vectors have them: `2026-11-21T10:00:00Z`. */
export const isoSeconds = (atMs: number): string => new Date(atMs).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** Open Badges 3.0 AchievementCredential, not yet signed. Skills are alignments, their levels rubric criterion levels. */
export function achievementCredential(facts: CertificateFacts) {
  const { achievement, score, evidence, skills } = facts;
  const scoreId = `${achievement.id}#score`;
  const results = [
    ...(score
      ? [{ type: ['Result'], resultDescription: scoreId, value: String(score.value), status: 'Completed' }]
      : []),
    ...skills.map((skill) => ({
      type: ['Result'],
      resultDescription: skillId(achievement.id, skill),
      achievedLevel: levelId(achievement.id, skill, skill.level),
      alignment: [alignmentOf(skill)],
    })),
  ];
  const descriptions = [
    ...(score ? [scoreDescription(scoreId, score)] : []),
    ...skills.map((skill) => skillDescription(achievement.id, skill)),
  ];
  return {
    '@context': [CREDENTIALS_V2, OPEN_BADGES_V3],
    id: facts.id,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: achievement.name,
    issuer: {
      id: facts.issuer.did,
      type: ['Profile'],
      name: facts.issuer.name,
      ...(facts.issuer.url && { url: facts.issuer.url }),
    },
    validFrom: isoSeconds(facts.validFrom),
    ...(facts.validUntil !== null && { validUntil: isoSeconds(facts.validUntil) }),
    credentialSubject: {
      type: ['AchievementSubject'],
      identifier: [
        identity('name', facts.recipient.name),
        identity('systemId', facts.recipient.id),
        ...(facts.recipient.account
          ? [
              identity('accountId', facts.recipient.account.name),
              identity(HOME_PAGE_OF_ACCOUNT, facts.recipient.account.homePage),
            ]
          : []),
      ],
      achievement: {
        id: achievement.id,
        type: ['Achievement'],
        achievementType: 'Competency',
        name: achievement.name,
        description: achievement.description,
        criteria: { narrative: achievement.criteria },
        ...(skills.length > 0 && { alignment: skills.map(alignmentOf) }),
        ...(descriptions.length > 0 && { resultDescription: descriptions }),
      },
      ...(results.length > 0 && { result: results }),
    },
    ...(evidence && {
      evidence: [
        { id: `ipfs://${evidence.cid}`, type: ['Evidence'], name: evidence.name, narrative: evidence.narrative },
      ],
    }),
    credentialStatus: statusEntry(facts.status.url, facts.status.index),
  };
}

const identity = (identityType: string, identityHash: string) => ({
  type: 'IdentityObject',
  hashed: false,
  identityHash,
  identityType,
});

const skillId = (achievement: string, { code }: Skill): string => `${achievement}#skill-${encodeURIComponent(code)}`;
const levelId = (achievement: string, skill: Skill, level: SkillLevel): string =>
  `${skillId(achievement, skill)}-level-${level}`;

function alignmentOf({ code, name, framework, url }: Skill) {
  return {
    type: ['Alignment'],
    targetCode: code,
    targetName: name,
    // Required by Open Badges; a skill that only the company knows has no page.
    targetUrl: url ?? `urn:workhall:skill:${encodeURIComponent(code)}`,
    targetType: 'ceasn:Competency',
    ...(framework && { targetFramework: framework }),
  };
}

function scoreDescription(id: string, { max, required }: Score) {
  return {
    id,
    type: ['ResultDescription'],
    name: 'Score',
    resultType: 'RawScore',
    valueMin: '0',
    valueMax: String(max),
    ...(required !== undefined && { requiredValue: String(required) }),
  };
}

function skillDescription(achievement: string, skill: Skill) {
  return {
    id: skillId(achievement, skill),
    type: ['ResultDescription'],
    name: skill.name,
    resultType: 'RubricCriterionLevel',
    alignment: [alignmentOf(skill)],
    rubricCriterionLevel: SKILL_LEVELS.map((level) => ({
      id: levelId(achievement, skill, level),
      type: ['RubricCriterionLevel'],
      level: String(level),
      name: LEVEL_NAMES[level],
    })),
  };
}
