import { TextInput, Tooltip } from '@mantine/core';
import { useId, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { readMeasure, writeMeasure, type MeasureKind } from '../model/expression.ts';
import { newId } from '../../../net/new-id.ts';
import { roomStrings } from '../strings.ts';
import css from './inspector.module.css';

interface Props {
  readonly label: string;
  /** In what stands left of the field: X, Y, Z or a dimension's sign. */
  readonly sign?: string;
  readonly kind: MeasureKind;
  /** Millimetres, degrees or a count; null when the chosen parts differ. */
  readonly value: number | null;
  readonly step: number;
  readonly min?: number;
  readonly max?: number;
  /** Why it cannot be changed, when it cannot. */
  readonly refused?: string | null;
  /** Says why a value within the limits still cannot be taken, or null. */
  readonly judge?: (value: number) => string | null;
  /** Values typed or stepped while the field keeps the focus share a gesture: one step of undo. */
  readonly onCommit: (value: number, gesture: string) => void;
  readonly onFocus?: () => void;
  readonly onBlur?: () => void;
}

const UNIT: Record<MeasureKind, string> = { length: 'mm', angle: '°', count: '' };

/**
 * A measure one types, steps with the arrow keys (Shift: ten times, Alt: a tenth) or calculates: `12+3.5`, `1in`.
 * Enter and leaving the field take the value, Escape puts the old one back.
 */
export function MeasureField(props: Props) {
  const { label, sign, kind, value, step, min = -Infinity, max = Infinity, refused, judge, onCommit } = props;
  const t = roomStrings.useText();
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const gesture = useRef('');
  const problemId = useId();
  const shown = draft ?? (value === null ? '' : writeMeasure(value));

  const judgeText = (text: string): { value: number } | { problem: string } => {
    const read = readMeasure(text, kind);
    if (read === null || (kind === 'count' && !Number.isInteger(read))) return { problem: t('measureUnreadable') };
    const unit = UNIT[kind];
    if (read < min) return { problem: t('measureTooSmall', { limit: `${writeMeasure(min)} ${unit}`.trim() }) };
    if (read > max) return { problem: t('measureTooLarge', { limit: `${writeMeasure(max)} ${unit}`.trim() }) };
    const reason = judge?.(read);
    return reason ? { problem: reason } : { value: read };
  };
  const take = (text: string): boolean => {
    const judged = judgeText(text);
    setProblem('problem' in judged ? judged.problem : null);
    if ('problem' in judged) return false;
    setDraft(null);
    if (value === null || Math.abs(judged.value - value) > 1e-9) onCommit(judged.value, gesture.current);
    return true;
  };
  const revert = () => {
    setDraft(null);
    setProblem(null);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    if (event.key === 'Enter' && draft !== null) take(draft);
    if (event.key === 'Escape') {
      revert();
      event.currentTarget.blur();
    }
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    const size = kind === 'count' ? 1 : step * (event.shiftKey ? 10 : event.altKey ? 0.1 : 1);
    const from = readMeasure(shown, kind) ?? value ?? 0;
    const next = Math.max(min, Math.min(max, from + (event.key === 'ArrowUp' ? size : -size)));
    take(writeMeasure(next));
  };
  const onFocus = (event: FocusEvent<HTMLInputElement>) => {
    gesture.current = newId();
    event.currentTarget.select();
    props.onFocus?.();
  };
  const onBlur = () => {
    if (draft !== null && !take(draft)) revert();
    props.onBlur?.();
  };

  const field = (
    <TextInput
      size="xs"
      inputMode={kind === 'count' ? 'numeric' : 'text'}
      aria-label={label}
      aria-describedby={problem ? problemId : undefined}
      classNames={{ input: css['measure'], section: css['unit'] }}
      leftSection={sign ? <span className={css['sign']}>{sign}</span> : undefined}
      leftSectionWidth={20}
      leftSectionPointerEvents="none"
      rightSection={UNIT[kind] ? <span>{UNIT[kind]}</span> : undefined}
      rightSectionWidth={kind === 'length' ? 26 : 14}
      rightSectionPointerEvents="none"
      placeholder={value === null ? t('differs') : undefined}
      readOnly={Boolean(refused)}
      data-refused={refused ? true : undefined}
      error={problem !== null}
      title={shown ? `${shown} ${UNIT[kind]}`.trim() : undefined}
      value={shown}
      onChange={(event) => {
        setDraft(event.currentTarget.value);
        setProblem(null);
      }}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      onBlur={onBlur}
    />
  );
  return (
    <div>
      {refused ? <Tooltip label={refused}>{field}</Tooltip> : field}
      {problem && (
        <div id={problemId} role="alert" className={css['problem']}>
          {problem}
        </div>
      )}
    </div>
  );
}
