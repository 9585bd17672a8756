import { Button, Text, useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { currentLanguage, Wait } from '../../../ui/index.ts';
import { useLine } from '../../room/room-context.tsx';
import { LiveSubtitle } from '../../room/voice/live-subtitle.tsx';
import { api } from '../../session/index.ts';
import { SpokenCaption } from '../panels/spoken.tsx';
import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import { HandBar } from './hand-bar.tsx';
import { StageTop } from './stage-top.tsx';
import css from './scene-stage.module.css';
import type { TrainingView } from './training-view.ts';
import { useDesignParts } from './use-design-parts.ts';

/** The workplace in 3D: canvas, what stands over it, and what hands hold. One for each run. */
export function SceneStage({ onDocument }: { onDocument: () => void }) {
  const t = trainingRoomStrings.useText();
  const run = useRun();
  const { words } = useLine();
  const design = useDesignParts();
  const host = useRef<HTMLElement>(null);
  const [view, setView] = useState<TrainingView | null>(null);
  const [isImpossible, setImpossible] = useState(false);
  const scheme = useComputedColorScheme('light');
  const language = currentLanguage(); // drawn again when it changes, by the words above
  const now = useRef({ run, scheme, language });
  now.current = { run, scheme, language };
  useEffect(() => {
    if (!design) return undefined;
    // A canvas of its own for each view: a WebGL context cannot be had twice from one canvas.
    const canvas = document.createElement('canvas');
    canvas.className = css['canvas']!;
    canvas.tabIndex = 0;
    canvas.addEventListener('pointerdown', () => (canvas.dataset['pointed'] = ''), { capture: true });
    canvas.addEventListener('blur', () => delete canvas.dataset['pointed']);
    host.current!.prepend(canvas);
    let made: TrainingView | null = null;
    let isOver = false;
    void (async () => {
      try {
        const { TrainingView: View } = await import('./training-view.ts');
        if (isOver) return;
        const { run: first, scheme: theme, language: spoken } = now.current;
        made = new View(canvas, first, {
          ...{ hallUrl: api.hallUrl, theme, language: spoken, model: first.model, design },
          readAsset: (cid) => api.readBytes(`/assets/${cid}`),
        });
        if (new URLSearchParams(location.search).has('test'))
          Object.assign(window, { __workhall: { training: made, session: first.session } });
        setView(made);
      } catch (thrown) {
        console.warn('The 3D view could not begin.', thrown);
        if (!isOver) setImpossible(true);
      }
    })();
    return () => {
      isOver = true;
      setView(null);
      made?.dispose();
      canvas.remove();
    };
  }, [design]);
  useEffect(() => view?.update(run), [view, run]);
  useEffect(() => view?.stage.setTheme(scheme), [view, scheme]);
  useEffect(() => view?.languages.set(language), [view, language]);
  useEffect(() => host.current?.querySelector('canvas')?.setAttribute('aria-label', t('stage')), [t, view]);
  return (
    <section ref={host} className={css['stage']} aria-label={t('workplace')}>
      {isImpossible && (
        <div className={css['middle']}>
          <Text>{t('noPicture')}</Text>
          <Button onClick={onDocument}>{t('toDocument')}</Button>
        </div>
      )}
      {!view && !isImpossible && (
        <div className={css['middle']}>
          <Wait text={t('workplace')} />
        </div>
      )}
      {view && <StageTop view={view} />}
      <div className={css['foot']}>
        {words && <LiveSubtitle words={words} />}
        <SpokenCaption />
        {view && <HandBar view={view} />}
      </div>
    </section>
  );
}
