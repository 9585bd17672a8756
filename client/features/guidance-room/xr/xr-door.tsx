import { ActionIcon, Tooltip } from '@mantine/core';
import { IconEyeglass2 } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Store } from '#net/store';
import { noticeProblem } from '../../../ui/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import { useSupportsXr } from '../../room/use-supports-xr.ts';
import { useJob } from '../job-context.tsx';
import { shownOverlay } from '../scene/shown-overlay.ts';
import { guidanceRoomStrings } from '../strings.ts';
import type { GuidanceStay } from './guidance-stay.ts';

/** The stay in the glasses; null outside of them. */
export const guidanceStay = new Store<GuidanceStay | null>(null);

/** The way into the glasses, or the telephone's own see-through view, where there is one. */
export function XrDoor() {
  const t = guidanceRoomStrings.useText();
  const page = useJob();
  const overlay = useReadable(shownOverlay);
  const stay = useReadable(guidanceStay);
  const isSupported = useSupportsXr('immersive-ar');
  const [isOpening, setOpening] = useState(false);
  const now = useRef(page);
  now.current = page;
  useEffect(() => stay?.update(page), [stay, page]);
  useEffect(() => () => void guidanceStay.get()?.end(), []);
  if (!isSupported || !overlay) return null;
  const root = () => document.querySelector<HTMLElement>('[data-guidance]')!;
  const tellTest = (made: GuidanceStay | null) => {
    const test = (window as { __workhall?: object }).__workhall;
    if (test) Object.assign(test, { xr: { stay: made } });
  };
  const enter = async () => {
    setOpening(true);
    try {
      const { GuidanceStay: Stay } = await import('./guidance-stay.ts');
      const made = await Stay.begin(overlay, now.current, {
        root: root(),
        onEnd: () => {
          guidanceStay.set(null);
          delete root().dataset['ar'];
          tellTest(null);
        },
      });
      root().dataset['ar'] = made.hasPageOver ? 'page' : 'plate';
      guidanceStay.set(made);
      tellTest(made);
    } catch (thrown) {
      noticeProblem(thrown);
    } finally {
      setOpening(false);
    }
  };
  const label = t(stay ? 'leaveAr' : 'enterAr');
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size={48}
        loading={isOpening}
        aria-label={label}
        onClick={() => (stay ? void stay.end() : void enter())}
      >
        <IconEyeglass2 size={24} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}
