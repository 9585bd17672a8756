const FIELDS = [
  [/^chapters\.[^.]+\.title$/, 'problemField_chapterTitle'],
  [/^workplace\.media\..*description$/, 'problemField_mediaWords'],
  [/^workplace\..*\.name$/, 'problemField_name'],
  [/\.question$/, 'problemField_question'],
  [/\.choices\./, 'problemField_choice'],
  [/\.items\./, 'problemField_item'],
  [/\.phrases$/, 'problemField_phrases'],
  [/^hints\./, 'problemField_hint'],
  [/^behaviours\./, 'problemField_behaviour'],
  [/^title$/, 'problemField_title'],
  [/^instruction$/, 'problemField_instruction'],
  [/^description$/, 'problemField_description'],
] as const;

/** Which field of the page a finding's path is: the key of its words; null: it is about more than one field. */
export const fieldOf = (path: string | undefined): (typeof FIELDS)[number][1] | null =>
  path === undefined ? null : (FIELDS.find(([pattern]) => pattern.test(path))?.[1] ?? null);
