import type { Condition } from './condition.ts';
import { stepsOf, type Procedure, type Step } from './procedure.ts';
import type { StepId } from './ids.ts';
import type { Text } from './text.ts';

/** One text that people read or hear. `isNeeded`: it may not be empty. */
export interface PlacedText {
  readonly path: string;
  readonly step: StepId | null;
  readonly text: Text;
  readonly isNeeded: boolean;
}

/** Every text of a procedure, for translators, checks and speech. */
export function* textsOf(procedure: Procedure): Generator<PlacedText> {
  const own = (path: string, text: Text, isNeeded = true): PlacedText => ({ path, step: null, text, isNeeded });
  yield own('title', procedure.title);
  yield own('description', procedure.description, false);
  for (const chapter of [...procedure.chapters, ...procedure.subchapters])
    yield own(`chapters.${chapter.id}.title`, chapter.title);
  for (const { step } of stepsOf(procedure)) yield* textsOfStep(step);
  const { workplace } = procedure;
  for (const kind of ['things', 'places', 'tools', 'sensors', 'controls', 'roles', 'stations', 'faults'] as const)
    for (const { id, name } of workplace[kind]) yield own(`workplace.${kind}.${id}.name`, name);
  for (const { id, description } of workplace.media) yield own(`workplace.media.${id}.description`, description);
  for (const { id, text } of procedure.safety) yield own(`safety.${id}`, text);
}

export function* textsOfStep(step: Step): Generator<PlacedText> {
  const own = (path: string, text: Text, isNeeded = true): PlacedText => ({ path, step: step.id, text, isNeeded });
  yield own('title', step.title);
  yield own('instruction', step.instruction, false);
  for (const [at, hint] of step.hints.entries()) yield own(`hints.${at}`, hint);
  for (const [at, behaviour] of step.behaviours.entries()) {
    if ('text' in behaviour) yield own(`behaviours.${at}.text`, behaviour.text);
    if ('reason' in behaviour) yield own(`behaviours.${at}.reason`, behaviour.reason);
  }
  for (const { id, conditions } of step.transitions)
    for (const [at, condition] of conditions.entries())
      for (const [path, text] of textsOfCondition(condition, `transitions.${id}.${at}`)) yield own(path, text);
}

function* textsOfCondition(condition: Condition, path: string): Generator<[string, Text]> {
  if (condition.kind === 'not') yield* textsOfCondition(condition.of, `${path}.0`);
  else if ('of' in condition)
    for (const [at, inner] of condition.of.entries()) yield* textsOfCondition(inner, `${path}.${at}`);
  else if (condition.kind === 'spoken') yield [`${path}.phrases`, condition.phrases];
  else if (condition.kind === 'checklist')
    for (const { id, text } of condition.items) yield [`${path}.items.${id}`, text];
  else if (condition.kind === 'answered') {
    yield [`${path}.question`, condition.question];
    if ('choices' in condition.answer)
      for (const { id, text } of condition.answer.choices) yield [`${path}.choices.${id}`, text];
  }
}
