import { ActionIcon, Text, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { ancestryOf, partOf, partsOf } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import { dropPlaceAt, type DropPlace } from '../model/placing.ts';
import { countInstances, flattenTree, selectRow } from '../model/tree-rows.ts';
import { useDocument, useHolderOf, useRefusal, useRoom, useSelection } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { usePartActions } from '../use-part-actions.ts';
import { PartMenu } from './part-menu.tsx';
import css from './part-tree.module.css';
import { rowId, TreeRowView, type RowActions } from './tree-row.tsx';
import { treeKey } from './tree-keys.ts';
import { useVisibleRows } from './use-visible-rows.ts';

const ROW_PX = 28;
const TOUCH_ROW_PX = 44;

/** The product as a tree: everything in the room by name, in the order people gave it. */
export function PartTree({ whenEmpty }: { whenEmpty: ReactNode }) {
  const t = roomStrings.useText();
  const { view } = useRoom();
  const live = useDocument();
  // Someone else's hundred edits a second must not make typing here slow.
  const document = useDeferredValue(live);
  const selection = useSelection();
  const refusal = useRefusal();
  const holderOf = useHolderOf();
  const parts = usePartActions();
  const rowPx = useMediaQuery('(pointer: coarse)') ? TOUCH_ROW_PX : ROW_PX;

  const [expanded, setExpanded] = useState<ReadonlySet<PartId>>(() => firstOpen(live));
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search);
  const [active, setActive] = useState<PartId | null>(null);
  const [renaming, setRenaming] = useState<PartId | null>(null);
  const [menu, setMenu] = useState<{ x: number; y: number; ids: PartId[] } | null>(null);
  const [drop, setDrop] = useState<DropPlace | null>(null);
  const anchor = useRef<PartId | null>(null);
  const dragged = useRef<readonly PartId[]>([]);
  /** What this tree selected last: a selection made elsewhere is scrolled to, our own is not. */
  const ownSelection = useRef<ReadonlySet<PartId> | null>(null);

  const rows = useMemo(() => flattenTree(document, expanded, wanted), [document, expanded, wanted]);
  const instances = useMemo(() => countInstances(document), [document]);
  const solids = useMemo(() => partsOf(document).count(({ shape }) => shape !== null), [document]);
  const scroller = useRef<HTMLDivElement>(null);
  const { first, last, totalPx, reveal } = useVisibleRows(scroller, rows.length, rowPx);

  useEffect(() => {
    const chosen = [...selection].at(-1);
    if (selection === ownSelection.current || chosen === undefined) return;
    setActive(chosen);
    anchor.current = chosen;
    const above = ancestryOf(live, chosen).slice(1);
    setExpanded((open) =>
      above.every(({ id }) => open.has(id)) ? open : new Set([...open, ...above.map(({ id }) => id)]),
    );
  }, [selection, live]);
  useEffect(() => {
    if (active !== null) reveal(rows.findIndex(({ part }) => part.id === active));
  }, [active, rows, reveal]);

  const twist = (id: PartId, open?: boolean) =>
    setExpanded((known) => {
      const next = new Set(known);
      if (open ?? !next.has(id)) next.add(id);
      else next.delete(id);
      return next;
    });
  const select = (next: Set<PartId>) => {
    ownSelection.current = next;
    view.selection.set(next);
  };
  const idsFor = (id: PartId): PartId[] => (selection.has(id) ? [...selection] : [id]);
  const openMenu = (id: PartId, x: number, y: number) => {
    if (!selection.has(id)) select(new Set([id]));
    setActive(id);
    setMenu({ x, y, ids: idsFor(id) });
  };
  const toggleHidden = (id: PartId) => parts.setHidden(idsFor(id), !partOf(live, id)?.hidden);

  // One object for all rows, always the newest closures behind it: rows are memoised and must not see it change.
  const newest = useRef<RowActions>(null!);
  newest.current = {
    click: (id, event) => {
      const keys = { isRange: event.shiftKey, isToggle: event.ctrlKey || event.metaKey };
      select(selectRow(rows, selection, anchor.current, id, keys));
      if (!event.shiftKey) anchor.current = id;
      setActive(id);
    },
    frame: (id) => parts.frame(idsFor(id)),
    twist,
    toggleHidden,
    menu: (id, event) => {
      event.preventDefault();
      openMenu(id, event.clientX, event.clientY);
    },
    renamed: (id, name) => {
      setRenaming(null);
      if (name !== null) parts.rename(id, name);
      scroller.current?.focus();
    },
    dragStart: (id, event) => {
      dragged.current = idsFor(id);
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', partOf(live, id)?.name ?? '');
    },
    dragOver: (id, event) => {
      const target = partOf(live, id);
      if (!target || dragged.current.length === 0) return;
      event.preventDefault();
      const box = event.currentTarget.getBoundingClientRect();
      const place = dropPlaceAt(target, (event.clientY - box.top) / box.height);
      setDrop((known) => (known?.target === place.target && known.where === place.where ? known : place));
    },
    drop: (_id, event) => {
      event.preventDefault();
      if (drop && dragged.current.length > 0) {
        parts.place(dragged.current, drop);
        if (drop.where === 'inside' && drop.target) twist(drop.target, true);
      }
      dragged.current = [];
      setDrop(null);
    },
  };
  const actions = useMemo<RowActions>(
    () => ({
      click: (...args) => newest.current.click(...args),
      frame: (...args) => newest.current.frame(...args),
      twist: (...args) => newest.current.twist(...args),
      toggleHidden: (...args) => newest.current.toggleHidden(...args),
      menu: (...args) => newest.current.menu(...args),
      renamed: (...args) => newest.current.renamed(...args),
      dragStart: (...args) => newest.current.dragStart(...args),
      dragOver: (...args) => newest.current.dragOver(...args),
      drop: (...args) => newest.current.drop(...args),
    }),
    [],
  );

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / rowPx) - 1);
    const action = treeKey(rows, active, event, page);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    switch (action.do) {
      case 'selectAll':
        return select(new Set(rows.map(({ part }) => part.id)));
      case 'go':
        setActive(action.to);
        if (action.keep && !action.extend) return;
        if (!action.extend) anchor.current = action.to;
        return select(
          selectRow(rows, selection, anchor.current, action.to, { isRange: action.extend, isToggle: false }),
        );
      case 'open':
      case 'close':
        return twist(action.at, action.do === 'open');
      case 'toggle':
        anchor.current = action.at;
        return select(selectRow(rows, selection, null, action.at, { isRange: false, isToggle: true }));
      case 'rename':
        return refusal('part.rename', [action.at]) ? undefined : setRenaming(action.at);
      case 'frame':
        return parts.frame(idsFor(action.at));
      case 'menu': {
        const box = window.document.getElementById(rowId(action.at))?.getBoundingClientRect();
        return openMenu(action.at, (box?.left ?? 0) + 40, box?.bottom ?? 0);
      }
    }
  };

  const isEmpty = partsOf(live).size === 0;
  const mayDrag = refusal('part.place') === null;
  return (
    <div className={css['panel']}>
      {!isEmpty && (
        <div className={css['search']}>
          <TextInput
            size="xs"
            aria-label={t('searchParts')}
            placeholder={t('searchParts')}
            leftSection={<IconSearch size={14} />}
            rightSection={
              search && (
                <ActionIcon size="sm" aria-label={t('clearSearch')} onClick={() => setSearch('')}>
                  <IconX size={14} />
                </ActionIcon>
              )
            }
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setSearch('');
              if (event.key === 'ArrowDown') scroller.current?.focus();
            }}
          />
        </div>
      )}
      {isEmpty && whenEmpty}
      {!isEmpty && rows.length === 0 && (
        <Text size="sm" c="dimmed" px="sm" py="xs">
          {t('nothingFound', { text: search })}
        </Text>
      )}
      <div
        ref={scroller}
        className={css['scroller']}
        hidden={isEmpty}
        role="tree"
        aria-label={t('parts')}
        aria-multiselectable
        aria-activedescendant={active && rows.some(({ part }) => part.id === active) ? rowId(active) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={() => active ?? setActive(rows[0]?.part.id ?? null)}
        onDragLeave={() => setDrop(null)}
        onDragEnd={() => setDrop(null)}
      >
        <div className={css['rows']} role="presentation" style={{ height: totalPx }}>
          {rows.slice(first, last).map((row, index) => (
            <TreeRowView
              key={row.part.id}
              row={row}
              topPx={(first + index) * rowPx}
              heightPx={rowPx}
              isSelected={selection.has(row.part.id)}
              isActive={active === row.part.id}
              isRenaming={renaming === row.part.id}
              isDraggable={mayDrag}
              instances={row.part.shape?.kind === 'asset' ? (instances.get(row.part.shape.cid) ?? 0) : 0}
              holder={holderOf(row.part.id)}
              drop={drop?.target === row.part.id ? drop.where : null}
              actions={actions}
            />
          ))}
        </div>
      </div>
      {!isEmpty && (
        <div className={css['foot']}>
          <span>{t('partCount', { count: solids })}</span>
          {selection.size > 0 && <span>{t('selectedCount', { count: selection.size })}</span>}
        </div>
      )}
      <PartMenu at={menu} ids={menu?.ids ?? []} onClose={() => setMenu(null)} onRename={setRenaming} />
    </div>
  );
}

/** Lines that fit a screen: groups start open from the top down as long as the list stays below this. */
const FIRST_LINES = 60;

function firstOpen(document: Parameters<typeof partsOf>[0]): ReadonlySet<PartId> {
  const open = new Set<PartId>();
  const waiting = [...(document.children.get('')?.keys() ?? [])] as PartId[];
  let lines = waiting.length;
  for (const id of waiting) {
    const inside = [...(document.children.get(id)?.keys() ?? [])] as PartId[];
    if (inside.length === 0 || lines + inside.length > FIRST_LINES) continue;
    open.add(id);
    lines += inside.length;
    waiting.push(...inside);
  }
  return open;
}
