import { z } from 'zod';
import { HOME_PAGE_OF_ACCOUNT, type HolderAccount } from './credential.ts';
import { Skill, SkillLevel } from './skills.ts';

/** What people want to know of a certificate. Times in milliseconds since 1970. */
export interface ReadCertificate {
  readonly id: string | null;
  readonly title: string;
  readonly description: string | null;
  readonly criteria: string | null;
  readonly recipient: string | null;
  /** In the learning platform they came from. */
  readonly account: HolderAccount | null;
  readonly issuer: { readonly id: string; readonly name: string | null; readonly url: string | null };
  readonly validFrom: number | null;
  readonly validUntil: number | null;
  readonly score: { readonly value: string; readonly max: string | null; readonly required: string | null } | null;
  readonly skills: readonly Skill[];
  /** CID where the evidence is on IPFS. */
  readonly evidence: string | null;
}

const one = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value[0] : value), schema).optional();
const many = <T extends z.ZodType>(schema: T) =>
  z
    .preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(schema))
    .optional()
    .catch([]);
const text = z.string().max(10_000);
const isoTime = z.iso.datetime({ offset: true });

const AlignmentIn = z.object({
  targetCode: text.optional(),
  targetName: text,
  targetUrl: text.optional(),
  targetFramework: text.optional(),
});
const LevelIn = z.object({ id: text, level: text.optional(), name: text.optional() });
const ResultDescriptionIn = z.object({
  id: text,
  valueMax: text.optional(),
  requiredValue: text.optional(),
  rubricCriterionLevel: many(LevelIn),
});
const ResultIn = z.object({
  resultDescription: text.optional(),
  value: text.optional(),
  achievedLevel: text.optional(),
  alignment: many(AlignmentIn),
});

/** An Open Badge 3.0 of anybody: what Open Badges asks for must be there, what only we write may be missing. */
const CredentialIn = z.object({
  '@context': z.array(z.unknown()).min(1),
  id: text.optional(),
  type: z.array(text).refine((types) => types.includes('VerifiableCredential'), 'not a verifiable credential'),
  name: text.optional(),
  issuer: z.union([
    text.transform((id) => ({ id, name: undefined, url: undefined })),
    z.object({ id: text, name: text.optional(), url: text.optional() }),
  ]),
  validFrom: isoTime.optional(),
  validUntil: isoTime.optional(),
  credentialSubject: one(
    z.object({
      identifier: many(z.object({ identityHash: text, identityType: text.optional(), hashed: z.boolean().optional() })),
      achievement: one(
        z.object({
          name: text,
          description: text.optional(),
          criteria: z.object({ narrative: text.optional() }).optional().catch(undefined),
          resultDescription: many(ResultDescriptionIn),
        }),
      ),
      result: many(ResultIn),
    }),
  ),
  evidence: many(z.object({ id: text.optional() })),
});

export type ReadOutcome =
  { readonly ok: true; readonly certificate: ReadCertificate } | { readonly ok: false; readonly detail: string };

/** Reads what the document says, without believing it. */
export function readCertificate(document: unknown): ReadOutcome {
  const parsed = CredentialIn.safeParse(document);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return { ok: false, detail: [issue.path.join('.'), issue.message].filter(Boolean).join(': ') };
  }
  const { credentialSubject: subject, issuer, evidence, ...rest } = parsed.data;
  if (!subject?.achievement) return { ok: false, detail: 'credentialSubject.achievement: there is no achievement' };
  const { achievement } = subject;
  const descriptions = new Map(achievement.resultDescription?.map((description) => [description.id, description]));
  const scored = subject.result?.find(({ value }) => value !== undefined);
  const scale = descriptions.get(scored?.resultDescription ?? '');
  const identityOf = (type: string) =>
    subject.identifier?.find(({ identityType, hashed }) => identityType === type && !hashed)?.identityHash ?? null;
  const [account, homePage] = [identityOf('accountId'), identityOf(HOME_PAGE_OF_ACCOUNT)];
  const cid = evidence?.flatMap(({ id }) => /^ipfs:\/\/(b[a-z2-7]{20,120})$/.exec(id ?? '')?.[1] ?? [])[0];
  return {
    ok: true,
    certificate: {
      id: rest.id ?? null,
      title: achievement.name,
      description: achievement.description ?? null,
      criteria: achievement.criteria?.narrative ?? null,
      recipient: identityOf('name'),
      account: account !== null && homePage !== null ? { homePage, name: account } : null,
      issuer: { id: issuer.id, name: issuer.name ?? null, url: issuer.url ?? null },
      validFrom: rest.validFrom ? Date.parse(rest.validFrom) : null,
      validUntil: rest.validUntil ? Date.parse(rest.validUntil) : null,
      score: scored?.value
        ? { value: scored.value, max: scale?.valueMax ?? null, required: scale?.requiredValue ?? null }
        : null,
      skills: (subject.result ?? []).flatMap((result) => skillOf(result, descriptions)),
      evidence: cid ?? null,
    },
  };
}

function skillOf(
  { achievedLevel, alignment, resultDescription }: z.infer<typeof ResultIn>,
  descriptions: ReadonlyMap<string, z.infer<typeof ResultDescriptionIn>>,
): Skill[] {
  const target = alignment?.[0];
  const level = descriptions
    .get(resultDescription ?? '')
    ?.rubricCriterionLevel?.find(({ id }) => id === achievedLevel)?.level;
  const known = SkillLevel.safeParse(Number(level));
  if (!target || !known.success) return [];
  const skill = Skill.safeParse({
    code: target.targetCode ?? target.targetName,
    name: target.targetName,
    level: known.data,
    ...(target.targetFramework && { framework: target.targetFramework }),
    ...(target.targetUrl?.startsWith('http') && { url: target.targetUrl }),
  });
  return skill.success ? [skill.data] : [];
}
