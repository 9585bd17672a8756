import {
  branchesOf,
  ChapterId,
  StepId,
  stepsOf,
  type Procedure,
  type StepBody,
  type Text,
} from '#protocol/procedures/index';
import { blankStep, chapterIdsOf, freshId, stepIdsOf, withStep } from './edits.ts';

export type BodyKind = StepBody['kind'];
export const BODY_KINDS: readonly BodyKind[] = ['ordinary', 'group', 'parallel', 'random', 'end'];
const MOST_BRANCHES = 20;

/** What new sub-chapters and their first steps are called. */
export interface BranchWords {
  /** n from 1. */
  readonly branch: (n: number) => Text;
  readonly step: Text;
}

/**
 * Makes a step of another kind. Branches that it has stay as long as the new kind can hold them; those that nothing runs
 * any more go, with all that stood in them (undo brings them back).
 */
export function withKind(procedure: Procedure, id: string, kind: BodyKind, words: BranchWords): Procedure {
  const step = [...stepsOf(procedure)].find((one) => one.step.id === id)?.step;
  if (!step || step.body.kind === kind) return procedure;
  const has = branchesOf(step.body);
  const wanted = kind === 'group' ? 1 : kind === 'parallel' || kind === 'random' ? Math.max(2, has.length) : 0;
  const grown = withBranches(procedure, wanted - has.length, words, has.length);
  const branches = [...has, ...grown.added].slice(0, wanted);
  return swept(
    withStep(grown.procedure, id, (one) => ({
      ...one,
      body: bodyOf(kind, branches),
      transitions: endless(kind) ? [] : one.transitions.length > 0 ? one.transitions : WAY_ON,
    })),
  );
}

export function addBranch(procedure: Procedure, id: string, words: BranchWords): Procedure {
  const body = [...stepsOf(procedure)].find((one) => one.step.id === id)?.step.body;
  if (!body || !(body.kind === 'parallel' || body.kind === 'random') || body.branches.length >= MOST_BRANCHES)
    return procedure;
  const { procedure: grown, added } = withBranches(procedure, 1, words, body.branches.length);
  return withStep(grown, id, (one) => ({ ...one, body: withMore(body, added[0]!) }));
}

/** The last branch of a step stays. */
export function removeBranch(procedure: Procedure, id: string, branch: string): Procedure {
  return swept(
    withStep(procedure, id, (one) => {
      const { body } = one;
      if (body.kind === 'parallel' && body.branches.length > 1) {
        const branches = body.branches.filter((chapter) => chapter !== branch);
        const needed = body.needed === null ? null : Math.min(body.needed, branches.length);
        return { ...one, body: { ...body, branches, needed } };
      }
      if (body.kind === 'random' && body.branches.length > 1)
        return { ...one, body: { ...body, branches: body.branches.filter(({ chapter }) => chapter !== branch) } };
      return one;
    }),
  );
}

const WAY_ON = [{ id: 'done', conditions: [], to: null, interrupts: false }];
const endless = (kind: BodyKind): boolean => kind === 'end';

function bodyOf(kind: BodyKind, branches: readonly ChapterId[]): StepBody {
  switch (kind) {
    case 'ordinary':
      return { kind };
    case 'group':
      return { kind, chapter: branches[0]! };
    case 'parallel':
      return { kind, branches: [...branches], needed: null };
    case 'random':
      return { kind, branches: branches.map((chapter) => ({ chapter, weight: 1 })) };
    case 'end':
      return { kind, outcome: 'completed' };
  }
}

const withMore = (body: Extract<StepBody, { kind: 'parallel' | 'random' }>, chapter: ChapterId): StepBody =>
  body.kind === 'parallel'
    ? { ...body, branches: [...body.branches, chapter] }
    : { ...body, branches: [...body.branches, { chapter, weight: 1 }] };

function withBranches(
  procedure: Procedure,
  count: number,
  words: BranchWords,
  from: number,
): { procedure: Procedure; added: ChapterId[] } {
  const added: ChapterId[] = [];
  let grown = procedure;
  for (let n = 0; n < count; n++) {
    const id = ChapterId.parse(freshId(chapterIdsOf(grown), 'branch'));
    const first = StepId.parse(freshId(stepIdsOf(grown), 'step'));
    const chapter = { id, title: words.branch(from + n + 1), first, steps: [blankStep(first, words.step, null)] };
    grown = { ...grown, subchapters: [...grown.subchapters, chapter] };
    added.push(id);
  }
  return { procedure: grown, added };
}

/** Without sub-chapters that no step runs any more, and without those that only they ran. */
function swept(procedure: Procedure): Procedure {
  const byId = new Map(procedure.subchapters.map((chapter) => [chapter.id, chapter]));
  const run = new Set<ChapterId>();
  const waiting = [...procedure.chapters];
  for (let chapter = waiting.pop(); chapter; chapter = waiting.pop())
    for (const { body } of chapter.steps)
      for (const branch of branchesOf(body)) {
        const inside = byId.get(branch);
        if (!inside || run.has(branch)) continue;
        run.add(branch);
        waiting.push(inside);
      }
  if (run.size === procedure.subchapters.length) return procedure;
  return { ...procedure, subchapters: procedure.subchapters.filter(({ id }) => run.has(id)) };
}
