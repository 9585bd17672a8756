import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { Project } from '#protocol/api/index';
import { noticeDone, noticeProblem, ProblemNotice, shared } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { projectStrings } from './strings.ts';

export function EditProjectDialog({
  project,
  isOpen,
  onClose,
}: {
  project: Project;
  isOpen: boolean;
  onClose: () => void;
}) {
  const t = projectStrings.useText();
  const words = shared.useText();
  const queries = useQueryClient();
  const [title, setTitle] = useState(project.title);
  const [description, setDescription] = useState(project.description);
  const [isBusy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);

  const save = async (patch: { title: string; description: string }) =>
    queries.setQueryData(['project', project.id], await api.updateProject(project.id, patch));
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setThrown(null);
    const before = { title: project.title, description: project.description };
    try {
      await save({ title: title.trim(), description: description.trim() });
      onClose();
      noticeDone(t('saved'), () => void save(before).catch(noticeProblem));
    } catch (caught) {
      setThrown(caught);
    }
    setBusy(false);
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('edit')} size="lg">
      <form onSubmit={(event) => void onSubmit(event)}>
        <Stack>
          <TextInput
            data-autofocus
            label={t('title')}
            value={title}
            maxLength={200}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Textarea
            label={t('description')}
            autosize
            minRows={3}
            maxRows={12}
            maxLength={4000}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          {thrown !== null && <ProblemNotice thrown={thrown} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words('cancel')}
            </Button>
            <Button type="submit" loading={isBusy} disabled={!title.trim()}>
              {words('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
