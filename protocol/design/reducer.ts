import {
  applyChanges,
  historyOf,
  remember,
  revert,
  shiftHistory,
  table,
  type Change,
  type Document,
  type Entity,
  type Outcome,
} from '../document/document.ts';
import { problem, type Fact, type Problem } from '../errors.ts';
import type { Author } from '../journal/entry.ts';
import type { PartId } from '../ids.ts';
import {
  BRIEF_ROW,
  ancestryOf,
  briefOf,
  commentOf,
  partOf,
  partsOf,
  ratingRow,
  submissionOf,
  subtreeOf,
} from './document.ts';
import { DESIGN_OPS, type DesignOpType, type DesignPayload } from './ops.ts';
import { impossibleDimension, ParametricShape } from './parametric.ts';
import type { Part } from './part.ts';

/** Everything an op may depend on besides the document: all of it is in the journal entry. */
export interface OpContext {
  readonly author: Author;
  /** Milliseconds since 1970, from the entry. */
  readonly at: number;
  /** Op id, or its group: what undo names. */
  readonly target: string;
}

type Applied = Outcome<{ document: Document; changes: readonly Change[] }>;
type Judged = readonly Change[] | Problem;

/** Parts in one document, and depth of its tree. Beyond them an op is refused. */
export const MAX_PARTS = 100_000;
export const MAX_DEPTH = 64;

/** Ops that are about the crowd's process, not about the design: they are never undone. */
export const LASTING: ReadonlySet<DesignOpType> = new Set<DesignOpType>([
  'brief.set',
  'submission.start',
  'submission.submit',
  'submission.rate',
  'submission.withdraw',
  'submission.accept',
]);

/** Applies one validated op. Pure: the same document, op and context give the same outcome everywhere. */
export function reduceDesign<T extends DesignOpType>(
  document: Document,
  type: T,
  payload: DesignPayload<T>,
  context: OpContext,
): Applied {
  if (type === 'history.undo' || type === 'history.redo')
    return reduceHistory(document, type, payload as DesignPayload<'history.undo'>, context);
  const judged = (CASES[type as keyof typeof CASES] as unknown as Case<T>)(document, payload, context);
  if (!Array.isArray(judged)) return { ok: false, problem: judged as Problem };
  const changes = judged as readonly Change[];
  const next = applyChanges(document, changes);
  if (changes.length === 0 || LASTING.has(type)) return { ok: true, document: next, changes };
  return { ok: true, changes, document: remember(next, context.author.id, { target: context.target, type, changes }) };
}

function reduceHistory(
  document: Document,
  type: 'history.undo' | 'history.redo',
  { target }: { target: string },
  { author }: OpContext,
): Applied {
  const direction = type === 'history.undo' ? 'undo' : 'redo';
  const step = historyOf(document, author.id)[direction].last();
  if (!step || step.target !== target)
    return refuse(
      'nothing_to_take_back',
      `There is nothing of yours to ${direction} here.`,
      { target },
      'Only your own last step can be taken back.',
    );
  const reversal = revert(document, step.changes, direction);
  if (!reversal.ok)
    return refuse(
      'changed_since',
      `Somebody changed this since, so your step cannot be taken ${direction === 'undo' ? 'back' : 'again'}.`,
      { id: reversal.id, table: reversal.table, field: reversal.field },
      'Set the value by hand, or ask the person who changed it.',
    );
  const misplaced = orphan(document, reversal.changes);
  if (misplaced) return { ok: false, problem: misplaced };
  return {
    ok: true,
    changes: reversal.changes,
    document: shiftHistory(applyChanges(document, reversal.changes), author.id, direction),
  };
}

