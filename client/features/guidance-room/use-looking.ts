import { useEffect, useRef } from 'react';
import { MarkerEye, type Seen } from '../../align/index.ts';
import { Frames, type CameraSource } from '../../camera/index.ts';

/** Looks a second while something moves, and while nothing does: a phone stays cool, ms between two. */
const EVERY_MS = 90;
const RESTING_EVERY_MS = 300;
/** Corners that stay within this are at rest, pixels. */
const AT_REST_PX = 1.5;
/** So many looks alike before it rests. */
const RESTS_AFTER = 12;

interface Looking {
  readonly source: CameraSource | null;
  readonly video: HTMLVideoElement | null;
  /** Codes too: they take a reader of their own and some 20 ms more. */
  readonly withCodes: boolean;
  /** Nobody needs what the page's own camera sees: in the glasses the device looks by itself. */
  readonly isResting?: () => boolean;
  readonly onSeen: (seen: Seen, atMs: number) => void;
}

/** Looks at the camera's picture for markers and codes, one look at a time, as long as the page is in view. */
export function useLooking({ source, video, withCodes, isResting, onSeen }: Looking): void {
  const now = useRef({ withCodes, isResting, onSeen });
  now.current = { withCodes, isResting, onSeen };
  useEffect(() => {
    if (!source || !video) return undefined;
    const eye = new MarkerEye();
    const frames = new Frames(video);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    let before = '';
    let alike = 0;
    const look = async () => {
      const startMs = performance.now();
      const camera = source.camera.get();
      const rests = document.hidden || (!now.current.withCodes && now.current.isResting?.() === true);
      const frame = rests || !camera ? null : frames.take();
      if (frame && camera) {
        const seen = await eye.look(frame, { camera, withCodes: now.current.withCodes }).catch((thrown: unknown) => {
          console.warn('A picture could not be looked at.', thrown);
          return null;
        });
        if (isOver) return;
        if (seen) {
          const corners = roughly(seen);
          alike = corners === before ? alike + 1 : 0;
          before = corners;
          now.current.onSeen(seen, startMs);
        }
      }
      const everyMs = alike > RESTS_AFTER && !now.current.withCodes ? RESTING_EVERY_MS : EVERY_MS;
      timer = setTimeout(() => void look(), Math.max(15, everyMs - (performance.now() - startMs)));
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
      eye.dispose();
    };
  }, [source, video]);
}

const roughly = ({ tags }: Seen): string =>
  tags
    .map(
      ({ code, cornersPx }) =>
        code +
        cornersPx
          .flat()
          .map((px) => Math.round(px / AT_REST_PX))
          .join(),
    )
    .join(';');
