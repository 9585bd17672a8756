import { Button, Divider, FileButton, Popover, Text, Tooltip } from '@mantine/core';
import { IconFileImport, IconFolderPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { PARAMETRIC_KINDS, partOf, partsOf, type ParametricKind } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import { problemText } from '../../../ui/index.ts';
import { DimensionPicture } from '../inspector/dimension-picture.tsx';
import { useDocument, useRefusal, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { usePartActions } from '../use-part-actions.ts';
import { ADD_ICON } from './toolbar.tsx';
import css from './room-layout.module.css';

export const IMPORT_ENDINGS = ['.step', '.stp', '.iges', '.igs', '.glb', '.gltf', '.stl', '.obj'];

/** One picture per kind of part that can be made here. */
export function AddCards({ onAdd }: { onAdd: (kind: ParametricKind) => void }) {
  const t = roomStrings.useText();
  return (
    <div className={css['cards']}>
      {PARAMETRIC_KINDS.map((kind) => (
        <button key={kind} type="button" className={css['card']} onClick={() => onAdd(kind)}>
          <DimensionPicture kind={kind} active={null} title="" isPlain />
          {t(`add_${kind}`)}
        </button>
      ))}
    </div>
  );
}

/** New parts by picture, an empty group, or a file. A part goes into the chosen group, else to the top. */
export function AddMenu({ onFile, isPhone }: { onFile: (file: File) => void; isPhone: boolean }) {
  const t = roomStrings.useText();
  const { view } = useRoom();
  const document = useDocument();
  const actions = usePartActions();
  const refusal = useRefusal();
  const [isOpen, setIsOpen] = useState(false);
  const refused = refusal('parts.add');
  const reason = refused ? problemText(refused).message : null;
  /** The chosen group, or the group of the chosen part. */
  const parentOf = (): PartId | null => {
    const chosen = [...view.selection.get()].at(-1);
    const part = chosen === undefined ? undefined : partOf(document, chosen);
    return part ? (part.shape === null ? part.id : part.parent) : null;
  };
  const isFirst = reason === null && partsOf(document).size === 0;
  const button = (
    <button
      type="button"
      className={`${css['tool']} ${css['toolWide']}`}
      aria-disabled={reason !== null}
      data-first={isFirst || undefined}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      aria-label={t('add')}
      onClick={() => reason === null && setIsOpen((open) => !open)}
    >
      {ADD_ICON}
      {!isPhone && t('add')}
    </button>
  );
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="top"
      shadow="md"
      width={320}
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>{reason ? <Tooltip label={reason}>{button}</Tooltip> : button}</Popover.Target>
      <Popover.Dropdown aria-label={t('add')} p="sm">
        <AddCards
          onAdd={(kind) => {
            actions.add(kind, parentOf());
            setIsOpen(false);
          }}
        />
        <Button
          fullWidth
          mt="xs"
          variant="default"
          leftSection={<IconFolderPlus size={18} />}
          onClick={() => {
            actions.group([...view.selection.get()]);
            setIsOpen(false);
          }}
        >
          {view.selection.get().size > 0 ? t('groupSelected') : t('newGroup')}
        </Button>
        <Divider my="sm" />
        <FileButton
          accept={IMPORT_ENDINGS.join(',')}
          inputProps={{ 'aria-label': t('importFile') }}
          onChange={(file) => {
            setIsOpen(false);
            if (file) onFile(file);
          }}
        >
          {(props) => (
            <Button {...props} fullWidth leftSection={<IconFileImport size={18} />}>
              {t('importFile')}
            </Button>
          )}
        </FileButton>
        <Text size="xs" c="dimmed" mt={6}>
          {t('importHint')}
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
