import { Procedure } from '../procedure.ts';
import { DEFAULT_RUBRIC } from '../rubric.ts';
import { EMPTY_WORKPLACE } from '../workplace.ts';
import { firstPose, poseOfPoi } from './arlem-pose.ts';
import {
  idFrom,
  isObject,
  lossReport,
  numberOf,
  objectsIn,
  textOf,
  type JsonObject,
  type LoseIt,
  type Loss,
} from './loss.ts';

/**
 * Reads ARLEM activity and workplace, in the standard's JSON or as MirageXR writes them (told apart by their fields).
 * No public sample keeps to the published schema, so nothing is refused: what is missing or dangling is reported, what
 * means nothing here is kept for the way back.
 */
export function readArlem(activity: unknown, workplace: unknown): { procedure: Procedure; losses: Loss[] } {
  const { losses, lose } = lossReport();
  const reader = new Reader(isObject(activity) ? activity : {}, isObject(workplace) ? workplace : {}, lose);
  return { procedure: reader.read(), losses };
}

const PRIMITIVES: Record<string, 'text' | 'picture' | 'video' | 'audio'> = {
  label: 'text',
  image: 'picture',
  video: 'video',
  audio: 'audio',
  sound: 'audio',
};

class Reader {
  readonly #language: string;
  readonly #isMirageXr: boolean;
  readonly #media = new Map<string, unknown>();
  readonly #things = new Map<string, unknown>();
  readonly #places = new Map<string, unknown>();

  readonly activity: JsonObject;
  readonly workplace: JsonObject;
  readonly lose: LoseIt;

