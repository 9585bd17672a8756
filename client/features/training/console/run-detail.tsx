import { Button, Group, Menu, Text, Title, Tooltip } from '@mantine/core';
import {
  IconCheck,
  IconClipboardText,
  IconEye,
  IconMicrophone,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconRestore,
  IconSquareX,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { TrainingSession } from '#net/index';
import { isOwnRun, may } from '#protocol/permissions/index';
import type { Procedure, RunEvent } from '#protocol/procedures/index';
import {
  findingsOf,
  judgeReports,
  reportsIn,
  secretsIn,
  stateOf,
  truthsOf,
  type RunRow,
  type TrainingPayload,
} from '#protocol/training/index';
import type { Voice } from '../../../voice/index.ts';
import { noticeProblem, problemText, StatusBadge, useQuantities } from '../../../ui/index.ts';
import { isYesOrNo, unitWord } from '../../procedures/model/words.ts';
import { clockText } from '../model/clock-text.ts';
import { letGo } from '../model/let-go.ts';
import { elapsedMs, type RunLine } from '../model/run-line.ts';
import { RunWords } from '../model/words.ts';
import { RewindBar } from '../rewind/rewind-bar.tsx';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';
import css from './console.module.css';
import { STANDING_STATUS, StepBar } from './run-card.tsx';
import { useReadable } from './use-session.ts';

/** Newest findings shown; the debrief has them all. */
const FINDINGS_SHOWN = 30;

interface Props {
  readonly project: string;
  /** Who opened the room. */
  readonly openedBy: string;
  readonly session: TrainingSession;
  readonly voice: Voice;
  readonly run: RunRow;
  readonly line: RunLine;
  readonly procedure: Procedure;
  readonly language: string;
  readonly nowMs: number;
}

/** One run in full, and what an instructor can do about it. */
export function RunDetail({ project, openedBy, session, voice, run, line, procedure, language, nowMs }: Props) {
  const t = trainingStrings.useText();
  const { number } = useQuantities();
  const words = new RunWords(procedure, language, t);
  const document = session.document.get();
  const { world } = stateOf(document, run, procedure);
  const findings = findingsOf(document, run).toReversed().slice(0, FINDINGS_SHOWN);
  const held = Object.keys(world.held).map((thing) => words.thing(thing));
  const names = run.participants.map(({ name }) => name).join(', ');
  const values = procedure.workplace.sensors.flatMap((sensor) => {
    const shown = world.values[sensor.id];
    return shown
      ? [
          {
            name: words.text(sensor.name),
            said: isYesOrNo(sensor)
              ? t(shown.value > 0.5 ? 'yes' : 'no')
              : `${number(shown.value, sensor.unit === '1' ? 0 : 1)} ${unitWord(shown.unit)}`,
          },
        ]
      : [];
  });
  return (
    <section className={css['panel']} aria-labelledby="run">
      <div className={css['line']}>
        <Title order={2} id="run" style={{ overflowWrap: 'anywhere' }}>
          {names}
        </Title>
        <StatusBadge status={STANDING_STATUS[line.standing]}>{t(`standing_${line.standing}`)}</StatusBadge>
      </div>
      <div>
        <StepBar line={line} />
        <div className={css['quiet']} style={{ marginTop: 6 }}>
          <span>{words.text(procedure.title)}</span>
          <span>{t(`mode_${run.mode}`)}</span>
          <span>{t('progress', { done: line.done, total: line.total })}</span>
          <span role="timer">{clockText(elapsedMs(run, nowMs))}</span>
        </div>
      </div>
      {line.now.map(({ step, attempt, sinceMs, hintsGiven }) => (
        <div key={step}>
          <Text fw={560}>{t('atStep', { step: words.step(step) })}</Text>
          <div className={css['quiet']}>
            <span>{words.chapterOf(step)}</span>
            <span>{t('atStepFor', { time: clockText(elapsedMs(run, nowMs) - sinceMs) })}</span>
            {attempt > 1 && <span>{t('attempt', { n: attempt })}</span>}
            {hintsGiven > 0 && <span>{t('hintsGiven', { count: hintsGiven })}</span>}
          </div>
        </div>
      ))}
      <Orders {...{ project, openedBy, session, voice, run, line, procedure, words, names }} />
      <div className={css['facts']}>
        <div>
          <Title order={3} mb={6}>
            {t('findings')}
          </Title>
          {run.refused && run.outcome === null && (
            <Text size="sm" c="dimmed" mb={6}>
              {t('lastRefused', { message: problemText(run.refused.problem).message })}
            </Text>
          )}
          {run.reports > 0 && <Reports {...{ session, run, words }} />}
          {findings.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('noFindings')}
            </Text>
          ) : (
            <ul className={css['list']} tabIndex={0} aria-label={t('findings')}>
              {findings.map(({ kind, atMs, facts }, at) => (
                <li key={run.findings - at}>
                  <span className={css['time']}>{clockText(atMs)}</span>
                  <span>{words.finding(kind, facts)}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
        {(held.length > 0 || values.length > 0) && (
          <div>
            {held.length > 0 && (
              <Text size="sm" mb="xs">
                {t('holds', { things: held.join(', ') })}
              </Text>
            )}
            {values.length > 0 && (
              <>
                <Title order={3} mb={6}>
                  {t('instruments')}
                </Title>
                <ul className={css['values']} aria-label={t('instruments')}>
                  {values.map(({ name, said }) => (
                    <li key={name}>
                      <span>{name}</span>
                      <span className="wh-figures">{said}</span>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </div>
        )}
      </div>
    </section>
  );
}

/** Who said when that something is wrong, what they named, and for who may know it, whether it is so. */
function Reports({ session, run, words }: Pick<Props, 'session' | 'run'> & { readonly words: RunWords }) {
  const { t } = words;
  const takesPart = run.participants.some(({ id }) => id === session.me.user);
  const mayKnow = may(session.me.role, 'fault.inject') && !takesPart;
  const facts = useQuery({
    queryKey: ['faults', session.room, run.id],
    queryFn: ({ signal }) => training.faults(session.room, run.id, signal),
    enabled: mayKnow,
  });
  const document = session.document.get();
  const truths = truthsOf(document, run.id);
  const secrets = truths ? secretsIn(truths) : facts.data?.faults;
  const nameOf = (by: string) => run.participants.find(({ id }) => id === by)?.name ?? by;
  return (
    <div role="status">
      <Text size="sm" fw={560} c="var(--wh-attention)" mb={6}>
        {t('reports', { count: run.reports })}
      </Text>
      <ul className={css['list']} tabIndex={0} aria-label={t('reports', { count: run.reports })}>
        {judgeReports(reportsIn(document, run), secrets ?? []).map(({ by, runMs, diagnosis, verdict }, at) => (
          <li key={at}>
            <span className={css['time']}>{clockText(runMs)}</span>
            <span>
              {nameOf(by)}: {diagnosis === null ? t('reportedNothing') : words.fault(diagnosis)}
              {secrets && ` – ${t(`reportIs_${verdict}`)}`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

type Command = TrainingPayload<'run.command'>['command'];

interface OrdersProps extends Pick<Props, 'project' | 'openedBy' | 'session' | 'voice' | 'run' | 'line' | 'procedure'> {
  readonly words: RunWords;
  readonly names: string;
}

function Orders({ project, openedBy, session, voice, run, line, procedure, words, names }: OrdersProps) {
  const t = trainingStrings.useText();
  const me = session.me.user;
  const by = { by: me };
  const mayCommand = may(session.me.role, 'run.command');
  const isOver = run.outcome !== null;
  const mine = run.participants.find(({ id }) => id === me);
  const canApprove = line.awaits.some((role) => mine?.roles.some((own) => own === role));
  const tell = (sent: { id: string } | { problem: unknown }) => {
    if ('problem' in sent) noticeProblem(sent.problem);
  };
  const command = (order: Command) =>
    tell(session.submitTraining('run.command', { run: run.id as never, command: order }));
  const act = (event: RunEvent) =>
    tell(session.submitTraining('run.act', { run: run.id as never, act: event as never }));
  // Over for good: the notice gives time to think.
  const end = () => {
    letGo(t('ending', { name: names }), {
      act: async () => tell(session.submitTraining('run.end', { run: run.id as never })),
    });
  };
  const mayDebrief = may(session.me.role, 'results.read', { own: isOwnRun(run, openedBy, me) });
  const debrief =
    run.isRevealed &&
    (mayDebrief ? (
      <Button
        component={Link}
        to={`/project/${project}/training/${session.room}/${run.id}`}
        leftSection={<IconClipboardText size={18} stroke={1.7} aria-hidden />}
      >
        {t('debrief')}
      </Button>
    ) : (
      <Group gap="xs">
        <Button disabled aria-describedby="not-yours" leftSection={<IconClipboardText size={18} aria-hidden />}>
          {t('debrief')}
        </Button>
        <Text size="sm" id="not-yours">
          {t('debriefNotYours')}
        </Text>
      </Group>
    ));
  const rewind = <RewindBar {...{ session, run, procedure, language: words.language }} />;
  if (isOver)
    return (
      <Group gap="xs">
        {debrief}
        {rewind}
      </Group>
    );
  return (
    <div>
      <Group gap="xs">
        {line.awaits.length > 0 &&
          (canApprove ? (
            <Button
              leftSection={<IconCheck size={18} stroke={1.7} aria-hidden />}
              onClick={() => act({ type: 'approved', ...by })}
            >
              {t('approve')}
            </Button>
          ) : (
            <Tooltip label={t('approveNotMine')}>
              <Text size="sm" className={css['waits']}>
                {t('waitsFor', { roles: line.awaits.map((role) => words.role(role)).join(', ') })}
              </Text>
            </Tooltip>
          ))}
        {mayCommand && run.mode !== 'exam' && (
          <>
            {run.state.pausedAtMs === null ? (
              <Button
                variant="default"
                leftSection={<IconPlayerPause size={18} stroke={1.7} aria-hidden />}
                onClick={() => command({ type: 'paused', ...by })}
              >
                {t('pause')}
              </Button>
            ) : (
              <Button
                variant="default"
                disabled={run.isFrozen}
                leftSection={<IconPlayerPlay size={18} stroke={1.7} aria-hidden />}
                onClick={() => command({ type: 'resumed', ...by })}
              >
                {t('resume')}
              </Button>
            )}
            <StepMenu
              label={t('resetStep')}
              icon={<IconRestore size={18} stroke={1.7} aria-hidden />}
              steps={line.now.map(({ step }) => step)}
              words={words}
              onChoose={(step) => command({ type: 'stepReset', step: step as never, ...by })}
            />
            <StepMenu
              label={t('jump')}
              hint={t('jumpHint')}
              icon={<IconPlayerSkipForward size={18} stroke={1.7} aria-hidden />}
              steps={procedure.chapters.flatMap(({ steps }) => steps.map(({ id }) => id as string))}
              words={words}
              onChoose={(step) => command({ type: 'jumped', to: step as never, ...by })}
            />
          </>
        )}
        {mayCommand && (
          <Button
            component={Link}
            to={`/room/${session.room}?run=${run.id}`}
            variant="default"
            leftSection={<IconEye size={18} stroke={1.7} aria-hidden />}
          >
            {t('watch')}
          </Button>
        )}
        <SpeakTo {...{ session, voice, run, names }} />
        {rewind}
        {may(session.me.role, 'run.end') && (
          <Button variant="default" leftSection={<IconSquareX size={18} stroke={1.7} aria-hidden />} onClick={end}>
            {t('endRun')}
          </Button>
        )}
      </Group>
      {run.mode === 'exam' && (
        <Text size="sm" c="dimmed" mt={6}>
          {t('examLocked')}
        </Text>
      )}
    </div>
  );
}

/** My voice for the people of this run alone, while they are in the room. */
function SpeakTo({ session, voice, run, names }: Pick<OrdersProps, 'session' | 'voice' | 'run' | 'names'>) {
  const t = trainingStrings.useText();
  const roster = useReadable(session.participants);
  const { to, problem, isListener } = useReadable(voice.status);
  const theirs = roster.filter(
    ({ user, isConnected }) =>
      isConnected && user !== session.me.user && run.participants.some(({ id }) => id === user),
  );
  if (theirs.length === 0 || isListener || problem?.key === 'off') return null;
  const isOn = to !== null && to.size === theirs.length && theirs.every((one) => to.has(one.session));
  return (
    <Button
      variant="default"
      className={isOn ? css['heard'] : undefined}
      aria-pressed={isOn}
      leftSection={<IconMicrophone size={18} stroke={1.7} aria-hidden />}
      onClick={() => void voice.toggleTo(theirs.map((one) => one.session))}
    >
      {t('speakTo', { name: names })}
    </Button>
  );
}

interface StepMenuProps {
  readonly label: string;
  readonly hint?: string;
  readonly icon: ReactNode;
  readonly steps: readonly string[];
  readonly words: RunWords;
  readonly onChoose: (step: string) => void;
}

function StepMenu({ label, hint, icon, steps, words, onChoose }: StepMenuProps) {
  return (
    <Menu position="bottom-start" shadow="md">
      <Menu.Target>
        <Button variant="default" leftSection={icon} disabled={steps.length === 0}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        {hint && <Menu.Label>{hint}</Menu.Label>}
        {steps.map((step, at) => (
          <Menu.Item key={step} onClick={() => onChoose(step)}>
            {steps.length > 1 ? `${at + 1} · ` : ''}
            {words.step(step)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
