/**
 * Sample procedure: lock-out / tag-out of a press with four energies, after OSHA 29 CFR 1910.147 and ISO 14118.
 *
 *   node --conditions=source assets/procedures/lockout.ts        writes lockout.procedure.json
 */
import { equipmentById } from '#protocol/equipment/index';
import { DEFAULT_RUBRIC, type Procedure } from '#protocol/procedures/index';
import {
  asked,
  checklist,
  equipmentProcedure,
  stands,
  tested,
  touched,
  value,
  w,
  worn,
  write,
  type EquipmentStep,
} from './equipment-procedure.ts';

const HAZARDS = ['oil-puddle', 'frayed-cable', 'blocked-exit', 'missing-cover', 'leaning-bar', 'hot-pipe'];

const STEPS: readonly EquipmentStep[] = [
  {
    id: 'protect',
    chapter: 'prepare',
    title: w('Protective wear on', '穿戴防护用品'),
    instruction: w('Put on helmet, glasses and safety shoes.', '戴好安全帽、护目镜，穿好安全鞋。'),
    until: [worn('helmet', 'glasses', 'shoes')],
  },
  {
    id: 'tell',
    chapter: 'prepare',
    title: w('Tell everybody', '通知相关人员'),
    instruction: w('Nobody may be surprised that the press stands.', '确保所有相关人员知道压机将停机。'),
    until: [
      checklist(
        ['operators', w('The operators know it', '操作人员已知')],
        ['permit', w('The permit names all four energies', '许可证列明四种能量')],
        ['locks', w('Your lock, tag and key are yours alone', '锁、牌、钥匙为本人专用')],
      ),
    ],
  },
  {
    id: 'hazards',
    chapter: 'prepare',
    title: w('Find the hazards', '识别危险源'),
    instruction: w(
      'Walk round and point at what could hurt somebody. There are six; five must be found.',
      '巡视并指认可能伤人之处。共六处，至少找出五处。',
    ),
    until: [{ kind: 'atLeast', count: 5, of: HAZARDS.map(touched) }],
    hint: w('Floor, ways out, cables, drives, pipes, and what leans.', '注意地面、出口、电缆、传动、管道和斜靠物。'),
  },
  {
    id: 'which-hazard',
    chapter: 'prepare',
    title: w('Which of these are hazards?', '哪些是危险源？'),
    instruction: w('Answer the question.', '请回答问题。'),
    until: [
      asked(
        w('Mark all that must be reported.', '选出所有必须上报的项。'),
        ['cable', 'exit', 'cover'],
        ['cable', w('The torn cable', '破损的电缆')],
        ['extinguisher', w('The fire extinguisher', '灭火器')],
        ['exit', w('The pallet before the exit', '出口前的托盘')],
        ['cabinet', w('The tool cabinet', '工具柜')],
        ['cover', w('The chain drive without a cover', '无防护罩的链传动')],
      ),
    ],
  },
  {
    id: 'energies',
    chapter: 'prepare',
    title: w('Which energies are there?', '有哪些能量？'),
    instruction: w('Answer the question.', '请回答问题。'),
    until: [
      asked(
        w('Mark all energies that must be isolated or held.', '选出所有必须隔离或约束的能量。'),
        ['electric', 'air', 'oil', 'height'],
        ['electric', w('Electricity, also that in the drive', '电能，包括变频器内的')],
        ['air', w('Compressed air', '压缩空气')],
        ['oil', w('Oil under pressure in the accumulator', '蓄能器内的压力油')],
        ['height', w('The raised ram', '升起的滑块')],
        ['radiation', w('Radiation', '辐射')],
      ),
    ],
    hint: w('What falls, what is charged, what is under pressure?', '什么会落下？什么带电？什么有压力？'),
  },
  {
    id: 'stop',
    chapter: 'isolate',
    title: w('Stop the press', '停止压机'),
    instruction: w('Press stop and wait for the flywheel.', '按下停止按钮，等待飞轮停转。'),
    until: [value('is-running', '1', undefined, 0), value('speed', '/min', undefined, 5)],
    unlock: ['stop-button'],
  },
  {
    id: 'block',
    chapter: 'isolate',
    title: w('Block the ram', '支撑滑块'),
    instruction: w(
      'Put the safety block under the ram while the oil still carries it.',
      '趁油压仍支撑滑块时放入安全支撑。',
    ),
    until: [stands('ram-block', 'in')],
  },
  {
    id: 'isolate-power',
    chapter: 'isolate',
    title: w('Main isolator off', '断开主隔离开关'),
    instruction: w(
      'Put on face shield and insulating gloves, then switch the main isolator off.',
      '戴好防电弧面罩和绝缘手套，再断开主隔离开关。',
    ),
    until: [worn('face-shield', 'insulating-gloves'), stands('main-isolator', 'off')],
  },
  {
    id: 'lock-power',
    chapter: 'isolate',
    title: w('Lock and tag the isolator', '隔离开关上锁挂牌'),
    instruction: w('Put a padlock with your tag on the isolator.', '在隔离开关上挂锁并挂牌。'),
    until: [stands('isolator-hasp', 'locked'), value('isolator-locks', '1', 1)],
  },
  {
    id: 'isolate-air',
    chapter: 'isolate',
    title: w('Air off and locked', '切断气源并上锁'),
    instruction: w('Shut the air off and lock the lever.', '关闭气源并锁定手柄。'),
    until: [stands('air-valve', 'off'), stands('air-hasp', 'locked')],
  },
  {
    id: 'isolate-oil',
    chapter: 'isolate',
    title: w('Oil off and locked', '切断油路并上锁'),
    instruction: w('Shut the oil off and lock the lever.', '关闭液压油路并锁定手柄。'),
    until: [stands('oil-valve', 'off'), stands('oil-hasp', 'locked')],
  },
  {
    id: 'lock-box',
    chapter: 'isolate',
    title: w('Keys into the lock box', '钥匙放入锁箱'),
    instruction: w(
      'Put the keys into the group lock box, close it, and put your own lock on it.',
      '将钥匙放入集体锁箱，关闭并挂上个人锁。',
    ),
    until: [stands('box-lid', 'closed'), stands('box-hasp', 'locked'), value('box-locks', '1', 1)],
    hint: w('The lid closes only with all three keys inside.', '三把钥匙齐全才能关闭箱盖。'),
  },
  {
    id: 'bleed-air',
    chapter: 'release',
    title: w('Bleed the air', '排放残余气压'),
    instruction: w('Open the air bleed until the gauge shows nothing.', '打开排气阀直至压力表归零。'),
    until: [stands('air-bleed', 'open'), value('air-pressure', 'bar', undefined, 0.2)],
  },
  {
    id: 'bleed-oil',
    chapter: 'release',
    title: w('Bleed the accumulator', '蓄能器泄压'),
    instruction: w('Open the accumulator bleed until the gauge shows nothing.', '打开蓄能器泄压阀直至压力表归零。'),
    until: [stands('accumulator-bleed', 'open'), value('oil-pressure', 'bar', undefined, 2)],
    unlock: ['ram-block'],
  },
  {
    id: 'wait-drive',
    chapter: 'release',
    title: w('Wait for the drive', '等待变频器放电'),
    instruction: w(
      'The capacitors of the drive need half a minute. Wait until they are below 60 V.',
      '变频器电容放电约需半分钟，等待电压低于 60 V。',
    ),
    until: [value('drive-voltage', 'V', undefined, 60)],
  },
  {
    id: 'prove',
    chapter: 'verify',
    title: w('Prove the tester', '校验验电器'),
    instruction: w('Try the voltage tester at the proving unit.', '在校验装置上试验验电器。'),
    until: [tested('proving-unit', 210, 250)],
    hint: w('A tester that shows nothing here shows nothing anywhere.', '此处无显示的验电器不可信。'),
  },
  {
    id: 'test',
    chapter: 'verify',
    title: w('Test for dead', '验电'),
    instruction: w('Test all three pairs of terminals and the drive.', '测试三对端子和变频器直流端子。'),
    until: [
      tested('terminals-l1', 0, 50),
      tested('terminals-l2', 0, 50),
      tested('terminals-l3', 0, 50),
      tested('drive-terminals', 0, 60),
    ],
  },
  {
    id: 'prove-again',
    chapter: 'verify',
    title: w('Prove the tester again', '再次校验验电器'),
    instruction: w('Prove the tester once more: it may have failed in between.', '再次校验：验电器可能在中途失效。'),
    until: [tested('proving-unit', 210, 250)],
  },
  {
    id: 'try-start',
    chapter: 'verify',
    title: w('Try to start', '试启动'),
    instruction: w('Press start. Nothing must move.', '按下启动按钮，设备不得有任何动作。'),
    until: [value('starts-tried', '1', 1), value('is-running', '1', undefined, 0)],
    unlock: ['start-button'],
  },
  {
    id: 'work',
    chapter: 'work',
    title: w('Do the work', '进行作业'),
    instruction: w('Open the guard, change the tool, and confirm.', '打开防护门，更换模具，完成后确认。'),
    until: [stands('guard', 'open'), { kind: 'confirmed' }],
  },
  {
    id: 'close-guard',
    chapter: 'work',
    title: w('Close the guard', '关闭防护门'),
    instruction: w(
      'See that nobody and nothing is left inside, then close the guard.',
      '确认无人无物遗留，然后关闭防护门。',
    ),
    until: [
      checklist(
        ['tools', w('All tools are back', '工具已全部收回')],
        ['people', w('Everybody is out', '人员已全部离开')],
      ),
      stands('guard', 'closed'),
    ],
  },
  {
    id: 'locks-off',
    chapter: 'restore',
    title: w('Locks off', '拆锁'),
    instruction: w(
      'Take your lock off the box, open it, and take the three locks off.',
      '取下个人锁，打开锁箱，拆除三把锁。',
    ),
    until: [
      stands('box-hasp', 'open'),
      stands('box-lid', 'open'),
      stands('isolator-hasp', 'open'),
      stands('air-hasp', 'open'),
      stands('oil-hasp', 'open'),
    ],
  },
  {
    id: 'energise',
    chapter: 'restore',
    title: w('Energies back', '恢复能量'),
    instruction: w(
      'Close both bleeds, open oil and air, and switch the isolator on.',
      '关闭两个泄放阀，打开油路和气源，合上隔离开关。',
    ),
    until: [
      stands('accumulator-bleed', 'closed'),
      stands('air-bleed', 'closed'),
      stands('oil-valve', 'on'),
      stands('air-valve', 'on'),
      stands('main-isolator', 'on'),
    ],
    unlock: ['ram-block'],
  },
  {
    id: 'start-again',
    chapter: 'restore',
    title: w('Start and take the block out', '启动并取出支撑'),
    instruction: w(
      'Start the press; when the oil carries the ram, take the block out.',
      '启动压机；油压支撑滑块后取出安全支撑。',
    ),
    until: [value('is-running', '1', 1), value('oil-pressure', 'bar', 100), stands('ram-block', 'out')],
    unlock: ['start-button'],
  },
];

