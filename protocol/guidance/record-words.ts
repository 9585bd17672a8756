import type { DeviationKind, HowLeft, ResultRow } from './document.ts';
import type { Disposition } from './ops.ts';

/**
 * Words for what goes wrong in a job, the same on its page, on the board, in the record and on paper. Keys as string tables
 * have them.
 */
export const DEVIATION_WORDS = {
  en: {
    kind_wrong_part: 'Wrong part',
    kind_wrong_order: 'Wrong order of work',
    kind_wrong_tool: 'Wrong tool',
    kind_wrong_control: 'Wrong control',
    kind_wrong_result: 'Result out of range',
    kind_wrong_answer: 'Wrong answer',
    kind_out_of_tolerance: 'Not in its place',
    kind_safety: 'Safety rule broken',
    kind_value_out_of_range: 'Value out of range',
    kind_calibration_expired: 'Calibration is over',
    kind_serial_twice: 'This piece is in the product already',
    kind_check_failed: 'The second look found a fault',
    kind_unskilled: 'Skill not shown',
    kind_skipped: 'Step skipped',
    kind_attempts_spent: 'All attempts used',
    kind_unchecked: 'Left without its checks',
    kind_released: 'Released without its checks',
    kind_procedure_failed: 'The instruction failed',
    kind_reported: 'Reported',
  },
  zh: {
    kind_wrong_part: '零件错误',
    kind_wrong_order: '作业顺序错误',
    kind_wrong_tool: '工具错误',
    kind_wrong_control: '操作件错误',
    kind_wrong_result: '结果超差',
    kind_wrong_answer: '回答错误',
    kind_out_of_tolerance: '未到位',
    kind_safety: '违反安全规则',
    kind_value_out_of_range: '数值超差',
    kind_calibration_expired: '校准已过期',
    kind_serial_twice: '此件已装入产品',
    kind_check_failed: '第二人检查发现问题',
    kind_unskilled: '未出示技能证书',
    kind_skipped: '跳过了步骤',
    kind_attempts_spent: '尝试次数已用完',
    kind_unchecked: '未经检查就离开',
    kind_released: '未经检查放行',
    kind_procedure_failed: '作业程序失败',
    kind_reported: '已报告',
  },
} as const satisfies Record<'en' | 'zh', Record<`kind_${DeviationKind}`, string>>;

export type RecordLanguage = keyof typeof DEVIATION_WORDS;

interface Words {
  readonly attempt: (n: number, of: number) => string;
  readonly steps: (number: string) => string;
  readonly serial: (serial: string) => string;
  readonly lot: (lot: string) => string;
  readonly anySerial: string;
  readonly anyLot: string;
  readonly laidOut: (pieces: string) => string;
  readonly otherPiece: string;
  readonly rightPart: string;
  readonly wrongPart: string;
  readonly range: (range: string) => string;
  readonly inRange: string;
  readonly outOfRange: string;
  readonly inOrder: string;
  readonly notInOrder: string;
  readonly toolSaysNo: string;
  readonly byHand: string;
  readonly calibrated: (day: string) => string;
  readonly calibrationUnknown: string;
  readonly measured: (what: string) => string;
  readonly secondLook: (name: string) => string;
  readonly overlay: (mm: string) => string;
  readonly off: (mm: string) => string;
  readonly within: (mm: string) => string;
  readonly codeOf: (thing: string) => string;
  readonly skill: (code: string, level: number) => string;
  readonly secondPerson: string;
  readonly leftOpen: (what: string) => string;
  readonly undecided: string;
  readonly decidedBy: (what: string, name: string, reason: string) => string;
  readonly released: string;
  readonly doneIn: (attempt: string) => string;
  readonly comma: string;
  readonly how: Readonly<Record<HowLeft, string>>;
  readonly alignedBy: Readonly<Record<string, string>>;
  readonly disposition: Readonly<Record<Disposition, string>>;
  readonly notCounted: Readonly<Record<Exclude<ResultRow['verdict'], 'counted' | 'failed'>, string>>;
}

