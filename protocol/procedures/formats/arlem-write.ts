import type { Behaviour, Target } from '../behaviour.ts';
import type { Condition } from '../condition.ts';
import type { Procedure, Step } from '../procedure.ts';
import { textIn, type Text } from '../text.ts';
import { mirageXrPoiOf, poiOf } from './arlem-pose.ts';
import { lossReport, type JsonObject, type LoseIt, type Loss } from './loss.ts';

export const ARLEM_DIALECTS = ['standard', 'miragexr'] as const;
export type ArlemDialect = (typeof ARLEM_DIALECTS)[number];

/** Where what has no place of its own is shown. */
const EVERYWHERE = 'workplace';

/**
 * Writes a procedure as ARLEM activity and workplace: in the standard's JSON, or as MirageXR reads it.
 *
 * ARLEM knows one line of actions with triggers: any of them ends the action. What is more than that (conditions that
 * must hold together, sub-procedures, placing within a tolerance, scoring) is left out and reported.
 */
export function writeArlem(
  procedure: Procedure,
  dialect: ArlemDialect = 'standard',
): { activity: JsonObject; workplace: JsonObject; losses: Loss[] } {
  const { losses, lose } = lossReport();
  const writer = new Writer(procedure, dialect, lose);
  return { ...writer.write(), losses };
}

class Writer {
  readonly #predicates = new Set<string>();
  readonly #warnings = new Map<string, string>();

  readonly procedure: Procedure;
  readonly dialect: ArlemDialect;
  readonly lose: LoseIt;

  constructor(procedure: Procedure, dialect: ArlemDialect, lose: LoseIt) {
    this.procedure = procedure;
    this.dialect = dialect;
    this.lose = lose;
  }

