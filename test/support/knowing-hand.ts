import { stepsNow, type Task } from '../../client/features/guidance-room/model/tasks.ts';
import { codeOf as codeInKit } from '../../client/features/workstation/kit-codes.ts';
import { jobOf, jobProcedure, jobState, type GuidanceOpType, type PartCode } from '#protocol/guidance/index';
import type { Document } from '#protocol/document/index';
import type { UserId } from '#protocol/ids';
import type { Leaf } from '#protocol/procedures/index';

/** What comes next in a job: an op of the engineer, a use of a tool that reports, something that only a camera or another person has. */
export type Move =
  | { readonly kind: 'op'; readonly type: GuidanceOpType; readonly payload: object }
  | { readonly kind: 'tool'; readonly tool: string }
  | { readonly kind: 'photo'; readonly gate: string; readonly evidence: 'picture' | 'clip' }
  | { readonly kind: 'align' | 'second'; readonly gate: string };

/** The code that the piece for this place carries in the kit of this job. */
export const codeOf = (document: Document, thing: string): PartCode => codeInKit(jobOf(document)!, thing)!;

/** What somebody who knows the job would do for the next open line of the room's checklist; empty: they wait for others. */
export function nextMoves(document: Document, me: UserId, atMs: number): Move[] {
  const job = jobOf(document);
  const procedure = job && jobProcedure(document, job);
  const state = job && jobState(document, job);
  if (!job || !procedure || !state) return [];
  for (const { step, tasks } of stepsNow(document, job, procedure, state, me, atMs))
    for (const task of inOrder(tasks)) {
      const moves = task.isDone ? [] : movesOf(document, step.id, task, me);
      if (moves.length > 0) return moves;
    }
  return [];
}

/** Where an order is asked for, things go in by it. */
function inOrder(tasks: readonly Task[]): Task[] {
  const ordered = tasks.flatMap(({ leaf }) => (leaf?.kind === 'mounted' ? leaf.things : []));
  const place = ({ leaf }: Task) => (leaf?.kind === 'placed' ? ordered.indexOf(leaf.thing) : -1);
  return tasks.filter(({ leaf }) => leaf?.kind !== 'mounted').toSorted((a, b) => place(a) - place(b));
}

function movesOf(document: Document, step: string, { need, leaf, path }: Task, by: UserId): Move[] {
  const act = (more: object): Move => ({ kind: 'op', type: 'job.act', payload: { act: { by, ...more } } });
  switch (need.kind) {
    case 'press':
      return [act(need.act)];
    case 'tool':
      return [{ kind: 'tool', tool: need.tool }];
    case 'readOff':
      return [act({ type: 'toolUsed', tool: need.tool, thing: need.thing, isOk: true, result: null })];
    case 'approve':
      return [act({ type: 'approved' })];
    case 'scan':
      return [{ kind: 'op', type: 'part.scan', payload: { thing: need.thing, code: codeOf(document, need.thing) } }];
    case 'photo': {
      const { gate } = need;
      return [{ kind: 'photo', gate: gate.id, evidence: (gate.kind === 'photo' && gate.evidence) || 'picture' }];
    }
    case 'align':
    case 'second':
      return [{ kind: need.kind, gate: need.gate.id }];
    case 'fill':
      return leaf && path !== null ? filled(leaf, path, step, act) : [];
    case 'skill':
    case 'wait':
      return [];
  }
}

function filled(leaf: Leaf, path: string, step: string, act: (more: object) => Move): Move[] {
  switch (leaf.kind) {
    case 'answered': {
      const { answer } = leaf;
      const given =
        answer.kind === 'number'
          ? middleOf(answer.range)
          : answer.kind === 'single'
            ? [answer.correct]
            : answer.correct;
      return [act({ type: 'answered', step, path, answer: given })];
    }
    case 'checklist':
      return leaf.items.map(({ id }) => act({ type: 'checked', step, item: id, isChecked: true }));
    case 'worn':
      return leaf.things.map((thing) => act({ type: 'putOn', thing }));
    case 'number': {
      const payload = { variable: leaf.variable, value: middleOf(leaf.range), instrument: null };
      return [{ kind: 'op', type: 'value.measure', payload }];
    }
    case 'control':
      return leaf.setting.kind === 'number'
        ? [act({ type: 'controlSet', control: leaf.control, to: middleOf(leaf.setting.range) })]
        : [];
    default:
      return [];
  }
}

const middleOf = ({ minimum, maximum }: { minimum?: number | undefined; maximum?: number | undefined }): number =>
  minimum === undefined || maximum === undefined ? (minimum ?? maximum ?? 0) : (minimum + maximum) / 2;
