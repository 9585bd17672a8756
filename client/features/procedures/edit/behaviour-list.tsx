import { Collapse } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconSparkles } from '@tabler/icons-react';
import { useState } from 'react';
import type { Behaviour } from '#protocol/procedures/index';
import { useEditor } from '../editor-context.tsx';
import { BEHAVIOUR_GROUPS, newBehaviour, type BehaviourKind } from '../model/kinds.ts';
import { procedureStrings } from '../strings.ts';
import { BehaviourFields } from './behaviour-fields.tsx';
import { RemoveButton } from './condition-fields.tsx';
import { Palette } from './palette.tsx';
import css from './steps-view.module.css';

interface Props {
  readonly value: readonly Behaviour[];
  readonly onChange: (behaviours: Behaviour[]) => void;
}

/** What the step shows and does, as sentences. */
export function BehaviourList({ value, onChange }: Props) {
  const t = procedureStrings.useText();
  const { procedure, say, mayEdit } = useEditor();
  const [open, setOpen] = useState<number | null>(null);
  return (
    <div>
      {value.map((behaviour, at) => {
        const words = say.behaviour(behaviour);
        const isOpen = open === at;
        const Arrow = isOpen ? IconChevronDown : IconChevronRight;
        return (
          <div key={`${at}.${behaviour.kind}`} className={css['card']}>
            <div className={css['cardHead']}>
              <button
                type="button"
                className={css['cardSay']}
                aria-expanded={isOpen}
                onClick={() => setOpen(isOpen ? null : at)}
              >
                <IconSparkles size={18} stroke={1.7} color="var(--wh-active)" aria-hidden />
                <span style={{ flex: 1 }}>{words}</span>
                <Arrow size={16} color="var(--wh-text-quiet)" aria-hidden />
              </button>
              <RemoveButton
                label={t('removeNamed', { what: words })}
                onClick={() => {
                  setOpen(null);
                  onChange(value.filter((_, index) => index !== at));
                }}
              />
            </div>
            <Collapse expanded={isOpen}>
              {isOpen && (
                <div className={css['cardBody']}>
                  <BehaviourFields
                    value={behaviour}
                    onChange={(next) => onChange(value.map((one, index) => (index === at ? next : one)))}
                  />
                </div>
              )}
            </Collapse>
          </div>
        );
      })}
      {mayEdit && (
        <div style={{ marginTop: 8 }}>
          <Palette<BehaviourKind>
            label={t('addBehaviour')}
            groups={BEHAVIOUR_GROUPS}
            nameOf={(kind) => t(`beh_${kind}`)}
            groupName={(group) => t(`behGroup_${group as keyof typeof BEHAVIOUR_GROUPS}`)}
            onChosen={(kind) => {
              setOpen(value.length);
              onChange([...value, newBehaviour(kind, procedure)]);
            }}
          />
        </div>
      )}
    </div>
  );
}
