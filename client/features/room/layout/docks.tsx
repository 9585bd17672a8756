import { ActionIcon, Button, Tabs, Tooltip } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconClipboardList,
  IconCubePlus,
  IconHistory,
  IconListTree,
  IconMessageCircle,
  IconUsers,
  IconX,
} from '@tabler/icons-react';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { commentsOf } from '#protocol/design/index';
import { later, useTouch } from '../../../ui/index.ts';
import { InspectorPanel } from '../inspector/inspector-panel.tsx';
import { CommentsPanel } from '../panels/comments-panel.tsx';
import { PeoplePanel } from '../panels/people-panel.tsx';
import { useDocument, useReadable, useRefusal, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { PartTree } from '../tree/part-tree.tsx';
import { usePartActions } from '../use-part-actions.ts';
import { AddCards, IMPORT_ENDINGS } from './add-menu.tsx';
import { PanelEmpty } from './panel-empty.tsx';
import css from './room-layout.module.css';
import { PANEL_KEYS, type PanelId, type Panels, type RightPanel } from './use-panels.ts';

const CrowdPanel = later(async () => (await import('../panels/crowd-panel.tsx')).CrowdPanel);
const HistoryPanel = later(async () => (await import('../panels/history-panel.tsx')).HistoryPanel);
const TimeStrip = later(async () => (await import('../history/time-strip.tsx')).TimeStrip);

export const PANEL_ICONS: Record<PanelId, typeof IconUsers> = {
  parts: IconListTree,
  inspector: IconAdjustmentsHorizontal,
  comments: IconMessageCircle,
  people: IconUsers,
  history: IconHistory,
  crowd: IconClipboardList,
};

export interface PanelActions {
  readonly onInvite: () => void;
  readonly onFiles: (files: File[]) => void;
}

/** What a tab counts: open comments, people. */
export function usePanelCounts(): Partial<Record<PanelId, number>> {
  const { session } = useRoom();
  const comments = commentsOf(useDocument());
  const people = useReadable(session.participants).length;
  const open = useMemo(() => comments.count((comment) => !comment.resolved), [comments]);
  return { comments: open, people };
}

export function PanelBody({ id, actions }: { id: PanelId; actions: PanelActions }): ReactNode {
  switch (id) {
    case 'parts':
      return <PartTree whenEmpty={<EmptyRoom onFiles={actions.onFiles} />} />;
    case 'inspector':
      return <InspectorPanel />;
    case 'comments':
      return <CommentsPanel />;
    case 'people':
      return <PeoplePanel onInvite={actions.onInvite} />;
    case 'history':
      return <HistoryPanel />;
    case 'crowd':
      return <CrowdPanel />;
  }
}

function EmptyRoom({ onFiles }: Pick<PanelActions, 'onFiles'>) {
  const t = roomStrings.useText();
  const parts = usePartActions();
  const refused = useRefusal()('parts.add');
  const input = useRef<HTMLInputElement>(null);
  const isTouch = useTouch();
  return (
    <PanelEmpty
      icon={<IconCubePlus size={28} stroke={1.5} />}
      title={t('emptyRoom')}
      text={t(refused ? 'emptyRoomReader' : isTouch ? 'emptyRoomTextTouch' : 'emptyRoomText')}
      action={
        !refused && (
          <>
            <input
              ref={input}
              type="file"
              hidden
              multiple
              aria-label={t('importFile')}
              accept={IMPORT_ENDINGS.join(',')}
              onChange={(event) => onFiles([...(event.currentTarget.files ?? [])])}
            />
            <AddCards onAdd={(kind) => parts.add(kind, null)} />
            <Button fullWidth mt="xs" size="xs" variant="default" onClick={() => input.current?.click()}>
              {t('importFile')}
            </Button>
          </>
        )
      }
    />
  );
}

export function LeftDock({ panels, actions }: { panels: Panels; actions: PanelActions }) {
  const t = roomStrings.useText();
  if (!panels.isLeftOpen) return null;
  return (
    <aside className={`${css['dock']} ${css['left']}`} aria-label={t('parts')}>
      <div className={css['dockHead']}>
        <h2 className={css['dockTitle']}>{t('parts')}</h2>
        <FoldButton label={t('fold')} keys={PANEL_KEYS.parts} onClick={() => panels.toggle('parts')} />
      </div>
      <div className={css['dockBody']}>
        <PanelBody id="parts" actions={actions} />
      </div>
    </aside>
  );
}

function FoldButton({ label, keys, onClick }: { label: string; keys: string; onClick: () => void }) {
  return (
    <Tooltip label={`${label} · ${keys}`}>
      <ActionIcon size="md" aria-label={label} onClick={onClick}>
        <IconX size={16} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

export function RightDock({ panels, actions }: { panels: Panels; actions: PanelActions }) {
  const t = roomStrings.useText();
  const counts = usePanelCounts();
  if (!panels.isRightOpen) return null;
  return (
    <aside className={`${css['dock']} ${css['right']}`} aria-label={t('panels')}>
      <Tabs
        value={panels.right}
        onChange={(id) => id && panels.open(id as RightPanel)}
        keepMounted={false}
        unstyled
        style={{ display: 'flex', flexDirection: 'column', height: '100%', minHeight: 0 }}
      >
        <Tabs.List className={css['tabs']} aria-label={t('panels')}>
          {panels.available.map((id) => {
            const Icon = PANEL_ICONS[id];
            const isActive = panels.right === id;
            const count = counts[id] ?? 0;
            return (
              <Tooltip key={id} label={`${t(`panel_${id}`)} · ${PANEL_KEYS[id]}`} disabled={isActive}>
                <Tabs.Tab value={id} className={css['tab']}>
                  <span className={css['tabLabel']}>
                    <Icon size={18} stroke={1.7} aria-hidden />
                    <span className={isActive ? undefined : 'wh-spoken'}>{t(`panel_${id}`)}</span>
                    {count > 0 && <span className={css['tabCount']}>{count}</span>}
                  </span>
                </Tabs.Tab>
              </Tooltip>
            );
          })}
        </Tabs.List>
        {panels.available.map((id) => (
          <Tabs.Panel key={id} value={id} className={css['dockBody']} style={{ minHeight: 0 }}>
            <PanelBody id={id} actions={actions} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </aside>
  );
}

/** The same panels on a phone: a bar at the bottom, and one of them in a sheet above it. */
export function PhonePanels({ panels, actions }: { panels: Panels; actions: PanelActions }) {
  const t = roomStrings.useText();
  const counts = usePanelCounts();
  const [isTall, setIsTall] = useState(false);
  const shown: PanelId[] = ['parts', ...panels.available];
  return (
    <>
      {panels.sheet && (
        <section className={css['sheet']} data-tall={isTall || undefined} aria-label={t(`panel_${panels.sheet}`)}>
          <button
            type="button"
            className={css['grip']}
            aria-label={isTall ? t('sheetLower') : t('sheetHigher')}
            onClick={() => setIsTall((tall) => !tall)}
          />
          {panels.sheet === 'history' && <TimeStrip isFlat />}
          <div className={css['dockBody']}>
            <PanelBody id={panels.sheet} actions={actions} />
          </div>
        </section>
      )}
      <nav className={css['nav']} aria-label={t('panels')}>
        {shown.map((id) => {
          const Icon = PANEL_ICONS[id];
          const count = counts[id] ?? 0;
          return (
            <button
              key={id}
              type="button"
              className={css['navItem']}
              aria-pressed={panels.sheet === id}
              onClick={() => panels.toggle(id)}
            >
              <Icon size={22} stroke={1.7} aria-hidden />
              {t(`nav_${id}`)}
              {count > 0 && (
                <span className={css['tabCount']} aria-hidden>
                  {count}
                </span>
              )}
            </button>
          );
        })}
      </nav>
    </>
  );
}
