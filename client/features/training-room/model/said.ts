import type { EquipmentEvent, EquipmentModel } from '#protocol/equipment/index';
import { textIn, type Finding, type Leaf, type Procedure } from '#protocol/procedures/index';
import { withUnit, type Speaker } from '../../procedures/model/words.ts';
import type { TrainingRoomWords } from '../strings.ts';

/** Something that happened, as it is said to the person. */
export interface Said {
  readonly key: number;
  readonly text: string;
  readonly tone: 'good' | 'news' | 'bad';
}

const DEGREES = 180 / Math.PI;

/** What went wrong, kindly and with the names of things. */
export function sayFinding({ kind, facts }: Finding, say: Speaker, t: TrainingRoomWords): string {
  const text = (key: string) => String(facts[key] ?? '');
  const rule = say.procedure.safety.find(({ id }) => id === facts['rule']);
  const value = facts['value'];
  const unit = facts['unit'];
  // What comes too early may be a tool or a control as well.
  const early = kind === 'wrong_order' && !facts['thing'];
  const list = facts['tool'] ? 'tools' : 'controls';
  return t(`found_${kind}`, {
    thing: early ? say.name(list, text(list === 'tools' ? 'tool' : 'control')) : say.name('things', text('thing')),
    tool: say.name('tools', text('tool')),
    control: say.name('controls', text('control')),
    rule: rule ? say.text(rule.text) : '',
    value: typeof value === 'number' ? withUnit(value, String(unit)) : '–',
    mm: (Number(facts['positionM'] ?? 0) * 1000).toFixed(0),
    deg: (Number(facts['angleRad'] ?? 0) * DEGREES).toFixed(0),
  });
}

/** What a machine lets one hear and see beside its picture; null: nothing to say. Refusals are told as problems. */
export function sayMachine(
  event: EquipmentEvent,
  model: EquipmentModel,
  say: Speaker,
  t: TrainingRoomWords,
): Pick<Said, 'text' | 'tone'> | null {
  const nameIn = (list: readonly { readonly id: string; readonly name: Procedure['title'] }[], id: string) => {
    const found = list.find((one) => one.id === id);
    return found ? textIn(found.name, say.language, 'en') : id;
  };
  switch (event.kind) {
    case 'clicked':
      return {
        text: t('clicked', { tool: nameIn(model.about.tools, event.tool), thing: say.name('things', event.thing) }),
        tone: 'good',
      };
    case 'measured':
      return {
        text: t('measured', {
          tool: nameIn(model.about.tools, event.tool),
          thing: say.name('things', event.thing),
          value: event.unit === '1' ? '✓' : withUnit(event.value, event.unit),
        }),
        tone: event.isOk ? 'good' : 'bad',
      };
    case 'alarm':
      return event.phase === 'unacknowledged'
        ? { text: t('alarmTold', { alarm: nameIn(model.about.alarms, event.alarm) }), tone: 'bad' }
        : null;
    case 'tripped':
      return { text: t('tripped', { interlock: nameIn(model.about.interlocks, event.interlock) }), tone: 'bad' };
    case 'refused':
    case 'controlMoved':
    case 'harm':
      return null;
  }
}

/** What is asked for, as one says it to who does it: without the tolerances of the author. */
export function sayTask(leaf: Leaf, say: Speaker, t: TrainingRoomWords): string {
  switch (leaf.kind) {
    case 'touched':
    case 'used':
    case 'grabbed':
      return t(`task_${leaf.kind}`, { thing: say.name('things', leaf.thing) });
    case 'placed':
      return leaf.reference.kind === 'room'
        ? t('task_placed', { thing: say.name('things', leaf.thing) })
        : t('task_placedOn', {
            thing: say.name('things', leaf.thing),
            other: say.name('things', leaf.reference.thing),
          });
    case 'toolUsed': {
      const values = { tool: say.name('tools', leaf.tool), thing: say.name('things', leaf.thing) };
      return leaf.result
        ? t('task_toolUsedWith', { ...values, range: say.range(leaf.result) })
        : t('task_toolUsed', values);
    }
    // The range would be the answer.
    case 'number':
      return t('task_number');
    default:
      return say.condition(leaf);
  }
}
