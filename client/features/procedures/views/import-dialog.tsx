import { Button, FileInput, Group, List, Modal, Stack, Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { WorkhallError } from '#protocol/errors';
import { currentLanguage, ProblemNotice, shared } from '../../../ui/index.ts';
import { formatOf } from '../model/import-format.ts';
import { procedures } from '../procedures.ts';
import { procedureStrings } from '../strings.ts';

interface Props {
  readonly project: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** The new procedure, once its author has seen what was lost. */
  readonly onOpen: (id: string) => void;
}

/** A file of ours, of VR Builder, or the two of ARLEM; what could not be carried over is told before going on. */
export function ImportDialog({ project, isOpen, onClose, onOpen }: Props) {
  const t = procedureStrings.useText();
  const words = shared.useText();
  const [files, setFiles] = useState<File[]>([]);
  const bring = useMutation({
    mutationFn: async () => {
      const read = await Promise.all(files.map(async (file) => jsonOf(await file.text(), file.name)));
      const byFormat = new Map(read.map((file) => [formatOf(file), file]));
      if (byFormat.has('workhall'))
        return procedures.import(project, { format: 'workhall', file: byFormat.get('workhall') });
      if (byFormat.has('vr-builder'))
        return procedures.import(project, {
          format: 'vr-builder',
          file: byFormat.get('vr-builder'),
          language: currentLanguage(),
        });
      const [activity, workplace] = [byFormat.get('arlem-activity'), byFormat.get('arlem-workplace')];
      if (activity && workplace) return procedures.import(project, { format: 'arlem', activity, workplace });
      throw activity || workplace ? incomplete() : unknown(files.map(({ name }) => name).join(', '));
    },
  });
  const close = () => {
    setFiles([]);
    bring.reset();
    onClose();
  };
  return (
    <Modal opened={isOpen} onClose={close} title={t('importTitle')} size="lg">
      <Stack>
        {bring.data ? (
          <>
            <Text>
              {bring.data.losses.length === 0 ? t('importWhole') : t('importLost', { count: bring.data.losses.length })}
            </Text>
            <List size="sm">
              {bring.data.losses.map(({ key, where, what }, at) => (
                <List.Item key={`${key}.${at}`}>
                  <Text span ff="monospace" fz="xs">
                    {where}
                  </Text>{' '}
                  {what}
                </List.Item>
              ))}
            </List>
            <Group justify="flex-end">
              <Button data-autofocus onClick={() => onOpen(bring.data.id)}>
                {t('openImported')}
              </Button>
            </Group>
          </>
        ) : (
          <>
            <Text size="sm">{t('importText')}</Text>
            <FileInput
              label={t('file')}
              placeholder={t('choose')}
              accept="application/json,.json"
              multiple
              value={files}
              onChange={setFiles}
              leftSection={<IconFileImport size={18} aria-hidden />}
              data-autofocus
            />
            {bring.error && <ProblemNotice thrown={bring.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {words('cancel')}
              </Button>
              <Button disabled={files.length === 0} loading={bring.isPending} onClick={() => bring.mutate()}>
                {t('importDo')}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}

function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new WorkhallError('procedures', 'no_json', `“${name}” is no JSON file.`, {
      facts: { name },
      next: 'Choose a file of ours, of VR Builder, or the two of ARLEM.',
      cause,
    });
  }
}

const incomplete = () =>
  new WorkhallError('procedures', 'one_of_two', 'ARLEM comes in two files: the activity and the workplace.', {
    next: 'Choose both together.',
  });
const unknown = (name: string) =>
  new WorkhallError('procedures', 'unknown_format', `The format of “${name}” is not known here.`, {
    facts: { name },
    next: 'Choose a file of ours, of VR Builder, or the two of ARLEM.',
  });