const en: Words = {
  attempt: (n, of) => `attempt ${n} of ${of}`,
  steps: (number) => `step ${number}`,
  serial: (serial) => `serial number ${serial}`,
  lot: (lot) => `lot ${lot}`,
  anySerial: 'with a serial number',
  anyLot: 'with a lot',
  laidOut: (pieces) => `one of those laid out for this order: ${pieces}`,
  otherPiece: 'a piece that is not in the product yet',
  rightPart: 'right part',
  wrongPart: 'wrong part',
  range: (range) => `range ${range}`,
  inRange: 'in range',
  outOfRange: 'out of range',
  inOrder: 'in order',
  notInOrder: 'not in order',
  toolSaysNo: 'the tool says not in order',
  byHand: 'tapped by hand',
  calibrated: (day) => `calibrated until ${day}`,
  calibrationUnknown: 'calibration not told',
  measured: (what) => `Measured ${what}`,
  secondLook: (name) => `Checked by ${name}`,
  overlay: (mm) => `overlay within ${mm} mm`,
  off: (mm) => `${mm} mm off`,
  within: (mm) => `within ${mm} mm`,
  codeOf: (thing) => `code of ${thing}`,
  skill: (code, level) => `skill ${code}, level ${level}`,
  secondPerson: 'second person',
  leftOpen: (what) => `without: ${what}`,
  undecided: 'Not decided',
  decidedBy: (what, name, reason) => `${what}, decided by ${name}: ${reason}`,
  released: 'Let pass',
  doneIn: (attempt) => `done right in ${attempt}`,
  comma: ', ',
  how: {
    checked: 'all checks passed',
    released: 'released',
    skipped: 'skipped',
    spent: 'attempts spent',
    jumped: 'left by a jump',
    stopped: 'stopped',
    retried: 'begun again',
  },
  alignedBy: {
    markers: 'by markers',
    touch: 'by touched points',
    hitTest: 'put down by eye',
    manual: 'placed by hand',
  },
  disposition: { rework: 'Rework', concession: 'Concession', scrap: 'Scrap' },
  notCounted: {
    job_not_running: 'not counted: the job stood still',
    not_waited_for: 'not counted: nobody waited for it',
    too_late: 'not counted: from before the step',
    calibration_expired: 'not counted: calibration is over',
    not_allowed: 'not counted: not allowed then',
  },
};

const zh: Words = {
  attempt: (n, of) => `第 ${n} 次（共 ${of} 次）`,
  steps: (number) => `第 ${number} 步`,
  serial: (serial) => `序列号 ${serial}`,
  lot: (lot) => `批号 ${lot}`,
  anySerial: '须有序列号',
  anyLot: '须有批号',
  laidOut: (pieces) => `限此工单备好的：${pieces}`,
  otherPiece: '尚未装入产品的另一件',
  rightPart: '零件正确',
  wrongPart: '零件错误',
  range: (range) => `范围 ${range}`,
  inRange: '合格',
  outOfRange: '超差',
  inOrder: '合格',
  notInOrder: '不合格',
  toolSaysNo: '工具报告不合格',
  byHand: '手动录入',
  calibrated: (day) => `校准有效期至 ${day}`,
  calibrationUnknown: '校准未知',
  measured: (what) => `测量 ${what}`,
  secondLook: (name) => `由 ${name} 检查`,
  overlay: (mm) => `叠加误差不超过 ${mm} mm`,
  off: (mm) => `偏差 ${mm} mm`,
  within: (mm) => `不超过 ${mm} mm`,
  codeOf: (thing) => `${thing} 的条码`,
  skill: (code, level) => `技能 ${code}（${level} 级）`,
  secondPerson: '第二人检查',
  leftOpen: (what) => `未做：${what}`,
  undecided: '未处置',
  decidedBy: (what, name, reason) => `${what}，由 ${name} 决定：${reason}`,
  released: '放行',
  doneIn: (attempt) => `${attempt}做对`,
  comma: '，',
  how: {
    checked: '全部检查通过',
    released: '已放行',
    skipped: '已跳过',
    spent: '次数用尽',
    jumped: '跳转离开',
    stopped: '已停止',
    retried: '重新开始',
  },
  alignedBy: { markers: '由标记对准', touch: '由触点对准', hitTest: '目测放置', manual: '手动放置' },
  disposition: { rework: '返工', concession: '让步接收', scrap: '报废' },
  notCounted: {
    job_not_running: '未计入：作业未进行',
    not_waited_for: '未计入：无人等待',
    too_late: '未计入：早于该步骤',
    calibration_expired: '未计入：校准已过期',
    not_allowed: '未计入：当时不允许',
  },
};

/** What a record says beside names and numbers, on the page and on paper. */
export const RECORD_WORDS: Readonly<Record<RecordLanguage, Words>> = { en, zh };
