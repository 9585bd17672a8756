import {
  ACTIVITY_TYPES,
  EXTENSIONS,
  PROFILE,
  PROFILE_VERSION,
  PROFILE_VERSION_AT,
  VERBS,
  WORDS,
  type VerbName,
} from './vocabulary.ts';

/** An xAPI Profile (specification 1.0, part two): what our statements say, for programs of other people. */
export interface StatementTemplate {
  readonly id: string;
  readonly type: 'StatementTemplate';
  readonly inScheme: string;
  readonly prefLabel: Words;
  readonly definition: Words;
  readonly verb: string;
  readonly objectActivityType: string;
  readonly contextParentActivityType?: readonly string[];
  readonly rules: readonly TemplateRule[];
}
export interface TemplateRule {
  /** JSONPath: `$`, names, `['quoted names']` and `[*]`. */
  readonly location: string;
  readonly presence?: 'included' | 'excluded' | 'recommended';
  readonly any?: readonly unknown[];
  readonly all?: readonly unknown[];
}
/** One of the last four says how its parts follow each other. */
export interface Pattern {
  readonly id: string;
  readonly type: 'Pattern';
  readonly primary: boolean;
  readonly inScheme: string;
  readonly prefLabel: Words;
  readonly definition: Words;
  readonly alternates?: readonly string[];
  readonly sequence?: readonly string[];
  readonly oneOrMore?: string;
  readonly zeroOrMore?: string;
  readonly optional?: string;
}
type Words = Readonly<Record<string, string>>;

const inScheme = PROFILE_VERSION;
const en = (text: string): Words => ({ en: text });

const OWN_VERBS: Partial<Record<VerbName, string>> = {
  requestedHint: 'Somebody asked for help with a step and got it; it may cost points.',
  erred:
    'Something went wrong that the procedure can tell: wrong order, part, tool, answer, result, or out of tolerance.',
  violatedSafety: 'Somebody did what a safety rule of the procedure forbids at this moment.',
  injectedFault: 'An instructor made something go wrong, with the truth on record.',
  detectedFault: 'Somebody said that something is wrong while a fault was there; the duration runs from its injection.',
  diagnosedFault: 'Somebody named the fault that was there; the duration runs from its injection.',
  clearedFault: 'An injected fault was taken back.',
};
const TYPE_WORDS: Readonly<Record<'procedure' | 'step' | 'fault' | 'safetyRule' | 'tool', [string, string]>> = {
  procedure: ['procedure', 'Work in steps with checks, for training in VR and for guidance in AR.'],
  step: ['step', 'One step of a procedure.'],
  fault: ['fault', 'Something that can be made to go wrong in the workplace of a procedure.'],
  safetyRule: ['safety rule', 'An act that must not be done, unless a condition holds.'],
  tool: ['tool', 'A tool of the workplace; some measure when they are used.'],
};
const EXTENSION_WORDS: Readonly<Record<keyof typeof EXTENSIONS, [string, 'Context' | 'Result', object]>> = {
  mode: ['How the procedure was run', 'Context', { enum: ['guided', 'practice', 'exam'] }],
  runTimeMs: ['Milliseconds since the start, pauses left out', 'Context', { type: 'integer', minimum: 0 }],
  attempt: ['Which try of the step, 1 for the first', 'Result', { type: 'integer', minimum: 1 }],
  error: ['What went wrong', 'Result', { type: 'object', required: ['kind'] }],
  measurement: ['What a tool measured, unit in UCUM', 'Result', { type: 'object', required: ['value', 'unit'] }],
  deductions: ['Points by reason', 'Result', { type: 'object', additionalProperties: { type: 'integer' } }],
};

