import { Group, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconFile3d, IconFileAlert, IconFileArrowLeft } from '@tabler/icons-react';
import { useState } from 'react';
import { projectStrings } from './strings.ts';

/** File name endings the hall can bring in. Browsers know no MIME types for most of them. */
const ENDINGS = ['.step', '.stp', '.iges', '.igs', '.glb', '.gltf', '.stl', '.obj'];

interface Props {
  readonly title: string;
  readonly hint: string;
  readonly onFile: (file: File) => void;
  /** Room around it for a page whose first action this is. */
  readonly isLarge?: boolean;
}

export function FileDrop({ title, hint, onFile, isLarge }: Props) {
  const t = projectStrings.useText();
  const [refused, setRefused] = useState<string | null>(null);
  const take = (files: readonly File[]) => {
    const file = files[0];
    if (!file) return;
    const isKnown = ENDINGS.some((ending) => file.name.toLowerCase().endsWith(ending));
    setRefused(isKnown ? null : file.name);
    if (isKnown) onFile(file);
  };
  const icon = { size: isLarge ? 44 : 32, stroke: 1.2, color: 'var(--wh-sheet-ink)' } as const;
  return (
    <Dropzone
      multiple={false}
      onDrop={take}
      p={isLarge ? 40 : 'md'}
      inputProps={{ 'aria-label': title, accept: ENDINGS.join(',') }}
      styles={{ root: { borderWidth: 1, background: 'transparent' } }}
    >
      <Group justify="center" gap="md" wrap="nowrap" style={{ pointerEvents: 'none' }}>
        <Dropzone.Accept>
          <IconFileArrowLeft {...icon} color="var(--wh-accent)" />
        </Dropzone.Accept>
        <Dropzone.Idle>
          {refused ? <IconFileAlert {...icon} color="var(--wh-attention)" /> : <IconFile3d {...icon} />}
        </Dropzone.Idle>
        <Stack gap={0}>
          <Text fw={560}>{title}</Text>
          <Text size="sm" c="dimmed" role={refused ? 'alert' : undefined}>
            {refused ? t('unknownFormat', { name: refused }) : hint}
          </Text>
        </Stack>
      </Group>
    </Dropzone>
  );
}
