import type { Document } from '#protocol/document/index';
import { childrenOf, partsOf, type Part } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';

/** One visible line of the product tree. */
export interface TreeRow {
  readonly part: Part;
  /** 0 at the top. */
  readonly depth: number;
  readonly isExpandable: boolean;
  readonly isExpanded: boolean;
  /** Place among its siblings, from 1, and how many there are: what a screen reader says. */
  readonly position: number;
  readonly siblings: number;
  /** False for a group that is shown only because something inside it matches the search. */
  readonly isMatch: boolean;
}

/** Lower-cased words that must all occur in a part's name. */
export const searchWords = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/**
 * The tree as lines, top to bottom. Costs follow what is open, not what exists: closed groups are not visited.
 * With a search every match is shown with the groups above it, all open.
 */
export function flattenTree(document: Document, expanded: ReadonlySet<PartId>, search: string): TreeRow[] {
  const words = searchWords(search);
  return words.length ? flattenMatches(document, words) : flattenOpen(document, expanded);
}

function flattenOpen(document: Document, expanded: ReadonlySet<PartId>): TreeRow[] {
  const rows: TreeRow[] = [];
  const visit = (parent: PartId | null, depth: number) => {
    const siblings = childrenOf(document, parent);
    siblings.forEach((part, index) => {
      const isExpandable = document.children.has(part.id);
      const isExpanded = isExpandable && expanded.has(part.id);
      rows.push({
        part,
        depth,
        isExpandable,
        isExpanded,
        position: index + 1,
        siblings: siblings.length,
        isMatch: true,
      });
      if (isExpanded) visit(part.id, depth + 1);
    });
  };
  visit(null, 0);
  return rows;
}

function flattenMatches(document: Document, words: readonly string[]): TreeRow[] {
  const parts = partsOf(document);
  const matches = new Set<PartId>();
  const shown = new Set<PartId>();
  for (const part of parts.values()) {
    const name = part.name.toLowerCase();
    if (!words.every((word) => name.includes(word))) continue;
    matches.add(part.id);
    for (
      let at: Part | undefined = part;
      at && !shown.has(at.id);
      at = at.parent === null ? undefined : parts.get(at.parent)
    )
      shown.add(at.id);
  }
  const rows: TreeRow[] = [];
  const visit = (parent: PartId | null, depth: number) => {
    const siblings = childrenOf(document, parent).filter((part) => shown.has(part.id));
    siblings.forEach((part, index) => {
      const isExpandable = [...(document.children.get(part.id)?.keys() ?? [])].some((id) => shown.has(id as PartId));
      const place = { position: index + 1, siblings: siblings.length };
      rows.push({ part, depth, isExpandable, isExpanded: isExpandable, ...place, isMatch: matches.has(part.id) });
      if (isExpandable) visit(part.id, depth + 1);
    });
  };
  visit(null, 0);
  return rows;
}

/** How many parts show the same file: the number of instances of a CAD solid. Parametric parts are not counted. */
export function countInstances(document: Document): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { shape } of partsOf(document).values())
    if (shape?.kind === 'asset') counts.set(shape.cid, (counts.get(shape.cid) ?? 0) + 1);
  return counts;
}

/** Selection after a click: alone, added or taken away (ctrl), or everything between the anchor and the row (shift). */
export function selectRow(
  rows: readonly TreeRow[],
  selection: ReadonlySet<PartId>,
  anchor: PartId | null,
  clicked: PartId,
  keys: { readonly isRange: boolean; readonly isToggle: boolean },
): Set<PartId> {
  if (keys.isRange && anchor !== null) {
    const from = rows.findIndex(({ part }) => part.id === anchor);
    const to = rows.findIndex(({ part }) => part.id === clicked);
    if (from >= 0 && to >= 0) {
      const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1).map(({ part }) => part.id);
      return new Set(keys.isToggle ? [...selection, ...range] : range);
    }
  }
  if (!keys.isToggle) return new Set([clicked]);
  const next = new Set(selection);
  if (!next.delete(clicked)) next.add(clicked);
  return next;
}

/** Selected parts that do not lie inside another selected part: what a drag, a delete or a duplicate acts on. */
export function topmost(document: Document, ids: Iterable<PartId>): Part[] {
  const parts = partsOf(document);
  const chosen = new Set(ids);
  return [...chosen].flatMap((id) => {
    const part = parts.get(id);
    if (!part) return [];
    for (let at = part.parent; at !== null; at = parts.get(at)?.parent ?? null) if (chosen.has(at)) return [];
    return [part];
  });
}
