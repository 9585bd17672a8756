import { Button, Group, Text } from '@mantine/core';
import { IconVersions, IconDeviceDesktopAnalytics, IconDoorOff, IconLogin2 } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { TrainingRoomView } from '#protocol/api/training';
import { textIn } from '#protocol/procedures/index';
import { currentLanguage, PersonDots, StatusBadge, useNow, useQuantities } from '../../../ui/index.ts';
import { newestLoaded, withNewerRelease } from '../model/releases-of-room.ts';
import { trainingStrings } from '../strings.ts';
import css from './training.module.css';

/** A training room in the list: what is run there, who is in, and the ways in. */
export function RoomRow({ room, mayConduct }: { readonly room: TrainingRoomView; readonly mayConduct: boolean }) {
  const t = trainingStrings.useText();
  const { moment } = useQuantities();
  const nowMs = useNow();
  const { underWay, present, closed } = room;
  const newer = closed ? [] : withNewerRelease(room.procedures);
  const titles = newestLoaded(room.procedures).map(({ title }) => textIn(title, currentLanguage(), 'en'));
  return (
    <li className={css['row']}>
      <div className={css['grow']}>
        <Text fw={560} style={{ overflowWrap: 'anywhere' }}>
          {room.title}
        </Text>
        <div className={css['facts']}>
          <span>{titles.join(' · ')}</span>
        </div>
        <div className={css['facts']}>
          {closed ? (
            <StatusBadge status="quiet" icon={IconDoorOff}>
              {t('closedShort', { name: closed.by, at: moment(closed.at, nowMs) })}
            </StatusBadge>
          ) : (
            <>
              <PersonDots names={present} size={22} />
              <span>{present.length > 0 ? t('peopleIn', { count: present.length }) : t('nobodyIn')}</span>
              {underWay > 0 ? (
                <StatusBadge status="active">{t('runsUnderWay', { count: underWay })}</StatusBadge>
              ) : (
                <span>{t('noRunsUnderWay')}</span>
              )}
            </>
          )}
          {mayConduct &&
            newer.map(({ line, newest, title }) => (
              <span key={line} className={css['newerFact']}>
                <IconVersions size={14} aria-hidden />
                {t('newerIs', { n: newest.number, title: textIn(title, currentLanguage(), 'en') })}
              </span>
            ))}
        </div>
      </div>
      <Group gap="xs">
        {mayConduct && (
          <Button
            component={Link}
            to={`/project/${room.project}/training/${room.room}`}
            variant="default"
            aria-label={`${t('conduct')}: ${room.title}`}
            leftSection={<IconDeviceDesktopAnalytics size={18} stroke={1.7} aria-hidden />}
          >
            {t('conduct')}
          </Button>
        )}
        <Button
          component={Link}
          to={`/room/${room.room}`}
          variant="default"
          aria-label={`${t('enter')}: ${room.title}`}
          leftSection={<IconLogin2 size={18} stroke={1.7} aria-hidden />}
        >
          {t('enter')}
        </Button>
      </Group>
    </li>
  );
}
