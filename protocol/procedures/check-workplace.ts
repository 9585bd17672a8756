import { isTooLarge } from './check-leaf.ts';
import type { CheckPlace, Report } from './check-findings.ts';
import { chaptersWithin, type ProcedureIndex } from './procedure-index.ts';
import { stepsOf, type Procedure, type Step } from './procedure.ts';
import type { Participant } from './run-state.ts';
import { mayDo } from './draft.ts';
import type { Target } from './behaviour.ts';
import { needsOf } from './procedure-index.ts';
import { isOutdated, textKey } from './stale.ts';
import { textsOf } from './texts.ts';

/** Everything that is not the graph: names, people, files, words. */
export function checkNames(procedure: Procedure, report: Report): void {
  const { workplace } = procedure;
  const lists: [string, readonly { id: string }[]][] = [
    ['chapters', [...procedure.chapters, ...procedure.subchapters]],
    ['steps', [...stepsOf(procedure)].map(({ step }) => step)],
    ['variables', procedure.variables],
    ['safety', procedure.safety],
    ...Object.entries(workplace),
    ...workplace.things.map(({ id, frames }): [string, readonly { id: string }[]] => [`things.${id}.frames`, frames]),
    ...[...stepsOf(procedure)].map(({ step }): [string, readonly { id: string }[]] => [
      `steps.${step.id}.transitions`,
      step.transitions,
    ]),
  ];
  for (const [path, list] of lists) {
    const seen = new Set<string>();
    for (const { id } of list) {
      if (seen.has(id)) report('duplicate_id', { path }, { id });
      seen.add(id);
    }
  }
  for (const rule of procedure.rubric.mustNot)
    if (!procedure.safety.some(({ id }) => id === rule)) report('dangling', { path: 'rubric.mustNot' }, { rule });
  if (procedure.rubric.passMark > procedure.rubric.full) report('impossible_pass_mark', { path: 'rubric' });
  for (const { id, symmetry } of workplace.things)
    if (isTooLarge(symmetry)) report('symmetry_too_large', { path: `workplace.things.${id}` });
}

/** Whoever a step asks for must be possible; with `people` given, must be there. */
export function checkPeople(index: ProcedureIndex, report: Report, people: readonly Participant[] | null): void {
  for (const { step, chapter } of index.steps.values()) {
    const where = { chapter: chapter.id, step: step.id };
    const station = step.station === null ? null : index.stations.get(step.station);
    const isKnown = (step.role === null || index.roles.has(step.role)) && station !== undefined;
    if (!isKnown) report('dangling', where, { role: step.role, station: step.station });
    else if (station && step.role !== null && station.roles.length > 0 && !station.roles.includes(step.role))
      report('nobody', where, { role: step.role, station: step.station });
    else if (people && !people.some((person) => mayDo({ index }, step.id, person)))
      report('nobody', where, { role: step.role, station: step.station });
    for (const { leaf, path } of index.steps.get(step.id)!.leaves)
      if (people && leaf.kind === 'approved' && !people.some(({ roles }) => roles.includes(leaf.role)))
        report('nobody', { ...where, path }, { role: leaf.role });
  }
  for (const { id, place, roles } of index.stations.values()) {
    const path = `workplace.stations.${id}`;
    if (place !== null && !index.places.has(place)) report('dangling', { path }, { place });
    for (const role of roles) if (!index.roles.has(role)) report('dangling', { path }, { role });
  }
}

const FILE_KINDS = { picture: 'picture', video: 'video', audio: 'audio' } as const;

export function checkBehaviours(index: ProcedureIndex, report: Report): void {
  for (const { step, chapter } of index.steps.values())
    for (const [at, one] of step.behaviours.entries()) {
      const where = { chapter: chapter.id, step: step.id, path: `behaviours.${at}` };
      if (one.kind === 'opaque') continue;
      if (one.isBlocking && one.durationMs === 0) report('no_duration', where);
      const media = (id: string, kind: string) => {
        const file = index.media.get(id);
        if (!file) report('dangling', where, { media: id });
        else if (file.kind !== kind) report('wrong_media', where, { media: id, kind: file.kind, needs: kind });
      };
      for (const target of targetsOf(one)) if (!hasTarget(index, target)) report('dangling', where, { ...target });
      switch (one.kind) {
        case 'picture':
        case 'video':
        case 'audio':
          media(one.media, FILE_KINDS[one.kind]);
          break;
        case 'ghostMotion':
          if (one.motion.kind === 'recorded') media(one.motion.media, 'motion');
          if (!index.things.has(one.thing)) report('dangling', where, { thing: one.thing });
          break;
        case 'animateJoint':
          if (!index.controls.has(one.control)) report('dangling', where, { control: one.control });
          break;
        case 'setVariable': {
          const variable = index.variables.get(one.variable);
          if (!variable) report('dangling', where, { variable: one.variable });
          else if (typeof variable.initial !== typeof one.value)
            report('wrong_kind', where, { variable: one.variable, kind: typeof one.value });
          break;
        }
        default:
      }
    }
  for (const { id, cid } of index.media.values())
    if (cid === null) report('missing_media', { path: `workplace.media.${id}` }, { media: id });
  for (const { step, chapter, ...facts } of index.steps.values())
    for (const kind of ['things', 'tools', 'controls'] as const)
      for (const id of step.unlocks[kind])
        if (!index[kind].has(id) && facts[kind].has(id))
          report('dangling', { chapter: chapter.id, step: step.id }, { [kind]: id });
}

