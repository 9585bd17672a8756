import { chaptersWithin, indexOf } from './procedure-index.ts';
import { branchesOf, type Procedure } from './procedure.ts';

/**
 * By step, its place in the procedure: the steps of the main chapters are counted from 1, as the job's page tells how far one
 * is; what runs inside step 8 is 8.1, 8.2 and so on.
 */
export function stepNumbers(procedure: Procedure): ReadonlyMap<string, string> {
  const numbers = new Map<string, string>();
  const main = procedure.chapters.flatMap(({ steps }) => steps);
  for (const [at, { id }] of main.entries()) if (!numbers.has(id)) numbers.set(id, `${at + 1}`);
  for (const { id, body } of main) {
    const inside = branchesOf(body).flatMap((branch) => chaptersWithin(indexOf(procedure), branch));
    const steps = inside.flatMap((chapter) => chapter.steps).filter((step) => !numbers.has(step.id));
    for (const [at, step] of steps.entries()) numbers.set(step.id, `${numbers.get(id)}.${at + 1}`);
  }
  return numbers;
}
