/**
 * Sample procedure: start up and shut down a pump skid.
 *
 *   node --conditions=source assets/procedures/pump-skid.ts        writes pump-skid.procedure.json
 */
import { equipmentById } from '#protocol/equipment/index';
import { DEFAULT_RUBRIC, type Procedure } from '#protocol/procedures/index';
import {
  asked,
  checklist,
  entered,
  equipmentProcedure,
  opened,
  stands,
  touched,
  value,
  w,
  worn,
  write,
  type EquipmentStep,
} from './equipment-procedure.ts';

/** Whoever trips the pump finds the cause, acknowledges, resets and starts again. */
const TRIPPED = [{ id: 'tripped', to: 'tripped', when: [value('is-tripped', '1', 1)] }];

const STEPS: readonly EquipmentStep[] = [
  {
    id: 'protect',
    chapter: 'prepare',
    title: w('Protective wear on', '穿戴防护用品'),
    instruction: w(
      'Put on helmet, safety glasses, hearing protection and gloves.',
      '戴好安全帽、护目镜、听力防护和手套。',
    ),
    until: [worn('helmet', 'glasses', 'hearing', 'gloves')],
  },
  {
    id: 'permit',
    chapter: 'prepare',
    title: w('Permit and area', '作业许可与现场'),
    instruction: w('Go through the list before you touch anything.', '操作前请逐项确认。'),
    until: [
      checklist(
        ['permit', w('The permit is signed', '作业许可已签发')],
        ['area', w('Nobody works at the skid or downstream', '泵撬及下游无人作业')],
        ['oil', w('The bearing oil stands at the middle of the glass', '轴承油位在视镜中线')],
        ['turn', w('The shaft turns freely by hand', '手盘车转动灵活')],
      ),
    ],
  },
  {
    id: 'walk',
    chapter: 'prepare',
    title: w('Walk round the skid', '巡视泵撬'),
    instruction: w(
      'Point at coupling guard, shaft seal, strainer and relief valve, and look for damage.',
      '依次指认联轴器护罩、轴封、滤网和安全阀，检查有无损坏。',
    ),
    until: [touched('coupling-guard'), touched('seal'), touched('strainer'), touched('relief-valve')],
    hint: w(
      'The strainer sits in the suction line; the relief valve on top of the discharge.',
      '滤网在吸入管上，安全阀在出口管上方。',
    ),
  },
  {
    id: 'why-suction',
    chapter: 'prepare',
    title: w('Why is the suction never throttled?', '为什么不能节流吸入侧？'),
    instruction: w('Answer the question.', '请回答问题。'),
    until: [
      asked(
        w('What happens when the suction valve is throttled while the pump runs?', '泵运行时关小吸入阀会怎样？'),
        'cavitation',
        [
          'cavitation',
          w('Pressure at the impeller falls below that of steam: it cavitates', '叶轮入口压力低于汽化压力：发生汽蚀'),
        ],
        ['overload', w('The motor is overloaded', '电机过载')],
        ['nothing', w('Nothing, the flow only gets smaller', '没有影响，仅流量变小')],
      ),
    ],
    hint: w('Think of what NPSH is for.', '想一想汽蚀余量的意义。'),
  },
  {
    id: 'read-level',
    chapter: 'prepare',
    title: w('Read the level', '读取液位'),
    instruction: w('Read the level of the suction tank and enter it, in metres.', '读取吸入罐液位并输入（米）。'),
    until: [entered('level-read', 'm', 1.5, 1.7), value('tank-level', 'm', 1)],
    hint: w('The glass at the tank has a scale.', '罐侧玻璃管有刻度。'),
  },
  {
    id: 'open-suction',
    chapter: 'line-up',
    title: w('Open the suction valve', '打开吸入阀'),
    instruction: w('Open the suction valve fully.', '将吸入阀全开。'),
    until: [opened('suction-valve', 95, 100)],
  },
  {
    id: 'check-discharge',
    chapter: 'line-up',
    title: w('Discharge closed', '确认出口阀关闭'),
    instruction: w('Check the discharge side.', '检查出口侧。'),
    until: [
      checklist(
        ['closed', w('The discharge valve is closed', '出口阀已关闭')],
        ['gauge', w('The discharge gauge is not isolated', '出口压力表未隔离')],
      ),
    ],
  },
  {
    id: 'open-bypass',
    chapter: 'line-up',
    title: w('Open the minimum flow', '打开最小流量旁通阀'),
    instruction: w(
      'Open the minimum-flow valve: the pump must not run against a closed line.',
      '打开最小流量旁通阀：泵不可在闭死状态下运行。',
    ),
    until: [opened('bypass-valve', 95, 100), value('bypass-is-open', '1', 1)],
  },
  {
    id: 'flush',
    chapter: 'line-up',
    title: w('Flush the seal', '密封冲洗'),
    instruction: w('Open the seal flush and see that it flows.', '打开密封冲洗并确认有流量。'),
    until: [stands('flush-valve', 'open'), value('flush-flow', 'L/min', 3)],
  },
  {
    id: 'vent',
    chapter: 'line-up',
    title: w('Vent the casing', '泵壳排气'),
    instruction: w('Open the vent until no more bubbles come.', '打开排气阀，直至无气泡。'),
    until: [stands('vent-valve', 'open'), value('casing-filled', '%', 98)],
  },
  {
    id: 'close-vent',
    chapter: 'line-up',
    title: w('Close the vent', '关闭排气阀'),
    instruction: w('Close the casing vent.', '关闭泵壳排气阀。'),
    until: [stands('vent-valve', 'closed')],
  },
  {
    id: 'power',
    chapter: 'line-up',
    title: w('Main switch on', '合上主电源'),
    instruction: w(
      'Switch the main switch on. The lamp says when the pump may start.',
      '合上主电源开关。指示灯亮表示允许启动。',
    ),
    until: [stands('breaker', 'on'), value('is-ready', '1', 1)],
    hint: w('No lamp? Suction valve, level, emergency stop.', '灯不亮？检查吸入阀、液位、急停。'),
  },
  {
    id: 'start',
    chapter: 'run',
    title: w('Start the pump', '启动泵'),
    instruction: w('Press start and watch current and speed.', '按下启动按钮，观察电流和转速。'),
    until: [value('is-running', '1', 1), value('speed', '/min', 2800)],
    unlock: ['start-button'],
    otherwise: TRIPPED,
  },
  {
    id: 'pressure-up',
    chapter: 'run',
    title: w('Pressure and current', '压力与电流'),
    instruction: w(
      'The discharge pressure must stand above 5 bar and the current below 22 A for three seconds.',
      '出口压力高于 5 bar 且电流低于 22 A，保持三秒。',
    ),
    until: [value('discharge-pressure', 'bar', 5, undefined, 3000), value('motor-current', 'A', undefined, 22, 3000)],
    otherwise: TRIPPED,
    hint: w('No pressure: there is air in the casing. Stop and vent.', '无压力：泵壳内有空气，停泵排气。'),
    unlock: ['stop-button', 'vent-valve', 'start-button'],
  },
  {
    id: 'open-discharge',
    chapter: 'run',
    title: w('Open the discharge', '打开出口阀'),
    instruction: w('Open the discharge valve to about 80 %.', '将出口阀打开至约 80%。'),
    until: [opened('discharge-valve', 70, 85), value('flow', 'm3/h', 35)],
    otherwise: TRIPPED,
  },
  {
    id: 'close-bypass',
    chapter: 'run',
    title: w('Close the minimum flow', '关闭最小流量旁通阀'),
    instruction: w('The line takes enough now: close the minimum-flow valve.', '管线流量已足够：关闭最小流量旁通阀。'),
    until: [opened('bypass-valve', 0, 2)],
    otherwise: TRIPPED,
  },
  {
    id: 'operating-point',
    chapter: 'run',
    title: w('Operating point', '调至工作点'),
    instruction: w(
      'Bring the flow to 48 to 53 m³/h and hold it for five seconds.',
      '将流量调至 48–53 m³/h 并保持五秒。',
    ),
    until: [value('flow', 'm3/h', 48, 53, 5000)],
    unlock: ['discharge-valve'],
    otherwise: TRIPPED,
  },
  {
    id: 'alarms',
    chapter: 'run',
    title: w('No alarm left', '确认无未处理报警'),
    instruction: w('Acknowledge what there is on the alarm list.', '确认报警列表中的报警。'),
    until: [value('alarms-open', '1', undefined, 0, 1000)],
    unlock: ['acknowledge-button'],
    otherwise: TRIPPED,
  },
  {
    id: 'read-pressure',
    chapter: 'run',
    title: w('Read the pressure', '读取压力'),
    instruction: w('Read the discharge pressure and enter it, in bar.', '读取出口压力并输入（bar）。'),
    until: [entered('pressure-read', 'bar', 4.6, 5.3)],
    otherwise: TRIPPED,
  },
  {
    id: 'round',
    chapter: 'run',
    title: w('Listen, look, feel', '听、看、摸'),
    instruction: w(
      'Look at the shaft seal and the motor. Vibration must be below 2.5 mm/s.',
      '检查轴封和电机。振动应低于 2.5 mm/s。',
    ),
    until: [touched('seal'), touched('motor'), value('vibration', 'mm/s', undefined, 2.5)],
    otherwise: TRIPPED,
  },
  {
    id: 'watch',
    chapter: 'run',
    title: w('Watch the pump', '监视运行'),
    instruction: w(
      'Watch the instruments for 30 seconds. Report whatever is wrong, and say what it is.',
      '监视仪表 30 秒。发现异常立即报告并说明原因。',
    ),
    until: [{ kind: 'timeout', afterMs: 30_000 }, { kind: 'confirmed' }],
    unlock: [
      'discharge-valve',
      'bypass-valve',
      'stop-button',
      'start-button',
      'emergency-stop',
      'acknowledge-button',
      'reset-button',
    ],
    otherwise: TRIPPED,
    hint: w('Compare flow, pressure and current with what they were.', '将流量、压力、电流与先前比较。'),
  },
  {
    id: 'bypass-again',
    chapter: 'run',
    title: w('Open the minimum flow again', '再次打开旁通阀'),
    instruction: w(
      'Open the minimum-flow valve before you close the discharge.',
      '关闭出口阀之前先打开最小流量旁通阀。',
    ),
    until: [opened('bypass-valve', 95, 100)],
    otherwise: TRIPPED,
  },
  {
    id: 'close-discharge',
    chapter: 'run',
    title: w('Close the discharge', '关闭出口阀'),
    instruction: w('Close the discharge valve.', '关闭出口阀。'),
    until: [opened('discharge-valve', 0, 2), value('flow', 'm3/h', undefined, 2)],
    otherwise: TRIPPED,
  },
  {
    id: 'stop',
    chapter: 'run',
    title: w('Stop the pump', '停泵'),
    instruction: w('Press stop and wait until the shaft stands.', '按下停止按钮，等待轴停转。'),
    until: [value('is-running', '1', undefined, 0), value('speed', '/min', undefined, 50)],
    unlock: ['stop-button'],
    to: 'end-of-run',
  },
  {
    id: 'tripped',
    chapter: 'run',
    title: w('The pump tripped', '泵已跳车'),
    instruction: w(
      'Find the cause and put it right. Acknowledge, reset, and confirm when the pump may start again.',
      '查明并消除原因。确认报警、复位，并在可以重新启动时确认。',
    ),
    until: [{ kind: 'confirmed' }, value('is-tripped', '1', undefined, 0)],
    unlock: [
      'acknowledge-button',
      'reset-button',
      'emergency-stop',
      'suction-valve',
      'discharge-valve',
      'bypass-valve',
      'vent-valve',
      'flush-valve',
    ],
    hint: w('The alarm list tells what came first.', '报警列表显示最先发生的报警。'),
    points: { points: -100, reason: w('The pump tripped.', '泵跳车。') },
    to: 'start',
  },
  {
    id: 'end-of-run',
    chapter: 'run',
    title: w('Run over', '运行结束'),
    instruction: w('The pump stands. Go on with the shut-down.', '泵已停止，继续停车操作。'),
    until: [{ kind: 'timeout', afterMs: 1000 }],
  },
  {
    id: 'close-suction',
    chapter: 'secure',
    title: w('Close the suction valve', '关闭吸入阀'),
    instruction: w('Only now close the suction valve.', '此时才可关闭吸入阀。'),
    until: [opened('suction-valve', 0, 2)],
  },
  {
    id: 'flush-off',
    chapter: 'secure',
    title: w('Flush and minimum flow closed', '关闭冲洗和旁通'),
    instruction: w('Close the seal flush and the minimum-flow valve.', '关闭密封冲洗和最小流量旁通阀。'),
    until: [stands('flush-valve', 'closed'), opened('bypass-valve', 0, 2)],
  },
  {
    id: 'power-off',
    chapter: 'secure',
    title: w('Main switch off and locked', '断开主电源并上锁'),
    instruction: w('Switch off and put your padlock on the hasp.', '断开主电源并挂上个人锁。'),
    until: [stands('breaker', 'off'), stands('breaker-hasp', 'locked')],
  },
  {
    id: 'hand-over',
    chapter: 'secure',
    title: w('Hand over', '交接'),
    instruction: w('Write down the run and tell the shift.', '填写运行记录并通知班组。'),
    until: [
      checklist(
        ['log', w('Start, stop and readings are in the log', '启停时间和读数已记录')],
        ['shift', w('The shift knows that the pump is locked', '班组已知泵已上锁')],
      ),
    ],
  },
];