function targetsOf(behaviour: object): Target[] {
  const { targets, target, at } = behaviour as { targets?: Target[]; target?: Target; at?: Target | null };
  return [...(targets ?? []), ...(target ? [target] : []), ...(at ? [at] : [])];
}

function hasTarget(index: ProcedureIndex, target: Target): boolean {
  switch (target.kind) {
    case 'thing': {
      const thing = index.things.get(target.thing);
      return !!thing && (target.frame === null || thing.frames.some(({ id }) => id === target.frame));
    }
    case 'place':
      return index.places.has(target.place);
    case 'tool':
      return index.tools.has(target.tool);
    case 'control':
      return index.controls.has(target.control);
  }
}

export function checkTexts(procedure: Procedure, report: Report): void {
  const [first, ...others] = procedure.languages;
  // Told once for each language: somebody who has just added one knows that all of it is still to be written.
  const untranslated = new Map<string, { readonly where: CheckPlace; readonly text: string; count: number }>();
  for (const { path, step, text, isNeeded } of textsOf(procedure)) {
    const where = { ...(step === null ? {} : { step }), path };
    const isEmpty = Object.values(text).every((words) => words.trim() === '');
    if (isEmpty && !isNeeded) continue;
    if (!text[first!]?.trim()) report('missing_text', where, { language: first! });
    for (const language of others)
      if (!text[language]?.trim()) {
        const known = untranslated.get(language);
        if (known) known.count++;
        else untranslated.set(language, { where, text: textKey({ step, path }), count: 1 });
      } else if (isOutdated(procedure, textKey({ step, path }), language))
        report('outdated_translation', where, { language });
  }
  for (const [language, { where, text, count }] of untranslated)
    report('missing_translation', count === 1 ? where : { path: 'languages' }, { language, count, text });
}

/** Somebody who wrote steps and forgot what they are done with would learn of it from a trainee. */
export function checkEmpty({ steps, ...known }: ProcedureIndex, report: Report): void {
  const kinds = [known.things, known.tools, known.controls, known.sensors, known.places];
  const hasAny = kinds.some(({ size }) => size > 0);
  const path = 'workplace';
  if (!hasAny) return report('empty_workplace', { path });
  const isKnown = (id: string) => kinds.some((kind) => kind.has(id));
  for (const { step } of steps.values())
    for (const word of wordsIn([step.transitions, step.behaviours, step.unlocks])) if (isKnown(word)) return;
  report('unused_workplace', { path });
}

function* wordsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) yield* wordsIn(inner);
}

/** Branches that run at the same time and need the same thing take it from each other. */
export function checkBranches(index: ProcedureIndex, report: Report): void {
  for (const { step, chapter } of index.steps.values()) {
    if (step.body.kind !== 'parallel') continue;
    const needed = step.body.branches.map((branch) => thingsNeeded(index, branch));
    const shared = new Set<string>();
    needed.forEach((things, at) =>
      things.forEach((thing) => needed.slice(at + 1).some((other) => other.has(thing)) && shared.add(thing)),
    );
    for (const thing of shared) report('branches_share', { chapter: chapter.id, step: step.id }, { thing });
  }
}

function thingsNeeded(index: ProcedureIndex, chapter: string): Set<string> {
  const steps: Step[] = chaptersWithin(index, chapter).flatMap(({ steps }) => steps);
  const leaves = steps.flatMap(({ id }) => index.steps.get(id)?.leaves ?? []);
  return new Set(
    leaves.flatMap(({ leaf }) => {
      const { things, controls } = needsOf(leaf);
      return [...things, ...controls] as string[];
    }),
  );
}
