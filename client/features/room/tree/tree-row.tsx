import { IconChevronRight, IconEye, IconEyeOff, IconHandGrab } from '@tabler/icons-react';
import { memo, useState, type DragEvent, type MouseEvent } from 'react';
import type { PartId } from '#protocol/ids';
import { initialsOf } from '../../../ui/index.ts';
import type { Holder } from '../model/holding.ts';
import type { DropPlace } from '../model/placing.ts';
import type { TreeRow } from '../model/tree-rows.ts';
import { roomStrings } from '../strings.ts';
import { PartIcon } from './part-icon.tsx';
import css from './part-tree.module.css';

export const rowId = (id: PartId): string => `part-row-${id}`;
const INDENT_PX = 14;

export interface RowActions {
  click(id: PartId, event: MouseEvent): void;
  frame(id: PartId): void;
  twist(id: PartId): void;
  toggleHidden(id: PartId): void;
  menu(id: PartId, event: MouseEvent): void;
  /** `null`: the person changed their mind. */
  renamed(id: PartId, name: string | null): void;
  dragStart(id: PartId, event: DragEvent): void;
  dragOver(id: PartId, event: DragEvent): void;
  drop(id: PartId, event: DragEvent): void;
}

interface Props {
  readonly row: TreeRow;
  readonly topPx: number;
  readonly heightPx: number;
  readonly isSelected: boolean;
  readonly isActive: boolean;
  readonly isRenaming: boolean;
  readonly isDraggable: boolean;
  readonly instances: number;
  readonly holder: Holder | null;
  readonly drop: DropPlace['where'] | null;
  readonly actions: RowActions;
}

export const TreeRowView = memo(function TreeRowView(props: Props) {
  const { row, topPx, heightPx, isSelected, isActive, isRenaming, isDraggable, instances, holder, drop, actions } =
    props;
  const t = roomStrings.useText();
  const { part } = row;
  return (
    <div
      id={rowId(part.id)}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-selected={isSelected}
      aria-expanded={row.isExpandable ? row.isExpanded : undefined}
      aria-label={[part.name, part.hidden ? t('hidden') : '', holder ? t('heldBy', { name: holder.name }) : '']
        .filter(Boolean)
        .join(', ')}
      className={css['row']}
      data-active={isActive || undefined}
      data-faint={part.hidden || !row.isMatch || undefined}
      data-drop={drop ?? undefined}
      style={{ top: topPx, height: heightPx, paddingInlineStart: 4 + row.depth * INDENT_PX }}
      draggable={isDraggable && !isRenaming}
      onClick={(event) => actions.click(part.id, event)}
      onDoubleClick={() => actions.frame(part.id)}
      onContextMenu={(event) => actions.menu(part.id, event)}
      onDragStart={(event) => actions.dragStart(part.id, event)}
      onDragOver={(event) => actions.dragOver(part.id, event)}
      onDrop={(event) => actions.drop(part.id, event)}
    >
      {row.isExpandable ? (
        <button
          type="button"
          tabIndex={-1}
          aria-hidden
          className={css['twist']}
          onClick={(event) => {
            event.stopPropagation();
            actions.twist(part.id);
          }}
          onDoubleClick={(event) => event.stopPropagation()}
        >
          <IconChevronRight size={14} />
        </button>
      ) : (
        <span className={css['twist']} />
      )}
      <span className={css['kind']}>
        <PartIcon part={part} isOpen={row.isExpanded} />
      </span>
      {part.shape && part.material.preset !== 'original' && (
        <span className={css['swatch']} style={{ background: part.material.color }} />
      )}
      {isRenaming ? (
        <RenameField name={part.name} label={t('name')} done={(name) => actions.renamed(part.id, name)} />
      ) : (
        <span className={css['name']} title={part.name}>
          {part.name}
        </span>
      )}
      {holder && (
        <span
          className={css['holder']}
          data-initials={initialsOf(holder.name)}
          title={t('heldBy', { name: holder.name })}
          style={{ background: `color-mix(in oklab, ${holder.color} 72%, #0b0e12)` }}
        >
          <IconHandGrab size={12} aria-hidden />
        </span>
      )}
      {instances > 1 && (
        <span
          className={css['count']}
          data-count={t('oneOf', { count: instances })}
          title={t('instances', { count: instances })}
        />
      )}
      <button
        type="button"
        tabIndex={-1}
        className={css['eye']}
        data-hidden={part.hidden || undefined}
        aria-label={part.hidden ? t('showPart', { name: part.name }) : t('hidePart', { name: part.name })}
        onClick={(event) => {
          event.stopPropagation();
          actions.toggleHidden(part.id);
        }}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        {part.hidden ? <IconEyeOff size={16} /> : <IconEye size={16} />}
      </button>
    </div>
  );
});

function RenameField({ name, label, done }: { name: string; label: string; done: (name: string | null) => void }) {
  const [text, setText] = useState(name);
  return (
    <input
      className={css['rename']}
      aria-label={label}
      value={text}
      maxLength={200}
      autoFocus
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') done(text);
        if (event.key === 'Escape') done(null);
      }}
      onBlur={() => done(text)}
    />
  );
}
