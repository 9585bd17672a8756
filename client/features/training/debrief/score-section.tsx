import { Text, Title } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { ScoreLine, ScoreSheet } from '#protocol/procedures/index';
import { clockText } from '../model/clock-text.ts';
import type { RunWords } from '../model/words.ts';
import { trainingStrings } from '../strings.ts';
import css from './debrief.module.css';

interface Props {
  readonly sheet: ScoreSheet;
  readonly words: RunWords;
  readonly onJump: (atMs: number) => void;
}

/** Points by reason; each reason opens to the findings it is made of, and each finding leads to its moment. */
export function ScoreSection({ sheet, words, onJump }: Props) {
  const t = trainingStrings.useText();
  const groups = new Map<ScoreLine['reason'], ScoreLine[]>();
  for (const line of sheet.lines) groups.set(line.reason, [...(groups.get(line.reason) ?? []), line]);
  return (
    <section className={css['section']} aria-labelledby="sheet">
      <Title order={2} id="sheet" mb="sm">
        {t('sheet')}
      </Title>
      <div className={css['panel']}>
        <Line what={t('fullPoints')} points={sheet.full} />
        {groups.size === 0 && (
          <Text size="sm" c="dimmed" py={10}>
            {t('nothingTaken')}
          </Text>
        )}
        {[...groups].map(([reason, lines]) => (
          <Reason key={reason} {...{ reason, lines, words, onJump }} />
        ))}
        <Line what={t('sumPoints')} points={sheet.points} isSum />
      </div>
    </section>
  );
}

function Line({
  what,
  points,
  isSum = false,
}: {
  readonly what: string;
  readonly points: number;
  readonly isSum?: boolean;
}) {
  return (
    <div className={css['line']} data-sum={isSum}>
      <span>{what}</span>
      <span className="wh-figures">{points}</span>
    </div>
  );
}

interface ReasonProps extends Pick<Props, 'words' | 'onJump'> {
  readonly reason: ScoreLine['reason'];
  readonly lines: readonly ScoreLine[];
}

function Reason({ reason, lines, words, onJump }: ReasonProps) {
  const t = trainingStrings.useText();
  const [isOpen, setOpen] = useState(false);
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  const points = lines.reduce((sum, line) => sum + line.points, 0);
  const id = `reason-${reason}`;
  return (
    <div className={css['reason']}>
      <button
        type="button"
        className={css['line']}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <span>
          <Chevron size={16} aria-hidden className={css['chevron']} />
          {words.finding(reason, {})} <span className={css['dim']}>{t('times', { count: lines.length })}</span>
        </span>
        <span className="wh-figures">{points}</span>
      </button>
      <ul id={id} className={css['findings']} data-open={isOpen}>
        {lines.map((line, at) => (
          <li key={at}>
            <button type="button" onClick={() => onJump(line.atMs)} className={css['jump']}>
              <span className={css['time']}>{clockText(line.atMs)}</span>
              <span>
                {words.finding(reason, line.facts)}
                {line.step && <span className={css['dim']}> · {words.step(line.step)}</span>}
              </span>
            </button>
            <span className="wh-figures">{line.points}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
