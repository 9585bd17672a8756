import { Text, Title } from '@mantine/core';
import { equipmentFor } from '#protocol/equipment/index';
import { textIn, type Procedure } from '#protocol/procedures/index';
import type { RunRow } from '#protocol/training/index';
import { StatusBadge } from '../../../ui/index.ts';
import { isOpen, type AlarmLog } from '../model/alarm-log.ts';
import { clockText } from '../model/clock-text.ts';
import { trainingStrings } from '../strings.ts';
import css from './console.module.css';
import { useReadable } from './use-session.ts';

interface Props {
  readonly alarms: AlarmLog;
  readonly run: RunRow;
  readonly procedure: Procedure;
  readonly language: string;
}

/** What the run's machine tells its people now: since when, and whether somebody has acknowledged it. */
export function AlarmsPanel({ alarms, run, procedure, language }: Props) {
  const t = trainingStrings.useText();
  const standing = useReadable(alarms.standing).get(run.id) ?? [];
  const known = equipmentFor(procedure)?.about.alarms ?? [];
  if (known.length === 0 || run.outcome !== null) return null;
  return (
    <section className={css['panel']} aria-labelledby="alarms">
      <Title order={2} id="alarms">
        {t('alarms')}
      </Title>
      {standing.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('noAlarms')}
        </Text>
      )}
      <ul className={css['alarms']}>
        {standing.map((one) => {
          const about = known.find(({ id }) => id === one.id)!;
          return (
            <li key={one.id}>
              <span className={css['time']}>{one.cameMs === null ? t('alarmBefore') : clockText(one.cameMs)}</span>
              <div>
                <Text fw={560}>{textIn(about.name, language, 'en')}</Text>
                <Text size="sm" c="dimmed">
                  {textIn(about.action, language, 'en')}
                </Text>
              </div>
              <StatusBadge status={one.phase === 'unacknowledged' ? 'stop' : isOpen(one) ? 'attention' : 'quiet'}>
                {t(`alarm_${one.phase}`)}
              </StatusBadge>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
