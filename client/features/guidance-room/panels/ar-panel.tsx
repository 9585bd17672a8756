import { Button, Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useProblemText } from '../../../ui/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { guidanceRoomStrings } from '../strings.ts';
import { guidanceStay } from '../xr/xr-door.tsx';

const LOOK_EVERY_MS = 300;

/** On a telephone in its see-through view: how the overlay gets to the product while it is nowhere. */
export function ArPanel() {
  const t = guidanceRoomStrings.useText();
  const read = useProblemText();
  const { aligner } = useJob();
  const stay = useReadable(guidanceStay);
  const view = useReadable(aligner.view);
  const [hasSurface, setSurface] = useState(false);
  useEffect(() => {
    if (!stay) return undefined;
    const timer = setInterval(() => setSurface(stay.placing.hasSurface), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [stay]);
  if (!stay?.hasPageOver || view.fit) return null;
  const said = view.said && read(view.said);
  return (
    <section className={css['panel']} aria-label={t('alignment')}>
      <p className={css['read']}>{t('arLook')}</p>
      {said && <Text>{said.message}</Text>}
      <Group gap="xs">
        <Button size="lg" mih={56} disabled={!hasSurface} onClick={() => stay.placing.putOnSurface()}>
          {t('arPlace')}
        </Button>
        <Button size="lg" mih={56} variant="default" onClick={() => stay.placing.putBefore()}>
          {t('arBefore')}
        </Button>
      </Group>
    </section>
  );
}
