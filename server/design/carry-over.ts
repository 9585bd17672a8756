import { createHash } from 'node:crypto';
import { designModel, reduceDesign, type DesignOpType } from '#protocol/design/index';
import { stateHash, type Document } from '#protocol/document/index';
import { OpId, type RoomId } from '#protocol/ids';
import type { Author, Entry, Op, StoredEntry } from '#protocol/journal/index';

/** One op on its way from a submission into the project: who wrote it, and where it was first written. */
export interface CarriedOp {
  readonly author: Author;
  readonly op: Op;
  readonly via: NonNullable<Entry['via']>;
}

/** What ops would do to a project as it is, or why it would refuse them. */
export interface TryOut {
  readonly applied: readonly CarriedOp[];
  readonly refused: readonly { readonly carried: CarriedOp; readonly message: string }[];
}

/** Ops that change what is built. What was said and asked stays with the submission, as it does when a room is forked. */
const BUILDS = /^parts?\./;
const HISTORY = new Set(['history.undo', 'history.redo']);

/**
 * The ops of a submission as they are to be written into its project: steps that were taken back are left out together
 * with their undo: otherwise a step that the project refuses by now would be told as lost although nobody wanted it, and
 * an undo refused because somebody works on the same part at that moment would leave its step standing
 * (docs/decisions/0008-accepting-submissions.md). If leaving them out does not give what the submitter handed in, the
 * history goes over as it is.
 *
 * `reference` is the document the submission started from, `handedIn` the one that was handed in.
 */
export function carryOver(entries: readonly StoredEntry[], reference: Document, handedIn: Document): CarriedOp[] {
  const { standing, stepOf } = traceHistory(entries);
  const builds = (stored: StoredEntry) => BUILDS.test(stored.entry.type);
  const flat = entries.filter((stored) => builds(stored) && standing.has(stored));
  const asItWas = () =>
    entries.filter((stored) => builds(stored) || [...(stepOf.get(stored)?.entries ?? [])].some(builds));
  return (rebuilds(flat, reference, handedIn) ? flat : asItWas()).map(({ entry, cid }) => {
    const { room, author, type, group } = entry;
    const payload = HISTORY.has(type)
      ? { target: carriedId(room, (entry.payload as { target: string }).target) }
      : entry.payload;
    const op: Op = { id: carriedId(room, entry.id), type, payload };
    return { author, via: { room, cid }, op: group ? { ...op, group: carriedId(room, group) } : op };
  });
}

/**
 * Ids in the project follow from room and id in the submission: accepting again after a crash repeats the same ops,
 * which the journal knows, and nobody can choose an id that hides an op behind one the project already has.
 */
function carriedId(room: RoomId, id: string): OpId {
  return OpId.parse(createHash('sha256').update(`${room}/${id}`).digest('base64url'));
}

interface Step {
  readonly target: string;
  readonly entries: Set<StoredEntry>;
}

/** Walks the undo stacks of all authors as the reducer does: which entries stand in the end, and which step each undo or redo was about. */
function traceHistory(entries: readonly StoredEntry[]): { standing: Set<StoredEntry>; stepOf: Map<StoredEntry, Step> } {
  const stacks = new Map<string, { undo: Step[]; redo: Step[] }>();
  const stepOf = new Map<StoredEntry, Step>();
  for (const stored of entries) {
    const { author, type, id, group } = stored.entry;
    const stack = stacks.get(author.id) ?? { undo: [], redo: [] };
    stacks.set(author.id, stack);
    if (HISTORY.has(type)) {
      const [from, to] = type === 'history.undo' ? [stack.undo, stack.redo] : [stack.redo, stack.undo];
      const step = from.pop();
      if (!step) throw new Error(`Entry ${stored.entry.seq} takes back what is not there`);
      to.push(step);
      stepOf.set(stored, step);
    } else if (BUILDS.test(type) || type.startsWith('comment.')) {
      const target = group ?? id;
      const last = stack.undo.at(-1);
      if (last?.target === target) last.entries.add(stored);
      else stack.undo.push({ target, entries: new Set([stored]) });
      stack.redo = [];
    }
  }
  const standing = new Set([...stacks.values()].flatMap(({ undo }) => undo.flatMap((step) => [...step.entries])));
  return { standing, stepOf };
}

/**
 * Applies carried ops to a document as the project's journal would at `at` (milliseconds since 1970), without writing
 * them. What somebody holds in the project at that moment is not known here: the journal alone refuses for that.
 */
export function tryOut(carried: readonly CarriedOp[], project: Document, at: number): TryOut {
  const applied: CarriedOp[] = [];
  const refused: { carried: CarriedOp; message: string }[] = [];
  let document = project;
  for (const one of carried) {
    const judged = judge(document, one.op, one.author, at);
    if (judged.ok) {
      applied.push(one);
      document = judged.document;
    } else refused.push({ carried: one, message: judged.problem.message });
  }
  return { applied, refused };
}

function judge(document: Document, { type, payload, group, id }: Op, author: Author, at: number) {
  const valid = designModel.validate(type, payload);
  if (!valid.ok) return valid;
  return reduceDesign(document, type as DesignOpType, valid.payload as never, { author, at, target: group ?? id });
}

/** Whether these ops alone turn the reference into what was handed in. */
function rebuilds(entries: readonly StoredEntry[], reference: Document, handedIn: Document): boolean {
  let document = reference;
  for (const { entry } of entries) {
    const judged = judge(document, entry, entry.author, entry.at);
    if (!judged.ok) return false;
    document = judged.document;
  }
  return builtHash(document) === builtHash(handedIn);
}

/** Hash of the parts alone: comments are not carried, so they are not compared. */
function builtHash(document: Document): string {
  const parts = designModel.begin({ kind: 'design', purpose: 'submission', title: '' }, document);
  return stateHash(parts);
}
