import { useCallback, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { GuidanceSession } from '#net/index';
import { toProblem } from '#protocol/errors';
import type { CameraStanding } from '#protocol/room/index';
import { openDeviceCamera, type CameraSource } from '../../camera/index.ts';
import { openRenderedCamera } from './rendered-camera.ts';

export interface CameraState {
  readonly source: CameraSource | null;
  /** Why there is none. */
  readonly trouble: unknown;
  readonly isOpening: boolean;
  readonly again: () => void;
  /** The rendered work station in the place of a camera, where this hall has one. */
  readonly useRendered: (() => void) | null;
}

/** Why a camera's picture comes or does not, for those who are to see it. */
export function standingOf({ source, trouble, isOpening }: CameraState): CameraStanding {
  if (source) return 'on';
  if (isOpening) return 'opening';
  if (trouble === null) return 'off';
  const { scope, key } = toProblem(trouble);
  return scope === 'camera' && isReason(key) ? key : 'busy';
}
const isReason = (key: string): key is 'forbidden' | 'none' | 'busy' | 'insecure' =>
  ['forbidden', 'none', 'busy', 'insecure'].includes(key);

/** What the page sees through: `?camera=rendered`, `?camera=none`, or the device's own. */
export function useCamera(room: string | null, session: GuidanceSession | null = null, isOver = false): CameraState {
  const [search, setSearch] = useSearchParams();
  // A job that is over looks at nothing: the light beside the lens goes out.
  const wanted = isOver ? 'none' : search.get('camera');
  const [state, setState] = useState<{ source: CameraSource | null; trouble: unknown; isOpening: boolean }>({
    source: null,
    trouble: null,
    isOpening: wanted !== 'none',
  });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (wanted === 'none') return setState({ source: null, trouble: null, isOpening: false });
    let isGone = false;
    let opened: CameraSource | null = null;
    setState({ source: null, trouble: null, isOpening: true });
    const open = async () => {
      try {
        opened = wanted === 'rendered' ? await openRenderedCamera(room, session) : await openDeviceCamera();
        if (isGone) opened.stop();
        else setState({ source: opened, trouble: null, isOpening: false });
      } catch (trouble) {
        if (!isGone) setState({ source: null, trouble, isOpening: false });
      }
    };
    // One turn later, so that React's double mounting in development asks once.
    const start = setTimeout(() => void open());
    return () => {
      isGone = true;
      clearTimeout(start);
      opened?.stop();
    };
  }, [wanted, room, session, attempt]);
  const again = useCallback(() => setAttempt((count) => count + 1), []);
  const useRendered = useCallback(
    () =>
      setSearch((before) => {
        const next = new URLSearchParams(before);
        next.set('camera', 'rendered');
        return next;
      }),
    [setSearch],
  );
  return { ...state, again, useRendered };
}