/** A reversal must not bring a part back into a group that is gone, nor delete a group that others filled. */
function orphan(document: Document, changes: readonly Change[]): Problem | null {
  const next = applyChanges(document, changes);
  for (const { table: name, id, after } of changes) {
    if (name !== 'parts') continue;
    if (!after && next.children.has(id))
      return unknown('changed_since', 'Others put parts into this group since.', {
        id,
        table: 'parts',
        field: 'children',
      });
    const parent = (after as Part | undefined)?.parent;
    if (parent && (!partOf(next, parent) || ancestryLoops(next, parent)))
      return unknown('changed_since', 'The group this part was in is gone.', { id, table: 'parts', field: 'parent' });
  }
  return null;
}

type Case<T extends DesignOpType> = (document: Document, payload: DesignPayload<T>, context: OpContext) => Judged;

const CASES: { [T in Exclude<DesignOpType, 'history.undo' | 'history.redo'>]: Case<T> } = {
  'parts.add': (document, { parts }) => {
    if (partsOf(document).size + parts.length > MAX_PARTS)
      return unknown('too_many_parts', `A design holds at most ${MAX_PARTS} parts.`, { limit: MAX_PARTS });
    const added = new Map<string, Part>();
    const depth = new Map<string, number>();
    for (const part of parts) {
      if (added.has(part.id) || partOf(document, part.id))
        return unknown('part_exists', 'A part with this id is already there.', { part: part.id });
      let level = 0;
      if (part.parent !== null) {
        const parent = added.get(part.parent) ?? partOf(document, part.parent);
        if (!parent) return noPart(part.parent);
        if (parent.shape) return unknown('not_a_group', 'Only a group can hold parts.', { part: part.parent });
        level = (depth.get(part.parent) ?? ancestryOf(document, part.parent).length) + 1;
        if (level > MAX_DEPTH) return tooDeep(part.id);
      } else level = 1;
      const impossible = part.shape && part.shape.kind !== 'asset' && impossibleDimension(part.shape);
      if (impossible) return badDimension(part.id, impossible);
      added.set(part.id, part);
      depth.set(part.id, level);
    }
    return parts.map((part) => ({ table: 'parts', id: part.id, after: part as unknown as Entity }));
  },

  'parts.delete': (document, { ids }) => {
    const doomed = new Map<string, Part>();
    for (const id of ids) {
      if (!partOf(document, id)) return noPart(id);
      for (const part of subtreeOf(document, id)) doomed.set(part.id, part);
    }
    // Children before parents, so that undo brings parents back first.
    return [...doomed.values()]
      .reverse()
      .map((part) => ({ table: 'parts', id: part.id, before: part as unknown as Entity }));
  },

  'part.move': (document, { moves }) => patchParts(document, moves, ({ poseInParent }) => ({ poseInParent })),

  'part.place': (document, { id, parent, order, poseInParent }) => {
    if (parent !== null) {
      const group = partOf(document, parent);
      if (!group) return noPart(parent);
      if (group.shape) return unknown('not_a_group', 'Only a group can hold parts.', { part: parent });
      const ancestry = ancestryOf(document, parent);
      if (ancestry.some((part) => part.id === id))
        return unknown('into_itself', 'A group cannot be put into itself.', { part: id });
      if (ancestry.length + heightOf(document, id) > MAX_DEPTH) return tooDeep(id);
    }
    return patchParts(document, [{ id }], () => ({ parent, order, poseInParent }));
  },

  'part.rename': (document, { id, name }) => patchParts(document, [{ id }], () => ({ name })),
  'part.setMaterial': (document, { ids, material }) =>
    patchParts(
      document,
      ids.map((id) => ({ id })),
      () => ({ material }),
    ),
  'part.setHidden': (document, { ids, hidden }) =>
    patchParts(
      document,
      ids.map((id) => ({ id })),
      () => ({ hidden }),
    ),

  'part.setDimensions': (document, { id, dimensions }) => {
    const part = partOf(document, id);
    if (!part) return noPart(id);
    if (!part.shape || part.shape.kind === 'asset')
      return unknown('not_parametric', 'This part has no dimensions to change.', { part: id });
    const wanted = ParametricShape.safeParse({
      kind: part.shape.kind,
      dimensions: { ...part.shape.dimensions, ...dimensions },
    });
    if (!wanted.success) return badDimension(id, String(wanted.error.issues[0]?.path.at(-1) ?? 'dimensions'));
    const impossible = impossibleDimension(wanted.data);
    if (impossible) return badDimension(id, impossible);
    return patchParts(document, [{ id }], () => ({ shape: wanted.data }));
  },

  'comment.add': (document, { id, anchor, text }, { author, at }) => {
    if (commentOf(document, id))
      return unknown('comment_exists', 'A comment with this id is already there.', { comment: id });
    if (!partOf(document, anchor.part)) return noPart(anchor.part);
    return [{ table: 'comments', id, after: { id, anchor, author, at, text, replies: [], resolved: false } }];
  },
  'comment.reply': (document, { id, reply, text }, { author, at }) => {
    const comment = commentOf(document, id);
    if (!comment) return noComment(id);
    if (comment.replies.length >= 500) return unknown('too_many_replies', 'This thread is full.', { comment: id });
    if (comment.replies.some((known) => known.id === reply))
      return unknown('comment_exists', 'This reply is already there.', { comment: reply });
    return patch(document, 'comments', id, { replies: [...comment.replies, { id: reply, author, at, text }] });
  },
  'comment.resolve': (document, { id, resolved }) =>
    commentOf(document, id) ? patch(document, 'comments', id, { resolved }) : noComment(id),
  'comment.delete': (document, { id }) => {
    const comment = commentOf(document, id);
    return comment ? [{ table: 'comments', id, before: comment as unknown as Entity }] : noComment(id);
  },

  'brief.set': (document, { brief }) => {
    const before = briefOf(document) as unknown as Entity | undefined;
    return [{ table: 'brief', id: BRIEF_ROW, after: brief as unknown as Entity, ...(before ? { before } : {}) }];
  },
  'submission.start': (document, { id, room, title }, { author, at }) => {
    const brief = briefOf(document);
    if (!brief) return noBrief();
    if (at > brief.deadlineAt) return deadlinePassed(brief.deadlineAt);
    if (submissionOf(document, id))
      return unknown('submission_exists', 'This submission has been started already.', { submission: id });
    return [
      { table: 'submissions', id, after: { id, room, title, author, startedAt: at, state: 'draft', iterations: [] } },
    ];
  },
  'submission.submit': (document, { id, head, length, note, picture }, { at }) => {
    const brief = briefOf(document);
    const submission = submissionOf(document, id);
    if (!brief) return noBrief();
    if (!submission) return noSubmission(id);
    if (submission.state === 'accepted' || submission.state === 'withdrawn') return wrongState(id, submission.state);
    if (at > brief.deadlineAt) return deadlinePassed(brief.deadlineAt);
    const iteration = { head, length, at, note, ...(picture ? { picture } : {}) };
    return patch(document, 'submissions', id, {
      state: 'submitted',
      iterations: [...submission.iterations, iteration],
    });
  },
  'submission.rate': (document, { id, scores, note }, { author, at }) => {
    const brief = briefOf(document);
    const submission = submissionOf(document, id);
    if (!brief) return noBrief();
    if (!submission) return noSubmission(id);
    if (submission.state === 'draft' || submission.state === 'withdrawn') return wrongState(id, submission.state);
    if (submission.author.id === author.id)
      return unknown('own_submission', 'Your own submission is rated by others.', { submission: id });
    const stranger = Object.keys(scores).find((key) => !brief.criteria.some((criterion) => criterion.id === key));
    if (stranger) return unknown('unknown_criterion', 'The brief has no such criterion.', { criterion: stranger });
    if (Object.keys(scores).length === 0)
      return unknown('no_scores', 'A rating has at least one score.', { submission: id });
    const row = ratingRow(id, author.id);
    const before = table(document, 'ratings').get(row);
    const after = { submission: id, rater: author.id, raterName: author.name, scores, at, note };
    return [{ table: 'ratings', id: row, after, ...(before ? { before } : {}) }];
  },
  'submission.withdraw': (document, { id }) => {
    const submission = submissionOf(document, id);
    if (!submission) return noSubmission(id);
    if (submission.state === 'accepted' || submission.state === 'withdrawn') return wrongState(id, submission.state);
    return patch(document, 'submissions', id, { state: 'withdrawn' });
  },
  'submission.accept': (document, { id }) => {
    const submission = submissionOf(document, id);
    if (!submission) return noSubmission(id);
    if (submission.state !== 'submitted') return wrongState(id, submission.state);
    return patch(document, 'submissions', id, { state: 'accepted' });
  },
};

