import { useCallback, useEffect, useRef } from 'react';
import type { Seen } from '../../align/index.ts';
import type { CameraSource } from '../../camera/index.ts';
import type { GuidancePayload } from '#protocol/guidance/index';
import type { JobThings } from './job-context.tsx';
import type { Aligner, AlignView } from './model/aligner.ts';
import { isNoteworthy, LEAST_BETWEEN_MS, type Noted } from './model/noteworthy.ts';

const MOST_STATED_M = 10;
const TICK_MS = 250;

/** Markers that were seen go to the aligner; what comes of it goes to the job's journal when it is worth an entry. */
export function useAlignment(
  things: JobThings | null,
  source: CameraSource | null,
): (seen: Seen, atMs: number) => void {
  const aligner = things?.aligner ?? null;
  useEffect(() => {
    if (!aligner) return undefined;
    const timer = setInterval(() => aligner.tick(performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [aligner]);
  useNoting(things);
  return useCallback(
    ({ tags, codes }: Seen, atMs: number) => {
      const camera = source?.camera.get();
      if (!camera || !aligner || aligner.display !== 'picture') return;
      const sightings = [...tags, ...codes.flatMap(({ sighting }) => (sighting ? [sighting] : []))];
      aligner.look(sightings, camera, atMs);
    },
    [source, aligner],
  );
}

function useNoting(things: JobThings | null): void {
  const now = useRef(things);
  now.current = things;
  const last = useRef<Noted | null>(null);
  const aligner = things?.aligner;
  const isRunning = things?.job.status === 'running' && things.me.isCrew;
  const step = things?.steps.at(-1)?.active.step ?? null;
  useEffect(() => {
    if (!aligner || !isRunning) return undefined;
    let later: ReturnType<typeof setTimeout> | undefined;
    const note = () => {
      const view = aligner.view.get();
      const { current } = now;
      if (!current || !view.fit || !view.isFresh || view.by === null || view.expectedM === null) return;
      if (!(view.expectedM < MOST_STATED_M)) return;
      const noted: Noted = { expectedM: view.expectedM, by: view.by, step, atMs: performance.now() };
      if (!isNoteworthy(last.current, noted, neededM(current))) {
        // In the glasses nothing may change any more: what came too soon after another is looked at again.
        if (noted.atMs - last.current!.atMs < LEAST_BETWEEN_MS)
          later ??= setTimeout(() => ((later = undefined), note()), LEAST_BETWEEN_MS);
        return;
      }
      last.current = noted;
      current.hand.do('align.set', entryOf(view, aligner));
    };
    note();
    const stop = aligner.view.subscribe(note);
    return () => {
      clearTimeout(later);
      stop();
    };
  }, [aligner, isRunning, step]);
}

/** What a gate of the steps at hand asks for. */
const neededM = ({ steps }: JobThings): number | null => {
  const asked = steps.flatMap(({ tasks }) =>
    tasks.flatMap(({ gate, isDone }) => (gate?.kind === 'alignment' && !isDone ? [gate.withinM] : [])),
  );
  return asked.length > 0 ? Math.min(...asked) : null;
};

/** Over a picture the error across the view counts; in space the covariance tells it for each place. */
export function entryOf(view: AlignView, { display }: Pick<Aligner, 'display'>): GuidancePayload<'align.set'> {
  const { fit, expectedM, by, markers } = view;
  return {
    productInRoom: fit!.productInDevice,
    expectedErrorM: Math.max(1e-5, Math.min(MOST_STATED_M, expectedM!)),
    ...(display === 'space' ? { poseCovariance: [...fit!.poseCovariance] } : {}),
    how: by!,
    markers: markers.map((code) => code.slice(0, 60)).slice(0, 50),
  };
}
