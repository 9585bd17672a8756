import { useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { GuidanceSession } from '#net/index';
import type { RoomInfo } from '#protocol/api/index';
import { partsOf, type Part } from '#protocol/design/index';
import { decodeSnapshot } from '#protocol/journal/index';
import type { Procedure } from '#protocol/procedures/index';
import { currentLanguage, Wait } from '../../../ui/index.ts';
import { api } from '../../session/index.ts';
import css from '../help.module.css';
import type { HelpCall } from '../model/help-call.ts';
import { helpStrings } from '../strings.ts';
import type { DeskJob, DeskView } from './desk-view.ts';

interface Props {
  readonly session: GuidanceSession;
  readonly info: RoomInfo;
  readonly help: HelpCall;
  readonly job: DeskJob;
  readonly onView: (view: DeskView | null) => void;
  readonly children: ReactNode;
}

/** The product in 3D at its work state; what stands over it are the children. */
export function DeskStage({ session, info, help, job, onView, children }: Props) {
  const t = helpStrings.useText();
  const design = useDesign(job.procedure, info.project);
  const host = useRef<HTMLElement>(null);
  const [view, setView] = useState<DeskView | null>(null);
  const scheme = useComputedColorScheme('light');
  const language = currentLanguage(); // drawn again when it changes, by the words above
  const now = useRef({ job, scheme, language, onView });
  now.current = { job, scheme, language, onView };
  useEffect(() => {
    if (!design) return undefined;
    const canvas = document.createElement('canvas');
    canvas.className = css['canvas']!;
    canvas.tabIndex = 0;
    host.current!.prepend(canvas);
    let made: DeskView | null = null;
    let isOver = false;
    void (async () => {
      try {
        const { DeskView: View } = await import('./desk-view.ts');
        if (isOver) return;
        const { job: first, scheme: theme, language: spoken } = now.current;
        made = new View(canvas, session, first, { hallUrl: api.hallUrl, theme, language: spoken, design, help });
        setView(made);
        now.current.onView(made);
      } catch (thrown) {
        // Voice, picture and chat go on without it.
        console.warn('The 3D view could not begin.', thrown);
      }
    })();
    return () => {
      isOver = true;
      setView(null);
      now.current.onView(null);
      made?.dispose();
      canvas.remove();
    };
  }, [design, session, help]);
  useEffect(() => view?.update(job), [view, job]);
  useEffect(() => view?.stage.setTheme(scheme), [view, scheme]);
  useEffect(() => view?.languages.set(language), [view, language]);
  useEffect(() => host.current?.querySelector('canvas')?.setAttribute('aria-label', t('stage')), [t, view]);
  return (
    <section ref={host} className={css['stage']} aria-label={t('stage')}>
      {!view && <Wait text={t('stage')} />}
      {children}
    </section>
  );
}

const NOTHING: ReadonlyMap<string, Part> = new Map();

/** Parts of the design that the procedure speaks of; empty where there are none, or none that I may see. */
function useDesign(procedure: Procedure, project: string | null | undefined): ReadonlyMap<string, Part> | null {
  const { design } = procedure;
  const isWanted = procedure.workplace.things.some(({ part }) => part !== null) && !!project;
  const { data, isError } = useQuery({
    queryKey: ['training-design', project, design],
    queryFn: async ({ signal }) => {
      const bytes =
        design === null
          ? await api.snapshot((await api.project(project!, signal)).room, signal)
          : await api
              .revision(design, signal)
              .then(({ room, journal }) => api.snapshotAt(room, journal.length, signal));
      return new Map<string, Part>(partsOf(decodeSnapshot(bytes).document));
    },
    enabled: isWanted,
    staleTime: Infinity,
    retry: 1,
  });
  return !isWanted || isError ? NOTHING : (data ?? null);
}
