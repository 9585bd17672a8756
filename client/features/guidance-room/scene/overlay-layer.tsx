import { useComputedColorScheme } from '@mantine/core';
import { IconArrowBigUpFilled } from '@tabler/icons-react';
import { useEffect, useRef, useState, type PointerEvent, type WheelEvent } from 'react';
import { Store } from '#net/store';
import type { CameraSource } from '../../../camera/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import { api } from '../../session/index.ts';
import { useDesignOf } from '../../training-room/scene/use-design-parts.ts';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { millimetres } from '../model/said.ts';
import { covering, type Area } from '../model/rim-arrow.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { shownOverlay } from './shown-overlay.ts';
import type { JobOverlay, PageMark } from './job-overlay.ts';

const COVERS = ['> header', 'main > section', '> footer > *']
  .map((one) => `[data-guidance] ${one}`)
  .concat('[data-station]')
  .join();
const NO_MARKS = new Store<readonly PageMark[]>([]);

/** The scene over the camera's picture: drawn when something changed, hidden while it is not where the product is. */
export function OverlayLayer({ source }: { source: CameraSource | null }) {
  const job = useJob();
  const host = useRef<HTMLDivElement>(null);
  const [overlay, setOverlay] = useState<JobOverlay | null>(null);
  const design = useDesignOf(job.procedure, job.info.project);
  const scheme = useComputedColorScheme('light');
  const now = useRef({ job, scheme });
  now.current = { job, scheme };
  useEffect(() => {
    if (!design) return undefined;
    // A canvas of its own for each: a WebGL context cannot be had twice from one canvas.
    const canvas = document.createElement('canvas');
    canvas.setAttribute('aria-hidden', 'true');
    canvas.dataset['stale'] = '';
    host.current!.prepend(canvas);
    let made: JobOverlay | null = null;
    let isOver = false;
    void (async () => {
      try {
        const { JobOverlay: Overlay } = await import('./job-overlay.ts');
        if (isOver) return;
        made = new Overlay(canvas, now.current.job, { hallUrl: api.hallUrl, theme: now.current.scheme, design });
        setOverlay(made);
        shownOverlay.set(made);
      } catch (thrown) {
        // Without a graphics context the steps stand alone.
        console.warn('The overlay could not begin.', thrown);
      }
    })();
    return () => {
      isOver = true;
      setOverlay(null);
      shownOverlay.set(null);
      made?.dispose();
      canvas.remove();
    };
  }, [design]);
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- these are what it draws; the rest of the job is words
  useEffect(() => overlay?.update(job), [overlay, job.state, job.steps, job.aligner]);
  useEffect(() => overlay?.stage.setTheme(scheme), [overlay, scheme]);
  const { aligner, session } = job;
  useEffect(() => {
    if (!overlay) return undefined;
    let take = () => {};
    let isOver = false;
    // Comes with the overlay's engine.
    void import('../../help/job-marks.ts').then(({ layMarks }) => {
      if (!isOver) take = layMarks(overlay, session);
    });
    return () => {
      isOver = true;
      take();
    };
  }, [overlay, session]);
  useEffect(() => {
    const frame = host.current;
    if (!overlay || !frame || !source) return undefined;
    const show = () => {
      const { fit, isFresh } = aligner.view.get();
      const shown = fit && isFresh && 'camera' in fit ? fit : null;
      frame.querySelector('canvas')!.toggleAttribute('data-stale', shown === null);
      overlay.lookThrough(shown, {
        widthPx: frame.clientWidth,
        heightPx: frame.clientHeight,
        covers: coversOf(frame),
      });
    };
    const observer = new ResizeObserver(show);
    observer.observe(frame);
    const stop = aligner.view.subscribe(show);
    show();
    return () => {
      observer.disconnect();
      stop();
    };
  }, [overlay, aligner, source]);
  return (
    <div ref={host} style={{ position: 'absolute', inset: 0, overflow: 'hidden' }}>
      <Marks overlay={overlay} />
      <ByHand frame={host} />
    </div>
  );
}

/** What of the page stands before the picture: its bar, its panels, its buttons. */
function coversOf(frame: HTMLElement): Area[] {
  const { left, top } = frame.getBoundingClientRect();
  return [...document.querySelectorAll(COVERS)].flatMap((one) => {
    const box = one.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) return [];
    return [{ leftPx: box.left - left, topPx: box.top - top, rightPx: box.right - left, bottomPx: box.bottom - top }];
  });
}

function Marks({ overlay }: { overlay: JobOverlay | null }) {
  const t = guidanceRoomStrings.useText();
  const marks = useReadable(overlay?.marks ?? NO_MARKS);
  const ring = marks.find((mark) => mark.kind === 'ring');
  return (
    <>
      {marks.map((mark, at) =>
        mark.kind === 'arrow' ? (
          <IconArrowBigUpFilled
            key={at}
            className={css['arrow']}
            aria-hidden
            style={{ transform: `translate(${mark.xPx}px, ${mark.yPx}px) rotate(${mark.angleRad}rad)` }}
          />
        ) : (
          <div
            key={at}
            className={css['ring']}
            style={{
              width: 2 * mark.radiusPx,
              height: 2 * mark.radiusPx,
              transform: `translate(${mark.xPx - mark.radiusPx}px, ${mark.yPx - mark.radiusPx}px)`,
            }}
          />
        ),
      )}
      {ring?.kind === 'ring' && (
        <span className="wh-spoken" role="status">
          {t('tooFine', { mm: millimetres(ring.regionM) })}
        </span>
      )}
    </>
  );
}

/** While the product is being placed by hand: drag it across the view, wheel and two fingers nearer and farther. */
function ByHand({ frame }: { frame: React.RefObject<HTMLDivElement | null> }) {
  const { aligner, opened } = useJob();
  const { by, fit } = useReadable(aligner.view);
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  if (by !== 'manual' || opened?.kind !== 'align' || !fit || !('camera' in fit)) return null;
  const { camera, productInDevice } = fit;
  const depthM = Math.max(0.1, -productInDevice.position[2]);
  const move = (event: PointerEvent) => {
    const before = pointers.current.get(event.pointerId);
    const element = frame.current;
    if (!before || !element) return;
    const at = { x: event.clientX, y: event.clientY };
    const apart = () => {
      const [a, b] = [...pointers.current.values()];
      return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : null;
    };
    const apartBefore = apart();
    pointers.current.set(event.pointerId, at);
    const apartNow = apart();
    const { scale } = covering(camera, element.clientWidth, element.clientHeight);
    const perPxM = depthM / (camera.focalPx[0] * scale);
    if (apartBefore && apartNow) return aligner.nudge([0, 0, depthM * (1 - apartBefore / apartNow)], [0, 0, 0]);
    aligner.nudge([(at.x - before.x) * perPxM, (before.y - at.y) * perPxM, 0], [0, 0, 0]);
  };
  const letGo = (event: PointerEvent) => void pointers.current.delete(event.pointerId);
  return (
    <div
      style={{ position: 'absolute', inset: 0, touchAction: 'none', cursor: 'move' }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      }}
      onPointerMove={move}
      onPointerUp={letGo}
      onPointerCancel={letGo}
      onWheel={(event: WheelEvent) => aligner.nudge([0, 0, depthM * (event.deltaY < 0 ? 0.05 : -0.05)], [0, 0, 0])}
    />
  );
}
