import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Store } from '#net/store';
import { decodeBlock } from '#protocol/journal/index';
import { runOf, unpackMotion } from '#protocol/training/index';
import { training } from '../../training/training.ts';
import { useRun } from '../run-context.tsx';
import type { TrainingView } from '../scene/training-view.ts';
import type { ExpertGhost } from './expert-ghost.ts';
import type { TimedEvent } from './expert-track.ts';

const SWITCH_KEPT_AS = 'workhall.training.expert';
/** Whether people want to see the expert: kept on this device. */
export const expertIsOn = new Store(localStorage.getItem(SWITCH_KEPT_AS) !== 'off');
expertIsOn.subscribe(() => localStorage.setItem(SWITCH_KEPT_AS, expertIsOn.get() ? 'on' : 'off'));
/** What is shown on this page, for the wrist plate: null while there is no expert to follow. */
export const shownExpert = new Store<ExpertGhost | null>(null);

/** The expert of this procedure beside the trainee; the name, or null where there is none. Never in an exam. */
export function useExpert(view: TrainingView): string | null {
  const { info, row, procedure, session, state } = useRun();
  const isHelped = row.mode !== 'exam';
  const list = useQuery({
    queryKey: ['training-experts', info.id],
    queryFn: ({ signal }) => training.experts(info.id, signal),
    enabled: isHelped,
  });
  const expert = list.data?.experts.find((one) => one.procedure === row.procedure && one.run !== row.id);
  const track = useQuery({
    queryKey: ['training-expert', info.id, expert?.run],
    queryFn: async ({ signal }) => read(await training.expert(info.id, expert!.run, signal)),
    enabled: isHelped && expert !== undefined,
    staleTime: Infinity,
  });
  const [ghost, setGhost] = useState<ExpertGhost | null>(null);
  const run = expert?.run;
  const { data } = track;
  useEffect(() => {
    const done = run === undefined ? undefined : runOf(session.document.get(), run);
    if (!data || !done) return undefined;
    let made: ExpertGhost | null = null;
    let isOver = false;
    void (async () => {
      const [{ ExpertGhost: Ghost }, { expertSteps }] = await Promise.all([
        import('./expert-ghost.ts'),
        import('./expert-track.ts'),
      ]);
      if (isOver) return;
      made = new Ghost(view, expertSteps(procedure, done, data.events, data.bodies));
      made.isOn = expertIsOn.get();
      setGhost(made);
      shownExpert.set(made);
      const test = (window as { __workhall?: object }).__workhall;
      if (test) Object.assign(test, { expert: made });
    })();
    const stop = expertIsOn.subscribe(() => made && (made.isOn = expertIsOn.get()));
    return () => {
      isOver = true;
      stop();
      made?.dispose();
      setGhost(null);
      shownExpert.set(null);
    };
  }, [view, session, procedure, run, data]);
  useEffect(() => ghost?.show(), [ghost, state]);
  return ghost && expert ? expert.name : null;
}

async function read(
  answer: Uint8Array,
): Promise<{ events: TimedEvent[]; bodies: { atMs: number; body: Uint8Array }[] }> {
  const { events, chunks } = decodeBlock(answer) as {
    events: TimedEvent[];
    chunks: readonly { readonly bytes: Uint8Array }[];
  };
  const bodies: { atMs: number; body: Uint8Array }[] = [];
  for (const { bytes } of chunks) bodies.push(...(unpackMotion(await inflated(bytes)) ?? []));
  return { events, bodies };
}

async function inflated(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
