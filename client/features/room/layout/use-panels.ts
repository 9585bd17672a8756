import { useCallback, useMemo, useState } from 'react';
import type { RoomInfo } from '#protocol/api/index';

export const RIGHT_PANELS = ['inspector', 'comments', 'people', 'history', 'crowd'] as const;
export type RightPanel = (typeof RIGHT_PANELS)[number];
export type PanelId = 'parts' | RightPanel;

/** The key that folds and unfolds each panel. */
export const PANEL_KEYS: Record<PanelId, string> = {
  parts: '1',
  inspector: '2',
  comments: '3',
  people: '4',
  history: '5',
  crowd: '6',
};

interface Docks {
  readonly isLeftOpen: boolean;
  readonly isRightOpen: boolean;
  readonly right: RightPanel;
}

const STORED_AS = 'workhall.room.panels';

/** Which panels stand open, remembered on this device. */
export function usePanels(info: RoomInfo, isPhone: boolean) {
  const hasCrowd = info.purpose !== 'project';
  const [docks, setDocks] = useState<Docks>(() => firstDocks(hasCrowd));
  /** On a phone one panel at a time covers the lower half; none when null. */
  const [sheet, setSheet] = useState<PanelId | null>(null);
  const available = useMemo(() => RIGHT_PANELS.filter((id) => id !== 'crowd' || hasCrowd), [hasCrowd]);

  const change = useCallback((next: (known: Docks) => Docks) => {
    setDocks((known) => {
      const wanted = next(known);
      localStorage.setItem(STORED_AS, JSON.stringify(wanted));
      return wanted;
    });
  }, []);
  const open = useCallback(
    (id: PanelId) => {
      if (isPhone) return setSheet(id);
      change((known) => (id === 'parts' ? { ...known, isLeftOpen: true } : { ...known, isRightOpen: true, right: id }));
    },
    [isPhone, change],
  );
  const toggle = useCallback(
    (id: PanelId) => {
      if (isPhone) return setSheet((known) => (known === id ? null : id));
      change((known) => {
        if (id === 'parts') return { ...known, isLeftOpen: !known.isLeftOpen };
        const isShown = known.isRightOpen && known.right === id;
        return { ...known, isRightOpen: !isShown, right: id };
      });
    },
    [isPhone, change],
  );
  const toggleRight = useCallback(() => change((known) => ({ ...known, isRightOpen: !known.isRightOpen })), [change]);
  const foldAll = useCallback(() => {
    setSheet(null);
    change((known) => {
      const isAnyOpen = known.isLeftOpen || known.isRightOpen;
      return { ...known, isLeftOpen: !isAnyOpen, isRightOpen: !isAnyOpen };
    });
  }, [change]);
  const closeSheet = useCallback(() => setSheet(null), []);
  return { ...docks, isPhone, sheet, available, open, toggle, toggleRight, foldAll, closeSheet };
}

export type Panels = ReturnType<typeof usePanels>;

function firstDocks(hasCrowd: boolean): Docks {
  const initial: Docks = { isLeftOpen: true, isRightOpen: true, right: hasCrowd ? 'crowd' : 'inspector' };
  try {
    const stored = JSON.parse(localStorage.getItem(STORED_AS) ?? 'null') as Partial<Docks> | null;
    if (!stored || hasCrowd) return initial;
    const right =
      stored.right && stored.right !== 'crowd' && RIGHT_PANELS.includes(stored.right) ? stored.right : 'inspector';
    return { isLeftOpen: stored.isLeftOpen !== false, isRightOpen: stored.isRightOpen !== false, right };
  } catch {
    return initial; // written by another version, or storage is forbidden
  }
}
