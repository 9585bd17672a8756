import { Button, Group, Text } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useProblemText } from '../../../ui/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { guidanceRoomStrings } from '../strings.ts';
import type { Placing } from '../xr/placing.ts';
import { guidanceStay } from '../xr/xr-door.tsx';

const LOOK_EVERY_MS = 150;

/** On a telephone in its see-through view: how the overlay gets to the product while it is nowhere. */
export function ArPanel() {
  const t = guidanceRoomStrings.useText();
  const read = useProblemText();
  const { aligner } = useJob();
  const stay = useReadable(guidanceStay);
  const view = useReadable(aligner.view);
  const seen = usePlacing(stay?.placing ?? null);
  if (!stay?.hasPageOver || view.fit) return null;
  const { placing } = stay;
  const said = view.said && read(view.said);
  return (
    <section className={css['panel']} aria-label={t('alignment')}>
      <p className={css['read']}>{seen.touched === null ? t('arLook') : placing.words}</p>
      {seen.touched !== null && <Text>{t('arTouchHold')}</Text>}
      {said && <Text>{said.message}</Text>}
      {seen.touched === null ? (
        <Group gap="xs">
          <Button size="lg" mih={56} disabled={!seen.hasSurface} onClick={() => placing.putOnSurface()}>
            {t('arPlace')}
          </Button>
          <Button size="lg" mih={56} variant="default" onClick={() => placing.putBefore()}>
            {t('arBefore')}
          </Button>
          {placing.points.length >= 3 && (
            <Button size="lg" mih={56} variant="default" onClick={() => placing.beginTouch()}>
              {t('arTouch')}
            </Button>
          )}
        </Group>
      ) : (
        <Group gap="xs">
          <Button size="lg" mih={56} disabled={!seen.isOnSurface} onClick={() => placing.touchLooked()}>
            {t('arTouchHere')}
          </Button>
          <Button size="lg" mih={56} variant="default" onClick={() => placing.endTouch()}>
            {t('arTouchBack')}
          </Button>
        </Group>
      )}
    </section>
  );
}

/** The step waits until it is known where: the middle of the view has to be free for that. */
export function OncePlaced({ children }: { children: ReactNode }) {
  const stay = useReadable(guidanceStay);
  const { fit } = useReadable(useJob().aligner.view);
  return stay?.hasPageOver && !fit ? null : children;
}

const NOTHING_SEEN = { hasSurface: false, isOnSurface: false, touched: null as number | null };

/** It changes with the frames of the view, which are not the page's. */
function usePlacing(placing: Placing | null): typeof NOTHING_SEEN {
  const [seen, setSeen] = useState(NOTHING_SEEN);
  useEffect(() => {
    if (!placing) return undefined;
    const look = () => {
      const { hasSurface, isOnSurface, touched } = placing;
      const now = { hasSurface, isOnSurface, touched };
      setSeen((before) => (JSON.stringify(before) === JSON.stringify(now) ? before : now));
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [placing]);
  return seen;
}
