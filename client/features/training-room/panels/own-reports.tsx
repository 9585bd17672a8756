import { Text, Title } from '@mantine/core';
import type { ScoreView } from '#protocol/api/training';
import { judgeReports, reportsIn, secretsIn, truthsOf, type JudgedReport } from '#protocol/training/index';
import { useReadable } from '../../room/room-context.tsx';
import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import css from './panels.module.css';
import { clockText } from './run-panel.tsx';

/** What I said was wrong, and whether it was: told when the seals are open. Times are those that points are given for. */
export function OwnReports({ sheet }: { readonly sheet: ScoreView['sheet'] }) {
  const t = trainingRoomStrings.useText();
  const { session, row, procedure, say } = useRun();
  const document = useReadable(session.document);
  const truths = truthsOf(document, row.id);
  if (!truths) return null;
  const mine = judgeReports(reportsIn(document, row), secretsIn(truths)).filter(({ by }) => by === session.me.user);
  if (mine.length === 0) return null;
  const nameOf = (id: string) => say.text(procedure.workplace.faults.find((one) => one.id === id)?.name ?? {}) || id;
  const passedMs = ({ verdict, fault }: JudgedReport): number => {
    const counted = sheet.faults.find((one) => one.fault === fault);
    return (verdict === 'right' ? counted?.diagnosedAfterMs : counted?.foundAfterMs) ?? 0;
  };
  return (
    <section aria-labelledby="own-reports">
      <Title order={3} size="h4" id="own-reports" mb="xs">
        {t('yourReports')}
      </Title>
      <ul className={css['log']}>
        {mine.map((report, at) => (
          <li key={at} className={css['said']} data-tone={isGood(report) ? 'good' : 'bad'}>
            <Text size="sm" component="span" className="wh-figures">
              {clockText(report.runMs)}
            </Text>
            <span>
              {report.diagnosis === null ? t('namedNothing') : t('named', { fault: nameOf(report.diagnosis) })} –{' '}
              {t(`verdict_${report.verdict}`, { time: clockText(passedMs(report)) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const isGood = ({ verdict }: JudgedReport): boolean => verdict === 'right' || verdict === 'found';
