import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { clockText } from '../model/clock-text.ts';
import { laneEvents, type LaneEvent } from '../model/lanes.ts';
import type { RunStory } from '../model/story.ts';
import type { RunWords } from '../model/words.ts';
import { trainingStrings } from '../strings.ts';
import css from './debrief.module.css';

const LANES = ['steps', 'findings', 'faults'] as const;
/** Height of a row, px. */
const ROW_PX = 22;
const STEP_KEYS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

interface Props {
  readonly story: RunStory;
  readonly words: RunWords;
  readonly atMs: number;
  readonly onJump: (atMs: number) => void;
}

/** Steps, findings and faults over time. One stop for the tab key; arrows go from event to event. */
export function Lanes({ story, words, atMs, onJump }: Props) {
  const t = trainingStrings.useText();
  const events = useMemo(() => laneEvents(story), [story]);
  const [focused, setFocused] = useState(0);
  const buttons = useRef(new Map<string, HTMLButtonElement>());
  const wholeMs = Math.max(1, story.durationMs);
  const percent = (ms: number) => `${(ms / wholeMs) * 100}%`;
  const onKeyDown = (event: KeyboardEvent) => {
    const last = events.length - 1;
    const by = STEP_KEYS[event.key];
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? last : by === undefined ? null : focused + by;
    if (next === null) return;
    event.preventDefault();
    const at = Math.min(last, Math.max(0, next));
    setFocused(at);
    const chosen = events[at];
    if (!chosen) return;
    buttons.current.get(chosen.key)?.focus();
    onJump(chosen.fromMs);
  };
  return (
    <div className={css['lanes']} role="group" aria-label={t('timeLine')} onKeyDown={onKeyDown}>
      {LANES.map((lane) => {
        const own = events.filter((event) => event.lane === lane);
        if (own.length === 0 && lane !== 'steps') return null;
        const rows = Math.max(1, ...own.map(({ row }) => row + 1));
        return (
          <div key={lane} className={css['lane']}>
            <span className={css['laneName']}>{t(`lane_${lane}`)}</span>
            <div className={css['track']} style={{ height: rows * ROW_PX }}>
              {own.map((event) => (
                <button
                  key={event.key}
                  type="button"
                  ref={(element) => {
                    if (element) buttons.current.set(event.key, element);
                    else buttons.current.delete(event.key);
                  }}
                  className={css['event']}
                  data-lane={lane}
                  data-moment={event.toMs === null}
                  data-fault={faultState(event)}
                  tabIndex={events[focused] === event ? 0 : -1}
                  aria-label={saidOf(event, words, t)}
                  title={saidOf(event, words, t)}
                  style={{
                    left: percent(event.fromMs),
                    width: event.toMs === null ? undefined : percent(event.toMs - event.fromMs),
                    top: event.row * ROW_PX + 2,
                  }}
                  onFocus={() => setFocused(events.indexOf(event))}
                  onClick={() => onJump(event.fromMs)}
                />
              ))}
              <span className={css['now']} style={{ left: percent(Math.min(atMs, wholeMs)) }} aria-hidden />
            </div>
          </div>
        );
      })}
      <div className={css['scale']} aria-hidden>
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <span key={share}>{clockText(wholeMs * share)}</span>
        ))}
      </div>
    </div>
  );
}

function faultState({ about }: LaneEvent): 'diagnosed' | 'found' | 'missed' | undefined {
  if (about.kind !== 'fault') return undefined;
  return about.fault.diagnosedMs !== null ? 'diagnosed' : about.fault.foundMs !== null ? 'found' : 'missed';
}

function saidOf({ about, fromMs, toMs }: LaneEvent, words: RunWords, t: RunWords['t']): string {
  if (about.kind === 'stay') {
    const [from, to] = [clockText(fromMs), clockText(toMs ?? fromMs)];
    return t('stayAt', { step: words.step(about.stay.step), from, to });
  }
  if (about.kind === 'finding') {
    const { kind, facts } = about.finding;
    return `${words.finding(kind, facts)}, ${t('atTime', { time: clockText(fromMs) })}`;
  }
  return faultSaid(about.fault, words).join(', ');
}

/** "Fault: gauge stuck", "injected at 1:20", "found after 0:12", "cause not named". */
export function faultSaid(fault: RunStory['faults'][number], words: RunWords): string[] {
  const { t } = words;
  const after = (ms: number) => clockText(ms - fault.injectedMs);
  return [
    t('faultStory', { fault: words.fault(fault.fault) }),
    t('faultInjectedAt', { time: clockText(fault.injectedMs) }),
    fault.foundMs === null ? t('notFound') : t('foundAfter', { time: after(fault.foundMs) }),
    fault.diagnosedMs === null ? t('notDiagnosed') : t('diagnosedAfter', { time: after(fault.diagnosedMs) }),
  ];
}
