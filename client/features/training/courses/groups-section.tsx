import { ActionIcon, Modal, Text, Title } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Project } from '#protocol/api/index';
import { letGo } from '../model/let-go.ts';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';
import list from '../views/training.module.css';
import { GroupForm } from './group-form.tsx';

/** Groups of the project; they are made where a course is assigned, changed and let go here. */
export function GroupsSection({
  project: { id: project, members },
  course,
}: {
  readonly project: Project;
  readonly course: string;
}) {
  const t = trainingStrings.useText();
  const queries = useQueryClient();
  const [editing, setEditing] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<readonly string[]>([]);
  const known = useQuery({
    queryKey: ['groups', project],
    queryFn: ({ signal }) => training.groups(project, signal),
  });
  const shown = (known.data?.groups ?? []).filter(({ id }) => !leaving.includes(id));
  const edited = shown.find(({ id }) => id === editing);
  if (shown.length === 0) return null;
  const remove = (id: string, name: string) => {
    setLeaving((before) => [...before, id]);
    letGo(t('groupLeaves', { name }), {
      act: () => training.removeGroup(id),
      done: () =>
        void Promise.all(
          [
            ['groups', project],
            ['standings', course],
            ['courses', project],
          ].map((queryKey) => queries.invalidateQueries({ queryKey })),
        ),
      back: () => setLeaving((before) => before.filter((one) => one !== id)),
    });
  };
  return (
    <section className={list['section']} aria-labelledby="groups">
      <Title order={2} id="groups" mb="sm">
        {t('groups')}
      </Title>
      <ul className={list['rows']}>
        {shown.map(({ id, name, members: people }) => (
          <li key={id} className={list['row']}>
            <div className={list['grow']}>
              <Text fw={560} style={{ overflowWrap: 'anywhere' }}>
                {name}
              </Text>
              <Text size="sm" c="dimmed">
                {t('peopleInGroup', { count: people.length })}
              </Text>
            </div>
            <ActionIcon aria-label={t('editGroup', { name })} onClick={() => setEditing(id)}>
              <IconPencil size={18} stroke={1.7} />
            </ActionIcon>
            <ActionIcon aria-label={t('removeGroup', { name })} onClick={() => remove(id, name)}>
              <IconTrash size={18} stroke={1.7} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {edited && (
        <Modal opened onClose={() => setEditing(null)} title={t('editGroup', { name: edited.name })}>
          <Text size="sm" c="dimmed">
            {t('groupHint')}
          </Text>
          <GroupForm
            project={project}
            group={edited}
            members={members.map(({ user, name }) => ({ value: user as string, label: name }))}
            onDone={() => setEditing(null)}
          />
        </Modal>
      )}
    </section>
  );
}
