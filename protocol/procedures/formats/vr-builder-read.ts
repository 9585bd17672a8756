import { Procedure } from '../procedure.ts';
import { DEFAULT_RUBRIC } from '../rubric.ts';
import { EMPTY_WORKPLACE, type Place, type Thing } from '../workplace.ts';
import { IDENTITY_POSE } from '../../spatial/pose.ts';
import {
  idFrom,
  isObject,
  lossReport,
  numberOf,
  textOf,
  type Json,
  type JsonObject,
  type LoseIt,
  type Loss,
} from './loss.ts';
import { SNAP_TOLERANCE_M, shortType } from './vr-builder-types.ts';

/**
 * Reads a VR Builder process (Newtonsoft JSON, serializer version 4: `$type`, `$id`, `$ref`).
 *
 * What has the same sense here is read; every other node is kept as it is (`opaque`), so that writing the procedure
 * again gives it back. The scene is not in the file: things and places are known by their GUIDs alone.
 */
export function readVrBuilder(file: unknown, language = 'en'): { procedure: Procedure; losses: Loss[] } {
  const { losses, lose } = lossReport();
  const reader = new Reader(isObject(file) ? file : {}, language, lose);
  return { procedure: reader.read(), losses };
}

class Reader {
  readonly #byId = new Map<string, JsonObject>();
  readonly #things = new Map<string, unknown>();
  readonly #places = new Map<string, unknown>();
  readonly #subchapters = new Map<string, JsonObject>();

  readonly file: JsonObject;
  readonly language: string;
  readonly lose: LoseIt;

  constructor(file: JsonObject, language: string, lose: LoseIt) {
    this.file = file;
    this.language = language;
    this.lose = lose;
    this.#collect(file);
  }

