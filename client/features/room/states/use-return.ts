import { useEffect, useEffectEvent, useState } from 'react';
import { useParams } from 'react-router';
import type { Problem } from '#protocol/errors';
import { retryDelayMs, sleepUntilOnline } from '#net/come-back';
import { waitingIn } from '#net/outbox.indexeddb';
import { problemOf } from '../../../ui/index.ts';
import { api, useSession } from '../../session/index.ts';

interface Return {
  /** The hall cannot be reached: the page goes in by itself when it can. */
  readonly isAway: boolean;
  /** Edits of mine for this room that this device keeps until then. */
  readonly waiting: number;
}

/** A page that was opened, or loaded again, while the hall cannot be reached, and the way in as soon as it can. */
export function useReturn(problem: Problem | null, onAgain: () => void): Return {
  const { id: room = '' } = useParams();
  const me = useSession()?.me.id ?? '';
  const isAway = problem !== null && isOutOfReach(problem);
  const [waiting, setWaiting] = useState(0);
  const enter = useEffectEvent(onAgain);
  useEffect(() => {
    if (!isAway) return;
    let isOver = false;
    // A device that keeps nothing has nothing to tell.
    void waitingIn(me, room).then(
      (count) => isOver || setWaiting(count),
      () => undefined,
    );
    const come = async () => {
      const startMs = performance.now();
      while (!isOver) {
        await sleepUntilOnline(retryDelayMs(performance.now() - startMs));
        const refusal = await api.me().then(
          () => null,
          (thrown: unknown) => problemOf(thrown),
        );
        if (refusal && isOutOfReach(refusal)) continue;
        if (!isOver) enter();
        return;
      }
    };
    void come();
    return () => void (isOver = true);
  }, [isAway, room, me]);
  return { isAway, waiting };
}

/** Nobody answers, or only the proxy in front of the hall does. */
const isOutOfReach = ({ scope, key }: Problem): boolean =>
  (scope === 'net' && key === 'unreachable') || (scope === 'http' && /^status_50[234]$/.test(key));