const EVERYWHERE: readonly TemplateRule[] = [
  { location: '$.id', presence: 'included' },
  { location: '$.timestamp', presence: 'included' },
  { location: '$.context.registration', presence: 'included' },
  { location: '$.context.contextActivities.category[*].id', presence: 'included', any: [PROFILE_VERSION] },
  {
    location: `$.context.extensions['${EXTENSIONS.mode}']`,
    presence: 'included',
    all: ['guided', 'practice', 'exam'],
  },
  { location: `$.context.extensions['${EXTENSIONS.runTimeMs}']`, presence: 'included' },
];
const included = (location: string): TemplateRule => ({ location, presence: 'included' });
const extension = (name: keyof typeof EXTENSIONS): TemplateRule =>
  included(`$.result.extensions['${EXTENSIONS[name]}']`);
const DURATION = included('$.result.duration');

type About = 'procedure' | 'step' | 'fault' | 'safetyRule' | 'tool' | 'question';

function template(
  name: string,
  verb: VerbName,
  about: About,
  text: string,
  rules: TemplateRule[] = [],
): StatementTemplate {
  return {
    id: `${PROFILE}:template:${name}`,
    type: 'StatementTemplate',
    inScheme,
    prefLabel: en(name.replaceAll('-', ' ')),
    definition: en(text),
    verb: VERBS[verb],
    objectActivityType: ACTIVITY_TYPES[about],
    ...(about === 'procedure' ? {} : { contextParentActivityType: [ACTIVITY_TYPES.procedure] }),
    rules: [...EVERYWHERE, ...rules],
  };
}

const ends = (success: boolean): TemplateRule[] => [
  included('$.result.score.scaled'),
  DURATION,
  { location: '$.result.success', presence: 'included', all: [success] },
  extension('deductions'),
];

export const TEMPLATES = {
  begun: template('run-begun', 'initialized', 'procedure', 'A participant began the run.'),
  stepAttempted: template('step-attempted', 'attempted', 'step', 'The step is there to be done.', [
    extension('attempt'),
  ]),
  stepCompleted: template('step-completed', 'completed', 'step', 'All that the step asks for is done.', [DURATION]),
  stepFailed: template(
    'step-failed',
    'failed',
    'step',
    'The try ended without success; the step starts again or is left.',
    [DURATION],
  ),
  stepSkipped: template('step-skipped', 'skipped', 'step', 'An optional step was left out.', [DURATION]),
  stepExited: template(
    'step-exited',
    'exited',
    'step',
    'The run went elsewhere: a jump, or a parallel branch that won.',
    [DURATION],
  ),
  answered: template('question-answered', 'answered', 'question', 'A question of a step was answered.', [
    included('$.result.response'),
    included('$.result.success'),
  ]),
  measured: template('tool-measured', 'measured', 'tool', 'A tool was used and measured something.', [
    extension('measurement'),
    included('$.result.success'),
  ]),
  hint: template('hint-requested', 'requestedHint', 'step', 'A hint was asked for and given.'),
  error: template('error-made', 'erred', 'step', 'Something went wrong during a step.', [extension('error')]),
  errorBetween: template('error-made-in-run', 'erred', 'procedure', 'Something went wrong outside of any step.', [
    extension('error'),
  ]),
  safety: template('safety-violated', 'violatedSafety', 'safetyRule', 'A safety rule was broken.', [
    extension('error'),
  ]),
  injected: template('fault-injected', 'injectedFault', 'fault', 'A fault was injected.'),
  detected: template('fault-detected', 'detectedFault', 'fault', 'A fault was found.', [DURATION]),
  diagnosed: template('fault-diagnosed', 'diagnosedFault', 'fault', 'A fault was named rightly.', [DURATION]),
  cleared: template('fault-cleared', 'clearedFault', 'fault', 'A fault was taken back.', [DURATION]),
  paused: template('run-paused', 'suspended', 'procedure', 'The run was paused.'),
  resumed: template('run-resumed', 'resumed', 'procedure', 'The run went on.'),
  completed: template('run-completed', 'completed', 'procedure', 'The procedure was done to its end.', [
    DURATION,
    { location: '$.result.completion', presence: 'included', all: [true] },
  ]),
  passed: template('run-passed', 'passed', 'procedure', 'The score is enough and nothing forbids it.', ends(true)),
  failed: template('run-failed', 'failed', 'procedure', 'The score or a broken rule says no.', ends(false)),
  terminated: template('run-ended', 'terminated', 'procedure', 'The participant’s run is over.', [DURATION]),
} as const;

