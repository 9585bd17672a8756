import { useCallback, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { GuidanceSession } from '#net/index';
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

/** What the page sees through: `?camera=rendered`, `?camera=none`, or the device's own. */
export function useCamera(room: string | null, session: GuidanceSession | null = null): CameraState {
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('camera');
  const [state, setState] = useState<{ source: CameraSource | null; trouble: unknown; isOpening: boolean }>({
    source: null,
    trouble: null,
    isOpening: wanted !== 'none',
  });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (wanted === 'none') return setState({ source: null, trouble: null, isOpening: false });
    let isOver = false;
    let opened: CameraSource | null = null;
    setState({ source: null, trouble: null, isOpening: true });
    const open = async () => {
      try {
        opened = wanted === 'rendered' ? await openRenderedCamera(room, session) : await openDeviceCamera();
        if (isOver) opened.stop();
        else setState({ source: opened, trouble: null, isOpening: false });
      } catch (trouble) {
        if (!isOver) setState({ source: null, trouble, isOpening: false });
      }
    };
    // One turn later, so that React's double mounting in development asks once.
    const start = setTimeout(() => void open());
    return () => {
      isOver = true;
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