  write(): { activity: JsonObject; workplace: JsonObject } {
    const { id, title, description, languages, chapters, safety, variables, subchapters } = this.procedure;
    if (languages.length > 1) this.lose('other_languages', 'languages', languages.slice(1).join(', '));
    if (languages[0]!.length > 2) this.lose('simplified', 'languages', `${languages[0]} becomes two letters`);
    if (chapters.length > 1) this.lose('simplified', 'chapters', 'chapters become one line of actions');
    if (subchapters.length > 0) this.lose('not_in_format', 'subchapters', `${subchapters.length} sub-procedures`);
    if (safety.length > 0) this.lose('not_in_format', 'safety', `${safety.length} safety rules`);
    if (variables.length > 0) this.lose('not_in_format', 'variables', `${variables.length} variables`);
    this.lose('not_in_format', 'rubric', 'scoring');
    const actions = chapters.flatMap(({ steps }, at) =>
      steps.map((step) => this.#action(step, chapters[at + 1]?.first ?? null)),
    );
    const activity: JsonObject = {
      id,
      name: this.#say(title, 1000),
      description: this.#say(description, 10_000),
      language: languages[0]!.slice(0, 2),
      workplace: `${id}-workplace.json`,
      start: chapters[0]!.first,
      actions,
    };
    return { activity, workplace: this.#workplace() };
  }

  #action(step: Step, nextChapter: string | null): JsonObject {
    const where = `steps.${step.id}`;
    for (const [what, isThere] of Object.entries({
      'sub-procedures': !['ordinary', 'end'].includes(step.body.kind),
      'optional step': step.isOptional,
      'time limit': step.timeLimitMs !== null,
      retry: step.retry !== null,
      role: step.role !== null,
      hints: step.hints.length > 0,
      'what is unlocked': step.unlocks.things.length + step.unlocks.tools.length + step.unlocks.controls.length > 0,
    }))
      if (isThere) this.lose('not_in_format', where, what);
    const shown = step.behaviours.flatMap((one, at) => this.#shown(one, `${where}.behaviours.${at}`));
    const enter = shown.filter(({ stage }) => stage === 'enter').map(({ item }) => item);
    const exit = shown.filter(({ stage }) => stage === 'leave').map(({ item }) => item);
    const [first] = step.transitions;
    const next = first ? (first.to ?? nextChapter) : null;
    const triggers = step.transitions.flatMap((transition, at) => {
      if (transition.to !== first!.to) {
        this.lose('not_in_format', `${where}.transitions.${at}`, 'a branch to another step');
        return [];
      }
      return this.#triggers(transition.conditions, step.id, `${where}.transitions.${at}`);
    });
    if (triggers.length === 0) {
      this.lose('guessed', where, 'nothing ends the action: a click does');
      triggers.push(this.#trigger({ mode: 'click', type: 'action', viewport: 'actions', id: step.id }));
    }
    const { station } = step;
    const place = this.procedure.workplace.stations.find(({ id }) => id === station)?.place;
    return {
      id: step.id,
      viewport: 'actions',
      type: this.dialect === 'standard' ? 'actions' : 'action',
      ...(place ? { location: place } : {}),
      ...(this.dialect === 'miragexr'
        ? { isActive: false, isCompleted: false, isDiamondVisible: true, appIDs: [], user: '' }
        : {}),
      instruction: { title: this.#say(step.title, 100, where), description: this.#say(step.instruction, 5000, where) },
      enter: { removeSelf: false, activates: enter, deactivates: [] },
      exit: {
        removeSelf: true,
        activates: [...exit, ...(next === null ? [] : [this.#item(next, 'action', next)])],
        deactivates: enter.map((item) => this.#undo(item)),
      },
      triggers,
    };
  }

  #triggers(conditions: readonly Condition[], step: string, where: string): JsonObject[] {
    const triggers = conditions.flatMap((one, at) => this.#triggersOf(one, step, `${where}.${at}`));
    if (conditions.length > 1) this.lose('simplified', where, 'conditions that must hold together: now any of them');
    return triggers;
  }

  #triggersOf(condition: Condition, step: string, where: string): JsonObject[] {
    switch (condition.kind) {
      case 'any':
        return condition.of.flatMap((one, at) => this.#triggersOf(one, step, `${where}.${at}`));
      case 'confirmed':
        return [this.#trigger({ mode: 'click', type: 'action', viewport: 'actions', id: step })];
      case 'spoken':
        if (Object.keys(condition.phrases).length > 0) this.lose('simplified', where, 'phrases: the command alone');
        return [this.#trigger({ mode: 'voice', type: 'action', id: step, key: condition.command })];
      case 'gaze':
      case 'dwell': {
        const seconds = Math.ceil(condition.durationMs / 1000);
        if (seconds * 1000 !== condition.durationMs) this.lose('simplified', where, 'duration in whole seconds');
        const id = condition.kind === 'gaze' ? condition.thing : condition.place;
        return [this.#trigger({ mode: 'detect', type: 'tangible', id, duration: seconds })];
      }
      case 'value': {
        const { minimum, maximum, unit } = condition.range;
        this.lose(
          'simplified',
          where,
          `unit ${unit}${condition.holdMs > 0 ? `, held for ${condition.holdMs} ms` : ''}`,
        );
        const [operator, value] =
          minimum === undefined
            ? ['below', String(maximum)]
            : maximum === undefined
              ? ['exceed', String(minimum)]
              : minimum === maximum
                ? ['equal', String(minimum)]
                : ['between', `${minimum},${maximum}`];
        return [
          this.#trigger({
            mode: 'sensor',
            id: condition.sensor,
            key: condition.sensor,
            operator: operator!,
            value: value!,
          }),
        ];
      }
      case 'opaque':
        if (condition.format === (this.dialect === 'standard' ? 'arlem' : 'miragexr'))
          return [JSON.parse(condition.json) as JsonObject];
        this.lose('dropped', where, `${condition.format}: ${condition.type}`);
        return [];
      default:
        this.lose('not_in_format', where, condition.kind);
        return [];
    }
  }

  #trigger(trigger: JsonObject): JsonObject {
    if (this.dialect === 'standard') return trigger;
    const { operator, ...rest } = trigger;
    const option = { exceed: 'greater', below: 'smaller', between: 'between', equal: 'and' }[String(operator)];
    return operator === undefined ? rest : { ...rest, option: option ?? 'none' };
  }

  #shown(behaviour: Behaviour, where: string): { stage: 'enter' | 'leave'; item: JsonObject }[] {
    if (behaviour.kind === 'opaque') {
      if (behaviour.format === (this.dialect === 'standard' ? 'arlem' : 'miragexr')) {
        const [stage, item] = JSON.parse(behaviour.json) as ['enter' | 'leave', JsonObject];
        return [{ stage, item }];
      }
      this.lose('dropped', where, `${behaviour.format}: ${behaviour.type}`);
      return [];
    }
    if (behaviour.isBlocking) this.lose('not_in_format', where, 'that the step waits for it');
    if (behaviour.modes) this.lose('not_in_format', where, 'modes');
    return this.#items(behaviour, where).map((item) => ({ stage: behaviour.stage, item }));
  }

  #items(behaviour: Exclude<Behaviour, { kind: 'opaque' }>, where: string): JsonObject[] {
    switch (behaviour.kind) {
      case 'highlight':
      case 'arrow': {
        const predicate = behaviour.kind === 'highlight' ? 'highlight' : 'point';
        this.#predicates.add(predicate);
        const targets = behaviour.kind === 'highlight' ? behaviour.targets : [behaviour.target];
        return targets.map((target) => this.#item(...this.#at(target, where), 'predicate', predicate));
      }
      case 'text':
        return [this.#primitive('label', behaviour.at, where, { text: this.#say(behaviour.text, 100, where) })];
      case 'picture':
      case 'video':
      case 'audio': {
        const file = this.procedure.workplace.media.find(({ id }) => id === behaviour.media);
        if (!file?.cid) this.lose('dangling', where, `file ${behaviour.media}`);
        const kind = behaviour.kind === 'picture' ? 'image' : behaviour.kind;
        const at = behaviour.kind === 'audio' ? null : behaviour.at;
        return file?.cid ? [this.#primitive(kind, at, where, { url: `ipfs://${file.cid}` })] : [];
      }
      case 'hazard': {
        this.#warnings.set(behaviour.hazard, this.#say(behaviour.text, 1000));
        return [this.#item(...this.#at(behaviour.at, where), 'warning', behaviour.hazard)];
      }
      default:
        this.lose('not_in_format', where, behaviour.kind);
        return [];
    }
  }

  #primitive(kind: string, at: Target | null, where: string, more: JsonObject): JsonObject {
    return { ...this.#item(...this.#at(at, where), 'primitive', kind), ...more };
  }

  #at(target: Target | null, where: string): [target: string] {
    if (!target) return [EVERYWHERE];
    if (target.kind === 'thing' || target.kind === 'place')
      return [target.kind === 'thing' ? target.thing : target.place];
    this.lose('simplified', where, `at a ${target.kind}: now anywhere`);
    return [EVERYWHERE];
  }

  #item(target: string, type: string, augmentation: string): JsonObject {
    if (this.dialect === 'standard') return { target, type, augmentation };
    return type === 'action'
      ? { id: target, type: 'action', predicate: 'action' }
      : { id: target, type: 'tangible', predicate: augmentation, poi: 'default' };
  }

  #undo(item: JsonObject): JsonObject {
    const { target, type, augmentation, id, predicate, poi } = item;
    if (this.dialect === 'miragexr') return { id: id ?? null, type: type ?? null, predicate: predicate ?? null };
    return { target: target ?? '*', type: type ?? '*', augmentation: augmentation ?? '*', ...(poi ? { poi } : {}) };
  }

  #workplace(): JsonObject {
    const { workplace, id, title } = this.procedure;
    const poi = this.dialect === 'standard' ? poiOf : mirageXrPoiOf;
    if (workplace.tools.length > 0) this.lose('simplified', 'workplace.tools', 'tools become things');
    for (const kind of ['controls', 'roles', 'faults'] as const)
      if (workplace[kind].length > 0) this.lose('not_in_format', `workplace.${kind}`, `${workplace[kind].length}`);
    for (const thing of workplace.things)
      if (thing.part !== null || thing.symmetry.kind !== 'none')
        this.lose('not_in_format', `workplace.things.${thing.id}`, 'part of the design, symmetry');
    const things = [
      ...workplace.things.map(({ id, name, frames }) => ({ id, name, frames })),
      ...workplace.tools.map(({ id, name }) => ({ id, name, frames: [] })),
    ];
    const places = workplace.places.map(({ id, name, poseInRoom }) => ({
      id,
      name: this.#say(name, 1000),
      detectable: `marker-${id}`.slice(0, 100),
      pois: [poi('default', poseInRoom)],
    }));
    const everywhere = { id: EVERYWHERE, name: this.#say(title, 1000), detectable: 'origin', pois: [] };
    const tangibles = [...things, ...places].map(({ id }) => ({ id: `marker-${id}`.slice(0, 100), type: 'anchor' }));
    return {
      id: `${id}-workplace`.slice(0, 100),
      name: this.#say(title, 1000),
      origin: 'origin',
      things: things.map(({ id, name, frames }) => ({
        id,
        name: this.#say(name, 1000),
        detectable: `marker-${id}`.slice(0, 100),
        pois: frames.map((frame) => poi(frame.id, frame.poseInThing)),
      })),
      places: [everywhere, ...places],
      sensors: workplace.sensors.map(({ id }) => ({
        id,
        url: `mqtt://localhost/${id}`,
        username: '',
        password: '',
        data: [{ key: id, type: 'float' }],
      })),
      detectables: [{ id: 'origin', type: 'marker' }, ...tangibles],
      primitives: ['image', 'video', 'audio', 'label'].map((id) => ({ id })),
      predicates: [...this.#predicates].map((id) => ({
        id,
        type: 'animation',
        scale: '1',
        url: `predicates/${id}.glb`,
      })),
      warnings: [...this.#warnings].map(([id, symbol]) => ({ id, type: 'label', symbol, scale: '1' })),
    };
  }

  #say(text: Text, longest: number, where = ''): string {
    const [language] = this.procedure.languages;
    const words = textIn(text, language!, language!);
    if (words.length > longest) this.lose('simplified', where, `a text cut to ${longest} characters`);
    return words.slice(0, longest);
  }
}
