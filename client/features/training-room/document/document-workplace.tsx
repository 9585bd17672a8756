import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import { LatestSaid } from '../panels/latest-said.tsx';
import { Alarms } from './alarms.tsx';
import { Controls } from './controls.tsx';
import css from './document.module.css';
import { FaultReport } from './fault-report.tsx';
import { Instruments } from './instruments.tsx';
import { Parts } from './parts.tsx';
import { PointOut } from './point-out.tsx';
import { Tools } from './tools.tsx';

/** The workplace without a picture: the same things, tools, controls and instruments, by keyboard and in words. */
export function DocumentWorkplace() {
  const t = trainingRoomStrings.useText();
  const { procedure, model, state } = useRun();
  const { workplace } = procedure;
  return (
    <section className={css['workplace']} aria-label={t('workplace')}>
      <LatestSaid />
      <PointOut key={state.active.at(-1)?.step ?? ''} />
      {model && model.about.alarms.length > 0 && workplace.sensors.length > 0 && <Alarms />}
      {workplace.sensors.length > 0 && <Instruments />}
      {workplace.things.some(({ kind }) => kind !== 'protection') && <Parts />}
      {workplace.tools.length > 0 && <Tools />}
      {workplace.controls.length > 0 && <Controls />}
      {workplace.faults.length > 0 && <FaultReport />}
    </section>
  );
}
