import { ActionIcon, Menu, NativeSelect, SegmentedControl, Switch, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowLeft,
  IconBulb,
  IconDotsVertical,
  IconFocus2,
  IconListCheck,
  IconPlayerPause,
} from '@tabler/icons-react';
import { Link } from 'react-router';
import { rowsOf } from '#protocol/guidance/index';
import { ReadingLanguageChoice } from '../../procedures/reading-language-choice.tsx';
import { LanguageSwitch, ThemeSwitch } from '../../session/appearance-switches.tsx';
import { useReadable } from '../../room/room-context.tsx';
import { wayBack } from '../../room/states/way-back.ts';
import { progressOf, type Progress } from '../../training-room/model/progress.ts';
import { HandsFree } from '../hands-free/hands-free.ts';
import { MEANS } from '../hands-free/commands.ts';
import { ReadAloud } from '../hands-free/read-aloud.ts';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { millimetres } from '../model/said.ts';
import { INSTRUCTION_ARC_MIN, READING_DISTANCES_M } from '../model/reading-size.ts';
import { settings } from '../settings.ts';
import { guidanceRoomStrings } from '../strings.ts';
import type { CameraState } from '../use-camera.ts';
import { XrDoor } from '../xr/xr-door.tsx';
import { HelpPlace } from './help-place.tsx';

/** Which product this is, how far it is, how sure the overlay is, and the way to help. */
export function JobBar({ camera }: { camera: CameraState }) {
  const t = guidanceRoomStrings.useText();
  const { info, job, procedure, state, document, open } = useJob();
  const progress = state && progressOf(procedure, state);
  const waiting = rowsOf(document, 'deviations').filter(({ id }) => job.undecided.includes(id)).length;
  return (
    <header className={css['bar']}>
      <ActionIcon component={Link} to={wayBack(info)} aria-label={t('back')} size={48}>
        <IconArrowLeft size={22} stroke={1.7} />
      </ActionIcon>
      <h1 className={css['title']}>
        {job.plan.productType} {job.serial}
      </h1>
      <span className={`${css['quiet']} ${css['onlyWide']}`}>
        {t('station', { station: job.station })} · {t('revision', { n: job.revision })}
      </span>
      <span className={css['spring']} />
      <div className={css['tools']}>
        {progress && job.status !== 'finished' && <ProgressChip {...progress} />}
        {waiting > 0 && (
          <button type="button" className={css['chip']} data-state="bad" onClick={() => open({ kind: 'deviations' })}>
            <IconAlertTriangle size={20} aria-hidden />
            {waiting}
            <span className="wh-spoken">{t('deviations')}</span>
          </button>
        )}
        <AlignChip />
        <XrDoor />
        <HelpPlace camera={camera} />
      </div>
      <JobMenu camera={camera} />
    </header>
  );
}

function ProgressChip({ at, done, all }: Progress) {
  const t = guidanceRoomStrings.useText();
  const { open } = useJob();
  const words = at === null ? t('progressDone', { done, all }) : t('progress', { at, all });
  return (
    <button type="button" className={css['chip']} onClick={() => open({ kind: 'overview' })}>
      <IconListCheck size={20} aria-hidden />
      <span className={css['onlyWide']}>{words}</span>
      <span className={css['onlyPhone']}>
        {at ?? done}/{all}
        <span className="wh-spoken"> {words}</span>
      </span>
    </button>
  );
}

function AlignChip() {
  const t = guidanceRoomStrings.useText();
  const { aligner, open, job } = useJob();
  const view = useReadable(aligner.view);
  if (job.status === 'finished' || job.status === 'scrapped') return null;
  const isGood = view.fit !== null && view.isFresh && view.driftM === null;
  const words = isGood && view.expectedM !== null ? t('aligned', { mm: millimetres(view.expectedM) }) : t('notAligned');
  return (
    <button
      type="button"
      className={css['chip']}
      data-state={isGood ? 'good' : 'bad'}
      aria-label={`${t('alignment')}: ${words}`}
      onClick={() => open({ kind: 'align' })}
    >
      <IconFocus2 size={20} aria-hidden />
      <span className="wh-figures">{words}</span>
    </button>
  );
}

