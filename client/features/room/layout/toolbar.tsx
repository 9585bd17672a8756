import { Menu, Stack, Switch, Tooltip } from '@mantine/core';
import {
  IconArrowsMove,
  IconCube,
  IconCubePlus,
  IconFocusCentered,
  IconLayersIntersect2,
  IconMagnet,
  IconMessagePlus,
  IconPointer,
  IconRotateClockwise,
  IconRulerMeasure,
} from '@tabler/icons-react';
import { useEffect, useRef, type ReactNode, type RefObject } from 'react';
import type { Action } from '#protocol/permissions/index';
import type { ToolId, ViewDirection } from '../../../scene/room-view.types.ts';
import { later, problemText } from '../../../ui/index.ts';
import { useReadable, useRefusal, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import css from './room-layout.module.css';
import { degreesOf, millimetresOf } from './snap-steps.ts';

/** The same keys as in `client/tools/keyboard.ts`. */
export const TOOLS: readonly { id: ToolId; key: string; icon: typeof IconPointer; needs?: Action }[] = [
  { id: 'select', key: 'Q', icon: IconPointer },
  { id: 'move', key: 'G', icon: IconArrowsMove, needs: 'part.move' },
  { id: 'rotate', key: 'R', icon: IconRotateClockwise, needs: 'part.move' },
  { id: 'comment', key: 'C', icon: IconMessagePlus, needs: 'comment.add' },
  { id: 'measure', key: 'M', icon: IconRulerMeasure },
];
const DIRECTIONS: readonly ViewDirection[] = ['iso', 'front', 'back', 'left', 'right', 'top', 'bottom'];

/** The tools of the 3D view, in reach below the product. */
export function Toolbar({ add, isPhone }: { add: ReactNode; isPhone: boolean }) {
  const t = roomStrings.useText();
  const { view } = useRoom();
  const tool = useReadable(view.tool);
  const xray = useReadable(view.xray);
  const refusal = useRefusal();
  const bar = useRef<HTMLDivElement>(null);
  useCutEdges(bar);
  return (
    <div ref={bar} className={css['toolbar']} role="toolbar" aria-label={t('tools')} tabIndex={-1}>
      <div role="radiogroup" aria-label={t('tools')} style={{ display: 'flex', gap: 2 }}>
        {TOOLS.map(({ id, key, icon: Icon, needs }) => {
          const refused = needs ? refusal(needs) : null;
          const label = refused ? problemText(refused).message : `${t(`tool_${id}`)} · ${key}`;
          return (
            <Tooltip key={id} label={label}>
              <button
                type="button"
                role="radio"
                className={css['tool']}
                aria-checked={tool === id}
                aria-disabled={refused !== null}
                aria-label={t(`tool_${id}`)}
                onClick={() => !refused && view.tool.set(id)}
              >
                <Icon size={20} stroke={1.7} />
              </button>
            </Tooltip>
          );
        })}
      </div>
      <span className={css['rule']} />
      {add}
      <span className={css['rule']} />
      <SnapMenu />
      <Tooltip label={`${t('xray')} · X`}>
        <button
          type="button"
          className={css['tool']}
          aria-pressed={xray}
          aria-label={t('xray')}
          onClick={() => view.xray.update((on) => !on)}
        >
          <IconLayersIntersect2 size={20} stroke={1.7} />
        </button>
      </Tooltip>
      <Tooltip label={`${t('frameSelection')} · F`}>
        <button type="button" className={css['tool']} aria-label={t('frameSelection')} onClick={() => view.frame()}>
          <IconFocusCentered size={20} stroke={1.7} />
        </button>
      </Tooltip>
      <Menu position="top" shadow="md">
        <Menu.Target>
          <button
            type="button"
            className={`${css['tool']} ${css['toolWide']}`}
            aria-label={`${t('view')}: ${t('viewFrom')}`}
          >
            <IconCube size={20} stroke={1.7} />
            {!isPhone && t('view')}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('viewFrom')}</Menu.Label>
          {DIRECTIONS.map((direction) => (
            <Menu.Item key={direction} onClick={() => view.lookFrom(direction)}>
              {t(`view_${direction}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** Marks the edges behind which more can be scrolled to, so that they fade. */
function useCutEdges(ref: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const bar = ref.current!;
    const mark = () => {
      const left = Math.abs(bar.scrollLeft); // below 0 in scripts that run from the right
      bar.toggleAttribute('data-cut-start', left > 2);
      bar.toggleAttribute('data-cut-end', left + bar.clientWidth < bar.scrollWidth - 2);
    };
    const sizes = new ResizeObserver(mark);
    for (const one of [bar, ...bar.children]) sizes.observe(one);
    bar.addEventListener('scroll', mark, { passive: true });
    mark();
    return () => {
      sizes.disconnect();
      bar.removeEventListener('scroll', mark);
    };
  }, [ref]);
}

/** Two fields with their steps. */
const SNAP_FIELDS_PX = 196;
export const ADD_ICON = <IconCubePlus size={20} stroke={1.7} />;

const SnapFields = later(
  async () => (await import('./snap-fields.tsx')).SnapFields,
  <div style={{ height: SNAP_FIELDS_PX }} />,
);

function SnapMenu() {
  const t = roomStrings.useText();
  const { view } = useRoom();
  const snap = useReadable(view.snap);
  const stepMm = millimetresOf(snap.stepM);
  const stepDegrees = degreesOf(snap.stepRad);
  const summary = snap.isOn ? `${stepMm} mm, ${stepDegrees}°` : t('off');
  return (
    <Menu position="top" shadow="md" closeOnItemClick={false} trapFocus>
      <Menu.Target>
        <button type="button" className={`${css['tool']} ${css['toolWide']}`} aria-label={`${t('snap')}: ${summary}`}>
          <IconMagnet size={20} stroke={1.7} />
          {snap.isOn ? `${stepMm} mm` : t('off')}
        </button>
      </Menu.Target>
      <Menu.Dropdown p="sm" w={260}>
        <Stack gap="sm">
          <Switch
            label={`${t('snap')} (S)`}
            checked={snap.isOn}
            onChange={(event) => {
              const isOn = event.currentTarget.checked;
              view.snap.update((known) => ({ ...known, isOn }));
            }}
          />
          <SnapFields />
        </Stack>
      </Menu.Dropdown>
    </Menu>
  );
}
