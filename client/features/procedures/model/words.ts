import {
  textIn,
  type Behaviour,
  type Condition,
  type Procedure,
  type Range,
  type Sensor,
  type Target,
  type Text,
} from '#protocol/procedures/index';
import { rounded, unitWord, withUnit } from '#protocol/procedures/unit-words';
import type { ProcedureWords } from '../strings.ts';

export { unitWord, withUnit };

/** It counts nothing and measures nothing: it is so, or it is not. */
export const isYesOrNo = ({ unit, minimum, maximum }: Pick<Sensor, 'unit' | 'minimum' | 'maximum'>): boolean =>
  unit === '1' && minimum === 0 && maximum === 1;
export const degrees = (rad: number): number => (rad * 180) / Math.PI;

type Listed = 'things' | 'places' | 'tools' | 'sensors' | 'controls' | 'roles' | 'stations';

/** Says a procedure's conditions and behaviours as an author would: with the names of things, in their language. */
export class Speaker {
  constructor(
    readonly procedure: Procedure,
    readonly language: string,
    readonly t: ProcedureWords,
  ) {}

  text = (text: Text): string => textIn(text, this.language, this.procedure.languages[0]!);

  name(list: Listed, id: string): string {
    const found = this.procedure.workplace[list].find((one: { readonly id: string }) => one.id === id);
    return found ? this.text(found.name) || id : this.t('notChosen');
  }

  names = (list: Listed, ids: readonly string[]): string =>
    ids.map((id) => this.name(list, id)).join(this.t('listSeparator'));

  range({ minimum, maximum, unit }: Range): string {
    const { t } = this;
    if (minimum !== undefined && maximum !== undefined)
      return t('rangeBetween', { from: rounded(minimum), to: withUnit(maximum, unit) });
    if (minimum !== undefined) return t('rangeAtLeast', { from: withUnit(minimum, unit) });
    return maximum === undefined ? t('rangeAny') : t('rangeAtMost', { to: withUnit(maximum, unit) });
  }

  /** What a control is to be set to. */
  setting = (to: Extract<Condition, { kind: 'control' }>['setting']): string =>
    to.kind === 'positions' ? to.positions.join(this.t('listOr')) || this.t('notChosen') : this.range(to.range);

  seconds = (ms: number): string => this.t('seconds', { seconds: rounded(ms / 1000, 1) });

  private held = (ms: number): string => (ms > 0 ? this.t('heldFor', { time: this.seconds(ms) }) : '');

  condition(one: Condition): string {
    const { t } = this;
    switch (one.kind) {
      case 'grabbed':
      case 'released':
      case 'touched':
      case 'used':
        return t(`say_${one.kind}`, { thing: this.name('things', one.thing) });
      case 'placed': {
        const { reference } = one;
        const values = {
          thing: this.name('things', one.thing),
          mm: rounded(one.toleranceM * 1000, 2),
          deg: rounded(degrees(one.toleranceRad), 1),
        };
        return reference.kind === 'room'
          ? t('say_placed', values)
          : t('say_placedOn', { ...values, other: this.name('things', reference.thing) });
      }
      case 'mounted':
        return t(one.isOrdered ? 'say_mountedInOrder' : 'say_mounted', { things: this.names('things', one.things) });
      case 'toolUsed': {
        const values = { tool: this.name('tools', one.tool), thing: this.name('things', one.thing) };
        return one.result
          ? t('say_toolUsedWith', { ...values, range: this.range(one.result) })
          : t('say_toolUsed', values);
      }
      case 'value':
        return (
          t('say_value', { sensor: this.name('sensors', one.sensor), range: this.range(one.range) }) +
          this.held(one.holdMs)
        );
      case 'control': {
        const to = this.setting(one.setting);
        return t('say_control', { control: this.name('controls', one.control), to }) + this.held(one.holdMs);
      }
      case 'variable': {
        const { is } = one;
        const range =
          is.kind === 'equal'
            ? String(is.value)
            : this.range({
                ...(is.minimum === null ? {} : { minimum: is.minimum }),
                ...(is.maximum === null ? {} : { maximum: is.maximum }),
                unit: '1',
              });
        return t('say_variable', { variable: one.variable, range });
      }
      case 'answered':
        return t('say_answered', { question: this.text(one.question) || t('notWritten') });
      case 'checklist':
        return t('say_checklist', {
          items: one.items.map(({ text }) => this.text(text) || t('notWritten')).join(t('listSeparator')),
        });
      case 'worn':
        return t('say_worn', { things: this.names('things', one.things) });
      case 'dwell':
        return t('say_dwell', { place: this.name('places', one.place), time: this.seconds(one.durationMs) });
      case 'gaze':
        return t('say_gaze', { thing: this.name('things', one.thing), time: this.seconds(one.durationMs) });
      case 'timeout':
        return t('say_timeout', { time: this.seconds(one.afterMs) });
      case 'spoken':
        return t('say_spoken', { phrase: this.text(one.phrases) || one.command });
      case 'number':
        return t('say_number', { variable: one.variable, range: this.range(one.range) });
      case 'approved':
        return t('say_approved', { role: this.name('roles', one.role) });
      case 'confirmed':
        return t('say_confirmed');
      case 'opaque':
        return t('say_opaque', { type: one.type });
      case 'not':
        return t('say_not', { of: this.condition(one.of) });
      case 'all':
        return one.of.map((inner) => this.condition(inner)).join(t('listAnd'));
      case 'any':
        return one.of.map((inner) => this.condition(inner)).join(t('listOr'));
      case 'atLeast':
        return t('say_atLeast', {
          n: one.count,
          of: one.of.map((inner) => this.condition(inner)).join(t('listSeparator')),
        });
    }
  }

  target(target: Target): string {
    switch (target.kind) {
      case 'thing':
        return this.name('things', target.thing);
      case 'place':
        return this.name('places', target.place);
      case 'tool':
        return this.name('tools', target.tool);
      case 'control':
        return this.name('controls', target.control);
    }
  }

  media(id: string): string {
    const found = this.procedure.workplace.media.find((one) => one.id === id);
    return found ? this.text(found.description) || id : this.t('notChosen');
  }

  behaviour(one: Behaviour): string {
    const { t } = this;
    switch (one.kind) {
      case 'highlight':
        return t('do_highlight', {
          targets: one.targets.map((target) => this.target(target)).join(t('listSeparator')),
        });
      case 'arrow':
        return t('do_arrow', { target: this.target(one.target) });
      case 'ghostMotion':
        return t('do_ghostMotion', { thing: this.name('things', one.thing) });
      case 'text':
      case 'speech':
        return t(`do_${one.kind}`, { text: this.text(one.text) || t('notWritten') });
      case 'picture':
      case 'video':
      case 'audio':
        return t(`do_${one.kind}`, { media: this.media(one.media) });
      case 'setEnabled':
        return t(one.isEnabled ? 'do_setEnabled' : 'do_setDisabled', {
          targets: one.targets.map((target) => this.target(target)).join(t('listSeparator')),
        });
      case 'animateJoint':
        return t('do_animateJoint', { control: this.name('controls', one.control), to: rounded(one.to) });
      case 'setVariable':
        return t(one.isAdded ? 'do_addVariable' : 'do_setVariable', {
          variable: one.variable,
          value: String(one.value),
        });
      case 'hazard':
        return t('do_hazard', { text: this.text(one.text) || one.hazard });
      case 'score':
        return t('do_score', { points: one.points, reason: this.text(one.reason) || t('notWritten') });
      case 'opaque':
        return t('say_opaque', { type: one.type });
    }
  }
}
