import { Button, Kbd, Progress, Text } from '@mantine/core';
import { IconArrowBackUp, IconUpload } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { partsOf } from '#protocol/design/index';
import { noticeProblem, useQuantities, useTouch } from '../../../ui/index.ts';
import { useDocument, useReadable, useRefusal, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import type { useImport } from '../use-import.ts';
import css from './room-layout.module.css';

interface StageProgressProps {
  readonly running: ReturnType<typeof useImport>;
  /** What stands above all of it. */
  readonly children: ReactNode;
}

/** Models and files on their way. */
export function StageProgress({ running, children }: StageProgressProps) {
  const t = roomStrings.useText();
  const { view } = useRoom();
  const { total, loaded } = useReadable(view.loading);
  const { current, cancel } = running;
  return (
    <div className={css['overTop']}>
      {children}
      {current && (
        <div className={css['chip']} role="status">
          <div style={{ minWidth: 200 }}>
            <Text size="sm" truncate>
              {current.name} · {t(`import_${current.progress.step}`)}
            </Text>
            <Progress
              mt={4}
              size="sm"
              value={current.progress.fraction * 100}
              aria-label={t('importing', { name: current.name })}
            />
          </div>
          <Button size="compact-xs" variant="default" onClick={cancel}>
            {t('cancel')}
          </Button>
        </div>
      )}
      {total > loaded && (
        <div className={css['chip']} role="status">
          <Text size="sm">{t('loadingModels', { loaded, total })}</Text>
          <Progress
            w={120}
            size="sm"
            value={(100 * loaded) / total}
            aria-label={t('loadingModels', { loaded, total })}
          />
        </div>
      )}
    </div>
  );
}

/** In an empty room: what to begin with. The button it speaks of stands below it, in the accent. */
export function EmptyNote() {
  const t = roomStrings.useText();
  const isEmpty = partsOf(useDocument()).size === 0;
  const refused = useRefusal()('parts.add');
  const isTouch = useTouch();
  if (!isEmpty || refused) return null;
  return (
    <div className={css['chip']} role="status">
      {t(isTouch ? 'emptyHintTouch' : 'emptyHint')}
    </div>
  );
}

/** The way back from a person one went to. */
export function AwayNote() {
  const t = roomStrings.useText();
  const { view } = useRoom();
  const isAway = useReadable(view.isAway);
  const { active } = useReadable(view.xr);
  if (!isAway || active !== null) return null;
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconArrowBackUp size={16} aria-hidden />}
      rightSection={<Kbd size="xs">B</Kbd>}
      onClick={() => view.back()}
    >
      {t('backToMyPlace')}
    </Button>
  );
}

/** What the tool in hand asks for, or has found out. */
export function ToolNote() {
  const t = roomStrings.useText();
  const { view } = useRoom();
  const { number } = useQuantities();
  const tool = useReadable(view.tool);
  const measured = useReadable(view.measured);
  const isTouch = useTouch();
  if (tool === 'measure' && measured) {
    const mm = (metres: number) => number(metres * 1000, 2);
    return (
      <div className={css['chip']} role="status">
        <strong>{mm(measured.distanceM)} mm</strong>
        <span style={{ color: 'var(--wh-text-quiet)' }}>
          ΔX {mm(measured.deltaM[0])} · ΔY {mm(measured.deltaM[1])} · ΔZ {mm(measured.deltaM[2])}
        </span>
      </div>
    );
  }
  if (tool !== 'comment' && tool !== 'measure') return null;
  return (
    <div className={css['chip']} role="status">
      {t(isTouch ? `${tool}HintTouch` : `${tool}Hint`)}
    </div>
  );
}

/** Takes files dropped anywhere on the room. True while one is held over it. */
export function useFileDrop(onFiles: (files: File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const refused = useRefusal()('import.start');
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setIsOver(false);
      if (refused) noticeProblem(refused);
      else onFiles([...event.dataTransfer.files]);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [onFiles, refused]);
  return isOver && refused === null;
}

export function DropHere() {
  const t = roomStrings.useText();
  return (
    <div className={css['dropHere']}>
      <IconUpload size={32} stroke={1.5} aria-hidden />
      <Text fw={600}>{t('dropHere')}</Text>
      <Text size="sm" c="dimmed">
        {t('importHint')}
      </Text>
    </div>
  );
}
