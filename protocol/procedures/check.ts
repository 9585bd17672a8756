import { checkBehaviours, checkBranches, checkNames, checkPeople, checkTexts } from './check-workplace.ts';
import { finding, type CheckFinding, type Report } from './check-findings.ts';
import { checkGraph } from './check-graph.ts';
import { checkSafety, checkStep } from './check-steps.ts';
import { indexOf } from './procedure-index.ts';
import type { Procedure, Transition } from './procedure.ts';
import type { Participant } from './run-state.ts';

export interface CheckOptions {
  /** Who would take part, when that is known: each step then needs one of them. */
  readonly participants?: readonly Participant[];
}

/**
 * Reads a procedure as a careful colleague would: what cannot work (errors), and what may not (warnings). A procedure
 * without findings never gets stuck: in every mode, whatever people did before, there is something that leads on. The
 * property test drives 10^5 random procedures to prove it. What it cannot see: people who choose to go round in circles.
 */
export function check(procedure: Procedure, { participants }: CheckOptions = {}): CheckFinding[] {
  const index = indexOf(procedure);
  const found: CheckFinding[] = [];
  const report: Report = (key, where, facts) => found.push(finding(key, where, facts));
  checkNames(procedure, report);
  const usable = new Set<Transition>();
  for (const facts of index.steps.values()) checkStep(facts, index, report).forEach((one) => usable.add(one));
  checkGraph(index, usable, report);
  checkBranches(index, report);
  checkSafety(index, report);
  checkPeople(index, report, participants ?? null);
  checkBehaviours(index, report);
  checkTexts(procedure, report);
  return found;
}

/** Whether it may be released: warnings are for the reviewer to judge. */
export const isReleasable = (findings: readonly CheckFinding[]): boolean =>
  findings.every(({ severity }) => severity !== 'error');
