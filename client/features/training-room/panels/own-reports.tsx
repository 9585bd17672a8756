import { Text, Title } from '@mantine/core';
import { judgeReports, reportsIn, secretsIn, truthsOf } from '#protocol/training/index';
import { useReadable } from '../../room/room-context.tsx';
import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import css from './panels.module.css';
import { clockText } from './run-panel.tsx';

/** What I said was wrong, and whether it was: told when the seals are open. */
export function OwnReports() {
  const t = trainingRoomStrings.useText();
  const { session, row, procedure, say } = useRun();
  const document = useReadable(session.document);
  const truths = truthsOf(document, row.id);
  if (!truths) return null;
  const mine = judgeReports(reportsIn(document, row), secretsIn(truths)).filter(({ by }) => by === session.me.user);
  if (mine.length === 0) return null;
  const nameOf = (id: string) => say.text(procedure.workplace.faults.find((one) => one.id === id)?.name ?? {}) || id;
  return (
    <section aria-labelledby="own-reports">
      <Title order={3} size="h4" id="own-reports" mb="xs">
        {t('yourReports')}
      </Title>
      <ul className={css['log']}>
        {mine.map(({ atMs, diagnosis, verdict, afterMs }, at) => (
          <li key={at} className={css['said']} data-tone={verdict === 'right' || verdict === 'found' ? 'good' : 'bad'}>
            <Text size="sm" component="span" className="wh-figures">
              {clockText(atMs - row.startedAtMs - row.state.pausedForMs)}
            </Text>
            <span>
              {diagnosis === null ? t('namedNothing') : t('named', { fault: nameOf(diagnosis) })} –{' '}
              {t(`verdict_${verdict}`, { time: clockText(afterMs ?? 0) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
