/**
 * The terms that statements of Workhall use. What others have published is taken from them; only what nobody has a word
 * for is ours. Like the house's other formats ours are URNs: the profile itself is served by every hall.
 */
export const PROFILE = 'urn:workhall:xapi';
/** Changes with every change of a term or template; older ones stay valid for what was said under them. */
export const PROFILE_VERSION = `${PROFILE}:1`;
/** The moment of this version, as profiles must say it. */
export const PROFILE_VERSION_AT = '2026-11-21T00:00:00Z';

const adl = (name: string) => `http://adlnet.gov/expapi/verbs/${name}`;
const own = (kind: string, name: string) => `${PROFILE}:${kind}:${name}`;

export const VERBS = {
  initialized: adl('initialized'),
  attempted: adl('attempted'),
  completed: adl('completed'),
  passed: adl('passed'),
  failed: adl('failed'),
  answered: adl('answered'),
  exited: adl('exited'),
  suspended: adl('suspended'),
  resumed: adl('resumed'),
  terminated: adl('terminated'),
  skipped: 'http://id.tincanapi.com/verb/skipped',
  measured: 'https://w3id.org/xapi/dod-isd/verbs/measured',
  requestedHint: own('verb', 'requested-hint'),
  erred: own('verb', 'erred'),
  violatedSafety: own('verb', 'violated-safety-rule'),
  injectedFault: own('verb', 'injected-fault'),
  detectedFault: own('verb', 'detected-fault'),
  diagnosedFault: own('verb', 'diagnosed-fault'),
  clearedFault: own('verb', 'cleared-fault'),
} as const;
export type VerbName = keyof typeof VERBS;

export const ACTIVITY_TYPES = {
  procedure: own('activity-type', 'procedure'),
  step: own('activity-type', 'step'),
  fault: own('activity-type', 'fault'),
  safetyRule: own('activity-type', 'safety-rule'),
  tool: own('activity-type', 'tool'),
  question: 'http://adlnet.gov/expapi/activities/cmi.interaction',
  profile: 'http://adlnet.gov/expapi/activities/profile',
} as const;

export const EXTENSIONS = {
  /** Context: `guided`, `practice` or `exam`. */
  mode: own('extension', 'mode'),
  /** Context: milliseconds since the start of the run, pauses left out. */
  runTimeMs: own('extension', 'run-time-ms'),
  /** Result: which try of the step, 1 for the first. */
  attempt: own('extension', 'attempt'),
  /** Result: kind of error and its facts. */
  error: own('extension', 'error'),
  /** Result: `{ value, unit }`, unit in UCUM. */
  measurement: own('extension', 'measurement'),
  /** Result: what the score sheet holds against the run, by reason. */
  deductions: own('extension', 'deductions'),
} as const;

/** What each says in words, English and Chinese as everything people read here. */
export const WORDS: Readonly<Record<VerbName, { readonly en: string; readonly zh: string }>> = {
  initialized: { en: 'began', zh: '开始' },
  attempted: { en: 'attempted', zh: '尝试' },
  completed: { en: 'completed', zh: '完成' },
  passed: { en: 'passed', zh: '通过' },
  failed: { en: 'failed', zh: '未通过' },
  answered: { en: 'answered', zh: '回答' },
  exited: { en: 'left', zh: '离开' },
  suspended: { en: 'paused', zh: '暂停' },
  resumed: { en: 'resumed', zh: '继续' },
  terminated: { en: 'ended', zh: '结束' },
  skipped: { en: 'skipped', zh: '跳过' },
  measured: { en: 'measured', zh: '测量' },
  requestedHint: { en: 'asked for a hint on', zh: '请求提示' },
  erred: { en: 'made an error in', zh: '出错' },
  violatedSafety: { en: 'violated the safety rule', zh: '违反安全规则' },
  injectedFault: { en: 'injected the fault', zh: '注入故障' },
  detectedFault: { en: 'detected the fault', zh: '发现故障' },
  diagnosedFault: { en: 'diagnosed the fault', zh: '诊断故障' },
  clearedFault: { en: 'cleared the fault', zh: '排除故障' },
};
