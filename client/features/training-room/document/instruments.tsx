import { Title } from '@mantine/core';
import type { Sensor } from '#protocol/procedures/index';
import { isYesOrNo, withUnit } from '../../procedures/model/words.ts';
import panels from '../panels/panels.module.css';
import { useMachine, useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import css from './document.module.css';

/** What the instruments show now. */
export function Instruments() {
  const t = trainingRoomStrings.useText();
  const { procedure, say } = useRun();
  const read = useReadings();
  return (
    <section className={css['group']} aria-labelledby="document-instruments">
      <Title order={2} size="h4" id="document-instruments">
        {t('instruments')}
      </Title>
      <table className={panels['table']}>
        <thead>
          <tr>
            <th scope="col">{t('instrument')}</th>
            <th scope="col" data-figure>
              {t('reading')}
            </th>
          </tr>
        </thead>
        <tbody>
          {procedure.workplace.sensors.map((sensor) => (
            <tr key={sensor.id}>
              <th scope="row">{say.text(sensor.name)}</th>
              <td data-figure data-sensor={sensor.id}>
                {read(sensor)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A reading in words: from the machine's picture, else what the run was told last. */
export function useReadings(): (sensor: Sensor) => string {
  const t = trainingRoomStrings.useText();
  const { state } = useRun();
  const machine = useMachine();
  return ({ id, unit, minimum, maximum }) => {
    const isSwitch = isYesOrNo({ unit, minimum, maximum });
    const shown = machine?.value(id) ?? null;
    const known = state.world.values[id];
    const value = shown ?? known?.value;
    if (isSwitch && value !== undefined) return t(value > 0.5 ? 'yes' : 'no');
    if (shown !== null) return withUnit(shown, unit);
    return known ? withUnit(known.value, known.unit) : '–';
  };
}
