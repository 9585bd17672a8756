import { Text, Title } from '@mantine/core';
import { useQuantities } from '../../../ui/index.ts';
import type { ComparedStep, Comparison } from '../model/comparison.ts';
import type { Examined } from '../model/examine.ts';
import type { RunWords } from '../model/words.ts';
import { trainingStrings } from '../strings.ts';
import list from '../views/training.module.css';
import css from './debrief.module.css';
import { PointsTrend } from './points-trend.tsx';

const MARKS = ['beforeMs', 'classMs', 'bestMs', 'expertMs'] as const;

interface Props {
  readonly examined: Examined;
  readonly comparison: Comparison;
  readonly words: RunWords;
}

/** Each step with its time as a bar, and where earlier runs, the class, the best and the expert stand on the same scale. */
export function StepSection({ examined, comparison, words }: Props) {
  const t = trainingStrings.useText();
  const { number } = useQuantities();
  const { steps, earlier, classRuns, best, expert } = comparison;
  const time = (ms: number) => `${number(ms / 1000, 1)} s`;
  const mostMs = Math.max(1, ...steps.flatMap((one) => [one.ms, ...MARKS.map((mark) => one[mark] ?? 0)]));
  const shown = MARKS.filter((mark) => steps.some((one) => one[mark] !== null));
  const names = { beforeMs: t('before'), classMs: t('ofClass'), bestMs: t('ofBest'), expertMs: t('ofExpert') };
  return (
    <section className={css['section']} aria-labelledby="steps">
      <Title order={2} id="steps" mb="sm">
        {t('perStep')}
      </Title>
      <div className={list['scroll']} tabIndex={0} role="group" aria-label={t('perStep')}>
        <table className={`${list['table']} ${css['figures']}`}>
          <thead>
            <tr>
              <th scope="col">{t('step')}</th>
              <th scope="col" className={css['barHead']}>
                {t('timeTaken')}
              </th>
              <th scope="col" className={list['figure']}>
                {t('errors')}
              </th>
              <th scope="col" className={`${list['figure']} ${css['attempts']}`}>
                {t('attempts')}
              </th>
              {shown.map((mark) => (
                <th key={mark} scope="col" className={list['figure']}>
                  <span className={css['key']} data-mark={mark} aria-hidden /> {names[mark]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.map((one) => (
              <tr key={one.step}>
                <th scope="row">{words.step(one.step)}</th>
                <td>
                  <Bar step={one} mostMs={mostMs} time={time(one.ms)} />
                </td>
                <td className={list['figure']} data-bad={one.errors > 0}>
                  {one.errors}
                </td>
                <td className={`${list['figure']} ${css['attempts']}`}>{one.attempts}</td>
                {shown.map((mark) => (
                  <td key={mark} className={list['figure']}>
                    {one[mark] === null ? '–' : time(one[mark])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Text size="sm" c="dimmed" mt={6}>
        {[
          earlier.length > 0 && t('beforeText', { count: earlier.length }),
          classRuns > 0 ? t('classText', { count: classRuns }) : t('classTooSmall'),
          best && t('bestText'),
          expert && t('expertText'),
        ]
          .filter(Boolean)
          .join(' ')}
      </Text>
      {earlier.length > 0 && <PointsTrend earlier={earlier} examined={examined} />}
    </section>
  );
}

interface BarProps {
  readonly step: ComparedStep;
  readonly mostMs: number;
  readonly time: string;
}

/** The figure stands beside it, so the bar itself says nothing. */
function Bar({ step, mostMs, time }: BarProps) {
  return (
    <div className={css['bar']}>
      <span className={css['barTrack']} aria-hidden>
        <span className={css['barFill']} data-bad={step.errors > 0} style={{ width: `${(step.ms / mostMs) * 100}%` }} />
        {MARKS.map((mark) => {
          const ms = step[mark];
          return (
            ms !== null && (
              <span key={mark} className={css['mark']} data-mark={mark} style={{ left: `${(ms / mostMs) * 100}%` }} />
            )
          );
        })}
      </span>
      <span className="wh-figures">{time}</span>
    </div>
  );
}
