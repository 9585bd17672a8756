import { Button, Collapse, Group, Modal, MultiSelect, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CourseView } from '#protocol/api/courses';
import type { Project } from '#protocol/api/index';
import { textIn } from '#protocol/procedures/index';
import { currentLanguage, noticeDone, ProblemNotice, shared } from '../../../ui/index.ts';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';
import { GroupForm } from './group-form.tsx';

interface Props {
  readonly project: Project;
  readonly view: CourseView;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** The last moment of a day of the calendar, in the person's own time zone; an empty field is no day. */
export const endOfDay = (day: string): number | null => (day ? new Date(`${day}T23:59:59`).getTime() : null);

/** Who has to do it until when; a group is made on the way. */
export function AssignDialog({ project, view, isOpen, onClose }: Props) {
  const t = trainingStrings.useText();
  const words = shared.useText();
  const queries = useQueryClient();
  const [people, setPeople] = useState<string[]>([]);
  const [groups, setGroups] = useState<string[]>([]);
  const [day, setDay] = useState('');
  const [isGrouping, grouping] = useDisclosure();
  const known = useQuery({
    queryKey: ['groups', project.id],
    queryFn: ({ signal }) => training.groups(project.id, signal),
    enabled: isOpen,
  });
  const members = project.members.map(({ user, name }) => ({ value: user as string, label: name }));
  const assign = useMutation({
    mutationFn: () => training.assign(view.id, { people, groups, dueAt: endOfDay(day) }),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['standings', view.id] }),
        queries.invalidateQueries({ queryKey: ['courses', project.id] }),
      ]);
      noticeDone(t('assigned'));
      onClose();
    },
  });
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('assignTitle', { course: textIn(view.course.title, currentLanguage(), 'en') })}
    >
      <Stack>
        <MultiSelect label={t('assignPeople')} searchable data={members} value={people} onChange={setPeople} />
        <MultiSelect
          label={t('assignGroups')}
          data={(known.data?.groups ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={groups}
          onChange={setGroups}
        />
        <div>
          <Button variant="subtle" size="compact-sm" aria-expanded={isGrouping} onClick={grouping.toggle}>
            {t('newGroup')}
          </Button>
          <Collapse expanded={isGrouping}>
            <GroupForm
              project={project.id}
              members={members}
              onDone={(id) => {
                setGroups([...groups, id]);
                grouping.close();
              }}
            />
          </Collapse>
        </div>
        <TextInput
          type="date"
          label={t('assignDue')}
          description={t('assignNoDue')}
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        {assign.error && <ProblemNotice thrown={assign.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words('cancel')}
          </Button>
          <Button
            disabled={people.length + groups.length === 0}
            loading={assign.isPending}
            onClick={() => assign.mutate()}
          >
            {t('assign')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
