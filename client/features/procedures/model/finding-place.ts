import { stepsOf, textKey, type CheckFinding, type Procedure } from '#protocol/procedures/index';
import { entriesOf, type WorkplaceList } from './workplace.ts';

/** Where in the editor a finding is mended: a page of it, and there a step, or what its address calls `at`. */
export interface FindingPlace {
  readonly view: 'steps' | 'workplace' | 'judging' | 'languages';
  readonly step?: string;
  /** Of what `data-at` marks on that page. */
  readonly at?: string;
}

/** Points, as opposed to a rule. */
export const AT_POINTS = 'points';
export const atEntry = (list: string, id: string): string => `${list}/${id}`;
export const atText = (key: string, language: string): string => `${key}:${language}`;

/** Every finding has a place, be it only the first step. */
export function placeOf(procedure: Procedure, finding: CheckFinding): FindingPlace {
  const { key, where, facts } = finding;
  const { step, chapter, path = '' } = where;
  const isForTranslators = key === 'missing_translation' || key === 'outdated_translation';
  const words = (): FindingPlace => ({
    view: 'languages',
    // Of several texts the first.
    at: atText(
      String(facts['text'] ?? textKey({ step: step ?? null, path })),
      String(facts['language'] ?? procedure.languages[0]),
    ),
  });
  if (isForTranslators) return words();
  if (step !== undefined) return { view: 'steps', step };
  const [area = '', one = '', id = ''] = path.split('.');
  if (area === 'rubric') return { view: 'judging', at: AT_POINTS };
  if (area === 'safety') return { view: 'judging', at: one || String(facts['id'] ?? '') };
  // A file has its words there, and is chosen where a step shows it.
  if (area === 'workplace' && one === 'media') return ownerOf(procedure, id) ?? words();
  if (key === 'unused_workplace') return firstStep(procedure);
  if (area === 'workplace') return inWorkplace(procedure, one, id);
  if (key === 'duplicate_id' && path !== 'chapters')
    return area === 'steps'
      ? firstStep(procedure, one || String(facts['id']))
      : inWorkplace(procedure, area, one || String(facts['id'] ?? ''));
  if (key === 'missing_text') return words();
  const own = [...procedure.chapters, ...procedure.subchapters].find((of) => of.id === (chapter ?? facts['id']));
  return firstStep(procedure, own?.steps[0]?.id);
}

/** `list` as the check names it; what has no page of its own stands with what it belongs to. */
function inWorkplace(procedure: Procedure, list: string, id: string): FindingPlace {
  const known = list === 'variables' || list in procedure.workplace;
  if (!known || list === 'media') return { view: 'workplace' };
  const isThere = entriesOf(procedure, list as WorkplaceList).some((entry) => entry.id === id);
  return { view: 'workplace', at: isThere ? atEntry(list, id) : atEntry(list, '') };
}

function firstStep(procedure: Procedure, wanted?: string): FindingPlace {
  const ids = [...stepsOf(procedure)].map(({ step }) => step.id as string);
  return { view: 'steps', step: ids.find((id) => id === wanted) ?? ids[0]! };
}

/** The step that shows a file. */
function ownerOf(procedure: Procedure, media: string): FindingPlace | null {
  for (const { step } of stepsOf(procedure))
    if (step.behaviours.some((one) => 'media' in one && one.media === media)) return { view: 'steps', step: step.id };
  return null;
}
