import { askedFacts, type Deviation, type ResultRow } from '#protocol/guidance/index';
import { withUnit, type Speaker } from '../../procedures/model/words.ts';
import { trainingRoomStrings } from '../../training-room/strings.ts';
import { sayTask } from '../../training-room/model/said.ts';
import type { GuidanceRoomWords } from '../strings.ts';
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
export const needKey = (need: Need) =>
  `need_${need.kind === 'photo' && need.gate.kind === 'photo' && need.gate.evidence === 'clip' ? 'clip' : need.kind}` as const;

/** A line of the checklist. */
export function sayNeed(task: Task, say: Speaker, t: GuidanceRoomWords): string {
  const { leaf, gate } = task;
  if (gate)
    switch (gate.kind) {
      case 'scan':
        return t('gate_scan', { thing: say.name('things', gate.thing) });
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
  if (leaf.kind === 'mounted') return t('partIn', { thing: say.names('things', leaf.things) });
  return sayTask(leaf, say, trainingRoomStrings.text);
}

/** Two figures: "0.9", "3.1", "12". */
export const millimetres = (metres: number): string => {
  const mm = metres * 1000;
  return mm >= 10 ? mm.toFixed(0) : mm.toFixed(1);
};
