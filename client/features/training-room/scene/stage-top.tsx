import { Button, Popover, Progress, Text } from '@mantine/core';
import { IconAlertTriangle, IconBellRinging, IconChevronDown } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { StatusBadge } from '../../../ui/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import { useStandingAlarms } from '../document/alarms.tsx';
import { LatestSaid } from '../panels/latest-said.tsx';
import { FaultReport } from '../document/fault-report.tsx';
import { useReadings } from '../document/instruments.tsx';
import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import { XrDoor } from '../xr/xr-door.tsx';
import { FollowButtons } from './follow-button.tsx';
import css from './scene-stage.module.css';
import type { TrainingView } from './training-view.ts';

/** Less than a line below the edge is nothing to be told of. */
const MORE_PX = 12;

/** Over the picture: instruments as numbers, alarms, the report of a fault, models on their way. */
export function StageTop({ view }: { view: TrainingView }) {
  const { procedure } = useRun();
  return (
    <div className={css['top']}>
      <XrDoor view={view} />
      <FollowButtons view={view} />
      {procedure.workplace.sensors.length > 0 && <Readings />}
      <AlarmChips />
      {procedure.workplace.faults.length > 0 && <ReportButton />}
      <ModelsComing view={view} />
      <LatestSaid />
    </div>
  );
}

function Readings() {
  const t = trainingRoomStrings.useText();
  const { procedure, say } = useRun();
  const read = useReadings();
  const list = useRef<HTMLDetailsElement>(null);
  const [isMore, setMore] = useState(false);
  const look = () => {
    const shown = list.current;
    setMore(shown !== null && shown.open && shown.scrollHeight - shown.scrollTop - shown.clientHeight > MORE_PX);
  };
  return (
    <details ref={list} className={`${css['chip']} ${css['readings']}`} onToggle={look} onScroll={look}>
      <summary>{t('showReadingsOf', { count: procedure.workplace.sensors.length })}</summary>
      <dl className="wh-figures">
        {procedure.workplace.sensors.flatMap((sensor) => [
          <dt key={`${sensor.id} name`}>{say.text(sensor.name)}</dt>,
          <dd key={sensor.id} data-sensor={sensor.id}>
            {read(sensor)}
          </dd>,
        ])}
      </dl>
      {isMore && (
        <div className={css['moreBelow']} aria-hidden>
          <IconChevronDown size={14} />
          {t('moreBelow')}
        </div>
      )}
    </details>
  );
}

/** Only those that stand, each with what one does about it. */
function AlarmChips() {
  const t = trainingRoomStrings.useText();
  const { say, hand } = useRun();
  return useStandingAlarms().map(({ id, name, action, phase }) => (
    <div key={id} className={css['chip']} role="status" title={t('whatToDo', { action: say.text(action) })}>
      <IconBellRinging size={16} aria-hidden />
      <StatusBadge status={phase === 'unacknowledged' ? 'stop' : 'attention'}>{say.text(name)}</StatusBadge>
      {(phase === 'unacknowledged' || phase === 'returned') && (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`${t('acknowledge')}: ${say.text(name)}`}
          onClick={() => hand.alarm('alarmAcknowledged', id)}
        >
          {t('acknowledge')}
        </Button>
      )}
    </div>
  ));
}

function ReportButton() {
  const t = trainingRoomStrings.useText();
  return (
    <Popover position="bottom-start" shadow="md" width={360} trapFocus returnFocus withinPortal>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<IconAlertTriangle size={16} aria-hidden />}>
          {t('faults')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('faults')} p={0}>
        <FaultReport />
      </Popover.Dropdown>
    </Popover>
  );
}

function ModelsComing({ view }: { view: TrainingView }) {
  const t = trainingRoomStrings.useText();
  const { total, loaded } = useReadable(view.loading);
  if (loaded >= total) return null;
  return (
    <div className={css['chip']} role="status">
      <Text size="sm">{t('models', { loaded, total })}</Text>
      <Progress w={100} size="sm" value={(100 * loaded) / total} aria-label={t('models', { loaded, total })} />
    </div>
  );
}
