import { jobOf, type ShownSkill } from '#protocol/guidance/index';
import type { Document } from '#protocol/document/index';
import { problem, type Problem } from '#protocol/errors';
import type { Op } from '#protocol/journal/index';
import { jobState } from '#protocol/guidance/index';
import type { ConnectOptions } from '#net/index';
import { defaultTakenRooms, type TakenRooms } from '#net/taken-rooms';
import type { HallApi } from '#net/api';
import { EvidenceBox } from './evidence.ts';
import { ShiftStore } from './shift.store.ts';
import { proveSkills } from './skills.ts';

/** What a device has and does for a shift without a network; one for each page. */
export class Shift {
  readonly store = new ShiftStore();
  readonly evidence: EvidenceBox;
  readonly rooms: TakenRooms | null = defaultTakenRooms();

  constructor(readonly api: HallApi) {
    this.evidence = new EvidenceBox(this.store, api);
    globalThis.addEventListener?.('online', () => void this.evidence.send());
  }

  /**
   * For who enters a job's room: pictures go before the acts that name them, and away from the hall somebody without a
   * proven skill does not begin. Of a job that was not taken along only the first.
   */
  async optionsFor(room: string): Promise<Pick<ConnectOptions, 'beforeSending' | 'guard'>> {
    const { beforeSending } = this.evidence;
    const job = await this.store.job(room).catch(() => undefined);
    if (!job) return { beforeSending };
    const proven = await proveSkills(job.pack, Date.now());
    return {
      beforeSending,
      guard: (document, op) => missingProof(document, op, job.user, proven.of.get(job.user) ?? []),
    };
  }
}

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
    const met = (document.tables.get('visits')?.get(`${visit}`) as { met?: readonly string[] } | undefined)?.met ?? [];
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
