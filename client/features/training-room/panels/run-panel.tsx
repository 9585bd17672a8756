import { ActionIcon, Button, Group, Menu, Modal, Progress, Text } from '@mantine/core';
import { useDisclosure, useInterval } from '@mantine/hooks';
import { IconDotsVertical, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { indexOf } from '#protocol/procedures/index';
import { StatusBadge } from '../../../ui/index.ts';
import { roomStrings } from '../../room/strings.ts';
import { useRoomView } from '../../training/index.ts';
import { cardKey } from '../model/card-key.ts';
import { progressOf } from '../model/progress.ts';
import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import css from './panels.module.css';
import { TONE_ICONS } from './latest-said.tsx';
import { ReadAloudSwitch, useReadAloud } from './spoken.tsx';
import { StepCard } from './step-card.tsx';

const SHOWN_SAID = 4;

/** The run: how far it is, what is to be done now, what comes next, and what happened. */
export function RunPanel() {
  const t = trainingRoomStrings.useText();
  const { procedure, state, row, say } = useRun();
  useReadAloud();
  const progress = progressOf(procedure, state);
  const chapter = procedure.chapters[state.chapter];
  const panel = useRef<HTMLElement>(null);
  const begun = state.active.at(-1)?.step;
  // What the last step was answered with may lie far below: a new one begins at its title.
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which React would call as a cleanup.
    panel.current?.scrollTo({ top: 0 });
  }, [begun]);
  return (
    <aside ref={panel} className={css['panel']} aria-label={t('run')}>
      <RunBar />
      <div>
        <Text size="sm" fw={560} className="wh-figures">
          {progress.at === null
            ? t('progressDone', { done: progress.done, all: progress.all })
            : t('progress', { at: progress.at, all: progress.all })}
        </Text>
        <Progress
          mt={4}
          value={(100 * progress.done) / Math.max(1, progress.all)}
          aria-label={t('progressDone', { done: progress.done, all: progress.all })}
        />
        {chapter && (
          <Text size="sm" c="dimmed" mt={4}>
            {t('chapter', { title: say.text(chapter.title) })}
          </Text>
        )}
      </div>
      <OlderRelease />
      {state.pausedAtMs !== null && (
        <p className={css['hint']} role="status">
          {t(row.isFrozen ? 'frozen' : 'paused')}
        </p>
      )}
      {state.active.map((active) => {
        const facts = indexOf(procedure).steps.get(active.step);
        return facts ? <StepCard key={cardKey(row.id, active)} active={active} facts={facts} /> : null;
      })}
      <Text size="sm" c="dimmed">
        {progress.next ? t('next', { title: say.text(progress.next.title) }) : t('nextEnd')}
      </Text>
      <Messages />
    </aside>
  );
}

/** The run keeps the release that it was started with: whoever is in it knows that a newer one is out. */
function OlderRelease() {
  const t = trainingRoomStrings.useText();
  const { row, session } = useRun();
  const own = useRoomView(session.room)?.procedures.find(({ procedure }) => procedure === row.procedure);
  if (!own || own.newest.number <= own.number || row.outcome !== null) return null;
  return (
    <Text size="sm" c="dimmed">
      {t('runOfOlder', { n: own.newest.number, own: own.number })}
    </Text>
  );
}

function Messages() {
  const t = trainingRoomStrings.useText();
  const { said } = useRun();
  return (
    <section aria-label={t('messages')}>
      <div role="log">
        <ol className={css['log']}>
          {said.slice(-SHOWN_SAID).map(({ key, text, tone }) => {
            const Icon = TONE_ICONS[tone];
            return (
              <li key={key} className={css['said']} data-tone={tone}>
                <Icon size={16} aria-hidden />
                <span>{text}</span>
              </li>
            );
          })}
        </ol>
      </div>
    </section>
  );
}

function RunBar() {
  const t = trainingRoomStrings.useText();
  const room = roomStrings.useText();
  const { row, state, hand } = useRun();
  const [isAsking, asking] = useDisclosure();
  const isMine = row.mode !== 'exam';
  const isPaused = state.pausedAtMs !== null;
  return (
    <div className={css['bar']}>
      <StatusBadge status="active" icon={null}>
        {t(`mode_${row.mode}`)}
      </StatusBadge>
      <Clock />
      <span className={css['spring']} />
      <ReadAloudSwitch />
      {isMine && !row.isFrozen && (
        <Button
          size="xs"
          variant="default"
          leftSection={isPaused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />}
          onClick={() => hand.command(isPaused ? 'resumed' : 'paused')}
        >
          {t(isPaused ? 'resume' : 'pause')}
        </Button>
      )}
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon aria-label={`${t('run')}: ${room('more')}`}>
            <IconDotsVertical size={18} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isMine && (
            <Menu.Item onClick={() => state.active[0] && hand.resetStep(state.active[0].step)}>
              {t('resetStep')}
            </Menu.Item>
          )}
          <Menu.Item onClick={asking.open}>{t('endRun')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={isAsking} onClose={asking.close} title={t('endRunAsk')}>
        <Group>
          <Button
            onClick={() => {
              hand.end();
              asking.close();
            }}
          >
            {t('endRunYes')}
          </Button>
          <Button variant="default" onClick={asking.close}>
            {t('keepOn')}
          </Button>
        </Group>
      </Modal>
    </div>
  );
}

/** Run time, without pauses. */
function Clock() {
  const t = trainingRoomStrings.useText();
  const { row, state } = useRun();
  const [nowMs, setNowMs] = useState(() => Date.now());
  const { start, stop } = useInterval(() => setNowMs(Date.now()), 1000);
  useEffect(() => {
    start();
    return stop;
  }, [start, stop]);
  const untilMs = state.pausedAtMs ?? nowMs;
  return (
    <Text size="sm" className="wh-figures" role="timer" aria-label={t('time')}>
      {clockText(Math.max(0, untilMs - row.startedAtMs - state.pausedForMs))}
    </Text>
  );
}

export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
