import type { Behaviour } from '../behaviour.ts';
import type { Condition } from '../condition.ts';
import { branchesOf, type Chapter, type Procedure, type Step } from '../procedure.ts';
import { textsOf } from '../texts.ts';
import { textIn, type Text } from '../text.ts';
import { digestOf, lossReport, type JsonObject, type LoseIt, type Loss } from './loss.ts';
import { entity, listOf, objectReference, propertyReference, typeName } from './vr-builder-types.ts';

/**
 * Writes a procedure as a VR Builder process (serializer version 4). What VR Builder has no like for is left out and
 * reported; nodes that came from a VR Builder file go back as they were.
 */
export function writeVrBuilder(procedure: Procedure): { file: JsonObject; losses: Loss[] } {
  const { losses, lose } = lossReport();
  return { file: new Writer(procedure, lose).write(), losses };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

class Writer {
  #nextId = 1;
  readonly #stepIds = new Map<string, string>();
  readonly #chapterIds = new Map<string, string>();

  readonly procedure: Procedure;
  readonly lose: LoseIt;

  constructor(procedure: Procedure, lose: LoseIt) {
    this.procedure = procedure;
    this.lose = lose;
  }

  write(): JsonObject {
    const { chapters, subchapters, safety, variables } = this.procedure;
    this.#reportWholes(safety.length, variables.length);
    const top = this.#id();
    // Sub-chapters first, as theirs do: what refers to a chapter or step comes after it.
    const ordered = innermostFirst(subchapters);
    for (const chapter of ordered) this.#chapterIds.set(chapter.id, this.#id());
    for (const { steps } of [...chapters, ...subchapters])
      for (const { id } of steps) this.#stepIds.set(id, this.#id());
    const mainIds = chapters.map(() => this.#id());
    return {
      $id: top,
      $type: typeName('Serialization.NewtonsoftJsonProcessSerializerV4+ProcessWrapper'),
      SubChapters: listOf(
        typeName('IChapter'),
        ordered.map((one) => this.#chapter(one, this.#chapterIds.get(one.id)!, false)),
      ),
      Steps: listOf(
        typeName('IStep'),
        [...chapters, ...subchapters].flatMap(({ steps }) => steps.map((one) => this.#step(one))),
      ),
      Process: {
        $type: typeName('Process'),
        CurrentStep: null,
        ProcessMetadata: {
          $type: typeName('ProcessMetadata'),
          StringLocalizationTable: null,
          Guid: guidOf(this.procedure.id),
        },
        Data: {
          $type: typeName('Process+EntityData'),
          Chapters: listOf(
            typeName('IChapter'),
            chapters.map((one, at) => this.#chapter(one, mainIds[at]!, true)),
          ),
          FirstChapter: { $ref: mainIds[0]! },
          Name: this.#say(this.procedure.title),
          Mode: null,
        },
      },
      $serializerVersion: 4,
    };
  }

  #reportWholes(rules: number, variables: number): void {
    const others = this.procedure.languages.slice(1);
    const translated = [...textsOf(this.procedure)].filter(({ text }) => others.some((language) => text[language]));
    if (translated.length > 0)
      this.lose('other_languages', 'languages', `${others.join(', ')}: ${translated.length} texts`);
    if (rules > 0) this.lose('not_in_format', 'safety', `${rules} safety rules`);
    if (variables > 0) this.lose('not_in_format', 'variables', `${variables} variables`);
    this.lose('not_in_format', 'rubric', 'scoring');
    const poses = this.procedure.workplace.things.filter(({ part }) => part !== null).length;
    if (poses > 0)
      this.lose('not_in_format', 'workplace.things', `${poses} parts of a design: the scene must have them`);
  }

  #chapter({ id, title, first, steps }: Chapter, reference: string, isMain: boolean): JsonObject {
    const point = (step: string): JsonObject =>
      isMain ? { $ref: this.#stepIds.get(step) ?? '' } : this.#stepRef(step);
    return {
      $id: reference,
      $type: typeName('Chapter'),
      ChapterMetadata: {
        $type: typeName('ChapterMetadata'),
        LastSelectedStep: null,
        EntryNodePosition: { x: 0, y: 0 },
        Guid: guidOf(id),
        ViewTransform: null,
      },
      Data: {
        $type: typeName('Chapter+EntityData'),
        Name: this.#say(title),
        FirstStep: point(first),
        Steps: listOf(
          typeName('IStep'),
          steps.map((step) => point(step.id)),
        ),
      },
    };
  }

  #step(step: Step): JsonObject {
    const where = `steps.${step.id}`;
    for (const [what, isThere] of Object.entries({
      'optional step': step.isOptional,
      'time limit': step.timeLimitMs !== null,
      retry: step.retry !== null,
      'role or station': step.role !== null || step.station !== null,
      hints: step.hints.length > 0,
      'tools and controls to unlock': step.unlocks.tools.length + step.unlocks.controls.length > 0,
      'end of the run': step.body.kind === 'end',
      'random branch: all run at once': step.body.kind === 'random',
    }))
      if (isThere) this.lose('not_in_format', where, what);
    const behaviours = step.behaviours.flatMap((one, at) => this.#behaviour(one, `${where}.behaviours.${at}`));
    const branches = branchesOf(step.body);
    if (branches.length > 0) behaviours.push(this.#body(step, branches, where));
    return {
      $id: this.#stepIds.get(step.id)!,
      $type: typeName('Step'),
      StepMetadata: this.#stepMetadata(step),
      Data: {
        $type: typeName('Step+EntityData'),
        Name: this.#say(step.title),
        Description: this.#say(step.instruction) || null,
        Behaviors: {
          $type: typeName('BehaviorCollection'),
          Data: {
            $type: typeName('BehaviorCollection+EntityData'),
            Behaviors: listOf(typeName('Behaviors.IBehavior'), behaviours),
          },
        },
        Transitions: {
          $type: typeName('TransitionCollection'),
          Data: {
            $type: typeName('TransitionCollection+EntityData'),
            Transitions: listOf(
              typeName('ITransition'),
              step.transitions.map((one, at) => this.#transition(one, `${where}.transitions.${at}`)),
            ),
          },
        },
        Mode: null,
        ToUnlock: listOf(
          typeName('RestrictiveEnvironment.LockablePropertyReference'),
          step.unlocks.things.map((thing) => ({
            $type: typeName('RestrictiveEnvironment.LockablePropertyReference'),
            TargetObject: objectReference('Single', [guidOf(thing)]),
            Type: 'VRBuilder.XRInteraction.Properties.GrabbableProperty, VRBuilder.XRInteraction',
          })),
        ),
      },
    };
  }

  #stepMetadata({ id, position, body }: Step): JsonObject {
    return {
      $type: typeName('StepMetadata'),
      Position: { x: position.x, y: position.y },
      StepType:
        body.kind === 'group'
          ? 'stepGroup'
          : body.kind === 'ordinary' || body.kind === 'end'
            ? 'default'
            : 'parallelExecution',
      Guid: guidOf(id),
    };
  }

  #body({ body }: Step, branches: readonly string[], where: string): JsonObject {
    const optional = body.kind === 'parallel' && body.needed !== null ? branches.length - body.needed : 0;
    if (optional > 0) this.lose('simplified', where, 'any of the branches could be left out; now the last ones');
    const chapters = branches.map((id, at) => ({
      $type: typeName('Behaviors.SubChapter'),
      Chapter: { $ref: this.#chapterIds.get(id) ?? '' },
      IsOptional: at >= branches.length - optional,
    }));
    return entity('Behaviors.ExecuteChaptersBehavior', {
      SubChapters: listOf(typeName('Behaviors.SubChapter'), chapters),
    });
  }

  #transition({ conditions, to, interrupts }: Step['transitions'][number], where: string): JsonObject {
    if (interrupts) this.lose('not_in_format', where, 'a transition that interrupts');
    return {
      $type: typeName('Transition'),
      Data: {
        $type: typeName('Transition+EntityData'),
        Conditions: listOf(
          typeName('Conditions.ICondition'),
          conditions.flatMap((one, at) => this.#condition(one, `${where}.${at}`)),
        ),
        TargetStep: to === null ? null : this.#stepRef(to),
        Mode: null,
        IsCompleted: false,
      },
    };
  }

  #stepRef(id: string): JsonObject {
    return {
      $type: typeName('Serialization.NewtonsoftJsonProcessSerializerV4+Wrapper+StepRef'),
      LifeCycle: null,
      StepMetadata: {
        $type: typeName('StepMetadata'),
        Position: { x: 0, y: 0 },
        StepType: null,
        Guid: guidOf(id),
      },
      Parent: null,
    };
  }

  #behaviour(behaviour: Behaviour, where: string): JsonObject[] {
    if (behaviour.kind === 'opaque') return this.#opaque(behaviour, where);
    const ExecutionStages = behaviour.stage === 'enter' ? 1 : 2;
    const things =
      'targets' in behaviour
        ? behaviour.targets.flatMap((one) => (one.kind === 'thing' ? [guidOf(one.thing)] : []))
        : [];
    if ('targets' in behaviour && things.length < behaviour.targets.length)
      this.lose('not_in_format', where, 'targets that are not things');
    if (behaviour.modes) this.lose('not_in_format', where, 'modes');
    switch (behaviour.kind) {
      case 'speech': {
        const AudioData = { $type: typeName('TextToSpeech.TextToSpeechAudio'), Text: this.#say(behaviour.text) };
        const { isBlocking: IsBlocking } = behaviour;
        return [entity('Behaviors.PlayAudioBehavior', { AudioData, ExecutionStages, Volume: 1, IsBlocking })];
      }
      case 'highlight':
        if (things.length === 0) return [];
        return [
          entity('Behaviors.HighlightObjectBehavior', {
            TargetObjects: objectReference('Multiple', things),
            HighlightColor: { r: 0.259, g: 0.522, b: 0.957, a: 1 },
          }),
        ];
      case 'setEnabled':
        if (behaviour.stage === 'leave') this.lose('simplified', where, 'happens when the step begins');
        return [
          entity('Behaviors.SetObjectsEnabledBehavior', {
            TargetObjects: objectReference('Multiple', things),
            SetEnabled: behaviour.isEnabled,
            RevertOnDeactivation: false,
          }),
        ];
      default:
        this.lose('not_in_format', where, behaviour.kind);
        return [];
    }
  }

  #condition(condition: Condition, where: string): JsonObject[] {
    switch (condition.kind) {
      case 'opaque':
        return this.#opaque(condition, where);
      case 'all':
        return condition.of.flatMap((one, at) => this.#condition(one, `${where}.${at}`));
      case 'any': {
        // Several of the same kind are one condition with several targets there.
        const [first] = condition.of;
        const things = condition.of.flatMap((one) =>
          one.kind === first!.kind && 'thing' in one ? [guidOf(one.thing)] : [],
        );
        const places = condition.of.flatMap((one) => (one.kind === 'dwell' ? [guidOf(one.place)] : []));
        const written = this.#leaf(first!, things.length === condition.of.length ? things : places, where);
        if (written && Math.max(things.length, places.length) === condition.of.length) return [written];
        break;
      }
      default: {
        const own =
          'thing' in condition
            ? [guidOf(condition.thing)]
            : condition.kind === 'dwell'
              ? [guidOf(condition.place)]
              : [];
        const written = this.#leaf(condition, own, where);
        if (written) return [written];
      }
    }
    this.lose('not_in_format', where, condition.kind);
    return [];
  }

  #leaf(condition: Condition, guids: string[], where: string): JsonObject | null {
    switch (condition.kind) {
      case 'grabbed': {
        const Targets = propertyReference('Multiple', '@Properties.IGrabbableProperty', guids);
        return entity('@Conditions.GrabbedCondition', { KeepUnlocked: true, Targets, IsCompleted: false });
      }
      case 'released': {
        const GrabbableProperties = propertyReference('Multiple', '@Properties.IGrabbableProperty', guids);
        return entity('@Conditions.ReleasedCondition', { GrabbableProperties, IsCompleted: false });
      }
      case 'touched': {
        const TouchableProperties = propertyReference('Multiple', '@Properties.ITouchableProperty', guids);
        return entity('@Conditions.TouchedCondition', { TouchableProperties, IsCompleted: false });
      }
      case 'used': {
        const UsableObjects = propertyReference('Multiple', '@Properties.IUsableProperty', guids);
        return entity('@Conditions.UsedCondition', { UsableObjects, IsCompleted: false });
      }
      case 'placed': {
        if (condition.reference.kind === 'room') return null;
        const isExact = [...condition.target.position, ...condition.target.rotation.slice(0, 3)].every((x) => x === 0);
        if (!isExact || condition.frame !== null || condition.reference.frame !== null)
          this.lose('simplified', where, 'the pose: a snap zone stands where the scene has it');
        this.lose('simplified', where, 'tolerances and symmetry: a snap zone has none');
        const zone = [guidOf(condition.reference.thing)];
        return entity('@Conditions.SnappedCondition', {
          TargetObjects: propertyReference('Multiple', '@Properties.ISnappableProperty', guids),
          TargetSnapZone: propertyReference('Single', '@Properties.ISnapZoneProperty', zone),
        });
      }
      case 'dwell': {
        if (condition.durationMs > 0) this.lose('simplified', where, `dwell for ${condition.durationMs} ms`);
        const TeleportationPoints = propertyReference('Multiple', '@Properties.ITeleportationProperty', guids);
        return entity('@Conditions.TeleportCondition', { TeleportationPoints });
      }
      case 'timeout':
        return entity('Conditions.TimeoutCondition', { Timeout: condition.afterMs / 1000, IsCompleted: false });
      default:
        return null;
    }
  }

  #opaque({ format, json, type }: { format: string; json: string; type: string }, where: string): JsonObject[] {
    if (format === 'vr-builder') return [JSON.parse(json) as JsonObject];
    this.lose('dropped', where, `${format}: ${type}`);
    return [];
  }

  #say(text: Text): string {
    return textIn(text, this.procedure.languages[0]!, this.procedure.languages[0]!);
  }

  #id(): string {
    return String(this.#nextId++);
  }
}

/** GUIDs stay; other ids become the GUID of their digest, the same in every export. */
function guidOf(id: string): string {
  if (UUID.test(id)) return id;
  return digestOf(id).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function innermostFirst(chapters: readonly Chapter[]): Chapter[] {
  const byId = new Map<string, Chapter>(chapters.map((chapter) => [chapter.id, chapter]));
  const ordered = new Set<Chapter>();
  const visit = (chapter: Chapter, outer: readonly Chapter[]): void => {
    if (outer.includes(chapter) || ordered.has(chapter)) return;
    for (const { body } of chapter.steps)
      for (const id of branchesOf(body)) {
        const inner = byId.get(id);
        if (inner) visit(inner, [...outer, chapter]);
      }
    ordered.add(chapter);
  };
  chapters.forEach((chapter) => visit(chapter, []));
  return [...ordered];
}
