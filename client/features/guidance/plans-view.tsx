import { Button, Group, Stack, Text } from '@mantine/core';
import { IconListCheck, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Project } from '#protocol/api/index';
import type { JobPlan } from '#protocol/guidance/index';
import { may } from '#protocol/permissions/index';
import { textIn } from '#protocol/procedures/index';
import { currentLanguage, EmptyState, ProblemNotice, Wait } from '../../ui/index.ts';
import { procedures } from '../procedures/procedures.ts';
import { ChangesPanel } from './changes-panel.tsx';
import css from './guidance.module.css';
import { newPlan } from './plan-draft.ts';
import { PlanEditor } from './plan-editor.tsx';
import { guidanceStrings } from './strings.ts';
import { usePlans } from './use-jobs.ts';

/** How each product type is made: which release, what a real product needs besides, the kit and the tools. */
export function PlansView({ project }: { readonly project: Project }) {
  const t = guidanceStrings.useText();
  const plans = usePlans(project.id);
  const list = useQuery({
    queryKey: ['procedures', project.id],
    queryFn: ({ signal }) => procedures.list(project.id, signal),
  });
  const [edited, setEdited] = useState<JobPlan | null>(null);
  const failed = plans.error ?? list.error;
  if (failed) return <ProblemNotice thrown={failed} onRetry={() => void plans.refetch()} />;
  if (!plans.data || !list.data) return <Wait />;
  const released = list.data.procedures.filter(({ releases }) => releases.length > 0);
  const releases = released.flatMap((one) =>
    one.releases.map(({ cid, release }) => ({
      cid,
      name: `${textIn(one.title, currentLanguage(), 'en')} · ${t('revision', { n: release })}`,
    })),
  );
  const mayPlan = project.role !== null && may(project.role, 'job.plan');
  if (edited)
    return (
      <PlanEditor
        key={edited.productType}
        project={project}
        plan={edited}
        planned={plans.data.plans.map(({ plan }) => plan.productType)}
        releases={releases}
        onClose={() => setEdited(null)}
      />
    );
  const [first] = releases;
  const button = mayPlan && first && (
    <Button
      variant="default"
      leftSection={<IconPlus size={18} aria-hidden />}
      onClick={() => setEdited(newPlan(first.cid))}
    >
      {t('newPlan')}
    </Button>
  );
  if (plans.data.plans.length === 0)
    return (
      <EmptyState
        icon={<IconListCheck size={40} stroke={1.2} />}
        title={t('noPlans')}
        text={t(first ? 'noPlansText' : 'noReleaseForPlan')}
        action={
          button ||
          (mayPlan && (
            <Button component={Link} to={`/project/${project.id}`} variant="default">
              {t('toProcedures')}
            </Button>
          )) ||
          undefined
        }
      />
    );
  return (
    <Stack gap="lg">
      <ChangesPanel project={project} />
      <Group justify="flex-end">{button}</Group>
      <ul className={css['rows']}>
        {plans.data.plans.map(({ plan }) => (
          <li key={plan.productType} className={css['row']}>
            <div className={css['grow']}>
              <Text fw={560}>{plan.title}</Text>
              <div className={css['facts']}>
                <span>{plan.productType}</span>
                <span>{releases.find(({ cid }) => cid === plan.release)?.name}</span>
                <span>{t('gatesCount', { count: plan.gates.length })}</span>
                <span>{t('kitCount', { count: plan.kit.length })}</span>
                <span>{t(`rule_${plan.onNewRelease}`)}</span>
              </div>
            </div>
            {mayPlan && (
              <Button variant="default" aria-label={`${t('edit')}: ${plan.title}`} onClick={() => setEdited(plan)}>
                {t('edit')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Stack>
  );
}
