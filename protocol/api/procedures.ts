import { z } from 'zod';
import { CidText, ProjectId, UserId } from '../ids.ts';
import { Procedure } from '../procedures/procedure.ts';
import { Language, Text } from '../procedures/text.ts';

const Somebody = z.object({ id: UserId, name: z.string() });
export const ReleaseView = z.object({
  /** CID of the signed manifest. */
  cid: CidText,
  procedure: CidText,
  release: z.number().int(),
  title: Text,
  reviewer: Somebody,
  authors: z.array(Somebody),
  note: z.string(),
  releasedAt: z.number().int(),
  /** Address of the reviewer's signature, checked; null for the hall's own samples. */
  signedBy: z.string().nullable(),
});
export type ReleaseView = z.infer<typeof ReleaseView>;

export const ProcedureSummary = z.object({
  id: z.string(),
  project: ProjectId,
  title: Text,
  /** Rises with every save of the draft. */
  version: z.number().int(),
  savedAt: z.number().int(),
  savedBy: Somebody,
  /** The draft differs from the newest release. */
  isChanged: z.boolean(),
  releases: z.array(ReleaseView),
});
export type ProcedureSummary = z.infer<typeof ProcedureSummary>;
export const ProcedureList = z.object({ procedures: z.array(ProcedureSummary) });
export const ProcedureView = ProcedureSummary.extend({ procedure: Procedure });

/** A sound or video that a procedure can name. */
export const MediaStored = z.object({ cid: CidText, bytes: z.number().int() });

export const ProcedureNew = z.strictObject({ procedure: Procedure });
/** `version`: the one this was made from; another by now is refused. */
export const ProcedureSave = z.strictObject({ version: z.number().int(), procedure: Procedure });
export const FORMATS = ['workhall', 'vr-builder', 'arlem', 'arlem-miragexr'] as const;
export const ProcedureImport = z.discriminatedUnion('format', [
  z.strictObject({ format: z.literal('workhall'), file: z.unknown() }),
  z.strictObject({ format: z.literal('vr-builder'), file: z.unknown(), language: Language.default('en') }),
  z.strictObject({ format: z.literal('arlem'), activity: z.unknown(), workplace: z.unknown() }),
]);
const Losses = z.array(z.object({ key: z.string(), where: z.string(), what: z.string() }));
export const ProcedureImported = z.object({ id: z.string(), version: z.number().int(), losses: Losses });
export const ProcedureExport = z.object({ file: z.unknown(), workplace: z.unknown().optional(), losses: Losses });
export const CheckReport = z.object({
  isReleasable: z.boolean(),
  findings: z.array(
    z.object({
      key: z.string(),
      severity: z.enum(['error', 'warning']),
      where: z.record(z.string(), z.string().optional()),
      facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      message: z.string(),
      next: z.string(),
    }),
  ),
});
export const ProcedureDiff = z.object({
  /** See `protocol/procedures/diff.ts`. */
  changes: z.array(z.record(z.string(), z.unknown())),
});
const PlacedText = z.object({ step: z.string().nullable(), path: z.string().max(500) });
export const TextList = z.object({
  languages: z.array(Language),
  texts: z.array(PlacedText.extend({ text: Text, isNeeded: z.boolean() })),
});
export const Translation = z.strictObject({
  version: z.number().int(),
  language: Language,
  texts: z
    .array(z.strictObject({ step: z.string().nullable(), path: z.string().max(500), words: z.string().max(5000) }))
    .min(1)
    .max(5000),
});
export const Saved = z.object({ version: z.number().int() });
/** `signature`: of a reviewer with a wallet, over the statement that `GET …/statement` gives. */
export const ReleaseNew = z.strictObject({
  version: z.number().int(),
  note: z.string().max(4000).default(''),
  releasedAt: z.number().int().optional(),
  signature: z.string().optional(),
});
export const ReleaseStatement = z.object({
  domain: z.record(z.string(), z.string()),
  types: z.record(z.string(), z.array(z.object({ name: z.string(), type: z.string() }))),
  value: z.record(z.string(), z.union([z.string(), z.number()])),
});
/** What a project asks for: a reviewer who is not an author; how long motion recordings are kept. */
export const TrainingRules = z.object({
  secondPerson: z.boolean(),
  recordingDays: z.number().int().min(0).max(3650),
});
export type TrainingRules = z.infer<typeof TrainingRules>;
