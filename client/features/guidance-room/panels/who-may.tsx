import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { may, type Action } from '#protocol/permissions/index';
import { HALL_AUTHOR } from '#protocol/training/ids';
import { api } from '../../session/index.ts';
import { useJob } from '../job-context.tsx';
import { guidanceRoomStrings } from '../strings.ts';

/** Who of the project can do it, by name; where nobody can, how somebody comes to. Without the hall nothing is said. */
export function WhoMay({ action }: { readonly action: Action }) {
  const t = guidanceRoomStrings.useText();
  const { info, me } = useJob();
  const id = info.project;
  const { data: project } = useQuery({
    queryKey: ['project', id],
    queryFn: ({ signal }) => api.project(id!, signal),
    enabled: id !== null,
  });
  if (!project) return null;
  const names = project.members
    .filter(({ user, role }) => user !== me.user && user !== HALL_AUTHOR && may(role, action))
    .map(({ name }) => name);
  if (names.length > 0) return <Text size="sm">{t('theyCan', { names: names.join(t('comma')) })}</Text>;
  return (
    <Text size="sm">
      {t(project.isDemo ? 'nobodyCanInDemo' : 'nobodyCan')}{' '}
      <Anchor href={`/project/${id}#members`} target="_blank" rel="noreferrer">
        {t('toMembers')}
      </Anchor>
    </Text>
  );
}
