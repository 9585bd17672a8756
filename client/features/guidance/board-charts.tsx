import type { JobView } from '#protocol/api/guidance';
import type { JobFigures, JobPlan } from '#protocol/guidance/index';
import { useQuantities } from '../../ui/index.ts';
import { stepTitle } from './guidance.ts';
import css from './guidance.module.css';
import { Section } from './section.tsx';
import { guidanceStrings, type GuidanceWords } from './strings.ts';

interface Props {
  readonly figures: JobFigures;
  readonly jobs: readonly JobView[];
  readonly plans: readonly JobPlan[];
}

/** How long steps take beside what was planned, where time is lost (a Pareto), and what goes wrong. */
export function BoardCharts({ figures, jobs, plans }: Props) {
  const t = guidanceStrings.useText();
  const { duration, share } = useQuantities();
  const nameOf = (step: string) => {
    const job = jobs.find(({ summary }) => summary.titles[step]);
    return job ? stepTitle(job.summary, step) : step;
  };
  const plannedOf = (step: string) =>
    plans.map(({ plannedMs }) => plannedMs?.[step]).find((ms) => ms !== undefined) ?? null;
  const { steps } = figures;
  // As the instruction has them: the Pareto below has them by what they cost.
  const order = jobs.flatMap(({ summary }) => Object.keys(summary.titles));
  const inOrder = [...steps].sort((a, b) => order.indexOf(a.step) - order.indexOf(b.step));
  if (steps.length === 0) return null;
  const mostMs = Math.max(1, ...steps.flatMap(({ step, p90Ms }) => [p90Ms, plannedOf(step) ?? 0]));
  const lost = steps.filter(({ lostMs }) => lostMs > 0);
  const mostLostMs = Math.max(1, ...steps.map(({ lostMs }) => lostMs));
  const hasPlanned = steps.some(({ step }) => plannedOf(step) !== null);
  return (
    <>
      <Section id="cycle-times" title={t('cycleTimes')}>
        <div className={css['scroll']} tabIndex={0} role="group" aria-label={t('cycleTimes')}>
          <table className={`${css['table']} ${css['stacks']}`}>
            <thead>
              <tr>
                <th scope="col">{t('step')}</th>
                <td className={css['barHead']} />
                <th scope="col" className={css['right']}>
                  {t('median')}
                </th>
                <th scope="col" className={css['right']}>
                  {t('p90')}
                </th>
                {hasPlanned && (
                  <th scope="col" className={css['right']}>
                    <span className={css['key']} aria-hidden />
                    {t('planned')}
                  </th>
                )}
                <th scope="col" className={css['right']}>
                  {t('times')}
                </th>
                <th scope="col" className={css['right']}>
                  {t('deviations')}
                </th>
              </tr>
            </thead>
            <tbody>
              {inOrder.map(({ step, medianMs, p90Ms, times, deviations }) => {
                const planned = plannedOf(step);
                return (
                  <tr key={step}>
                    <th scope="row">{nameOf(step)}</th>
                    <td>
                      <div className={css['track']} aria-hidden>
                        <span
                          className={css['fill']}
                          data-bad={planned !== null && medianMs > planned}
                          style={{ width: `${(medianMs / mostMs) * 100}%` }}
                        />
                        {planned !== null && (
                          <span className={css['mark']} style={{ left: `${(planned / mostMs) * 100}%` }} />
                        )}
                      </div>
                    </td>
                    <td className={css['right']} data-label={t('median')}>
                      {duration(medianMs)}
                    </td>
                    <td className={css['right']} data-label={t('p90')}>
                      {duration(p90Ms)}
                    </td>
                    {hasPlanned && (
                      <td className={css['right']} data-label={t('planned')} data-key={true}>
                        {planned === null ? '–' : duration(planned)}
                      </td>
                    )}
                    <td className={css['right']} data-label={t('times')}>
                      {times}
                    </td>
                    <td className={css['right']} data-label={t('deviations')}>
                      {deviations}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </Section>
      {lost.length > 0 && (
        <Section id="pareto" title={t('pareto')} text={t('paretoText')}>
          <div className={css['scroll']} tabIndex={0} role="group" aria-label={t('pareto')}>
            <table className={css['table']}>
              <thead>
                <tr>
                  <th scope="col">{t('step')}</th>
                  <td className={css['barHead']} />
                  <th scope="col" className={css['right']}>
                    {t('lost')}
                  </th>
                  <th scope="col" className={css['right']}>
                    {t('together')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {lost.map(({ step, lostMs, share: sum }) => (
                  <tr key={step}>
                    <th scope="row">{nameOf(step)}</th>
                    <td>
                      <div className={css['track']} aria-hidden>
                        <span
                          className={css['fill']}
                          data-kind="lost"
                          style={{ width: `${(lostMs / mostLostMs) * 100}%` }}
                        />
                      </div>
                    </td>
                    <td className={css['right']}>{duration(lostMs)}</td>
                    <td className={css['right']}>{share(Math.round(sum * 100) * 100)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Section>
      )}
      <Kinds deviations={figures.deviations} t={t} />
    </>
  );
}

function Kinds({ deviations, t }: { readonly deviations: Record<string, number>; readonly t: GuidanceWords }) {
  const rows = Object.entries(deviations).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return null;
  const most = rows[0]![1];
  return (
    <Section id="kinds" title={t('whatGoesWrong')}>
      <div className={css['scroll']} tabIndex={0} role="group" aria-label={t('whatGoesWrong')}>
        <table className={css['table']}>
          <tbody>
            {rows.map(([kind, count]) => (
              <tr key={kind}>
                <th scope="row">{t(`kind_${kind}` as Parameters<GuidanceWords>[0])}</th>
                <td className={css['barHead']}>
                  <div className={css['track']} aria-hidden>
                    <span className={css['fill']} data-kind="lost" style={{ width: `${(count / most) * 100}%` }} />
                  </div>
                </td>
                <td className={css['right']}>{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