function JobMenu({ camera }: { camera: CameraState }) {
  const t = guidanceRoomStrings.useText();
  const { procedure, open, job, me } = useJob();
  return (
    <Menu position="bottom-end" shadow="md" width={340} closeOnItemClick={false} trapFocus>
      <Menu.Target>
        <ActionIcon aria-label={t('more')} size={48}>
          <IconDotsVertical size={22} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown p="sm">
        <Menu.Item
          mih={48}
          closeMenuOnClick
          leftSection={<IconAlertTriangle size={20} aria-hidden />}
          onClick={() => open({ kind: 'deviations' })}
        >
          {t('deviations')}
        </Menu.Item>
        {job.status === 'running' && me.isCrew && (
          <Menu.Item
            mih={48}
            closeMenuOnClick
            leftSection={<IconPlayerPause size={20} aria-hidden />}
            onClick={() => open({ kind: 'pause' })}
          >
            {t('pause')}
          </Menu.Item>
        )}
        {camera.source && <CameraItems source={camera.source} />}
        <Menu.Divider />
        <HandsFreeItems />
        <Menu.Divider />
        <ReadingItems />
        <Menu.Divider />
        <div style={{ display: 'grid', gap: 8 }}>
          <ReadingLanguageChoice procedure={procedure} />
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </Menu.Dropdown>
    </Menu>
  );
}

function CameraItems({ source }: { source: NonNullable<CameraState['source']> }) {
  const t = guidanceRoomStrings.useText();
  const torch = useReadable(source.torch);
  const choices = useReadable(source.choices);
  const chosen = source.stream.getVideoTracks()[0]?.getSettings().deviceId ?? '';
  return (
    <>
      {torch !== null && (
        <Menu.Item
          mih={48}
          leftSection={<IconBulb size={20} aria-hidden />}
          onClick={() => void source.setTorch(!torch)}
        >
          {t('lamp')}
        </Menu.Item>
      )}
      {choices.length > 1 && (
        <NativeSelect
          label={t('otherCamera')}
          value={chosen}
          onChange={(event) => void source.choose(event.currentTarget.value)}
          data={choices.map(({ id, label }) => ({ value: id, label }))}
        />
      )}
    </>
  );
}

function HandsFreeItems() {
  const t = guidanceRoomStrings.useText();
  const { handsFree } = useJob();
  const isOn = useReadable(handsFree.isOn);
  const isListening = useReadable(handsFree.isListening);
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0, display: 'grid', gap: 8 }}>
      <Text component="legend" size="sm" fw={600}>
        {t('handsFree')}
      </Text>
      {MEANS.filter((means) => means !== 'voice' || HandsFree.canHear).map((means) => (
        <Switch
          key={means}
          size="md"
          label={t(`means_${means}`)}
          description={
            means === 'voice'
              ? isListening
                ? t('listening')
                : t('voiceWords')
              : means === 'pedal'
                ? null
                : t('meansOnlyXr')
          }
          checked={isOn[means]}
          onChange={(event) => handsFree.set(means, event.currentTarget.checked)}
        />
      ))}
      {!HandsFree.canHear && (
        <Text size="xs" c="dimmed">
          {t('noVoice')}
        </Text>
      )}
    </fieldset>
  );
}

function ReadingItems() {
  const t = guidanceRoomStrings.useText();
  const distanceM = useReadable(settings.readingDistanceM);
  const readsAloud = useReadable(settings.readsAloud);
  return (
    <div style={{ display: 'grid', gap: 8 }}>
      <Text size="sm" fw={600}>
        {t('readingDistance')}
      </Text>
      <SegmentedControl
        aria-label={t('readingDistance')}
        value={distanceM === null ? '' : String(distanceM)}
        onChange={(value) => settings.readingDistanceM.set(Number(value))}
        data={READING_DISTANCES_M.map((m) => ({ value: String(m), label: t('metres', { m }) }))}
      />
      <Text size="xs" c="dimmed">
        {t('letters', { arc: INSTRUCTION_ARC_MIN })}
      </Text>
      {ReadAloud.isThere && (
        <Switch
          size="md"
          label={t('autoRead')}
          checked={readsAloud}
          onChange={(event) => settings.readsAloud.set(event.currentTarget.checked)}
        />
      )}
    </div>
  );
}
