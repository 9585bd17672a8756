import { Button } from '@mantine/core';
import { IconBadgeVr } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { noticeProblem } from '../../../../ui/index.ts';
import { useSupportsXr } from '../../../room/use-supports-xr.ts';
import css from '../../help.module.css';
import type { DeskView } from '../desk-view.ts';
import type { DeskNow } from './desk-now.ts';
import type { DeskStay, DeskStayOptions } from './desk-stay.ts';
import { deskXrStrings } from './strings.ts';

interface Props extends Omit<DeskStayOptions, 'onEnd'> {
  readonly view: DeskView;
  readonly now: DeskNow;
}

/** The way from the desk into the headset, where there is one. Everything behind it is loaded when somebody goes through. */
export function XrDoor({ view, now, ...options }: Props) {
  const t = deskXrStrings.useText();
  const isSupported = useSupportsXr('immersive-vr');
  const [stay, setStay] = useState<DeskStay | null>(null);
  const [isOpening, setOpening] = useState(false);
  const latest = useRef({ now, stay });
  latest.current = { now, stay };
  useEffect(() => stay?.update(now), [stay, now]);
  useEffect(() => () => void latest.current.stay?.end(), []);
  if (!isSupported) return null;
  const words = t(stay ? 'leaveVr' : 'enterVr');
  const tellTest = (made: DeskStay | null) => {
    const test = (window as { __workhall?: object }).__workhall;
    if (test) Object.assign(test, { xr: { stay: made } });
  };
  const enter = async () => {
    setOpening(true);
    try {
      const { DeskStay: Stay } = await import('./desk-stay.ts');
      const onEnd = () => {
        setStay(null);
        tellTest(null);
      };
      const made = await Stay.begin(view, latest.current.now, { ...options, onEnd });
      setStay(made);
      tellTest(made);
    } catch (thrown) {
      noticeProblem(thrown);
    } finally {
      setOpening(false);
    }
  };
  return (
    <Button
      className={css['worded']!}
      variant="default"
      loading={isOpening}
      aria-label={words}
      onClick={() => (stay ? void stay.end() : void enter())}
    >
      <IconBadgeVr size={20} stroke={1.7} aria-hidden />
      <span className={css['wordedWord']}>{words}</span>
    </Button>
  );
}
