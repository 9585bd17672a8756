import { problem, type Problem } from '#protocol/errors';
import { openCall, runningRecording } from '#protocol/guidance/index';
import type { UserId } from '#protocol/ids';
import type { Op } from '#protocol/journal/index';
import type { OpenRoom } from '../../rooms/index.ts';

/** It is looked this often whether somebody has come in, ms. */
const LOOK_MS = 1_000;

/** Nobody is recorded who has not agreed: also those who only look on, of whom the journal knows nothing. */
export class RecordingWitness {
  private lookedAtMs = 0;

  constructor(
    private readonly opened: OpenRoom,
    private readonly stop: (recording: string) => void,
  ) {}

  /** A recording does not begin while somebody is in the room who has not agreed. */
  refusal({ type }: Op): Problem | null {
    if (type !== 'help.record') return null;
    const count = this.strangers(openCall(this.opened.journal.document)?.consents ?? []);
    return count === 0
      ? null
      : problem('guidance', 'onlookers_not_asked', 'Somebody is in the room who has not agreed to be recorded.', {
          facts: { count },
          next: 'Ask them; each agrees for themselves, or leaves.',
        });
  }

  /** It ends when somebody comes in who has not agreed. */
  tick(nowMs: number): void {
    if (nowMs - this.lookedAtMs < LOOK_MS) return;
    this.lookedAtMs = nowMs;
    const { document } = this.opened.journal.durable;
    const running = runningRecording(document);
    if (running && this.strangers(openCall(document)?.consents ?? []) > 0) this.stop(running.id);
  }

  private strangers(consents: readonly UserId[]): number {
    const here = new Set([...this.opened.seats()].map(({ user }) => user));
    for (const user of consents) here.delete(user);
    return here.size;
  }
}