export function lockoutProcedure(): Procedure {
  return equipmentProcedure(equipmentById('lockout-station')!, {
    id: 'lockout',
    title: w('Lock-out and tag-out of a press', '压机上锁挂牌'),
    description: w(
      'Recognise hazards, isolate and lock four energies, release what is stored, verify, work, and restore.',
      '识别危险源，隔离并锁定四种能量，释放残余能量，验证，作业，恢复。',
    ),
    chapters: {
      prepare: w('Prepare', '准备'),
      isolate: w('Isolate and lock', '隔离与上锁'),
      release: w('Release stored energy', '释放残余能量'),
      verify: w('Verify', '验证'),
      work: w('Work', '作业'),
      restore: w('Restore', '恢复'),
    },
    steps: STEPS,
    variables: [],
    safety: [
      {
        id: 'guard-zero-energy',
        text: w(
          'Open the guard only when nothing moves and nothing is under pressure.',
          '仅在静止且无压力时打开防护门。',
        ),
        act: { kind: 'set', control: 'guard' },
        steps: null,
        unless: {
          kind: 'all',
          of: [
            value('speed', '/min', undefined, 5),
            value('air-pressure', 'bar', undefined, 0.2),
            value('oil-pressure', 'bar', undefined, 2),
          ],
        },
      },
      {
        id: 'arc-protection',
        text: w('The isolator is worked with face shield and insulating gloves.', '操作隔离开关须戴面罩和绝缘手套。'),
        act: { kind: 'set', control: 'main-isolator' },
        steps: null,
        unless: worn('face-shield', 'insulating-gloves'),
      },
      {
        id: 'block-before-bleed',
        text: w('Bleed the oil only with the block under the ram.', '放入安全支撑后方可泄放油压。'),
        act: { kind: 'set', control: 'accumulator-bleed' },
        steps: null,
        unless: stands('ram-block', 'in'),
      },
    ] as never,
    rubric: {
      ...DEFAULT_RUBRIC,
      time: { targetMs: 900_000, perSecond: 1, atMost: 150 },
      mustNot: ['guard-zero-energy', 'arc-protection'],
    },
  });
}

if (import.meta.main) await write(lockoutProcedure());
