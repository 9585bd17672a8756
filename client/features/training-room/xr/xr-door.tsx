import { Button } from '@mantine/core';
import { IconBadgeVr } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { noticeProblem } from '../../../ui/index.ts';
import { useLine, useReadable } from '../../room/room-context.tsx';
import { useSupportsXr } from '../../room/use-supports-xr.ts';
import { ExpertSwitch } from '../expert/expert-switch.tsx';
import { expertIsOn, shownExpert } from '../expert/use-expert.ts';
import { useRun } from '../run-context.tsx';
import type { TrainingView } from '../scene/training-view.ts';
import { trainingXrStrings } from './strings.ts';
import { trainingStay } from './xr-store.ts';

/** The way into the headset, where there is one, and the expert's ghost, which is for both. Everything behind it is loaded when somebody goes through. */
export function XrDoor({ view }: { view: TrainingView }) {
  const t = trainingXrStrings.useText();
  const run = useRun();
  const { voice, words } = useLine();
  const stay = useReadable(trainingStay);
  const isSupported = useSupportsXr('immersive-vr');
  const [isOpening, setOpening] = useState(false);
  const now = useRef(run);
  now.current = run;
  useEffect(() => stay?.update(run), [stay, run]);
  useEffect(() => () => void trainingStay.get()?.end(), []);
  if (!isSupported) return <ExpertSwitch view={view} />;
  const enter = async () => {
    setOpening(true);
    try {
      const { TrainingStay } = await import('./training-stay.ts');
      const made = await TrainingStay.begin('immersive-vr', view, now.current, {
        voice,
        words: words?.said ?? null,
        ghost: {
          isThere: () => shownExpert.get() !== null,
          isOn: () => expertIsOn.get(),
          toggle: () => expertIsOn.update((isOn) => !isOn),
        },
        onEnd: () => {
          trainingStay.set(null);
          const test = (window as { __workhall?: object }).__workhall;
          if (test) Object.assign(test, { xr: { stay: null } });
        },
      });
      trainingStay.set(made);
      const test = (window as { __workhall?: object }).__workhall;
      if (test) Object.assign(test, { xr: { stay: made } });
    } catch (thrown) {
      noticeProblem(thrown);
    } finally {
      setOpening(false);
    }
  };
  return (
    <>
      <Button
        size="xs"
        variant="default"
        loading={isOpening}
        leftSection={<IconBadgeVr size={18} stroke={1.7} aria-hidden />}
        onClick={() => (stay ? void stay.end() : void enter())}
      >
        {t(stay ? 'leaveVr' : 'enterVr')}
      </Button>
      <ExpertSwitch view={view} />
    </>
  );
}
