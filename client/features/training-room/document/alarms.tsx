import { Button, Text, Title } from '@mantine/core';
import { StatusBadge } from '../../../ui/index.ts';
import { phaseOf } from '../../training/model/alarm-log.ts';
import { useMachine, useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import css from './document.module.css';

/** Alarms that are not normal, in the order of the machine. */
export function useStandingAlarms() {
  const { model } = useRun();
  const machine = useMachine();
  return (model?.about.alarms ?? []).flatMap((alarm) => {
    const phase = phaseOf(machine?.value(alarm.id) ?? 0);
    return phase === 'normal' ? [] : [{ ...alarm, phase }];
  });
}

/** Alarms that stand, with what one does about each. */
export function Alarms() {
  const t = trainingRoomStrings.useText();
  const { say, hand } = useRun();
  const standing = useStandingAlarms();
  return (
    <section className={css['group']} aria-labelledby="document-alarms">
      <Title order={2} size="h4" id="document-alarms">
        {t('alarms')}
      </Title>
      {standing.length === 0 && <Text size="sm">{t('noAlarms')}</Text>}
      <ul className={css['list']}>
        {standing.map(({ id, name, action, phase }) => (
          <li key={id} className={css['row']} style={{ alignItems: 'center' }}>
            <StatusBadge status={phase === 'unacknowledged' ? 'stop' : 'attention'}>
              {t(`alarm_${phase as 'shelved'}`)}
            </StatusBadge>
            <div style={{ flex: '1 1 200px' }}>
              <Text fw={560}>{say.text(name)}</Text>
              <Text size="sm" c="dimmed">
                {t('whatToDo', { action: say.text(action) })}
              </Text>
            </div>
            {(phase === 'unacknowledged' || phase === 'returned') && (
              <Button
                variant="default"
                size="xs"
                aria-label={`${t('acknowledge')}: ${say.text(name)}`}
                onClick={() => hand.alarm('alarmAcknowledged', id)}
              >
                {t('acknowledge')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
