import { equalData } from '../document/document.ts';
import { canMigrate } from '../procedures/migrate.ts';
import type { Procedure } from '../procedures/procedure.ts';
import type { RunState } from '../procedures/run-state.ts';
import type { JobRow } from './document.ts';
import type { JobPlan } from './plan.ts';

/**
 * What a newer release of its instruction means for a running job.
 * `stays`: it ends on its own. `waits`: it takes the new one at the first safe step. `asks`: a supervisor has to decide.
 */
export type InstructionChange = 'stays' | 'waits' | 'asks';

/** Null: the job runs what the plan names. The plan is the one by which new jobs are opened now. */
export function changeOf(
  job: Pick<JobRow, 'release' | 'revising' | 'status'>,
  plan: Pick<JobPlan, 'release' | 'onNewRelease'>,
): InstructionChange | null {
  if (plan.release === job.release || job.status === 'finished' || job.status === 'scrapped') return null;
  const decided = job.revising.findLast(({ release }) => release === plan.release);
  if (decided) return decided.decision === 'migrate' ? 'waits' : 'stays';
  return plan.onNewRelease === 'whenSafe' ? 'waits' : plan.onNewRelease === 'ask' ? 'asks' : 'stays';
}

/**
 * Keys of the reasons for which a job cannot go on under another instruction and plan where it stands; empty: it can. What holds for
 * the instruction (`canMigrate`) holds for the plan: what was asked for at steps that are done or running stays as it was.
 */
export function whyNotHere(
  before: Procedure,
  after: Procedure,
  planBefore: JobPlan,
  planAfter: JobPlan,
  state: RunState,
): readonly string[] {
  const reasons = new Set(canMigrate(before, after, state).reasons.map(({ key }) => key));
  const touched = new Set<string>([...state.visited, ...state.active.map(({ step }) => step)]);
  for (const step of touched) {
    const [was, is] = [planBefore, planAfter].map(({ gates }) => gates.filter((gate) => gate.step === step));
    if (!equalData(was, is)) reasons.add('gates_changed');
  }
  if (planBefore.productType !== planAfter.productType) reasons.add('other_product');
  const scanned = new Set(
    planBefore.gates.flatMap((gate) => (gate.kind === 'scan' && touched.has(gate.step) ? [gate.thing] : [])),
  );
  for (const thing of scanned) {
    const [was, is] = [planBefore, planAfter].map(({ kit }) => kit.find((item) => item.thing === thing) ?? null);
    if (!equalData(was, is)) reasons.add('kit_changed');
  }
  return [...reasons];
}
