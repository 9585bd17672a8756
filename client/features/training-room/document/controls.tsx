import { Button, NumberInput, SegmentedControl, Slider, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Control } from '#protocol/procedures/index';
import { unitWord, withUnit } from '../../procedures/model/words.ts';
import { useMachine, useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import { positionWord } from '../position-word.ts';
import css from './document.module.css';

/** Valves as sliders with a number, switches and levers as choices, buttons as buttons; each says how it stands. */
export function Controls() {
  const t = trainingRoomStrings.useText();
  const { procedure } = useRun();
  return (
    <section className={css['group']} aria-labelledby="document-controls">
      <Title order={2} size="h4" id="document-controls">
        {t('controls')}
      </Title>
      {procedure.workplace.controls.map((control) => (
        <OneControl key={control.id} control={control} />
      ))}
    </section>
  );
}

/** How a control stands: by the machine's picture, else as the run knows. */
export function useStanding(control: Control): string | number | null {
  const { state } = useRun();
  const machine = useMachine();
  return machine?.control(control.id) ?? state.world.controls[control.id] ?? null;
}

export function OneControl({ control }: { control: Control }) {
  const t = trainingRoomStrings.useText();
  const { say, hand } = useRun();
  const at = useStanding(control);
  const name = say.text(control.name);
  const { setting } = control;
  const [wanted, setWanted] = useState<string | number>('');
  if (control.kind === 'button' && setting.kind === 'positions') {
    const [released = '', pressed = released] = setting.positions;
    const isIn = at === pressed && pressed !== released;
    return (
      <div className={css['control']}>
        <div className={css['row']}>
          <Button
            variant="default"
            aria-pressed={isIn}
            aria-label={`${t('press')}: ${name}`}
            onClick={() => hand.set(control.id, isIn ? released : pressed)}
          >
            {name}
          </Button>
        </div>
      </div>
    );
  }
  if (setting.kind === 'positions')
    return (
      <fieldset className={css['control']}>
        <legend>
          <Text size="sm" fw={560} component="span">
            {name}
          </Text>
        </legend>
        <Positions
          name={name}
          at={String(at ?? setting.positions[0])}
          data={setting.positions.map((value) => ({ value, label: positionWord(value, say.language) }))}
          onSet={(to) => hand.set(control.id, to)}
        />
      </fieldset>
    );
  const { minimum, maximum, unit } = setting;
  const now = typeof at === 'number' ? at : minimum;
  return (
    <form
      className={css['control']}
      aria-label={name}
      onSubmit={(event) => {
        event.preventDefault();
        if (typeof wanted === 'number') hand.set(control.id, wanted);
        setWanted('');
      }}
    >
      <Text size="sm" fw={560}>
        {name}{' '}
        <Text span size="sm" c="dimmed" className="wh-figures">
          {t('standsAt', { value: withUnit(Math.round(now * 10) / 10, unit) })}
        </Text>
      </Text>
      <Slider
        thumbLabel={name}
        min={minimum}
        max={maximum}
        step={(maximum - minimum) / 100}
        value={typeof wanted === 'number' ? wanted : now}
        onChange={setWanted}
        onChangeEnd={(to) => {
          hand.set(control.id, to);
          setWanted('');
        }}
        label={(value) => withUnit(Math.round(value * 10) / 10, unit)}
        maw={420}
      />
      <div className={css['row']}>
        <NumberInput
          aria-label={`${name}, ${unitWord(unit)}`}
          min={minimum}
          max={maximum}
          value={wanted}
          onChange={setWanted}
          placeholder={String(Math.round(now))}
          w={120}
        />
        <Button type="submit" variant="default" aria-label={`${t('set')}: ${name}`}>
          {t('set')}
        </Button>
      </div>
    </form>
  );
}

/** A machine that does not move its control within this long has refused it, ms. */
const ANSWERED_MS = 2000;

interface PositionsProps {
  readonly name: string;
  readonly at: string;
  readonly data: { readonly value: string; readonly label: string }[];
  readonly onSet: (to: string) => boolean;
}

/** Shows at once what was chosen, so that the next arrow key goes on from there; the machine has the last word. */
function Positions({ name, at, data, onSet }: PositionsProps) {
  const [wanted, setWanted] = useState<string | null>(null);
  useEffect(() => setWanted(null), [at]);
  useEffect(() => {
    if (wanted === null) return undefined;
    const timer = setTimeout(() => setWanted(null), ANSWERED_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  return (
    <SegmentedControl
      size="sm"
      aria-label={name}
      value={wanted ?? at}
      onChange={(to) => setWanted(onSet(to) ? to : null)}
      data={data}
    />
  );
}