export function pumpSkidProcedure(): Procedure {
  return equipmentProcedure(equipmentById('pump-skid')!, {
    id: 'pump-skid',
    title: w('Start up and shut down a pump skid', '泵撬的启动与停车'),
    description: w(
      'Line up, vent, start, bring to the operating point, watch, shut down and secure a centrifugal pump.',
      '离心泵的管线准备、排气、启动、调至工作点、监视、停车与隔离。',
    ),
    chapters: {
      prepare: w('Prepare', '准备'),
      'line-up': w('Line up', '管线准备'),
      run: w('Run', '运行'),
      secure: w('Secure', '停车与隔离'),
    },
    steps: STEPS,
    variables: [
      { id: 'level-read', initial: 0, unit: 'm' },
      { id: 'pressure-read', initial: 0, unit: 'bar' },
    ],
    safety: [
      {
        id: 'dry-start',
        text: w('Never start with air in the casing or without seal flush.', '泵壳有空气或无密封冲洗时严禁启动。'),
        act: { kind: 'set', control: 'start-button' },
        steps: null,
        unless: { kind: 'all', of: [value('casing-filled', '%', 95), value('flush-flow', 'L/min', 3)] },
      },
      {
        id: 'suction-while-running',
        text: w('Never touch the suction valve while the pump turns.', '泵转动时严禁操作吸入阀。'),
        act: { kind: 'set', control: 'suction-valve' },
        steps: null,
        unless: value('speed', '/min', undefined, 50),
      },
      {
        id: 'power-off-under-load',
        text: w('Do not open the main switch while the motor runs.', '电机运行时不得断开主电源开关。'),
        act: { kind: 'set', control: 'breaker' },
        steps: null,
        unless: value('is-running', '1', undefined, 0),
      },
    ] as never,
    rubric: {
      ...DEFAULT_RUBRIC,
      time: { targetMs: 900_000, perSecond: 1, atMost: 150 },
      mustNot: ['dry-start', 'suction-while-running'],
    },
  });
}

if (import.meta.main) await write(pumpSkidProcedure());
