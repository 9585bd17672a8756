import { List } from 'immutable';
import { UNDO_DEPTH, type Change, type Entity, type History, type Step } from '#protocol/document/index';
import type { PendingOps } from './pending-ops.ts';

/** My steps: those that are confirmed, then those of my pending ops, none of which takes a step back. */
export function historyWith(confirmed: History, pending: PendingOps): History {
  // Only the newest ones can be taken back, so only the newest are looked at.
  const newest: Step[] = [];
  let parts: (readonly Change[])[] = [];
  let isCut = false;
  for (const { op, effect } of pending.backwards()) {
    if (effect.footprint.history !== 'adds' || effect.changes.length === 0) continue;
    const target = op.group ?? op.id;
    const known = newest.at(-1);
    if (known?.target === target) {
      parts.push(effect.changes);
      newest[newest.length - 1] = { ...known, type: op.type };
      continue;
    }
    if (known) newest[newest.length - 1] = { ...known, changes: parts.reverse().flat() };
    if (newest.length === UNDO_DEPTH) {
      isCut = true;
      break;
    }
    newest.push({ target, type: op.type, changes: [] });
    parts = [effect.changes];
  }
  const last = newest.at(-1);
  if (!last) return confirmed;
  if (!isCut) newest[newest.length - 1] = { ...last, changes: parts.reverse().flat() };
  newest.reverse();
  const before = confirmed.undo.last();
  const [first, ...rest] = newest as [Step, ...Step[]];
  // An op of a group whose earlier ops are confirmed goes on with their step.
  if (!isCut && before?.target === first.target) {
    const joined = { ...before, changes: [...before.changes, ...first.changes] };
    return {
      undo: confirmed.undo
        .pop()
        .push(joined, ...rest)
        .takeLast(UNDO_DEPTH),
      redo: List(),
    };
  }
  return { undo: confirmed.undo.push(...newest).takeLast(UNDO_DEPTH), redo: List() };
}

/** The same steps with rows as the server wrote them instead of as I guessed them. */
export function correctedHistory(history: History, corrected: ReadonlyMap<Entity, Entity>): History {
  if (corrected.size === 0) return history;
  const real = (row: Entity | undefined) => row && (corrected.get(row) ?? row);
  const correct = (step: Step): Step =>
    step.changes.some(({ before, after }) => (before && corrected.has(before)) || (after && corrected.has(after)))
      ? {
          ...step,
          changes: step.changes.map((change) => ({
            ...change,
            ...(change.before ? { before: real(change.before)! } : {}),
            ...(change.after ? { after: real(change.after)! } : {}),
          })),
        }
      : step;
  return { undo: history.undo.map(correct), redo: history.redo.map(correct) };
}
