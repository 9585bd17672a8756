import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Project } from '#protocol/api/index';
import { DEMO_ROLES, DemoRole } from '#protocol/permissions/index';
import { noticeProblem, roleName, shared } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { projectStrings } from './strings.ts';

/** Another role in the demo; everything that depends on it is asked for again. */
export function useDemoRole(project: Pick<Project, 'id'>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (role: DemoRole) => api.tryOnRole(project.id, role),
    onSuccess: async (changed) => {
      queries.setQueryData(['project', project.id], changed);
      await queries.invalidateQueries();
    },
    onError: noticeProblem,
  });
}

/** Whether this person chooses their role here: in the demo, unless an owner gave them another. */
export const mayTryRoles = ({ isDemo, role }: Pick<Project, 'isDemo' | 'role'>): boolean =>
  isDemo && DemoRole.safeParse(role).success;

/** Beside the members of the demo: who plays what decides what one sees, and nobody is at hand who could give roles. */
export function DemoRoleChoice({ project }: { readonly project: Project }) {
  const t = projectStrings.useText();
  const words = shared.useText();
  const change = useDemoRole(project);
  if (!mayTryRoles(project)) return null;
  return (
    <Group gap="xs" mb="sm" align="center">
      <Text size="sm" c="dimmed" style={{ flex: '1 1 220px' }}>
        {t('demoRoleText')}
      </Text>
      <SegmentedControl
        aria-label={t('demoRole')}
        size="sm"
        disabled={change.isPending}
        value={project.role ?? 'designer'}
        onChange={(role) => change.mutate(DemoRole.parse(role))}
        data={DEMO_ROLES.map((value) => ({ value, label: roleName(words, value) }))}
      />
    </Group>
  );
}

/** The way into what only supervisors have. */
export function BeSupervisor({ project }: { readonly project: Project }) {
  const t = projectStrings.useText();
  const change = useDemoRole(project);
  return (
    <Button loading={change.isPending} onClick={() => change.mutate('supervisor')}>
      {t('beSupervisor')}
    </Button>
  );
}