export const isDesignOpType = (type: string): type is DesignOpType => Object.hasOwn(DESIGN_OPS, type);

function patchParts<M extends { id: PartId }>(
  document: Document,
  targets: readonly M[],
  fields: (target: M) => Partial<Part>,
): Judged {
  const changes = new Map<string, Change>();
  for (const target of targets) {
    const known = changes.get(target.id);
    const before = (known?.before as unknown as Part | undefined) ?? partOf(document, target.id);
    if (!before) return noPart(target.id);
    changes.set(target.id, {
      table: 'parts',
      id: target.id,
      before: before as unknown as Entity,
      after: { ...before, ...fields(target) },
    });
  }
  return [...changes.values()];
}

function patch(document: Document, name: string, id: string, fields: Entity): Change[] {
  const before = table(document, name).get(id)!;
  return [{ table: name, id, before, after: { ...before, ...fields } }];
}

function heightOf(document: Document, id: PartId): number {
  const children = document.children.get(id);
  if (!children) return 1;
  let tallest = 0;
  for (const child of children.keys()) tallest = Math.max(tallest, heightOf(document, child as PartId));
  return 1 + tallest;
}

function ancestryLoops(document: Document, id: PartId): boolean {
  const seen = new Set<string>();
  for (let at: PartId | null = id; at !== null; at = partOf(document, at)?.parent ?? null) {
    if (seen.has(at)) return true;
    seen.add(at);
  }
  return seen.size > MAX_DEPTH;
}

