import { useMemo } from 'react';
import { problem } from '#protocol/errors';
import { RunId, type Rewound } from '#protocol/training/index';
import { problemText } from '../../ui/index.ts';
import { dayTimeOf } from '../training/model/replay.ts';
import { useReplay } from '../training/rewind/use-replay.ts';
import { pastMachines } from './model/past-machines.ts';
import { RunHand } from './model/run-hand.ts';
import type { RunThings } from './run-context.tsx';

/** A run as it was at the moment that everybody is shown; as it is while that is read, and when nothing is shown. */
export function usePastRun(run: RunThings | null, rewound: Rewound | null): RunThings | null {
  const isMeant = run !== null && rewound?.run === run.row.id;
  const replay = useReplay(run?.session ?? NOWHERE, isMeant ? run.row : null);
  const event = isMeant ? rewound.event : null;
  return useMemo(() => {
    if (!run || event === null || !replay) return run;
    const then = replay.after(event);
    // It stands still there: clocks show that moment.
    const state = { ...then, pausedAtMs: dayTimeOf(then, then.nowMs) };
    const machines = pastMachines(run.machines, run.row.id, then);
    const { session, procedure, model, tell } = run;
    const refused = problem('training', 'shown_past', 'You are shown how it was; nothing can be done there.', {
      next: 'Wait until the instructor lets it go on.',
    });
    const still = { me: session.me, document: session.document, submitTraining: () => ({ problem: refused }) };
    const hand = new RunHand(
      { ...still, confirmed: () => Promise.resolve() },
      RunId.parse(run.row.id),
      procedure,
      model,
      machines,
      (why) => tell(problemText(why).message, 'bad'),
    );
    return { ...run, state, machines, hand, isPast: true };
  }, [run, event, replay]);
}

/** Nobody asks it anything: without a run nothing is read. */
const NOWHERE = { room: '' } as RunThings['session'];
