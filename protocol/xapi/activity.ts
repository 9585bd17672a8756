import { anyText, fail, fields, isObject, listOf, objectAt, oneOf, type Check, type Json } from './check.ts';
import { extensions, iri, languageMap } from './data-types.ts';

/** Activities and interactions: 1.0.3 Data 2.4.4.1, IEEE 9274.1.1 4.2.2.3. */
export type LanguageMap = Readonly<Record<string, string>>;
export type Extensions = Readonly<Record<string, unknown>>;

export interface InteractionComponent {
  readonly id: string;
  readonly description?: LanguageMap;
}
export interface ActivityDefinition {
  readonly name?: LanguageMap;
  readonly description?: LanguageMap;
  readonly type?: string;
  readonly moreInfo?: string;
  readonly interactionType?: string;
  readonly correctResponsesPattern?: readonly string[];
  readonly choices?: readonly InteractionComponent[];
  readonly scale?: readonly InteractionComponent[];
  readonly source?: readonly InteractionComponent[];
  readonly target?: readonly InteractionComponent[];
  readonly steps?: readonly InteractionComponent[];
  readonly extensions?: Extensions;
}
export interface Activity {
  readonly objectType?: 'Activity';
  readonly id: string;
  readonly definition?: ActivityDefinition;
}

/** Which lists an interaction may carry. */
const COMPONENTS: Readonly<Record<string, readonly string[]>> = {
  'true-false': [],
  choice: ['choices'],
  'fill-in': [],
  'long-fill-in': [],
  matching: ['source', 'target'],
  performance: ['steps'],
  sequencing: ['choices'],
  likert: ['scale'],
  numeric: [],
  other: [],
};
const LISTS = ['choices', 'scale', 'source', 'target', 'steps'] as const;

const component = fields({ id: anyText, description: languageMap }, ['id']);
const components: Check = (value, path, version) => {
  listOf(component)(value, path, version);
  const ids = (value as InteractionComponent[]).map(({ id }) => id);
  if (new Set(ids).size !== ids.length) fail(path, 'must not have an id twice');
};
const definitionFields = fields({
  name: languageMap,
  description: languageMap,
  type: iri,
  moreInfo: iri,
  interactionType: oneOf(...Object.keys(COMPONENTS)),
  correctResponsesPattern: listOf(anyText),
  ...Object.fromEntries(LISTS.map((list) => [list, components])),
  extensions,
});

const definition: Check = (value, path, version) => {
  definitionFields(value, path, version);
  const object = objectAt(value, path);
  const type = object['interactionType'] as string | undefined;
  if (type === undefined && object['correctResponsesPattern'] !== undefined)
    fail(`${path}.interactionType`, 'is missing: correctResponsesPattern belongs to an interaction');
  for (const list of LISTS) {
    if (object[list] === undefined) continue;
    if (type === undefined) fail(`${path}.interactionType`, `is missing: ${list} belongs to an interaction`);
    if (!COMPONENTS[type!]!.includes(list)) fail(`${path}.${list}`, `does not belong to an interaction "${type}"`);
  }
};

export const activity: Check = fields({ objectType: oneOf('Activity'), id: iri, definition }, ['id']);

/** What an LRS knows of an activity after one more statement about it: newer words win, languages add up. */
export function mergeDefinitions(known: ActivityDefinition, said: ActivityDefinition): ActivityDefinition {
  const merged: Record<string, unknown> = { ...known, ...said };
  for (const key of ['name', 'description', 'extensions'] as const) {
    if (isObject(known[key]) && isObject(said[key])) merged[key] = { ...(known[key] as Json), ...(said[key] as Json) };
  }
  return merged;
}
