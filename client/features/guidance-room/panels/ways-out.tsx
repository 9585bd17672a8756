import { Button, Group } from '@mantine/core';
import { IconRotateClockwise } from '@tabler/icons-react';
import { waysOut, type Deviation } from '#protocol/guidance/index';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import type { Held } from '../model/held.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { WhoDecides } from './who-may.tsx';

/** In a list of deviations: the ways that this person may take, else who may. */
export function WaysOut({ deviation }: { readonly deviation: Deviation }) {
  const t = guidanceRoomStrings.useText();
  const { document, me, open } = useJob();
  const ways = waysOut(document, deviation, me);
  if (ways.length === 0) return <WhoDecides deviation={deviation} />;
  return (
    <Group gap="xs">
      {ways.map((way) => (
        <Button
          key={way}
          size="md"
          mih={52}
          variant="default"
          onClick={() => open({ kind: 'decide', deviation: deviation.id, way })}
        >
          {t(way)}
        </Button>
      ))}
    </Group>
  );
}

/** The same as the next act of the step, where the next act always is. */
export function DecideNow({ deviation, ways }: Held) {
  const t = guidanceRoomStrings.useText();
  const { open } = useJob();
  return ways.map((way, at) => (
    <Button
      key={way}
      className={css[at === 0 ? 'next' : 'way']}
      variant={at === 0 ? 'filled' : 'default'}
      {...(way === 'rework' && { leftSection: <IconRotateClockwise size={28} aria-hidden /> })}
      onClick={() => open({ kind: 'decide', deviation: deviation.id, way })}
    >
      {t(way)}
    </Button>
  ));
}
