import { askedFacts, type Deviation, type ResultRow } from '#protocol/guidance/index';
import type { Leaf } from '#protocol/procedures/index';
import { withUnit, type Speaker } from '../../procedures/model/words.ts';
import { trainingRoomStrings } from '../../training-room/strings.ts';
import { sayTask } from '../../training-room/model/said.ts';
import type { GuidanceRoomWords } from '../strings.ts';
import { sayQuantity } from './asked-value.ts';
import type { Need, Task } from './tasks.ts';

/** What a tool reported, and whether it counts. */
export function sayResult({ result, tool, verdict }: ResultRow, say: Speaker, t: GuidanceRoomWords): string {
  const name = tool === null ? result.device : say.name('tools', tool);
  const words = t('lastResult', { tool: name, value: withUnit(result.value, result.unit) });
  return `${words}, ${t(verdict === 'counted' ? 'resultGood' : 'resultBad')}`;
}

/** What deviates, with the values that tell why. */
export const sayDeviation = (deviation: Deviation, say: Speaker, t: GuidanceRoomWords): string =>
  [t(`kind_${deviation.kind}`), sayFacts(deviation, say, t)].filter(Boolean).join(' · ');

/** The same where its kind is said already: which part, what was found, what was expected. */
export function sayFacts({ step, facts, text, count }: Deviation, say: Speaker, t: GuidanceRoomWords): string {
  const parts: string[] = [];
  const thing = facts['thing'];
  if (typeof thing === 'string') parts.push(say.name('things', thing));
  const { value, unit, part, serial, expected } = { ...facts, ...askedFacts(say.procedure, step, facts) };
  if (typeof value === 'number')
    parts.push(t('found', { value: typeof unit === 'string' ? withUnit(value, unit) : value }));
  if (typeof part === 'string')
    parts.push(t('found', { value: typeof serial === 'string' ? `${part} ${serial}` : part }));
  if (typeof expected === 'string') parts.push(t('expected', { value: expected }));
  if (text) parts.push(text);
  if (count > 1) parts.push(t('times', { count }));
  return parts.join(' · ');
}

/** What one does for it, on the large button. */
export function needKey(need: Need) {
  if (need.kind === 'fill') return `need_${need.what}` as const;
  return `need_${need.kind === 'photo' && need.gate.kind === 'photo' && need.gate.evidence === 'clip' ? 'clip' : need.kind}` as const;
}

/**
 * A line of the checklist: what is to be done, and once it is, what was. `isListed`: its list or question stands right below it, and is
 * not said twice.
 */
export function sayNeed(task: Task, say: Speaker, t: GuidanceRoomWords, isListed = false): string {
  const { leaf, gate, isDone } = task;
  if (gate)
    switch (gate.kind) {
      case 'scan':
        return t(isDone ? 'gate_scan' : 'do_scan', { thing: say.name('things', gate.thing) });
      case 'photo':
        return t(gate.evidence === 'clip' ? 'gate_clip' : 'gate_photo', { text: say.text(gate.text) });
      case 'skill':
        return t('gate_skill', { code: gate.code, level: gate.level });
      case 'secondPerson':
        return t('gate_secondPerson');
      case 'alignment':
        return t('gate_alignment', { mm: millimetres(gate.withinM) });
    }
  if (!leaf) return '';
  if (leaf.kind === 'mounted') return t(isDone ? 'partIn' : 'do_mounted', { thing: say.names('things', leaf.things) });
  return (isDone ? null : sayWork(leaf, say, t, isListed)) ?? sayTask(leaf, say, trainingRoomStrings.text);
}

/** As a request; null: it is said as one anyway. */
function sayWork(leaf: Leaf, say: Speaker, t: GuidanceRoomWords, isListed: boolean): string | null {
  switch (leaf.kind) {
    case 'confirmed':
      return t('do_confirmed');
    case 'checklist':
      if (isListed) return t('do_tickListed');
      return t('do_tick', { items: leaf.items.map(({ text }) => say.text(text)).join(t('comma')) });
    case 'worn':
      return isListed ? t('do_wearListed') : t('do_wear', { things: say.names('things', leaf.things) });
    case 'answered':
      return isListed ? t('do_answerListed') : t('do_answer', { question: say.text(leaf.question) });
    case 'control':
      return t('do_control', { control: say.name('controls', leaf.control), to: say.setting(leaf.setting) });
    case 'number':
      return t('do_number', { what: sayQuantity(leaf.range.unit, t), range: say.range(leaf.range) });
    case 'released':
      return t('do_release', { thing: say.name('things', leaf.thing) });
    case 'spoken':
      return t('do_say', { phrase: say.text(leaf.phrases) || leaf.command });
    case 'dwell':
      return t('do_stay', { place: say.name('places', leaf.place), time: say.seconds(leaf.durationMs) });
    case 'gaze':
      return t('do_gaze', { thing: say.name('things', leaf.thing), time: say.seconds(leaf.durationMs) });
    default:
      return null;
  }
}

/** Two figures: "0.9", "3.1", "12". */
export const millimetres = (metres: number): string => {
  const mm = metres * 1000;
  return mm >= 10 ? mm.toFixed(0) : mm.toFixed(1);
};
