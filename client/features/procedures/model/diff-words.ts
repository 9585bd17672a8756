import {
  stepMap,
  type Aspect,
  type Condition,
  type Procedure,
  type ProcedureChange,
  type Range,
} from '#protocol/procedures/index';
import { degrees, Speaker, withUnit } from './words.ts';
import type { ProcedureWords } from '../strings.ts';

export interface ChangeLine {
  readonly key: string;
  readonly sign: '+' | '−' | '↕' | '~';
  readonly text: string;
}

/** Twelve screws whose tolerance changed alike are one line, with their number. */
function gathered(lines: readonly ChangeLine[]): ChangeLine[] {
  const counts = new Map<string, number>();
  for (const { sign, text } of lines) counts.set(sign + text, (counts.get(sign + text) ?? 0) + 1);
  const first = lines.filter(
    ({ sign, text }, at) => lines.findIndex((one) => one.sign + one.text === sign + text) === at,
  );
  return first.map((line) => {
    const count = counts.get(line.sign + line.text)!;
    return count === 1 ? line : { ...line, text: `${line.text} (× ${count})` };
  });
}

/**
 * A new version in the words of somebody who has to approve it: "Step 4 Tighten the screws: result between 12 and 14 N·m
 * → between 14 and 16 N·m". Where it stands in the editor is nobody's concern, so layout is left out.
 */
export function changeLines(
  before: Procedure,
  after: Procedure,
  changes: readonly ProcedureChange[],
  language: string,
  t: ProcedureWords,
): ChangeLine[] {
  const [was, is] = [new Speaker(before, language, t), new Speaker(after, language, t)];
  const [wasAt, isAt] = [numbers(before), numbers(after)];
  const [oldSteps, newSteps] = [stepMap(before), stepMap(after)];
  const stepName = (id: string): string => {
    const known = newSteps.get(id as never) ?? oldSteps.get(id as never);
    const speaker = newSteps.has(id as never) ? is : was;
    return t('stepNamed', {
      n: isAt.get(id) ?? wasAt.get(id) ?? '',
      title: known ? speaker.text(known.step.title) : id,
    });
  };
  const chapterName = (id: string): string => {
    const named = (procedure: Procedure, speaker: Speaker) => {
      const found = [...procedure.chapters, ...procedure.subchapters].find((one) => one.id === id);
      return found && speaker.text(found.title);
    };
    return named(after, is) ?? named(before, was) ?? id;
  };
  const lines = changes.flatMap((change, at): ChangeLine[] => {
    const key = String(at);
    switch (change.kind) {
      case 'stepAdded':
        return [{ key, sign: '+', text: t('diffStepAdded', { step: stepName(change.step) }) }];
      case 'stepRemoved':
        return [{ key, sign: '−', text: t('diffStepRemoved', { step: stepName(change.step) }) }];
      case 'stepMoved':
        return [
          {
            key,
            sign: '↕',
            text: t('diffStepMoved', { step: stepName(change.step), chapter: chapterName(change.to) }),
          },
        ];
      case 'chapterAdded':
        return [{ key, sign: '+', text: t('diffChapterAdded', { chapter: chapterName(change.chapter) }) }];
      case 'chapterRemoved':
        return [{ key, sign: '−', text: t('diffChapterRemoved', { chapter: chapterName(change.chapter) }) }];
      case 'changed': {
        if (change.aspect === 'layout') return [];
        const where = change.step === null ? t('diffWhole') : stepName(change.step);
        const what = aspectName(change.aspect, change.path, t);
        const [from, to] = [valueWords(change.before, change.path, was), valueWords(change.after, change.path, is)];
        return [{ key, sign: '~', text: t('diffChanged', { where, what, from, to }) }];
      }
    }
  });
  return gathered(lines);
}

/** Place of each step in the main chapters, as people count. */
export function numbers(procedure: Procedure): Map<string, number> {
  const steps = [...procedure.chapters, ...procedure.subchapters].flatMap((chapter) => chapter.steps);
  return new Map(steps.map(({ id }, at) => [id, at + 1]));
}

const FIELDS = [
  'title',
  'instruction',
  'toleranceM',
  'toleranceRad',
  'minimum',
  'maximum',
  'target',
  'holdMs',
] as const;

function aspectName(aspect: Aspect, path: string, t: ProcedureWords): string {
  const field = FIELDS.find((one) => path.split('.').includes(one));
  if (field) return t(`field_${field}`);
  return aspect === 'layout' ? '' : t(`aspect_${aspect}`);
}

function valueWords(value: unknown, path: string, speaker: Speaker): string {
  const { t } = speaker;
  if (value === undefined || value === null) return t('nothing');
  if (typeof value === 'number') {
    if (path.endsWith('toleranceM')) return withUnit(value * 1000, 'mm');
    if (path.endsWith('toleranceRad')) return withUnit(degrees(value), 'deg');
    if (/Ms$/.test(path)) return speaker.seconds(value);
    return String(value);
  }
  if (typeof value === 'string') {
    const step = stepMap(speaker.procedure).get(value as never);
    return path.endsWith('.to') && step ? speaker.text(step.step.title) : `“${value}”`;
  }
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (Array.isArray(value))
    return value.map((one) => valueWords(one, '', speaker)).join(t('listSeparator')) || t('nothing');
  if (isCondition(value)) return speaker.condition(value);
  if (typeof value === 'object' && 'unit' in value) return speaker.range(value as Range);
  return t('anotherOne');
}

/** What the diff hands over as a whole is from a document that was checked when it was read. */
const isCondition = (value: object): value is Condition =>
  'kind' in value &&
  !('stage' in value) &&
  ['placed', 'value', 'toolUsed', 'confirmed', 'mounted', 'grabbed', 'timeout', 'control'].includes(String(value.kind));
