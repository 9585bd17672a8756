import { Button, Group } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Store } from '#net/store';
import { ProblemNotice, Wait } from '../../../ui/index.ts';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import type { CodesSeen } from '../job-screen.tsx';
import { OverlayLayer } from '../scene/overlay-layer.tsx';
import { guidanceRoomStrings } from '../strings.ts';
import type { CameraState } from '../use-camera.ts';
import { ScanAim } from './scan-panel.tsx';

/** The camera's picture with the overlay on it; without a camera the steps stand alone. */
export function CameraLayer({ camera }: { camera: CameraState; codes: Store<CodesSeen> }) {
  const t = guidanceRoomStrings.useText();
  const { video, opened, job } = useJob();
  const element = useRef<HTMLVideoElement>(null);
  const { source } = camera;
  useEffect(() => {
    const shown = element.current;
    const store = video as Store<HTMLVideoElement | null>;
    if (!source || !shown) return undefined;
    shown.srcObject = source.stream;
    // Without a gesture some browsers wait; muted pictures they play.
    void shown.play().catch(() => undefined);
    store.set(shown);
    return () => {
      store.set(null);
      shown.srcObject = null;
    };
  }, [source, video]);
  const isOver = job.status === 'finished' || job.status === 'scrapped';
  return (
    <section className={css['camera']} aria-label={t('camera')}>
      {source && (
        <>
          {/* What it shows is the room around the person: there is nothing to caption. */}
          <video ref={element} muted playsInline aria-label={t('camera')} />
          {opened?.kind === 'scan' && <ScanAim />}
        </>
      )}
      {/* Without a camera too: glasses draw it on the real place. */}
      {!isOver && <OverlayLayer source={source} />}
      {!source && !isOver && (
        <div className={css['noCamera']}>
          {camera.isOpening && <Wait text={t('camera')} />}
          {camera.trouble !== null && (
            <ProblemNotice
              thrown={camera.trouble}
              action={
                <Group gap="xs">
                  <Button size="md" variant="default" onClick={camera.again}>
                    {t('tryCamera')}
                  </Button>
                  {camera.useRendered && (
                    <Button size="md" variant="default" onClick={camera.useRendered}>
                      {t('tryRendered')}
                    </Button>
                  )}
                </Group>
              }
            />
          )}
        </div>
      )}
    </section>
  );
}
