import type { GuidanceSession } from '#net/index';
import type { Problem } from '#protocol/errors';
import { jobOf, type GuidanceOpType, type GuidancePayload } from '#protocol/guidance/index';
import type { MyAct } from '../../training-room/model/run-hand.ts';

/** What one person does in a job: acts become ops, and why something did not happen is told at once. */
export class JobHand {
  constructor(
    readonly session: GuidanceSession,
    private readonly onRefused: (problem: Problem) => void,
  ) {}

  /** Whether it happened, as far as this page can tell. */
  act(act: MyAct): boolean {
    return this.do('job.act', { act: { ...act, by: this.session.me.user } as never });
  }

  do<T extends GuidanceOpType>(type: T, payload: GuidancePayload<T>): boolean {
    const sent = this.session.submitJob(type, payload);
    if ('problem' in sent) {
      this.onRefused(sent.problem);
      return false;
    }
    // Taken, not let happen and held against the job: its deviation says what was wrong.
    const refused = jobOf(this.session.document.get())?.refused;
    if (refused?.op !== sent.id) return true;
    this.onRefused(refused.problem);
    return false;
  }
}
