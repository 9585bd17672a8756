import type { ConnectOptions } from '#net/index';
import { defaultTakenRooms, type TakenRooms } from '#net/taken-rooms';
import type { HallApi } from '#net/api';
import { EvidenceBox } from './evidence.ts';
import { missingProof } from './missing-proof.ts';
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
