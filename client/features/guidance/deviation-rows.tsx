import { Group, Text } from '@mantine/core';
import type { JobView } from '#protocol/api/guidance';
import { may, type Role } from '#protocol/permissions/index';
import { StatusBadge, useQuantities } from '../../ui/index.ts';
import { sayFacts } from './deviation-facts.ts';
import { stepTitle } from './guidance.ts';
import css from './guidance.module.css';
import { ReasonButton } from './reason-button.tsx';
import { Section } from './section.tsx';
import { guidanceStrings } from './strings.ts';

/** Deviations that wait, oldest first, each with the decision in place. */
export function DeviationRows({ jobs, role }: { readonly jobs: readonly JobView[]; readonly role: Role | null }) {
  const t = guidanceStrings.useText();
  const { ago } = useQuantities();
  const waiting = jobs
    .flatMap((job) => job.summary.deviations.filter(({ isOpen }) => isOpen).map((deviation) => ({ job, deviation })))
    .sort((a, b) => a.deviation.atMs - b.deviation.atMs);
  return (
    <Section id="deviations" title={t('deviations')}>
      {waiting.length === 0 ? (
        <Text c="dimmed">{t('noDeviations')}</Text>
      ) : (
        <ul className={css['rows']}>
          {waiting.map(({ job, deviation }) => {
            const { id, kind, step, text, facts, atMs, count, disposition } = deviation;
            const about = sayFacts(job.summary, facts, t);
            const decide = (how: 'rework' | 'concession' | 'scrap') => (reason: string, releasesStep: boolean) => ({
              deviation: id,
              disposition: how,
              reason,
              releasesStep,
            });
            return (
              <li key={`${job.room}/${id}`} className={css['row']}>
                <div className={css['grow']}>
                  <Text fw={560}>
                    {t(`kind_${kind}`)}
                    {count > 1 && ` × ${count}`}
                  </Text>
                  <div className={css['facts']}>
                    <span>{job.title}</span>
                    <span>{job.summary.station}</span>
                    {step !== null && <span>{stepTitle(job.summary, step)}</span>}
                    <span>{ago(atMs, Date.now())}</span>
                  </div>
                  <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                    {[text, about.join(' · ')].filter(Boolean).join(' – ')}
                  </Text>
                </div>
                {disposition === 'rework' ? (
                  <StatusBadge status="active">{t('inRework')}</StatusBadge>
                ) : (
                  role !== null && (
                    <Group gap="xs">
                      {may(role, 'job.act') && (
                        <ReasonButton
                          label={t('rework')}
                          room={job.room}
                          type="deviation.dispose"
                          payload={decide('rework')}
                        />
                      )}
                      {may(role, 'job.concede') && (
                        <ReasonButton
                          label={t('concession')}
                          room={job.room}
                          type="deviation.dispose"
                          tick={t('releasesStep')}
                          payload={decide('concession')}
                        />
                      )}
                      {may(role, 'job.supervise') && (
                        <ReasonButton
                          label={t('scrap')}
                          color="var(--wh-stop)"
                          room={job.room}
                          type="deviation.dispose"
                          payload={decide('scrap')}
                        />
                      )}
                    </Group>
                  )
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}
