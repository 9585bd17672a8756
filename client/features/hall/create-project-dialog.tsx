import { Button, CloseButton, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { ProblemNotice, shared, useQuantities, useTouch } from '../../ui/index.ts';
import { FileDrop } from '../project/file-drop.tsx';
import { imports } from '../project/index.ts';
import { api } from '../session/index.ts';
import { hallStrings } from './strings.ts';
import { titleOfFile } from './title-of-file.ts';

interface Props {
  /** Dropped on the page before the dialog opened. */
  readonly file: File | null;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Title, and optionally the file the project starts with; its import runs on the project's page. */
export function CreateProjectDialog({ file: dropped, isOpen, onClose }: Props) {
  const t = hallStrings.useText();
  const words = shared.useText();
  const { bytes } = useQuantities();
  const isTouch = useTouch();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [file, setFile] = useState(dropped);
  const [title, setTitle] = useState(dropped ? titleOfFile(dropped.name) : '');
  const [description, setDescription] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);

  const choose = (chosen: File) => {
    setFile(chosen);
    setTitle((now) => now || titleOfFile(chosen.name));
  };
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setThrown(null);
    try {
      const project = await api.createProject({ title: title.trim(), description: description.trim() });
      queries.setQueryData(['project', project.id], project);
      void queries.invalidateQueries({ queryKey: ['projects'] });
      if (file) imports.start(project, file);
      onClose();
      await navigate(`/project/${project.id}`);
    } catch (caught) {
      setThrown(caught);
    }
    setBusy(false);
  };

  return (
    <Modal opened={isOpen} onClose={onClose} title={t('createTitle')} size="lg">
      <form onSubmit={(event) => void onSubmit(event)}>
        <Stack>
          <TextInput
            data-autofocus
            required
            label={t('projectTitle')}
            placeholder={t('projectTitlePlaceholder')}
            value={title}
            maxLength={200}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          {file ? (
            <Group
              justify="space-between"
              wrap="nowrap"
              p="sm"
              bg="var(--wh-surface-sunken)"
              style={{ borderRadius: 6 }}
            >
              <Text size="sm">
                {t('fileChosen', { name: file.name })}{' '}
                <Text span inherit c="dimmed">
                  {bytes(file.size)}
                </Text>
              </Text>
              <CloseButton aria-label={t('removeFile')} onClick={() => setFile(null)} />
            </Group>
          ) : (
            <FileDrop title={t(isTouch ? 'dropFileTouch' : 'dropFile')} hint={t('dropFileHint')} onFile={choose} />
          )}
          <Textarea
            label={t('description')}
            description={t('descriptionHint')}
            autosize
            minRows={2}
            maxRows={8}
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
              {t('create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
