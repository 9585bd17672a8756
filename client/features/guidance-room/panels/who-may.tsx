import { Anchor, Text } from '@mantine/core';
import type { Deviation } from '#protocol/guidance/index';
import { may, type Action } from '#protocol/permissions/index';
import { HALL_AUTHOR } from '#protocol/training/ids';
import { useJob } from '../job-context.tsx';
import { guidanceRoomStrings } from '../strings.ts';
import { useDeciders, useProject } from '../use-deciders.ts';

/** Who of the project can do it, by name; where nobody can, how somebody comes to. Without the hall nothing is said. */
export function WhoMay({ action }: { readonly action: Action }) {
  const t = guidanceRoomStrings.useText();
  const { info, me } = useJob();
  const id = info.project;
  const project = useProject(id);
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

/** Who can decide about a deviation, by name. */
export function WhoDecides({ deviation }: { readonly deviation: Deviation }) {
  const t = guidanceRoomStrings.useText();
  const { info, document } = useJob();
  const names = new Set(Object.values(useDeciders(document, deviation, info.project)).flat());
  if (names.size === 0) return <span>{t('somebodyDecides')}</span>;
  return <span>{t('theyDecide', { names: [...names].join(t('comma')) })}</span>;
}
