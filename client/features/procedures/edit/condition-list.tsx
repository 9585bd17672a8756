import { Collapse } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Condition } from '#protocol/procedures/index';
import { useEditor } from '../editor-context.tsx';
import { CONDITION_GROUPS, newCondition, type ConditionKind } from '../model/kinds.ts';
import { procedureStrings } from '../strings.ts';
import { ConditionFields, RemoveButton, type Nested } from './condition-fields.tsx';
import { Palette } from './palette.tsx';
import css from './steps-view.module.css';

interface Props {
  readonly value: readonly Condition[];
  readonly onChange: (conditions: Condition[]) => void;
  /** Exactly one: choosing another takes its place. */
  readonly isSingle?: boolean;
}

/** Conditions as sentences; each opens to be changed. */
export function ConditionList({ value, onChange, isSingle }: Props) {
  const t = procedureStrings.useText();
  const { procedure, mayEdit } = useEditor();
  const [open, setOpen] = useState<number | null>(null);
  return (
    <div>
      {value.map((condition, at) => (
        <ConditionCard
          key={`${at}.${condition.kind}`}
          condition={condition}
          isOpen={open === at}
          onToggle={() => setOpen(open === at ? null : at)}
          onChange={(next) => onChange(value.map((one, index) => (index === at ? next : one)))}
          onRemove={
            isSingle
              ? null
              : () => {
                  setOpen(null);
                  onChange(value.filter((_, index) => index !== at));
                }
          }
        />
      ))}
      {mayEdit && (
        <div style={{ marginTop: 8 }}>
          <Palette<ConditionKind>
            label={t(isSingle ? 'changeCondition' : 'addCondition')}
            groups={CONDITION_GROUPS}
            nameOf={(kind) => t(`cond_${kind}`)}
            groupName={(group) => t(`condGroup_${group as keyof typeof CONDITION_GROUPS}`)}
            onChosen={(kind) => {
              setOpen(isSingle ? 0 : value.length);
              onChange([...value, newCondition(kind, procedure)]);
            }}
          />
        </div>
      )}
    </div>
  );
}

/** The list inside a combination. */
const inside: Nested = (of, put, isSingle = false) => <ConditionList value={of} onChange={put} isSingle={isSingle} />;

interface CardProps {
  readonly condition: Condition;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly onChange: (condition: Condition) => void;
  readonly onRemove: (() => void) | null;
}

function ConditionCard({ condition, isOpen, onToggle, onChange, onRemove }: CardProps) {
  const t = procedureStrings.useText();
  const { say } = useEditor();
  const words = say.condition(condition);
  const Arrow = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div className={css['card']}>
      <div className={css['cardHead']}>
        <button type="button" className={css['cardSay']} aria-expanded={isOpen} onClick={onToggle}>
          <IconCircleCheck size={18} stroke={1.7} color="var(--wh-done)" aria-hidden />
          <span style={{ flex: 1 }}>{words}</span>
          <Arrow size={16} color="var(--wh-text-quiet)" aria-hidden />
        </button>
        {onRemove && <RemoveButton label={t('removeNamed', { what: words })} onClick={onRemove} />}
      </div>
      <Collapse expanded={isOpen}>
        {isOpen && (
          <div className={css['cardBody']}>
            <ConditionFields value={condition} onChange={onChange} nested={inside} />
          </div>
        )}
      </Collapse>
    </div>
  );
}
