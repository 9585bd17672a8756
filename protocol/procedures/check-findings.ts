import type { ChapterId, StepId } from './ids.ts';

/** Where in the procedure something is: as far as it is about one. */
export interface CheckPlace {
  readonly chapter?: ChapterId;
  readonly step?: StepId;
  readonly transition?: string;
  /** Of a condition or behaviour inside the step, or a path in the document. */
  readonly path?: string;
}

export interface CheckFinding {
  readonly key: CheckKey;
  /** `error`: cannot be released. `warning`: somebody should have looked at it. */
  readonly severity: 'error' | 'warning';
  readonly where: CheckPlace;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  readonly message: string;
  readonly next: string;
}

/** All that `check` can say; clients translate by key. */
const SAYINGS = {
  duplicate_id: ['error', 'Two have the same id.', 'Give one of them another.'],
  dangling: ['error', 'This refers to something that is not there.', 'Choose something that is, or add it.'],
  wrong_chapter: [
    'error',
    'A step leads to a step of another chapter.',
    'Lead to the end of the chapter, or move the step.',
  ],
  no_exit: ['error', 'From here the run cannot come to an end.', 'Add a way out that can complete and leads on.'],
  unreachable: ['warning', 'No way leads to this step.', 'Lead a way out to it, or delete it.'],
  shadowed: ['warning', 'An earlier way out without conditions always wins.', 'Move this way out up, or delete it.'],
  unused_chapter: ['warning', 'No step runs this sub-procedure.', 'Use it in a step, or delete it.'],
  endless_nesting: ['error', 'A sub-procedure runs inside itself.', 'Take it out of its own steps.'],
  nested_too_deep: ['error', 'Sub-procedures are nested deeper than 14 levels.', 'Put some of them side by side.'],
  instant_loop: ['error', 'Steps that complete at once lead back to each other.', 'Add a condition to one of them.'],
  possible_instant_loop: [
    'warning',
    'These steps can all complete at once and lead back to each other, for ever.',
    'Let one of them wait for something that a person does.',
  ],
  endless_waiting: ['warning', 'Time alone leads round these steps for ever.', 'Let one of them wait for a person.'],
  impossible_tolerance: ['error', 'No placement can be within this tolerance.', 'Give tolerances above zero.'],
  place_not_said: [
    'warning',
    'Where it belongs was never said.',
    'Open the condition and take the place from the design, or type it.',
  ],
  placed_on_itself: ['error', 'A thing cannot be placed relative to itself.', 'Choose another reference.'],
  symmetry_too_large: ['error', 'These turns generate too many positions.', 'Use “revolute”, or other axes.'],
  empty_range: ['error', 'The range is empty: its minimum is above its maximum.', 'Exchange the two.'],
  outside_range: ['error', 'This value can never be shown or set.', 'Choose a range that the instrument has.'],
  unit_mismatch: ['error', 'These units measure different things.', 'Choose a unit of the same quantity.'],
  unknown_position: ['error', 'The control has no such position.', 'Choose one that it has.'],
  wrong_setting: ['error', 'The control is not set in this way.', 'Ask for a position, or for a number.'],
  wrong_kind: ['error', 'The variable is of another kind.', 'Compare it with a value of its kind.'],
  tool_not_allowed: ['error', 'This tool may not be used on this thing.', 'Allow the tool, or choose another.'],
  fixed: ['error', 'A fixed thing cannot be taken.', 'Choose another thing, or let it be movable.'],
  locked: ['error', 'What the condition needs is locked in guided mode.', 'Unlock it in this step.'],
  impossible_order: ['error', 'The same thing stands twice in the order.', 'List each thing once.'],
  impossible_count: ['error', 'More are needed than there are.', 'Ask for fewer.'],
  impossible_answer: ['error', 'The right answer is not among the choices.', 'Mark a choice that is there.'],
  opaque: ['error', 'A foreign condition that can never hold here.', 'Replace it by one of ours.'],
  contradiction: ['error', 'These conditions can never hold together.', 'Take one of them away.'],
  may_contradict: ['warning', 'These conditions are about the same thing and may exclude each other.', 'Try the step.'],
  too_complex: ['warning', 'The combination is too large to be checked.', 'Use fewer conditions, or more steps.'],
  too_deep: ['error', 'Conditions are nested deeper than 8 levels.', 'Use more steps.'],
  irrevocable_not: [
    'warning',
    'All ways out need something not to have happened; once it has, nobody can get on.',
    'Add another way out, or a retry.',
  ],
  variable_exit_only: ['warning', 'All ways out depend on variables.', 'Add a way out for all other values.'],
  forbidden_by_rule: ['error', 'A safety rule forbids what this step asks for.', 'Change the rule or the step.'],
  rule_may_block: [
    'warning',
    'A safety rule asks for something that this step may not allow to be done.',
    'Unlock in this step what the rule asks for.',
  ],
  never_fulfilled: [
    'error',
    'A safety rule takes standing conditions only.',
    'Use conditions such as worn, value, control or mounted.',
  ],
  nobody: ['error', 'Nobody who may do this step is there.', 'Choose another role or station.'],
  branches_share: ['warning', 'Parallel branches use the same thing.', 'Let one branch have it, or run them in turn.'],
  missing_text: ['error', 'The text is missing in the default language.', 'Write it.'],
  missing_translation: ['warning', 'A translation is missing.', 'Translate it.'],
  outdated_translation: [
    'warning',
    'The text has changed since it was translated.',
    'Translate it again, or say under Languages that it is still right.',
  ],
  empty_workplace: [
    'warning',
    'The workplace is empty: there is nothing to take, use or set.',
    'Open Workplace and add the things and tools that the steps are about.',
  ],
  unused_workplace: [
    'warning',
    'No step is about anything of the workplace.',
    'Open a step and choose what is taken, placed or set, or what is shown.',
  ],
  missing_media: ['error', 'The file is missing.', 'Add the file, or take the reference away.'],
  wrong_media: ['error', 'The file is of another kind.', 'Choose a file of the right kind.'],
  no_duration: ['warning', 'A step waits for this, but it has no duration.', 'Give its duration.'],
  not_protective: ['warning', 'What is to be worn is no protective wear.', 'Mark it as such.'],
  impossible_pass_mark: ['error', 'The pass mark is above full points.', 'Lower it.'],
} as const satisfies Record<string, readonly ['error' | 'warning', string, string]>;

export type CheckKey = keyof typeof SAYINGS;
export const CHECK_KEYS = Object.keys(SAYINGS) as CheckKey[];

export type Report = (key: CheckKey, where: CheckPlace, facts?: CheckFinding['facts']) => void;

export function finding(key: CheckKey, where: CheckPlace, facts: CheckFinding['facts'] = {}): CheckFinding {
  const [severity, message, next] = SAYINGS[key];
  return { key, severity, where, facts, message, next };
}
