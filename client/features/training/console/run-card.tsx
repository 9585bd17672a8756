import { IconHandStop } from '@tabler/icons-react';
import type { Procedure } from '#protocol/procedures/index';
import type { RunRow } from '#protocol/training/index';
import { StatusBadge, type Status } from '../../../ui/index.ts';
import { clockText } from '../model/clock-text.ts';
import { elapsedMs, type RunLine, type RunStanding } from '../model/run-line.ts';
import { RunWords } from '../model/words.ts';
import { trainingStrings } from '../strings.ts';
import css from './console.module.css';

export const STANDING_STATUS: Record<RunStanding, Status> = {
  ...{ running: 'active', paused: 'attention', frozen: 'attention' },
  ...{ completed: 'done', failed: 'stop', abandoned: 'quiet' },
};

interface Props {
  readonly run: RunRow;
  readonly line: RunLine;
  readonly procedure: Procedure;
  /** Of the procedure; null when the hall has not said yet. */
  readonly release: number | null;
  /** New runs take a newer one. */
  readonly isSuperseded: boolean;
  readonly language: string;
  readonly isChosen: boolean;
  readonly nowMs: number;
  readonly onChoose: () => void;
}

/** A run at a glance: who, how far, for how long, what went wrong, and whether somebody waits. */
export function RunCard({ run, line, procedure, release, isSuperseded, language, isChosen, nowMs, onChoose }: Props) {
  const t = trainingStrings.useText();
  const words = new RunWords(procedure, language, t);
  const [first] = line.now;
  return (
    <button type="button" className={css['card']} aria-current={isChosen} onClick={onChoose}>
      <span className={css['line']}>
        <span className={css['names']}>{run.participants.map(({ name }) => name).join(', ')}</span>
        <StatusBadge status={STANDING_STATUS[line.standing]}>{t(`standing_${line.standing}`)}</StatusBadge>
      </span>
      <StepBar line={line} />
      <span className={css['quiet']}>
        <span>{t(`mode_${run.mode}`)}</span>
        {isSuperseded && release !== null && <span>{t('olderRelease', { n: release })}</span>}
        <span>{t('progress', { done: line.done, total: line.total })}</span>
        <span>{clockText(elapsedMs(run, nowMs))}</span>
        {run.findings > 0 && <span>{t('findingsCount', { count: run.findings })}</span>}
      </span>
      {first && <span className={css['quiet']}>{t('atStep', { step: words.step(first.step) })}</span>}
      {line.awaits.length > 0 && (
        <span className={css['waits']}>
          <IconHandStop size={16} aria-hidden />
          {t('waitsFor', { roles: line.awaits.map((role) => words.role(role)).join(', ') })}
        </span>
      )}
    </button>
  );
}

/** One mark per step: done, being done, to come. */
export function StepBar({ line }: { readonly line: RunLine }) {
  const t = trainingStrings.useText();
  return (
    <span
      className={css['steps']}
      role="img"
      aria-label={t('progress', { done: line.done, total: line.total })}
      data-done={line.done}
    >
      {line.marks.map((is, at) => (
        <span key={at} data-is={is} />
      ))}
    </span>
  );
}
