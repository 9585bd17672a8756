import { Button, Group, Radio, Stack, Text, Title } from '@mantine/core';
import { IconClipboardList, IconDoorOff, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { TrainingSession } from '#net/index';
import { newId } from '#net/new-id';
import { equipmentFor } from '#protocol/equipment/index';
import { may } from '#protocol/permissions/index';
import { Mode, textIn, type Procedure } from '#protocol/procedures/index';
import { closedIn, procedureIn, proceduresIn, RunId, type RunRow } from '#protocol/training/index';
import { currentLanguage, EmptyState, noticeProblem, StatusBadge, useQuantities } from '../../../ui/index.ts';
import { useReadingLanguage } from '../../procedures/model/reading-language.ts';
import { useReadable } from '../../room/room-context.tsx';
import { NewerReleases, RecordingConsent, useRoomView } from '../../training/index.ts';
import { isSuperseded } from '../../training/model/releases-of-room.ts';
import { trainingRoomStrings } from '../strings.ts';
import css from './panels.module.css';

const MODES = ['guided', 'practice', 'exam'] as const;
const MOST_EARLIER = 8;

interface Props {
  readonly session: TrainingSession;
  readonly mine: readonly RunRow[];
  readonly onOpen: (run: string) => void;
}

/** What there is to practise here, how, and what one did before. */
export function StartPanel({ session, mine, onOpen }: Props) {
  const t = trainingRoomStrings.useText();
  const document = useReadable(session.document);
  const view = useRoomView(session.room);
  const procedures = proceduresIn(document).flatMap((cid) => {
    const procedure = procedureIn(document, cid);
    // An older release is kept for the runs that were made of it.
    if (!procedure || isSuperseded(view?.procedures ?? [], cid)) return [];
    const release = view?.procedures.find((one) => one.procedure === cid)?.number ?? null;
    return [{ cid, procedure, release }];
  });
  const closed = closedIn(document);
  const { dateTime } = useQuantities();
  const [search] = useSearchParams();
  // Who sends somebody here (a unit of a course) may say what counts.
  const [mode, setMode] = useState<Mode>(() => Mode.catch('guided').parse(search.get('mode')));
  const start = (cid: string, procedure: Procedure) => {
    const me = session.participants.get().find(({ user }) => user === session.me.user);
    const run = RunId.parse(newId());
    const roles = procedure.workplace.roles.map(({ id }) => id);
    const sent = session.submitTraining('run.start', {
      run,
      procedure: cid as never,
      mode,
      seed: crypto.getRandomValues(new Uint32Array(1))[0]!,
      participants: [{ id: session.me.user, name: me?.name ?? '?', roles, station: null }],
    });
    if ('problem' in sent) noticeProblem(sent.problem);
    else onOpen(run);
  };
  if (procedures.length === 0)
    return <EmptyState icon={<IconClipboardList size={32} />} title={t('noProcedures')} text={t('noProceduresText')} />;
  const titleOf = ({ title, languages }: Procedure) => textIn(title, currentLanguage(), languages[0]!);
  return (
    <Stack gap="lg">
      {closed ? (
        <EmptyState
          icon={<IconDoorOff size={32} />}
          title={t('closed')}
          text={t('closedText', { name: closed.by.name, at: dateTime(closed.atMs) })}
        />
      ) : (
        <>
          {view && <NewerReleases view={view} mayTake={may(session.me.role, 'training.open')} />}
          <Title order={2}>{t('procedures')}</Title>
          <Radio.Group label={t('mode')} value={mode} onChange={(value) => setMode(Mode.parse(value))}>
            <Stack gap="xs" mt="xs">
              {MODES.map((one) => (
                <Radio key={one} value={one} label={t(`mode_${one}`)} description={t(`modeMeaning_${one}`)} />
              ))}
            </Stack>
          </Radio.Group>
          {procedures.map(({ cid, procedure, release }) => (
            <ProcedureCard key={cid} procedure={procedure} release={release} onStart={() => start(cid, procedure)} />
          ))}
          <Text size="sm" c="dimmed">
            {t('startAlone')}
          </Text>
          <RecordingConsent session={session} />
        </>
      )}
      {mine.length > 0 && (
        <section aria-label={t('earlierRuns')}>
          <Title order={3} mb="xs">
            {t('earlierRuns')}
          </Title>
          <Stack gap="xs">
            {mine.slice(0, MOST_EARLIER).map((row) => {
              const procedure = procedureIn(document, row.procedure);
              const when = new Intl.DateTimeFormat(currentLanguage(), { dateStyle: 'medium', timeStyle: 'short' });
              return (
                <Group key={row.id} gap="sm">
                  <StatusBadge
                    status={row.outcome === null ? 'active' : row.outcome === 'completed' ? 'done' : 'quiet'}
                  >
                    {t(row.outcome === null ? 'isOpen' : `outcome_${row.outcome}`)}
                  </StatusBadge>
                  <Text size="sm">
                    {procedure ? titleOf(procedure) : row.id} · {t(`mode_${row.mode}`)} · {when.format(row.startedAtMs)}
                  </Text>
                  <Button size="compact-sm" variant="default" onClick={() => onOpen(row.id)}>
                    {t(row.outcome === null ? 'goOn' : 'result')}
                  </Button>
                </Group>
              );
            })}
          </Stack>
        </section>
      )}
    </Stack>
  );
}

interface CardProps {
  readonly procedure: Procedure;
  /** Null when the hall has not said yet. */
  readonly release: number | null;
  readonly onStart: () => void;
}

function ProcedureCard({ procedure, release, onStart }: CardProps) {
  const t = trainingRoomStrings.useText();
  const language = useReadingLanguage(procedure);
  const machine = equipmentFor(procedure);
  const title = textIn(procedure.title, language, procedure.languages[0]!);
  return (
    <section className={css['card']} aria-label={title}>
      <Title order={3}>{title}</Title>
      <Text size="sm" c="dimmed">
        {textIn(procedure.description, language, procedure.languages[0]!)}
      </Text>
      <Text size="sm" className="wh-figures">
        {release !== null && `${t('release', { n: release })} · `}
        {t('stepsCount', { count: procedure.chapters.reduce((sum, { steps }) => sum + steps.length, 0) })}
        {machine && ` · ${t('withMachine', { machine: textIn(machine.about.title, currentLanguage(), 'en') })}`}
      </Text>
      <Group>
        <Button
          leftSection={<IconPlayerPlay size={18} aria-hidden />}
          aria-label={`${t('startRun')}: ${title}`}
          onClick={onStart}
        >
          {t('startRun')}
        </Button>
      </Group>
    </section>
  );
}
