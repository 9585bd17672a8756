import { jobOf, jobState, type ShownSkill } from '#protocol/guidance/index';
import { table, type Document } from '#protocol/document/index';
import { problem, type Problem } from '#protocol/errors';
import type { Op } from '#protocol/journal/index';

const ACTS: ReadonlySet<string> = new Set(['job.act', 'value.measure', 'tool.typed']);

/**
 * What this device has against an act that it alone sees: the journal says that somebody has the skill, and no
 * certificate here proves it. The hall judges by the journal when it hears of it.
 */
export function missingProof(
  document: Document,
  { type }: Pick<Op, 'type'>,
  person: string,
  proven: readonly ShownSkill[],
): Problem | null {
  const job = jobOf(document);
  const state = job && jobState(document, job);
  if (!job || !state || !ACTS.has(type)) return null;
  const running = new Set<string>(state.active.filter(({ phase }) => phase === 'active').map(({ step }) => step));
  for (const gate of job.plan.gates) {
    if (gate.kind !== 'skill' || !running.has(gate.step)) continue;
    const thread = state.active.find(({ step }) => step === gate.step)!.thread;
    const visit = job.visiting[thread];
    const met = (table(document, 'visits').get(`${visit}`) as { met?: readonly string[] } | undefined)?.met ?? [];
    // Released by a supervisor, or shown before this device went away and still so.
    if (met.includes(gate.id)) continue;
    if (proven.some(({ code, level }) => code === gate.code && level >= gate.level)) continue;
    return problem(
      'guidance',
      'skill_unproven',
      'No certificate on this device proves the skill that this step asks for.',
      {
        facts: { step: gate.step, code: gate.code, level: gate.level, person },
        next: 'A supervisor can release the step with a reason and their PIN; or take the job along again.',
      },
    );
  }
  return null;
}
