import { EMPTY_DOCUMENT, rebuildDocument, type Document } from '../document/document.ts';
import { problem } from '../errors.ts';
import type { CommentId, SubmissionId } from '../ids.ts';
import type { Op } from '../journal/entry.ts';
import type { RoomModel, RoomModels } from '../journal/model.ts';
import { ACTIONS, type Action } from '../permissions/index.ts';
import { briefOf, commentOf, submissionOf } from './document.ts';
import { designFootprint, hasRoomForParts } from './footprint.ts';
import { DESIGN_OPS } from './ops.ts';
import { isDesignOpType, reduceDesign } from './reducer.ts';

const isAction = (type: string): type is Action => (ACTIONS as readonly string[]).includes(type);

export const designModel: RoomModel = {
  kind: 'design',

  /** A fork keeps what is built and drops what was said and asked about it: comments, brief, submissions, ratings. */
  begin(_genesis, parent) {
    if (!parent) return EMPTY_DOCUMENT;
    return forkOf(parent);
  },

  validate(type, payload) {
    if (!isDesignOpType(type))
      return {
        ok: false,
        problem: problem('design', 'unknown_op', `A design room knows no op "${type}".`, {
          facts: { type },
          next: 'Update the client.',
        }),
      };
    const parsed = DESIGN_OPS[type].safeParse(payload);
    if (parsed.success) return { ok: true, payload: parsed.data };
    const issue = parsed.error.issues[0];
    return {
      ok: false,
      problem: problem('design', 'malformed_op', `The op "${type}" is malformed: ${issue?.message ?? 'unreadable'}.`, {
        facts: { type, path: issue?.path.join('.') ?? '' },
        next: 'Nothing was changed. Check the value and try again.',
      }),
    };
  },

  demand(document, op, authorId) {
    return { action: isAction(op.type) ? op.type : 'project.edit', situation: { own: isOwn(document, op, authorId) } };
  },

  apply(document, entry) {
    if (!isDesignOpType(entry.type))
      return {
        ok: false,
        problem: problem('design', 'unknown_op', `A design room knows no op "${entry.type}".`, {
          facts: { type: entry.type },
        }),
      };
    return reduceDesign(document, entry.type, entry.payload as never, {
      author: entry.author,
      at: entry.at,
      target: entry.group ?? entry.id,
    });
  },

  footprint: (document, { type, payload }, authorId) =>
    isDesignOpType(type)
      ? designFootprint(document, type, payload as never, authorId)
      : { keys: [], history: 'untouched', adds: 0 },

  hasRoom: hasRoomForParts,

  isClosed(document, genesis, at) {
    const brief = briefOf(document);
    return genesis.purpose === 'brief' && brief !== undefined && at > brief.deadlineAt;
  },
};

/** Comments and submissions belong to who made them. */
function isOwn(document: Document, op: Op, authorId: string): boolean {
  const id = (op.payload as { id?: string } | null)?.id;
  if (!id) return false;
  if (op.type.startsWith('comment.')) return commentOf(document, id as CommentId)?.author.id === authorId;
  if (op.type.startsWith('submission.')) return submissionOf(document, id as SubmissionId)?.author.id === authorId;
  return false;
}

function forkOf(parent: Document): Document {
  const parts = parent.tables.get('parts');
  if (!parts) return EMPTY_DOCUMENT;
  return rebuildDocument({ parts: Object.fromEntries(parts) });
}

/** For who reads design rooms and no others. */
export const DESIGN_ROOMS: RoomModels = { design: designModel };
