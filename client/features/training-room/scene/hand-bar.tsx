import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import {
  IconAdjustments,
  IconArrowBackUp,
  IconArrowDownToArc,
  IconHandGrab,
  IconHandStop,
  IconRotate,
  IconRotateClockwise,
  IconRotateDot,
  IconTarget,
  IconTool,
} from '@tabler/icons-react';
import { indexOf } from '#protocol/procedures/index';
import { withUnit } from '../../procedures/model/words.ts';
import { useReadable } from '../../room/room-context.tsx';
import { OneControl } from '../document/controls.tsx';
import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import css from './scene-stage.module.css';
import type { TrainingView } from './training-view.ts';

const TURN_RAD = Math.PI / 12;

/** What is in the hands or chosen, and what can be done with it: for fingers, and for those who look for a button. */
export function HandBar({ view }: { view: TrainingView }) {
  const t = trainingRoomStrings.useText();
  const { procedure } = useRun();
  const { handling } = view;
  const held = [...useReadable(handling.carried).keys()].at(-1);
  const chosen = useReadable(handling.chosen);
  const isNothing = held === undefined && chosen === null && procedure.workplace.tools.length === 0;
  return (
    <div className={css['bar']} role="group" aria-label={t('handBar')}>
      {held !== undefined ? (
        <InHand view={view} thing={held} />
      ) : chosen?.kind === 'thing' ? (
        <ChosenThing view={view} thing={chosen.id} />
      ) : (
        chosen?.kind === 'control' && <ChosenControl control={chosen.id} />
      )}
      {procedure.workplace.tools.length > 0 && <ToolRow view={view} />}
      {isNothing && (
        <Text size="xs" c="dimmed" className={`${css['row']} ${css['keys']}`}>
          {t(procedure.workplace.things.some(({ id }) => handling.isMovable(id)) ? 'keys' : 'keysControls')}
        </Text>
      )}
    </div>
  );
}

function InHand({ view, thing }: { view: TrainingView; thing: string }) {
  const t = trainingRoomStrings.useText();
  const { say } = useRun();
  const { handling } = view;
  return (
    <div className={`${css['row']} ${css['inHand']}`}>
      <Text size="sm" fw={560} role="status" truncate>
        {t('inHand', { thing: say.name('things', thing) })}
      </Text>
      <Tooltip label={t('turnLeft')}>
        <ActionIcon
          className={css['turn']}
          aria-label={t('turnLeft')}
          onClick={() => handling.turnBy(thing, [0, 1, 0], TURN_RAD)}
        >
          <IconRotate size={18} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('turnRight')}>
        <ActionIcon
          className={css['turn']}
          aria-label={t('turnRight')}
          onClick={() => handling.turnBy(thing, [0, 1, 0], -TURN_RAD)}
        >
          <IconRotateClockwise size={18} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('tilt')}>
        <ActionIcon
          className={css['turn']}
          aria-label={t('tilt')}
          onClick={() => handling.turnBy(thing, [1, 0, 0], Math.PI / 2)}
        >
          <IconRotateDot size={18} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      {handling.seats(thing).length > 0 && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconTarget size={16} aria-hidden />}
          onClick={() => handling.sitNext(thing)}
        >
          {t('nextPlace')}
        </Button>
      )}
      <Button
        size="compact-sm"
        leftSection={<IconArrowDownToArc size={16} aria-hidden />}
        onClick={() => handling.put(thing)}
      >
        {t('putHere')}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconArrowBackUp size={16} aria-hidden />}
        onClick={() => handling.putBack(thing)}
      >
        {t('putDown')}
      </Button>
    </div>
  );
}

function ChosenThing({ view, thing }: { view: TrainingView; thing: string }) {
  const t = trainingRoomStrings.useText();
  const { say } = useRun();
  const { handling } = view;
  return (
    <div className={css['row']}>
      <Text size="sm" fw={560} role="status">
        {say.name('things', thing)}
      </Text>
      {handling.isMovable(thing) && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconHandGrab size={16} aria-hidden />}
          onClick={() => handling.grab(thing)}
        >
          {t('take')}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => handling.use(thing)}>
        {t('use')}
      </Button>
    </div>
  );
}

function ChosenControl({ control }: { control: string }) {
  const { procedure } = useRun();
  const found = indexOf(procedure).controls.get(control);
  if (!found) return null;
  return (
    <div className={`${css['row']} ${css['control']}`}>
      <OneControl key={control} control={found} />
    </div>
  );
}

/** The tools beside the work: one is taken, then what it is used on is clicked. */
function ToolRow({ view }: { view: TrainingView }) {
  const t = trainingRoomStrings.useText();
  const { procedure, say } = useRun();
  const { handling } = view;
  const tool = useReadable(handling.tool);
  const using = useReadable(handling.using);
  const toolSetBy = (control: string) =>
    procedure.workplace.tools.find(({ id }) => control === `${id}-setting`)?.id ?? null;
  // What has no place in the picture; of the tools' settings that of the one in hand.
  const unseen = procedure.workplace.controls.filter(({ id }) => {
    const of = toolSetBy(id);
    return view.pointOf({ kind: 'control', id }) === null && (of === null ? view.machine === null : of === tool);
  });
  const unit = using && procedure.workplace.tools.find(({ id }) => id === using.tool)?.unit;
  return (
    <div className={`${css['row']} ${css['tools']}`} role="toolbar" aria-label={t('tools')}>
      {using ? (
        <>
          <Text size="sm" className="wh-figures" role="status">
            {say.name('tools', using.tool)} · {say.name('things', using.thing)}
            {unit && ` · ${withUnit(Math.round(using.value * 10) / 10, unit)}`}
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => void handling.applyTool(using.thing)}>
            {t('stopTool')}
          </Button>
        </>
      ) : (
        <>
          <Button
            size="compact-sm"
            variant={tool === null ? 'light' : 'default'}
            aria-pressed={tool === null}
            leftSection={<IconHandStop size={16} aria-hidden />}
            onClick={() => handling.tool.set(null)}
          >
            {t('noTool')}
          </Button>
          {procedure.workplace.tools.map(({ id, name }) => (
            <Button
              key={id}
              size="compact-sm"
              variant={tool === id ? 'light' : 'default'}
              aria-pressed={tool === id}
              leftSection={<IconTool size={16} aria-hidden />}
              onClick={() => handling.tool.set(tool === id ? null : id)}
            >
              {say.text(name)}
            </Button>
          ))}
          {tool !== null && (
            <Text size="xs" c="dimmed" className={css['keys']}>
              {t('toolInHand', { tool: say.name('tools', tool) })}
            </Text>
          )}
          {unseen.map(({ id, name }) => (
            <Button
              key={id}
              size="compact-sm"
              variant="subtle"
              leftSection={<IconAdjustments size={16} aria-hidden />}
              onClick={() => handling.chosen.set({ kind: 'control', id })}
            >
              {say.text(name)}
            </Button>
          ))}
        </>
      )}
    </div>
  );
}