  constructor(activity: JsonObject, workplace: JsonObject, lose: LoseIt) {
    this.activity = activity;
    this.workplace = workplace;
    this.lose = lose;
    this.#language = /^[a-z]{2}/.exec(textOf(activity['language']).toLowerCase())?.[0] ?? 'en';
    this.#isMirageXr = objectsIn(activity['actions']).some(
      (action) => action['type'] === 'action' || 'isActive' in action || 'appIDs' in action,
    );
  }

  read(): Procedure {
    const { activity, workplace } = this;
    for (const kind of ['things', 'persons'] as const) {
      for (const tangible of objectsIn(workplace[kind])) this.#thing(tangible);
      if (kind === 'persons' && objectsIn(workplace[kind]).length > 0)
        this.lose('simplified', 'workplace.persons', 'become things');
    }
    for (const place of objectsIn(workplace['places'])) {
      const id = idFrom(textOf(place['id']));
      this.#places.set(id, { id, name: this.#words(place['name'], id), poseInRoom: firstPose(place), radiusM: 1 });
    }
    const sensors = objectsIn(workplace['sensors']).map((sensor) => {
      const id = idFrom(textOf(sensor['id']));
      this.lose('guessed', `workplace.sensors.${id}`, 'no unit, no range; the address is not kept');
      return { id, name: this.#words(sensor['name'], id), unit: '1', minimum: -1e9, maximum: 1e9 };
    });
    for (const kind of ['devices', 'apps'] as const)
      if (objectsIn(workplace[kind]).length > 0)
        this.lose('dropped', `workplace.${kind}`, `${objectsIn(workplace[kind]).length}`);
    if (objectsIn(workplace['things']).some((thing) => objectsIn(thing['pois']).length > 0))
      this.lose(
        'guessed',
        'workplace.things',
        this.#isMirageXr ? 'left-handed, metres' : 'right-handed, centimetres, degrees',
      );
    const actions = objectsIn(activity['actions']);
    const ids = new Set(actions.map((action) => idFrom(textOf(action['id']))));
    const steps = actions.map((action, at) => this.#step(action, at, ids, sensors));
    const start = idFrom(textOf(activity['start']));
    if (!ids.has(start)) this.lose('dangling', 'activity.start', start);
    return Procedure.parse({
      v: 1,
      id: idFrom(textOf(activity['id']) || 'imported'),
      title: this.#words(activity['name'], 'Imported activity'),
      description: this.#optional(activity['description']),
      languages: [this.#language],
      design: null,
      chapters: [
        {
          id: 'actions',
          title: this.#words(activity['name'], 'Actions'),
          first: ids.has(start) ? start : (steps[0]?.id ?? 'only'),
          steps: steps.length > 0 ? steps : [this.#step({ id: 'only' }, 0, new Set(), [])],
        },
      ],
      subchapters: [],
      variables: [],
      workplace: {
        ...EMPTY_WORKPLACE,
        things: [...this.#things.values()],
        places: [...this.#places.values()],
        sensors,
        media: [...this.#media.values()],
      },
      safety: [],
      rubric: DEFAULT_RUBRIC,
    });
  }

  #thing(tangible: JsonObject): void {
    const id = idFrom(textOf(tangible['id']));
    const pois = objectsIn(tangible['pois']);
    this.#things.set(id, {
      id,
      name: this.#words(tangible['name'], id),
      kind: 'part',
      part: null,
      frames: pois.map((poi) => ({ id: idFrom(textOf(poi['id']) || 'default'), poseInThing: poseOfPoi(poi) })),
      symmetry: { kind: 'none' },
      tools: [],
      isFixed: false,
      poseInRoom: null,
    });
  }

  #step(action: JsonObject, at: number, ids: ReadonlySet<string>, sensors: readonly { id: string }[]) {
    const id = idFrom(textOf(action['id']) || `action-${at}`);
    const where = `actions.${id}`;
    const instruction = isObject(action['instruction']) ? action['instruction'] : {};
    const enter = isObject(action['enter']) ? action['enter'] : {};
    const exit = isObject(action['exit']) ? action['exit'] : {};
    for (const [side, of] of [
      ['enter', enter],
      ['exit', exit],
    ] as const)
      for (const kind of ['messages', 'if'] as const)
        if (objectsIn(of[kind]).length > 0)
          this.lose('dropped', `${where}.${side}.${kind}`, `${objectsIn(of[kind]).length}`);
    const isNext = (item: JsonObject) => item['type'] === 'action' && ids.has(idFrom(targetOf(item)));
    const behaviours = [
      ...objectsIn(enter['activates']).map((item, i) =>
        this.#behaviour(item, 'enter', `${where}.enter.activates.${i}`),
      ),
      ...objectsIn(exit['activates'])
        .filter((item) => !isNext(item))
        .map((item, i) => this.#behaviour(item, 'leave', `${where}.exit.activates.${i}`)),
    ];
    this.#checkDeactivates([...objectsIn(enter['deactivates']), ...objectsIn(exit['deactivates'])], ids, where);
    const next = objectsIn(exit['activates']).filter(isNext);
    if (next.length > 1) this.lose('simplified', where, 'several next actions: the first');
    const to = next[0] ? idFrom(targetOf(next[0])) : null;
    const triggers = objectsIn(action['triggers']);
    if (triggers.length === 0) this.lose('guessed', where, 'no trigger: a confirmation ends the action');
    const conditions =
      triggers.length === 0
        ? [{ kind: 'confirmed' }]
        : triggers.map((one, i) => this.#condition(one, sensors, `${where}.triggers.${i}`));
    return {
      id,
      title: this.#words(instruction['title'], id),
      instruction: this.#optional(instruction['description']),
      body: { kind: 'ordinary' },
      isOptional: false,
      timeLimitMs: null,
      retry: null,
      role: null,
      station: null,
      behaviours,
      transitions: conditions.map((condition, i) => ({ id: `t${i}`, conditions: [condition], to, interrupts: false })),
      unlocks: { needed: true, things: [], tools: [], controls: [] },
      hints: [],
      position: { x: 0, y: at * 120 },
    };
  }

  #behaviour(item: JsonObject, stage: 'enter' | 'leave', where: string): unknown {
    const every = { stage, isBlocking: false, durationMs: 0, modes: null };
    const target = idFrom(targetOf(item));
    const what = textOf(item['augmentation'] ?? item['predicate']);
    const at = this.#things.has(target)
      ? { kind: 'thing', thing: target, frame: null }
      : this.#places.has(target)
        ? { kind: 'place', place: target }
        : null;
    if (!at && target !== 'workplace' && item['type'] !== 'action') this.lose('dangling', where, targetOf(item));
    const place = at && target !== 'workplace' ? at : null;
    const hasMore = ['option', 'state', 'sensor', 'viewport'].some((field) => textOf(item[field]) !== '');
    const kind = PRIMITIVES[what];
    if (!hasMore && kind === 'text' && textOf(item['text']) !== '')
      return { ...every, kind, text: { [this.#language]: textOf(item['text']) }, at: place };
    const cid = /^ipfs:\/\/(b[a-z2-7]{20,120})$/.exec(textOf(item['url']))?.[1];
    if (!hasMore && kind && kind !== 'text' && cid) {
      const media = idFrom(cid.slice(-40));
      this.#media.set(media, { id: media, kind, cid, description: { [this.#language]: kind } });
      return { ...every, kind, media, ...(kind === 'audio' ? {} : { at: place }) };
    }
    if (!hasMore && at && (what === 'highlight' || what === 'act:Highlight'))
      return { ...every, kind: 'highlight', targets: [at] };
    if (!hasMore && at && what === 'point') return { ...every, kind: 'arrow', target: at };
    this.lose('kept_opaque', where, what);
    const format = this.#isMirageXr ? 'miragexr' : 'arlem';
    return { kind: 'opaque', format, type: what.slice(0, 500), json: JSON.stringify([stage, item]) };
  }

  #condition(trigger: JsonObject, sensors: readonly { id: string }[], where: string): unknown {
    const id = idFrom(textOf(trigger['id']));
    switch (trigger['mode']) {
      case 'click':
        return { kind: 'confirmed' };
      case 'voice': {
        const command = idFrom(textOf(trigger['key']) || 'next');
        if (textOf(trigger['key']) === '') this.lose('guessed', where, 'what is said: “next”');
        return { kind: 'spoken', command, phrases: { [this.#language]: command } };
      }
      case 'detect': {
        const durationMs = Math.round(numberOf(trigger['duration']) * 1000);
        if (this.#things.has(id)) return { kind: 'gaze', thing: id, durationMs };
        if (this.#places.has(id)) return { kind: 'dwell', place: id, durationMs };
        this.lose('dangling', where, id);
        break;
      }
      case 'sensor': {
        const range = rangeOf(textOf(trigger['operator'] ?? trigger['option']) || 'equal', textOf(trigger['value']));
        if (range && sensors.some((sensor) => sensor.id === id)) {
          this.lose('guessed', where, 'the value has no unit');
          return { kind: 'value', sensor: id, range, holdMs: 0 };
        }
        break;
      }
      default:
    }
    this.lose('kept_opaque', where, textOf(trigger['mode']) || 'trigger');
    const format = this.#isMirageXr ? 'miragexr' : 'arlem';
    return { kind: 'opaque', format, type: textOf(trigger['mode']), json: JSON.stringify(trigger) };
  }

  /** Steps clean up after themselves here; only what points nowhere is worth a word. */
  #checkDeactivates(items: readonly JsonObject[], ids: ReadonlySet<string>, where: string): void {
    for (const item of items) {
      const target = targetOf(item);
      const id = idFrom(target);
      if (target === '*' || target === '' || ids.has(id) || this.#things.has(id) || this.#places.has(id)) continue;
      this.lose('dangling', where, target);
    }
  }

  #words(value: unknown, otherwise: string): Record<string, string> {
    return { [this.#language]: textOf(value).slice(0, 5000) || otherwise || '–' };
  }

  #optional(value: unknown): Record<string, string> {
    return textOf(value) === '' ? {} : { [this.#language]: textOf(value).slice(0, 5000) };
  }
}

const targetOf = (item: JsonObject): string => textOf(item['target'] ?? item['id'] ?? item['augmentation']);

function rangeOf(operator: string, value: string): { minimum?: number; maximum?: number; unit: '1' } | null {
  const [a, b] = value.split(/[,;]|\.\./).map((part) => numberOf(part.trim(), Number.NaN));
  if (a === undefined || Number.isNaN(a)) return null;
  switch (operator) {
    case 'exceed':
    case 'greater':
      return { minimum: a, unit: '1' };
    case 'below':
    case 'smaller':
      return { maximum: a, unit: '1' };
    case 'between':
      return b === undefined || Number.isNaN(b) ? null : { minimum: a, maximum: b, unit: '1' };
    case 'equal':
    case 'and':
      return { minimum: a, maximum: a, unit: '1' };
    default:
      return null;
  }
}