const idsOf = (...names: (keyof typeof TEMPLATES)[]): string[] => names.map((name) => TEMPLATES[name].id);
const pattern = (name: string, text: string, parts: Partial<Pattern>): Pattern => ({
  id: `${PROFILE}:pattern:${name}`,
  type: 'Pattern',
  primary: false,
  inScheme,
  prefLabel: en(name.replaceAll('-', ' ')),
  definition: en(text),
  ...parts,
});
const id = (name: string) => `${PROFILE}:pattern:${name}`;
const BETWEEN = idsOf(
  ...(['stepAttempted', 'stepCompleted', 'stepFailed', 'stepSkipped', 'stepExited', 'answered', 'measured'] as const),
  ...(['hint', 'error', 'errorBetween', 'safety', 'injected', 'detected', 'diagnosed', 'cleared'] as const),
  ...(['paused', 'resumed'] as const),
);
const AT_THE_END = idsOf('completed', 'passed', 'failed', 'terminated');

/** The statements of one registration, in the order of their times. */
export const PATTERNS: readonly Pattern[] = [
  pattern('run', 'A whole run, or one that is not over yet.', {
    primary: true,
    sequence: [id('beginning'), id('happenings'), id('ending')],
  }),
  pattern('beginning', 'Each participant begins.', { oneOrMore: TEMPLATES.begun.id }),
  pattern('happenings', 'What happens, in any order.', { zeroOrMore: id('happening') }),
  pattern('happening', 'One thing that happens.', { alternates: BETWEEN }),
  pattern('ending', 'Missing while the run goes on.', { optional: id('outcomes') }),
  pattern('outcomes', 'For each participant whether it was completed and passed, and that it is over.', {
    oneOrMore: id('outcome'),
  }),
  pattern('outcome', 'One of them.', { alternates: AT_THE_END }),
];

/** The document that the hall serves. */
export function profileDocument(): Record<string, unknown> {
  const concept = (conceptId: string, type: string, label: string, definition: string, extra: object = {}) => ({
    id: conceptId,
    type,
    inScheme,
    prefLabel: en(label),
    definition: en(definition),
    ...extra,
  });
  const verbs = (Object.entries(OWN_VERBS) as [VerbName, string][]).map(([name, definition]) => ({
    ...concept(VERBS[name], 'Verb', WORDS[name].en, definition),
    prefLabel: { ...WORDS[name] },
  }));
  const types = Object.entries(TYPE_WORDS).map(([name, [label, definition]]) =>
    concept(ACTIVITY_TYPES[name as keyof typeof TYPE_WORDS], 'ActivityType', label, definition),
  );
  const extensions = Object.entries(EXTENSION_WORDS).map(([name, [definition, where, schema]]) =>
    concept(EXTENSIONS[name as keyof typeof EXTENSIONS], `${where}Extension`, name, definition, {
      inlineSchema: JSON.stringify(schema),
    }),
  );
  return {
    '@context': 'https://w3id.org/xapi/profiles/context',
    id: PROFILE,
    type: 'Profile',
    conformsTo: 'https://w3id.org/xapi/profiles#1.0',
    prefLabel: { en: 'Workhall procedures', zh: 'Workhall 作业规程' },
    definition: en('Training and guidance by procedures: steps, errors, hints, safety, injected faults, outcomes.'),
    author: { type: 'Organization', name: 'Workhall' },
    versions: [{ id: PROFILE_VERSION, generatedAtTime: PROFILE_VERSION_AT }],
    concepts: [...verbs, ...types, ...extensions],
    templates: Object.values(TEMPLATES),
    patterns: PATTERNS,
  };
}
