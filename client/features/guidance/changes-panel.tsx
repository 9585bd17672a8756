import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFileDiff } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Project } from '#protocol/api/index';
import type { InstructionChanges } from '#protocol/api/guidance';
import { may } from '#protocol/permissions/index';
import { diffProcedures } from '#protocol/procedures/index';
import { currentLanguage, noticeDone, noticeProblem, ProblemNotice, StatusBadge, Wait } from '../../ui/index.ts';
import { changeLines } from '../procedures/model/diff-words.ts';
import { procedures } from '../procedures/procedures.ts';
import { procedureStrings } from '../procedures/strings.ts';
import { guidance } from './guidance.ts';
import css from './guidance.module.css';
import { ReasonButton } from './reason-button.tsx';
import { Section } from './section.tsx';
import { guidanceStrings } from './strings.ts';
import { useChanges, useJobs, usePlans } from './use-jobs.ts';

/** Newer instructions: what changed, which plans could take them, and which running jobs stay, wait or ask. */
export function ChangesPanel({ project }: { readonly project: Project }) {
  const t = guidanceStrings.useText();
  const changes = useChanges(project.id);
  if (changes.error) return <ProblemNotice thrown={changes.error} onRetry={() => void changes.refetch()} />;
  const { plans = [], jobs = [] } = changes.data ?? {};
  if (plans.length + jobs.length === 0) return null;
  return (
    <Section id="instructions" title={t('newInstructions')}>
      <ul className={css['rows']}>
        {plans.map((one) => (
          <PlanChange key={one.productType} project={project} change={one} />
        ))}
        {jobs.map((one) => (
          <JobChange key={one.room} project={project} change={one} />
        ))}
      </ul>
    </Section>
  );
}

interface PlanProps {
  readonly project: Project;
  readonly change: InstructionChanges['plans'][number];
}

function PlanChange({ project, change }: PlanProps) {
  const t = guidanceStrings.useText();
  const queries = useQueryClient();
  const take = useMutation({
    mutationFn: () => guidance.takeRelease(project.id, change.productType, change.newest.release),
    onSuccess: async () => {
      noticeDone(t('taken', { n: change.newest.revision }));
      await queries.invalidateQueries();
    },
    onError: noticeProblem,
  });
  return (
    <li className={css['row']}>
      <div className={css['grow']}>
        <Text fw={560}>{t('planIsBehind', { product: change.productType, n: change.newest.revision })}</Text>
        <div className={css['facts']}>
          <span>{t('runsRevision', { n: change.revision })}</span>
          {change.newest.note && <span>“{change.newest.note}”</span>}
        </div>
        {change.fault && (
          <Text size="sm" c="var(--wh-attention)">
            {t('doesNotFit')} {t(`fault_${change.fault.key}` as 'fault_no_such_step')}
          </Text>
        )}
        <Difference before={change.release} after={change.newest.release} />
      </div>
      {project.role !== null && may(project.role, 'job.plan') && (
        <Button
          variant="default"
          loading={take.isPending}
          disabled={change.fault !== null}
          onClick={() => take.mutate()}
        >
          {t('take', { n: change.newest.revision })}
        </Button>
      )}
    </li>
  );
}

interface JobProps {
  readonly project: Project;
  readonly change: InstructionChanges['jobs'][number];
}

function JobChange({ project, change }: JobProps) {
  const t = guidanceStrings.useText();
  const jobs = useJobs(project.id);
  const plans = usePlans(project.id);
  const job = jobs.data?.jobs.find(({ room }) => room === change.room);
  const plan = plans.data?.plans.find(({ plan: one }) => one.productType === job?.summary.productType)?.plan;
  const mayDecide = project.role !== null && may(project.role, 'job.supervise');
  const decide = (decision: 'migrate' | 'stay') => (reason: string) => ({
    release: change.to.release,
    decision,
    reason,
  });
  return (
    <li className={css['row']}>
      <div className={css['grow']}>
        <Text fw={560}>{t('jobIsBehind', { serial: change.serial, station: change.station })}</Text>
        <div className={css['facts']}>
          <span>{t('fromTo', { from: change.revision, to: change.to.revision })}</span>
          {change.change === 'waits' && change.reasons.length > 0 && <span>{t('notHereYet')}</span>}
          {change.change === 'away' && <span>{t('takenBy', { names: change.takenBy.join(t('comma')) })}</span>}
        </div>
        {job && plan && job.summary.release && <Difference before={job.summary.release} after={plan.release} />}
      </div>
      <StatusBadge status={change.change === 'asks' ? 'attention' : change.change === 'stays' ? 'quiet' : 'active'}>
        {t(`change_${change.change}`)}
      </StatusBadge>
      {mayDecide && change.change !== 'waits' && change.change !== 'away' && (
        <ReasonButton label={t('migrate')} room={change.room} type="job.revise" payload={decide('migrate')} />
      )}
      {mayDecide && change.change !== 'stays' && (
        <ReasonButton label={t('stay')} room={change.room} type="job.revise" payload={decide('stay')} />
      )}
    </li>
  );
}

function Difference({ before, after }: { readonly before: string; readonly after: string }) {
  const t = guidanceStrings.useText();
  const words = procedureStrings.useText();
  const [isOpen, open] = useDisclosure();
  const both = useQuery({
    queryKey: ['release-diff', before, after],
    queryFn: ({ signal }) => Promise.all([procedures.released(before, signal), procedures.released(after, signal)]),
    enabled: isOpen,
    staleTime: Infinity,
  });
  const lines = both.data
    ? changeLines(
        both.data[0].procedure,
        both.data[1].procedure,
        diffProcedures(both.data[0].procedure, both.data[1].procedure),
        currentLanguage(),
        words,
      )
    : [];
  return (
    <>
      <Group gap="xs" mt={4}>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          aria-expanded={isOpen}
          leftSection={<IconFileDiff size={16} stroke={1.7} aria-hidden />}
          onClick={open.toggle}
        >
          {t('whatChanged')}
        </Button>
      </Group>
      {isOpen && both.isPending && <Wait />}
      {isOpen && both.error && <ProblemNotice thrown={both.error} />}
      {isOpen && both.data && (
        <ul className={css['changes']}>
          {lines.map(({ key, sign, text }) => (
            <li key={key}>
              {sign} {text}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
