import { ActionIcon, Select, TextInput, Tooltip } from '@mantine/core';
import {
  IconArrowDownRight,
  IconEraser,
  IconGhost2,
  IconHandFinger,
  IconNote,
  IconRulerMeasure,
  IconScribble,
} from '@tabler/icons-react';
import { useReadable } from '../../room/room-context.tsx';
import css from '../help.module.css';
import type { HelpCall } from '../model/help-call.ts';
import { helpStrings } from '../strings.ts';
import type { DeskView } from './desk-view.ts';
import { MARK_TOOLS, type MarkToolKind } from './mark-tool.ts';

const ICONS = {
  look: IconHandFinger,
  arrow: IconArrowDownRight,
  draw: IconScribble,
  note: IconNote,
  measure: IconRulerMeasure,
  ghost: IconGhost2,
} as const satisfies Record<MarkToolKind, unknown>;

interface Props {
  readonly view: DeskView;
  readonly help: HelpCall;
  readonly things: readonly { readonly value: string; readonly label: string }[];
}

/** Tools of the desk, what the chosen one asks for, and the marks there are. */
export function MarkBar({ view, help, things }: Props) {
  const t = helpStrings.useText();
  const { tool } = view;
  const kind = useReadable(tool.kind);
  const text = useReadable(tool.text);
  const thing = useReadable(tool.thing);
  const marks = useReadable(help.marks);
  return (
    <>
      {kind !== 'look' && (
        <span className={css['chip']} role="status">
          {t(`hint_${kind}`)}
        </span>
      )}
      {kind === 'note' && (
        <TextInput
          aria-label={t('noteText')}
          placeholder={t('noteText')}
          value={text}
          maxLength={1000}
          onChange={(event) => tool.text.set(event.currentTarget.value)}
        />
      )}
      {kind === 'ghost' && (
        <Select
          aria-label={t('part')}
          placeholder={t('part')}
          searchable
          data={[...things]}
          value={thing}
          onChange={(value) => tool.thing.set(value)}
        />
      )}
      <div className={css['tools']} role="toolbar" aria-label={t('tools')}>
        {MARK_TOOLS.map((one) => {
          const Icon = ICONS[one];
          return (
            <Tooltip key={one} label={t(`tool_${one}`)}>
              <ActionIcon
                size={44}
                variant={kind === one ? 'filled' : 'subtle'}
                aria-pressed={kind === one}
                aria-label={t(`tool_${one}`)}
                onClick={() => view.use(one)}
              >
                <Icon size={22} stroke={1.7} />
              </ActionIcon>
            </Tooltip>
          );
        })}
        {marks.length > 0 && (
          <Tooltip label={t('wipe')}>
            <ActionIcon
              size={44}
              variant="subtle"
              color="red"
              aria-label={t('wipe')}
              onClick={() => help.removeMarks(marks.map(({ id }) => id))}
            >
              <IconEraser size={22} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    </>
  );
}
