import type { Document } from '#protocol/document/index';
import { problem, type Problem } from '#protocol/errors';
import { openCall, runningRecording } from '#protocol/guidance/index';
import type { UserId } from '#protocol/ids';
import type { Op } from '#protocol/journal/index';
import type { OpenRoom } from '../../rooms/index.ts';

/** It is looked this often whether somebody has come in, ms. */
const LOOK_MS = 1_000;

/**
 * Why nobody may be recorded now, of which the journal knows nothing: somebody is in the room who has not agreed, such as those who
 * only look on. Asked wherever an op comes from.
 */
export function whyNoRecording({ type }: Pick<Op, 'type'>, document: Document, here: Iterable<UserId>): Problem | null {
  const count = type === 'help.record' ? strangers(document, here) : 0;
  return count === 0
    ? null
    : problem('guidance', 'onlookers_not_asked', 'Somebody is in the room who has not agreed to be recorded.', {
        facts: { count },
        next: 'Ask them; each agrees for themselves, or leaves.',
      });
}

/** Nobody is recorded who has not agreed: it does not begin before, and ends when somebody comes in. */
export class RecordingWitness {
  private lookedAtMs = 0;

  constructor(
    private readonly opened: OpenRoom,
    private readonly stop: (recording: string) => void,
  ) {}

  refusal(op: Op): Problem | null {
    return whyNoRecording(op, this.opened.journal.document, this.here());
  }

  tick(nowMs: number): void {
    if (nowMs - this.lookedAtMs < LOOK_MS) return;
    this.lookedAtMs = nowMs;
    const { document } = this.opened.journal.durable;
    const running = runningRecording(document);
    if (running && strangers(document, this.here()) > 0) this.stop(running.id);
  }

  private *here(): Iterable<UserId> {
    for (const { user } of this.opened.seats()) yield user;
  }
}

function strangers(document: Document, here: Iterable<UserId>): number {
  const missing = new Set(here);
  for (const user of openCall(document)?.consents ?? []) missing.delete(user);
  return missing.size;
}