  read(): Procedure {
    const process = this.#object(this.file['Process']);
    const data = this.#object(process['Data']);
    if (numberOf(this.file['$serializerVersion']) !== 4)
      this.lose('guessed', '$serializerVersion', `read as version 4: ${String(this.file['$serializerVersion'])}`);
    for (const chapter of this.#list(this.file['SubChapters'])) this.#subchapters.set(this.#guid(chapter), chapter);
    const steps = new Map(this.#list(this.file['Steps']).map((step) => [this.#guid(step), step]));
    const chapters = this.#list(data['Chapters']).map((chapter) => this.#chapter(chapter, steps));
    const subchapters: unknown[] = [];
    // Reading a chapter can bring in more of them.
    const done = new Set<string>();
    for (const [guid, chapter] of this.#subchapters) {
      if (done.has(guid)) continue;
      done.add(guid);
      subchapters.push(this.#chapter(chapter, steps));
    }
    return Procedure.parse({
      v: 1,
      id: idFrom(textOf(this.#object(process['ProcessMetadata'])['Guid']) || 'imported'),
      title: this.#words(data['Name'], 'Imported process'),
      description: {},
      languages: [this.language],
      design: null,
      chapters,
      subchapters,
      variables: [],
      workplace: { ...EMPTY_WORKPLACE, things: [...this.#things.values()], places: [...this.#places.values()] },
      safety: [],
      rubric: DEFAULT_RUBRIC,
    });
  }

  #chapter(chapter: JsonObject, all: ReadonlyMap<string, JsonObject>) {
    const data = this.#object(chapter['Data']);
    const guid = this.#guid(chapter);
    // A sub-chapter lists references by GUID, a main chapter the steps themselves.
    const steps = this.#list(data['Steps']).flatMap((step): JsonObject[] => {
      const found = all.get(this.#guid(step));
      return found ? [found] : step['Data'] ? [step] : [];
    });
    const first = this.#guid(this.#object(data['FirstStep']));
    if (steps.length === 0) this.lose('guessed', `chapters.${guid}`, 'a chapter without steps got an empty one');
    return {
      id: idFrom(guid),
      title: this.#words(data['Name'], 'Chapter'),
      first: idFrom(first || (steps[0] ? this.#guid(steps[0]) : `${guid}-only`)),
      steps:
        steps.length > 0
          ? steps.map((step) => this.#step(step))
          : [this.#step({ StepMetadata: { Guid: `${guid}-only` } })],
    };
  }

  #step(step: JsonObject): unknown {
    const data = this.#object(step['Data']);
    const metadata = this.#object(step['StepMetadata']);
    const id = idFrom(this.#guid(step));
    const where = `steps.${id}`;
    const position = this.#object(metadata['Position']);
    let body: unknown = { kind: 'ordinary' };
    const behaviours: unknown[] = [];
    for (const [at, behaviour] of this.#list(this.#nested(data, 'Behaviors')).entries()) {
      const inner = this.#bodyOf(behaviour, `${where}.behaviours.${at}`);
      if (inner) body = inner;
      else behaviours.push(this.#behaviour(behaviour, `${where}.behaviours.${at}`));
    }
    const transitions = this.#list(this.#nested(data, 'Transitions')).map((transition, at) => {
      const inner = this.#object(transition['Data']);
      // Newer runtimes say TargetStepReference.
      const target = this.#guid(this.#object(inner['TargetStep'] ?? inner['TargetStepReference']));
      return {
        id: `t${at}`,
        conditions: this.#list(inner['Conditions']).map((one, i) =>
          this.#condition(one, `${where}.transitions.${at}.${i}`),
        ),
        to: target ? idFrom(target) : null,
        interrupts: false,
      };
    });
    return {
      id,
      title: this.#words(data['Name'], 'Step'),
      instruction: textOf(data['Description']) ? { [this.language]: textOf(data['Description']) } : {},
      body,
      isOptional: false,
      timeLimitMs: null,
      retry: null,
      role: null,
      station: null,
      behaviours,
      transitions,
      unlocks: { needed: true, things: this.#unlocked(data), tools: [], controls: [] },
      hints: [],
      position: { x: numberOf(position['x']), y: numberOf(position['y']) },
    };
  }

  #unlocked(data: JsonObject): string[] {
    return [...new Set(this.#list(data['ToUnlock']).flatMap((one) => this.#thingsIn(one['TargetObject'])))];
  }

  /** Step groups and parallel paths are behaviours there. */
  #bodyOf(behaviour: JsonObject, where: string): unknown {
    const kind = shortType(behaviour);
    const data = this.#object(behaviour['Data']);
    if (kind !== 'ExecuteChapterBehavior' && kind !== 'ExecuteChaptersBehavior') return null;
    const wrapped = this.#list(data['SubChapters']);
    const chapters =
      kind === 'ExecuteChapterBehavior'
        ? [this.#object(data['Chapter'])]
        : wrapped.length > 0
          ? wrapped.map((one) => this.#object(one['Chapter']))
          : this.#list(data['Chapters']);
    const optional = wrapped.filter((one) => one['IsOptional'] === true).length;
    if (optional > 0) this.lose('simplified', where, 'optional paths: any that many of the paths may be left out');
    const ids = chapters.map((chapter) => {
      const guid = this.#guid(chapter);
      if (!this.#subchapters.has(guid)) this.#subchapters.set(guid, chapter);
      return idFrom(guid);
    });
    if (ids.length === 0) return null;
    if (ids.length === 1) return { kind: 'group', chapter: ids[0] };
    return { kind: 'parallel', branches: ids, needed: optional > 0 ? Math.max(1, ids.length - optional) : null };
  }

  #behaviour(behaviour: JsonObject, where: string): unknown {
    const data = this.#object(behaviour['Data']);
    const stages = numberOf(data['ExecutionStages'], 1);
    const every = {
      stage: stages === 2 ? 'leave' : 'enter',
      isBlocking: data['IsBlocking'] === true,
      durationMs: 0,
      modes: null,
    };
    const targets = (value: Json | undefined) =>
      this.#thingsIn(value).map((thing) => ({ kind: 'thing', thing, frame: null }));
    switch (shortType(behaviour)) {
      case 'PlayAudioBehavior': {
        const audio = this.#object(data['AudioData']);
        if (shortType(audio) !== 'TextToSpeechAudio' || stages === 3) break;
        const text = textOf(audio['Text']);
        if (numberOf(data['Volume'], 1) !== 1) this.lose('dropped', where, 'Volume');
        // How long it speaks is known only when it does; two and a half words a second is a usual pace.
        const durationMs = every.isBlocking ? Math.max(1000, text.split(/\s+/).length * 400) : 0;
        if (every.isBlocking) this.lose('guessed', where, `speaks for ${durationMs} ms`);
        return { ...every, kind: 'speech', text: { [this.language]: text }, durationMs };
      }
      case 'HighlightObjectBehavior': {
        const found = targets(data['TargetObjects'] ?? data['TargetObject'] ?? data['ObjectToHighlight']);
        if (found.length > 0) return { ...every, kind: 'highlight', targets: found };
        break;
      }
      case 'SetObjectsEnabledBehavior': {
        const found = targets(data['TargetObjects']);
        if (data['RevertOnDeactivation'] === true || found.length === 0) break;
        return { ...every, kind: 'setEnabled', targets: found, isEnabled: data['SetEnabled'] === true };
      }
      default:
    }
    return this.#opaque(behaviour, where);
  }

  #condition(condition: JsonObject, where: string): unknown {
    const data = this.#object(condition['Data']);
    const kind = shortType(condition);
    switch (kind) {
      case 'GrabbedCondition':
      case 'ReleasedCondition':
      case 'TouchedCondition':
      case 'UsedCondition': {
        const [field, ours] = {
          GrabbedCondition: ['Targets', 'grabbed'],
          ReleasedCondition: ['GrabbableProperties', 'released'],
          TouchedCondition: ['TouchableProperties', 'touched'],
          UsedCondition: ['UsableObjects', 'used'],
        }[kind] as [string, string];
        return (
          this.#anyOf(this.#thingsIn(data[field]).map((thing) => ({ kind: ours, thing }))) ??
          this.#opaque(condition, where)
        );
      }
      case 'SnappedCondition': {
        const [zone] = this.#thingsIn(data['TargetSnapZone'], 'equipment');
        const things = this.#thingsIn(data['TargetObjects']);
        if (!zone || things.length === 0) break;
        this.lose('guessed', where, `snap zones have no tolerance: ${SNAP_TOLERANCE_M} m, any angle`);
        return this.#anyOf(things.map((thing) => snapped(thing, zone)));
      }
      case 'TeleportCondition': {
        const places = this.#guidsIn(data['TeleportationPoints']).map((guid) => this.#place(guid));
        const dwells = places.map((place) => ({ kind: 'dwell', place, durationMs: 0 }));
        return this.#anyOf(dwells) ?? this.#opaque(condition, where);
      }
      case 'TimeoutCondition': {
        const afterMs = Math.round(numberOf(data['Timeout']) * 1000);
        if (afterMs >= 100) return { kind: 'timeout', afterMs };
        break;
      }
      default:
    }
    return this.#opaque(condition, where);
  }

  #anyOf(conditions: unknown[]): unknown {
    return conditions.length === 0 ? null : conditions.length === 1 ? conditions[0] : { kind: 'any', of: conditions };
  }

  #opaque(node: JsonObject, where: string): unknown {
    const type = textOf(node['$type']);
    this.lose('kept_opaque', where, shortType(node));
    return {
      kind: 'opaque',
      format: 'vr-builder',
      type: type.slice(0, 500),
      json: JSON.stringify(this.#standalone(node, 0)),
    };
  }

  /** A copy that needs nothing around it: references are written out, ids left away. */
  #standalone(value: Json, depth: number): Json {
    if (depth > 30) return null;
    if (Array.isArray(value)) return value.map((one) => this.#standalone(one, depth + 1));
    if (!isObject(value)) return value;
    if (typeof value['$ref'] === 'string') return this.#standalone(this.#object(value), depth + 1);
    const copy: JsonObject = {};
    for (const [key, inner] of Object.entries(value)) if (key !== '$id') copy[key] = this.#standalone(inner, depth + 1);
    return copy;
  }

  #thingsIn(reference: Json | undefined, kind: Thing['kind'] = 'part'): string[] {
    return this.#guidsIn(reference).map((guid) => {
      const id = idFrom(guid);
      const name = { [this.language]: `Object ${guid.slice(0, 8)}` };
      const thing = { id, name, kind, part: null, frames: [], symmetry: { kind: 'none' }, tools: [] };
      if (!this.#things.has(id)) this.#things.set(id, { ...thing, isFixed: false, poseInRoom: null });
      return id;
    });
  }

  #place(guid: string): string {
    const id = idFrom(guid);
    const name = { [this.language]: `Place ${guid.slice(0, 8)}` };
    const place: Omit<Place, 'id'> = { name, poseInRoom: IDENTITY_POSE, radiusM: 0.5 };
    if (!this.#places.has(id)) this.#places.set(id, { id, ...place });
    return id;
  }

  #guidsIn(reference: Json | undefined): string[] {
    const { guids } = this.#object(reference ?? null);
    const list = Array.isArray(guids) ? guids : this.#object(guids ?? null)['$values'];
    return Array.isArray(list) ? list.map(textOf).filter((guid) => guid !== '') : [];
  }

  #guid(of: JsonObject): string {
    const entity = this.#object(of);
    return textOf(this.#object(entity['StepMetadata'] ?? entity['ChapterMetadata'])['Guid']);
  }

  #nested(data: JsonObject, name: string): Json {
    return this.#object(this.#object(data[name] ?? null)['Data'])[name] ?? null;
  }

  #list(value: Json | undefined): JsonObject[] {
    const list = Array.isArray(value) ? value : this.#object(value ?? null)['$values'];
    return Array.isArray(list) ? list.filter(isObject).map((one) => this.#object(one)) : [];
  }

  #object(value: Json | undefined): JsonObject {
    if (!isObject(value)) return {};
    const reference = value['$ref'];
    return typeof reference === 'string' ? (this.#byId.get(reference) ?? {}) : value;
  }

  #words(value: Json | undefined, otherwise: string): Record<string, string> {
    return { [this.language]: textOf(value).slice(0, 5000) || otherwise };
  }

  #collect(value: Json): void {
    if (Array.isArray(value)) return value.forEach((one) => this.#collect(one));
    if (!isObject(value)) return;
    if (typeof value['$id'] === 'string') this.#byId.set(value['$id'], value);
    for (const inner of Object.values(value)) this.#collect(inner);
  }
}

const snapped = (thing: string, zone: string) => ({
  kind: 'placed',
  thing,
  frame: null,
  reference: { kind: 'thing', thing: zone, frame: null },
  target: IDENTITY_POSE,
  toleranceM: SNAP_TOLERANCE_M,
  toleranceRad: Math.PI,
  symmetry: null,
});
