import type { PartId } from '#protocol/ids';
import type { TreeRow } from '../model/tree-rows.ts';

/** What a key means in the tree (WAI-ARIA practices, tree view with multi-select). Null: not ours. */
export type TreeKeyAction =
  | { readonly do: 'go'; readonly to: PartId; readonly extend: boolean; readonly keep: boolean }
  | { readonly do: 'open' | 'close' | 'toggle' | 'rename' | 'frame' | 'menu'; readonly at: PartId }
  | { readonly do: 'selectAll' };

interface Keys {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

export function treeKey(
  rows: readonly TreeRow[],
  active: PartId | null,
  keys: Keys,
  pageRows: number,
): TreeKeyAction | null {
  const { key, shiftKey: extend } = keys;
  const isCtrl = keys.ctrlKey || keys.metaKey;
  if (isCtrl && key.toLowerCase() === 'a') return { do: 'selectAll' };
  const index = rows.findIndex(({ part }) => part.id === active);
  const goTo = (wanted: number): TreeKeyAction | null => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, wanted))];
    return row ? { do: 'go', to: row.part.id, extend, keep: isCtrl } : null;
  };
  const row = rows[index];
  switch (key) {
    case 'ArrowDown':
      return goTo(index + 1);
    case 'ArrowUp':
      return goTo(index < 0 ? rows.length - 1 : index - 1);
    case 'Home':
      return goTo(0);
    case 'End':
      return goTo(rows.length - 1);
    case 'PageDown':
      return goTo(index + pageRows);
    case 'PageUp':
      return goTo(index - pageRows);
  }
  if (!row) return null;
  const at = row.part.id;
  switch (key) {
    case 'ArrowRight':
      if (row.isExpandable && !row.isExpanded) return { do: 'open', at };
      return row.isExpanded ? goTo(index + 1) : null;
    case 'ArrowLeft': {
      if (row.isExpanded) return { do: 'close', at };
      const parent = rows.findIndex(({ part }) => part.id === row.part.parent);
      return parent < 0 ? null : goTo(parent);
    }
    case ' ':
      return { do: 'toggle', at };
    case 'F2':
      return { do: 'rename', at };
    case 'Enter':
      return { do: 'frame', at };
    case 'ContextMenu':
      return { do: 'menu', at };
    case 'F10':
      return extend ? { do: 'menu', at } : null;
    default:
      return null;
  }
}
