import { Button, Stack, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { may } from '#protocol/permissions/index';
import { CidText, EmptyState, isLocalOnly, shared } from '../../ui/index.ts';
import { api, useMe } from '../session/index.ts';
import { helpStrings } from './strings.ts';

/** Nobody is on the list: what changes that, as far as this person can. The job stays open beside it. */
export function NobodyToCall({ project: id }: { readonly project: string }) {
  const t = helpStrings.useText();
  const words = shared.useText();
  const me = useMe();
  const { data: project } = useQuery({ queryKey: ['project', id], queryFn: ({ signal }) => api.project(id, signal) });
  const path = `/project/${id}/experts`;
  const planners = project?.members.filter(({ user, role }) => user !== me.id && may(role, 'job.plan')) ?? [];
  const icon = <IconUsers size={28} stroke={1.5} />;
  if (project?.isDemo)
    return (
      <EmptyState
        icon={icon}
        title={t('nobody')}
        text={t('nobodyInDemo')}
        action={
          <Stack gap={4} align="center">
            <CidText value={`${location.origin}${path}`} keep={null} label={t('experts')} />
            {isLocalOnly() && (
              <Text size="xs" c="dimmed">
                {words('linkLocalOnly')}
              </Text>
            )}
          </Stack>
        }
      />
    );
  const mayPlan = project && project.role !== null && may(project.role, 'job.plan');
  const asked = planners.map(({ name }) => name).join(t('comma'));
  return (
    <EmptyState
      icon={icon}
      title={t('nobody')}
      text={mayPlan || asked === '' ? t('nobodyText') : t('nobodyAsk', { names: asked })}
      action={
        <Button component="a" href={path} target="_blank" rel="noreferrer" variant="light">
          {t(mayPlan ? 'addExpert' : 'toExperts')}
        </Button>
      }
    />
  );
}