const unknown = (key: string, message: string, facts: Record<string, Fact>, next?: string): Problem =>
  problem('design', key, message, next ? { facts, next } : { facts });
const refuse = (
  key: string,
  message: string,
  facts: Record<string, Fact>,
  next?: string,
): { ok: false; problem: Problem } => ({ ok: false, problem: unknown(key, message, facts, next) });
const noPart = (id: string) =>
  unknown(
    'no_such_part',
    'This part is not there any more.',
    { part: id },
    'It may have been deleted; its author can undo that.',
  );
const noComment = (id: string) => unknown('no_such_comment', 'This comment is not there any more.', { comment: id });
const noSubmission = (id: string) => unknown('no_such_submission', 'There is no such submission.', { submission: id });
const noBrief = () => unknown('no_brief', 'This room has no brief.', {});
const wrongState = (id: string, state: string) =>
  unknown('wrong_state', `This submission is ${state}.`, { submission: id, state });
const deadlinePassed = (at: number) =>
  unknown(
    'deadline_passed',
    'The deadline of this brief has passed.',
    { deadlineAt: at },
    'Ask the owner to set a later one.',
  );
const tooDeep = (id: string) =>
  unknown('too_deep', `Groups nest at most ${MAX_DEPTH} deep.`, { part: id, limit: MAX_DEPTH });
const badDimension = (id: string, dimension: string) =>
  unknown(
    'bad_dimension',
    `With this ${dimension} the part cannot be made.`,
    { part: id, dimension },
    'Choose a value within its limits.',
  );
