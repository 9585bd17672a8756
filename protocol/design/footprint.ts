import { childrenKey, historyOf, rowKey, type Change, type Document, type Footprint } from '../document/index.ts';
import type { PartId } from '../ids.ts';
import { ancestryOf, BRIEF_ROW, partOf, ratingRow } from './document.ts';
import type { DesignOpType, DesignPayload } from './ops.ts';
import type { Part } from './part.ts';
import { LASTING, MAX_PARTS } from './reducer.ts';

type Keys = Set<string>;
type Case<T extends DesignOpType> = (keys: Keys, document: Document, payload: DesignPayload<T>, author: string) => void;

/**
 * What each op reads in `reducer.ts`, whether it succeeds or not; what it writes beyond that follows from its changes.
 * `document` is the one it is applied to.
 */
const READS: { readonly [T in DesignOpType]: Case<T> } = {
  'parts.add': (keys, document, { parts }) => {
    const parents = new Set<PartId>();
    for (const { id, parent } of parts) {
      keys.add(part(id));
      if (parent !== null) parents.add(parent);
    }
    for (const parent of parents) addAncestry(keys, document, parent);
  },
  'parts.delete': (keys, document, { ids }) => ids.forEach((id) => addSubtree(keys, document, id)),
  'part.move': (keys, _, { moves }) => moves.forEach(({ id }) => keys.add(part(id))),
  'part.place': (keys, document, { id, parent }) => {
    addSubtree(keys, document, id);
    if (parent !== null) addAncestry(keys, document, parent);
  },
  'part.rename': (keys, _, { id }) => keys.add(part(id)),
  'part.setMaterial': (keys, _, { ids }) => ids.forEach((id) => keys.add(part(id))),
  'part.setHidden': (keys, _, { ids }) => ids.forEach((id) => keys.add(part(id))),
  'part.setDimensions': (keys, _, { id }) => keys.add(part(id)),
  'comment.add': (keys, _, { id, anchor }) => keys.add(comment(id)).add(part(anchor.part)),
  'comment.reply': (keys, _, { id }) => keys.add(comment(id)),
  'comment.resolve': (keys, _, { id }) => keys.add(comment(id)),
  'comment.delete': (keys, _, { id }) => keys.add(comment(id)),
  'history.undo': (keys, document, _, author) => addStep(keys, document, author, 'undo'),
  'history.redo': (keys, document, _, author) => addStep(keys, document, author, 'redo'),
  'brief.set': (keys) => keys.add(BRIEF),
  'submission.start': (keys, _, { id }) => keys.add(BRIEF).add(submission(id)),
  'submission.submit': (keys, _, { id }) => keys.add(BRIEF).add(submission(id)),
  'submission.rate': (keys, _, { id }, author) =>
    keys
      .add(BRIEF)
      .add(submission(id))
      .add(rowKey('ratings', ratingRow(id, author))),
  'submission.withdraw': (keys, _, { id }) => keys.add(submission(id)),
  'submission.accept': (keys, _, { id }) => keys.add(submission(id)),
};

export function designFootprint<T extends DesignOpType>(
  document: Document,
  type: T,
  payload: DesignPayload<T>,
  author: string,
): Footprint {
  const keys: Keys = new Set();
  (READS[type] as Case<T>)(keys, document, payload, author);
  if (type === 'history.undo' || type === 'history.redo') return { keys: [...keys], history: 'reads', adds: keys.size };
  const adds = type === 'parts.add' ? (payload as DesignPayload<'parts.add'>).parts.length : 0;
  return { keys: [...keys], history: LASTING.has(type) ? 'untouched' : 'adds', adds };
}

/** False when ops could be refused for the sheer number of parts: then their order matters, whatever they touch. */
export const hasRoomForParts = (document: Document, adds: number): boolean =>
  (document.tables.get('parts')?.size ?? 0) + adds <= MAX_PARTS;

const part = (id: string) => rowKey('parts', id);
const comment = (id: string) => rowKey('comments', id);
const submission = (id: string) => rowKey('submissions', id);
const BRIEF = rowKey('brief', BRIEF_ROW);

/** The group and what it is in: whether a part fits there depends on all of it. */
function addAncestry(keys: Keys, document: Document, group: PartId): void {
  keys.add(part(group));
  for (const { id } of ancestryOf(document, group)) keys.add(part(id));
}

function addSubtree(keys: Keys, document: Document, root: PartId): void {
  const found: string[] = [root];
  for (let i = 0; i < found.length; i++) {
    keys.add(part(found[i]!)).add(childrenKey(found[i]!));
    const children = document.children.get(found[i]!);
    if (children) found.push(...children.keys());
  }
}

function addStep(keys: Keys, document: Document, author: string, direction: 'undo' | 'redo'): void {
  const step = historyOf(document, author)[direction].last();
  if (!step) return;
  const later = new Map<string, Part>();
  const rows = (change: Change) => [change.before, change.after] as unknown as (Part | undefined)[];
  for (const change of step.changes) {
    keys.add(rowKey(change.table, change.id));
    if (change.table !== 'parts') continue;
    keys.add(childrenKey(change.id));
    for (const row of rows(change)) if (row) later.set(row.id, row);
  }
  // A part must not come back into a group that is gone, nor a group go that others filled.
  for (const change of step.changes)
    if (change.table === 'parts')
      for (const row of rows(change))
        for (let at = row?.parent ?? null; at !== null && !keys.has(childrenKey(at));) {
          keys.add(part(at)).add(childrenKey(at));
          at = (later.get(at) ?? partOf(document, at))?.parent ?? null;
        }
}
