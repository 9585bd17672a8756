import { z } from 'zod';
import { CidText, ProjectId, RoomId, UserId } from '../ids.ts';
import { DOCUMENT_KINDS } from '../guidance/help-ops.ts';
import { Language, Text } from '../procedures/text.ts';

const Subject = z.string().trim().min(1).max(60);

/** Somebody who can be called from the jobs of a project. */
export const ExpertPut = z.strictObject({
  person: UserId,
  languages: z.array(Language).max(10),
  subjects: z.array(Subject).max(20),
  /** Who is rung first has the lowest. */
  rank: z.number().int().min(0).max(999),
});
export const ExpertView = ExpertPut.extend({
  name: z.string(),
  /** Says of themselves that they can be called. */
  isOnDuty: z.boolean(),
  /** A page of the hall is open somewhere. */
  isReachable: z.boolean(),
  /** In a call now. */
  isBusy: z.boolean(),
});
export type ExpertView = z.infer<typeof ExpertView>;
export const ExpertList = z.object({ experts: z.array(ExpertView) });

/** A call as it rings for me, or as I have missed it. */
export const RungView = z.object({
  room: RoomId,
  project: ProjectId,
  call: z.string(),
  state: z.string(),
  /** Who calls, and from where. */
  by: z.string(),
  text: z.string(),
  product: z.string(),
  serial: z.string(),
  order: z.string(),
  station: z.string(),
  /** In the words of the procedure, in its first language; null: about no step. */
  step: z.string().nullable(),
  rungAt: z.number().int(),
  /** Until when it rings. */
  untilAt: z.number().int(),
});
export type RungView = z.infer<typeof RungView>;

/** What waits for me as an expert; each event of `GET /api/me/help/events` is one. */
export const MyHelp = z.object({
  /** On the list of some project. */
  isExpert: z.boolean(),
  isOnDuty: z.boolean(),
  ringing: z.array(RungView),
  /** Not seen yet, newest first. */
  missed: z.array(RungView),
});
export type MyHelp = z.infer<typeof MyHelp>;
export const DutyPut = z.strictObject({ isOnDuty: z.boolean() });
export const CallAnswer = z.strictObject({ answer: z.enum(['accept', 'decline']) });
export const CallAnswered = z.object({ room: RoomId, call: z.string() });

/** A picture for the chat, a frozen one, or a document to hand over. Read again at /api/assets/{cid}. */
export const HelpFile = z.object({ cid: CidText, bytes: z.number().int() });
/** Of a PDF: a manual with its drawings. Pictures are as large as those of a job. */
export const MAX_DOCUMENT_BYTES = 64_000_000;
/** What the procedures show by which a project works, each file once. */
export const DocumentList = z.object({
  documents: z.array(
    z.object({
      cid: CidText,
      kind: z.enum(DOCUMENT_KINDS),
      title: Text,
      /** Title of the procedure in which it stands. */
      procedure: Text,
    }),
  ),
});
export type DocumentList = z.infer<typeof DocumentList>;
export const RecordingPart = z.object({ parts: z.number().int() });
export const RecordingFinish = z.strictObject({ parts: z.number().int().min(1).max(5000), type: z.string().max(100) });
export const RecordingKept = z.object({ cid: CidText, bytes: z.number().int() });
