import { Text, TextInput } from '@mantine/core';
import { IconLock, IconPointer, IconStack2 } from '@tabler/icons-react';
import { useState } from 'react';
import { partsOf, type Part } from '#protocol/design/index';
import { useTouch } from '../../../ui/index.ts';
import { PartIcon, useKindName } from '../tree/part-icon.tsx';
import { PanelEmpty } from '../layout/panel-empty.tsx';
import { useDocument, useHolderOf, useMe, useRefusal, useSelection } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { usePartActions } from '../use-part-actions.ts';
import { DimensionSection } from './dimension-section.tsx';
import { FactsSection } from './facts-section.tsx';
import { pastStrings } from '../history/strings.ts';
import css from './inspector.module.css';
import { MaterialSection } from './material-section.tsx';
import { PoseSection } from './pose-section.tsx';

/** Everything about the chosen parts, to read and to change by number. */
export function InspectorPanel() {
  const t = roomStrings.useText();
  const past = pastStrings.useText();
  const document = useDocument();
  const selection = useSelection();
  const refusal = useRefusal();
  const holderOf = useHolderOf();
  const { role } = useMe();
  const isTouch = useTouch();
  const all = partsOf(document);
  const parts = [...selection].flatMap((id) => all.get(id) ?? []);
  if (parts.length === 0)
    return (
      <PanelEmpty
        icon={<IconPointer size={28} stroke={1.5} />}
        title={t('nothingSelected')}
        text={t(isTouch ? 'nothingSelectedTextTouch' : 'nothingSelectedText')}
      />
    );

  const holder = parts.map(({ id }) => holderOf(id)).find((found) => found !== null) ?? null;
  const only = parts.length === 1 ? parts[0]! : null;
  const withoutRight = refusal('part.move');
  const solids = parts.filter(({ shape }) => shape !== null);
  return (
    <div className={css['panel']}>
      {only ? (
        <Identity key={only.id} part={only} />
      ) : (
        <div className={css['identity']}>
          <IconStack2 size={18} stroke={1.6} aria-hidden />
          <Text fw={600} size="sm">
            {t('selectedCount', { count: parts.length })}
          </Text>
        </div>
      )}
      {holder && (
        <div className={css['notice']} role="status">
          <span className={css['holderDot']} style={{ background: holder.color }} aria-hidden />
          <span>{t('holderNotice', { name: holder.name })}</span>
        </div>
      )}
      {withoutRight && (
        <div className={css['notice']}>
          <IconLock size={16} aria-hidden />
          <span>
            {withoutRight.key === 'looking_at_the_past'
              ? past('readOnlyPast')
              : withoutRight.key === 'room_closed'
                ? t('readOnlyClosed')
                : t('readOnlyRole', { role: t(`role_${role}`) })}
          </span>
        </div>
      )}
      <PoseSection parts={parts} />
      {only?.shape && only.shape.kind !== 'asset' && <DimensionSection part={only} shape={only.shape} />}
      {solids.length > 0 && <MaterialSection parts={solids} />}
      <FactsSection parts={parts} />
    </div>
  );
}

function Identity({ part }: { part: Part }) {
  const t = roomStrings.useText();
  const kindName = useKindName();
  const actions = usePartActions();
  const refused = useRefusal()('part.rename', [part.id]);
  const [draft, setDraft] = useState<string | null>(null);
  const done = () => {
    if (draft !== null) actions.rename(part.id, draft);
    setDraft(null);
  };
  return (
    <div className={css['identity']} title={kindName(part)}>
      <PartIcon part={part} size={18} />
      <TextInput
        size="xs"
        aria-label={t('name')}
        maxLength={200}
        classNames={{ input: css['bare'] }}
        readOnly={refused !== null}
        value={draft ?? part.name}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={done}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
      {!part.name.startsWith(kindName(part)) && (
        <Text size="xs" c="dimmed">
          {kindName(part)}
        </Text>
      )}
    </div>
  );
}
