import { Title } from '@mantine/core';
import { useQuantities } from '../../../ui/index.ts';
import type { Examined, OtherRun } from '../model/examine.ts';
import { trainingStrings } from '../strings.ts';
import css from './debrief.module.css';

interface Props {
  /** Of the same people, oldest first. */
  readonly earlier: readonly OtherRun[];
  readonly examined: Examined;
}

/** Points of each run of these people up to this one, as columns with the pass mark across. */
export function PointsTrend({ earlier, examined }: Props) {
  const t = trainingStrings.useText();
  const { dateTime } = useQuantities();
  const { run, sheet } = examined;
  const runs = [
    ...earlier,
    { run: run.id, startedAtMs: run.startedAtMs, points: sheet.points, full: sheet.full, isPassed: sheet.isPassed },
  ];
  return (
    <div style={{ marginTop: 24 }}>
      <Title order={3} mb="sm">
        {t('progressOver')}
      </Title>
      <div className={css['panel']}>
        <ol
          className={css['trend']}
          tabIndex={0}
          aria-label={t('progressOver')}
          style={{ '--pass': `${(sheet.passMark / sheet.full) * 100}%` } as object}
        >
          {runs.map((one, at) => (
            <li key={one.run} title={dateTime(one.startedAtMs)}>
              <span className={css['column']} data-passed={one.isPassed} data-now={one.run === run.id}>
                <span style={{ height: `${(one.points / one.full) * 100}%` }} />
              </span>
              <span className="wh-figures">{one.points}</span>
              <span className={css['dim']}>{t('runNumber', { n: at + 1 })}</span>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}
