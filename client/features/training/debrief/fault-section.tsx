import { Text, Title } from '@mantine/core';
import { clockText } from '../model/clock-text.ts';
import type { Examined } from '../model/examine.ts';
import { faultRows } from '../model/fault-rows.ts';
import type { RunWords } from '../model/words.ts';
import { trainingStrings } from '../strings.ts';
import list from '../views/training.module.css';
import css from './debrief.module.css';

interface Props {
  readonly examined: Examined;
  readonly words: RunWords;
}

/** Which faults were injected, whether they were found and named, and what was said beside the truth. */
export function FaultSection({ examined, words }: Props) {
  const t = trainingStrings.useText();
  const { story, run } = examined;
  const rows = faultRows(story);
  const wrong = story.reports.filter(({ isRight }) => !isRight);
  const name = (id: string) => run.participants.find((one) => one.id === id)?.name ?? id;
  if (rows.length === 0 && wrong.length === 0) return null;
  return (
    <section className={css['section']} aria-labelledby="faults">
      <Title order={2} id="faults" mb="sm">
        {t('lane_faults')}
      </Title>
      {rows.length > 0 && (
        <div className={list['scroll']} tabIndex={0} role="group" aria-label={t('lane_faults')}>
          <table className={`${list['table']} ${css['figures']}`}>
            <thead>
              <tr>
                <th scope="col">{t('fault')}</th>
                <th scope="col">{t('injected')}</th>
                <th scope="col">{t('found')}</th>
                <th scope="col">{t('named')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ fault, injectedMs, foundAfterMs, namedAfterMs, namedBy }) => (
                <tr key={fault}>
                  <th scope="row">{words.fault(fault)}</th>
                  <td>{t('atTime', { time: clockText(injectedMs) })}</td>
                  <td>{foundAfterMs === null ? t('notFound') : t('afterTime', { time: clockText(foundAfterMs) })}</td>
                  <td>
                    {namedAfterMs === null ? t('notDiagnosed') : t('afterTime', { time: clockText(namedAfterMs) })}
                    {namedBy && `, ${name(namedBy)}`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {wrong.map(({ atMs, by, diagnosis }) => (
        <Text key={`${atMs} ${by}`} size="sm" mt={6}>
          {t('saidWrongly', {
            time: clockText(atMs),
            name: name(by),
            what: diagnosis === null ? t('somethingWrong') : words.fault(diagnosis),
          })}
        </Text>
      ))}
    </section>
  );
}
