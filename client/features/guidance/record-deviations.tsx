import { Text } from '@mantine/core';
import type { ToldDeviation } from '#protocol/guidance/index';
import { StatusBadge, useQuantities } from '../../ui/index.ts';
import css from './guidance.module.css';
import { Section } from './section.tsx';
import { guidanceStrings } from './strings.ts';

/** What was not as the instruction has it: where, what was found in the place of what, and what somebody decided about it. */
export function RecordDeviations({ deviations }: { readonly deviations: readonly ToldDeviation[] }) {
  const t = guidanceStrings.useText();
  return (
    <Section id="deviations" title={t('deviations')} size="h3">
      {deviations.length === 0 ? (
        <Text c="dimmed">{t('noneAtAll')}</Text>
      ) : (
        <ul className={css['rows']}>
          {deviations.map((one) => (
            <li key={one.id} className={css['row']}>
              <Deviation told={one} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Deviation({ told }: { readonly told: ToldDeviation }) {
  const t = guidanceStrings.useText();
  const { dateTime } = useQuantities();
  const { kind, count, where, about, found, expected, atMs, by, text, decision, decidedAtMs, again } = told;
  return (
    <div className={css['grow']}>
      <Text fw={600}>
        {kind}
        {count > 1 && ` × ${count}`}
      </Text>
      <div className={css['facts']}>
        {where && <span>{where}</span>}
        <span>{dateTime(atMs)}</span>
        {by !== null && <span>{by}</span>}
      </div>
      {about !== null && <Text size="sm">{about}</Text>}
      {(found !== null || expected !== null) && (
        <dl className={css['finding']}>
          {found !== null && (
            <div>
              <dt>{t('foundName')}</dt>
              <dd>{found}</dd>
            </div>
          )}
          {expected !== null && (
            <div>
              <dt>{t('expectedName')}</dt>
              <dd>{expected}</dd>
            </div>
          )}
        </dl>
      )}
      {text && <Text size="sm">{text}</Text>}
      {decidedAtMs === null ? (
        <StatusBadge status="stop">{decision}</StatusBadge>
      ) : (
        <Text size="sm" mt={2}>
          {[decision, dateTime(decidedAtMs), again].filter(Boolean).join(' · ')}
        </Text>
      )}
    </div>
  );
}
