import { Menu } from '@mantine/core';
import {
  IconCopy,
  IconCursorText,
  IconEye,
  IconEyeOff,
  IconFocusCentered,
  IconFolderMinus,
  IconFolderPlus,
  IconTrash,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { partOf } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import { useDocument, useRefusal } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { usePartActions } from '../use-part-actions.ts';

interface Props {
  /** Where it was asked for, px in the window; null while closed. */
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly ids: readonly PartId[];
  readonly onClose: () => void;
  readonly onRename: (id: PartId) => void;
}

/** What one can do with the chosen parts. Entries that are not allowed stay visible, greyed out with the reason. */
export function PartMenu({ at, ids, onClose, onRename }: Props) {
  const t = roomStrings.useText();
  const document = useDocument();
  const refusal = useRefusal();
  const actions = usePartActions();
  const first = ids[0] ? partOf(document, ids[0]) : undefined;
  const isHidden = first?.hidden ?? false;
  const edit = refusal('part.rename', ids)?.message;
  const remove = refusal('parts.delete', ids)?.message;
  const add = refusal('parts.add')?.message;
  const item = (label: string, icon: ReactNode, keys: string, run: () => void, reason?: string) => (
    <Menu.Item
      leftSection={icon}
      rightSection={<span style={{ fontSize: 12, color: 'var(--wh-text-quiet)' }}>{keys}</span>}
      disabled={reason !== undefined}
      title={reason}
      onClick={run}
    >
      {label}
    </Menu.Item>
  );
  return (
    <Menu opened={at !== null} onClose={onClose} position="bottom-start" width={220} shadow="md" returnFocus>
      <Menu.Target>
        <span aria-hidden style={{ position: 'fixed', left: at?.x ?? 0, top: at?.y ?? 0, width: 0, height: 0 }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={t('partMenu')}>
        {item(t('frameSelection'), <IconFocusCentered size={16} />, 'F', () => actions.frame(ids))}
        {ids.length === 1 && item(t('rename'), <IconCursorText size={16} />, 'F2', () => onRename(ids[0]!), edit)}
        {item(t('duplicate'), <IconCopy size={16} />, 'Ctrl+D', () => actions.duplicate(ids), add)}
        {item(
          isHidden ? t('show') : t('hide'),
          isHidden ? <IconEye size={16} /> : <IconEyeOff size={16} />,
          'H',
          () => actions.setHidden(ids, !isHidden),
          edit,
        )}
        {item(t('groupParts'), <IconFolderPlus size={16} />, 'Ctrl+G', () => actions.group(ids), add ?? edit)}
        {ids.length === 1 &&
          first?.shape === null &&
          item(t('ungroup'), <IconFolderMinus size={16} />, '', () => actions.ungroup(ids[0]!), edit ?? remove)}
        <Menu.Divider />
        {item(t('delete'), <IconTrash size={16} />, 'Del', () => actions.remove(ids), remove)}
      </Menu.Dropdown>
    </Menu>
  );
}
