import { Kbd, Menu, NativeSelect, Switch, Text, Tooltip } from '@mantine/core';
import {
  IconAlertCircleFilled,
  IconChevronUp,
  IconHeadphonesOff,
  IconMicrophone,
  IconMicrophoneOff,
} from '@tabler/icons-react';
import type { CSSProperties } from 'react';
import type { VoiceState } from '../../../voice/index.ts';
import { problemText, useTouch } from '../../../ui/index.ts';
import { useReadable, useLine } from '../room-context.tsx';
import { voiceStrings } from './strings.ts';
import css from './voice.module.css';
import { WriteDownSwitch } from './write-down-switch.tsx';

export const TROUBLES: readonly VoiceState[] = ['noPermission', 'noMicrophone', 'insecure'];

/** My microphone, beside the tools: one press speaks, one mutes. What else there is to choose folds out. */
export function VoiceButton() {
  const t = voiceStrings.useText();
  const { voice } = useLine();
  const { state, problem, isListener } = useReadable(voice.status);
  const { level } = useReadable(voice.own);
  const isTrouble = TROUBLES.includes(state);
  const isHallOff = problem?.key === 'off';
  const act = state === 'talking' ? t('mute') : state === 'muted' ? t('unmute') : t('speak');
  const why = isListener ? t('listener') : problem ? problemText(problem).message : t(`state_${state}`);
  const isDisabled = isListener || isHallOff;
  const Icon =
    state === 'off' ? IconHeadphonesOff : state === 'muted' || isTrouble ? IconMicrophoneOff : IconMicrophone;
  return (
    <div className={css['group']} role="group" aria-label={t('voice')}>
      <Tooltip label={isDisabled ? why : `${why} · ${act} (V)`} disabled={isTrouble}>
        <button
          type="button"
          className={css['mic']}
          data-state={state}
          data-trouble={isTrouble || undefined}
          aria-label={act}
          aria-pressed={state === 'talking'}
          aria-disabled={isDisabled || undefined}
          style={{ '--level': level } as CSSProperties}
          onClick={() => !isDisabled && void voice.toggle()}
        >
          <Icon size={20} stroke={1.7} aria-hidden />
          {isTrouble && (
            <span className={css['trouble']}>
              <IconAlertCircleFilled size={14} aria-hidden />
            </span>
          )}
        </button>
      </Tooltip>
      <VoiceMenu />
    </div>
  );
}

function VoiceMenu() {
  const t = voiceStrings.useText();
  const { voice, words } = useLine();
  const { state, problem, isListener } = useReadable(voice.status);
  const isTouch = useTouch();
  const said = problem ? problemText(problem) : { message: t(`state_${state}`), next: t(`next_${state}`) };
  return (
    <Menu position="top-start" shadow="md" width={280} closeOnItemClick={false} trapFocus>
      <Menu.Target>
        <button type="button" className={css['more']} aria-label={t('settings')}>
          <IconChevronUp size={16} stroke={1.7} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown p="sm">
        <Text size="sm" fw={600} role="status">
          {said.message}
        </Text>
        <Text size="xs" c="dimmed" mb="sm">
          {isListener ? t('listener') : said.next}
        </Text>
        <Switch
          size="sm"
          label={t('listen')}
          checked={state !== 'off'}
          disabled={problem?.key === 'off'}
          onChange={(event) => voice.setOff(!event.currentTarget.checked)}
        />
        {words && !isListener && <WriteDownSwitch words={words} />}
        {(state === 'talking' || state === 'muted') && <Devices />}
        {!isTouch && !isListener && (
          <Text size="xs" c="dimmed" mt="sm">
            <Kbd size="xs">T</Kbd> {t('holdToTalk')} · <Kbd size="xs">V</Kbd> {t('muteKey')}
          </Text>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Devices() {
  const t = voiceStrings.useText();
  const { voice } = useLine();
  const devices = useReadable(voice.devices);
  const { level } = useReadable(voice.own);
  return (
    <>
      <NativeSelect
        size="xs"
        mt="sm"
        label={t('microphone')}
        value={devices.some(({ deviceId }) => deviceId === voice.device) ? (voice.device ?? '') : ''}
        onChange={(event) => void voice.choose(event.currentTarget.value)}
        data={
          devices.length
            ? devices.map(({ deviceId, label }, i) => ({
                value: deviceId,
                label: label || t('unnamed', { number: i + 1 }),
              }))
            : [{ value: '', label: t('standardMicrophone') }]
        }
      />
      <div
        className={css['meter']}
        role="meter"
        aria-label={t('ownLevel')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(level * 100)}
      >
        <span style={{ transform: `scaleX(${level})` }} />
      </div>
    </>
  );
}
