import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { useReadable, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { pastStrings } from '../history/strings.ts';
import { useIsPast } from '../history/use-past.ts';
import css from './room-layout.module.css';
import { useStepName } from './step-name.ts';

/** Takes back my own last step, and says which. */
export function UndoButtons() {
  const t = roomStrings.useText();
  const { session } = useRoom();
  const stepName = useStepName();
  const past = pastStrings.useText();
  const isPast = useIsPast();
  const undoable = useReadable(session.undoable);
  const redoable = useReadable(session.redoable);
  const undo = undoable
    ? t('undoStep', { step: stepName(undoable) })
    : isPast
      ? past('nothingToUndoInThePast')
      : t('nothingToUndo');
  const redo = redoable
    ? t('redoStep', { step: stepName(redoable) })
    : isPast
      ? past('nothingToUndoInThePast')
      : t('nothingToRedo');
  return (
    <>
      <Tooltip label={`${undo}${undoable ? ' · Ctrl+Z' : ''}`}>
        <ActionIcon
          className={css['quiet']}
          aria-label={undo}
          data-disabled={!undoable || undefined}
          aria-disabled={!undoable}
          onClick={() => session.undo()}
        >
          <IconArrowBackUp size={20} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={`${redo}${redoable ? ' · Ctrl+Shift+Z' : ''}`}>
        <ActionIcon
          className={css['quiet']}
          aria-label={redo}
          data-disabled={!redoable || undefined}
          aria-disabled={!redoable}
          onClick={() => session.redo()}
        >
          <IconArrowForwardUp size={20} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
