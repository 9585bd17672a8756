/**
 * Sample procedure: a new shaft seal for the pump skid, from the lock to the hand-over. Isolation after ISO 14118 and OSHA 29 CFR
 * 1910.147; the cartridge after API 682 practice: the seat measured, the cover tightened crosswise.
 *
 *   node --conditions=source assets/procedures/pump-seal.ts        writes pump-seal.procedure.json
 */
import { equipmentById } from '#protocol/equipment/index';
import { DEFAULT_RUBRIC, Procedure } from '#protocol/procedures/index';
import type { Vec3 } from '#protocol/spatial/index';
import { pictureOf, showing } from '../pictures/picture-cid.ts';
import {
  asked,
  checklist,
  entered,
  equipmentProcedure,
  opened,
  stands,
  touched,
  w,
  worn,
  write,
  type EquipmentStep,
  type Words,
} from './equipment-procedure.ts';

const TORQUE_NM = { minimum: 44, maximum: 50, unit: 'N.m' };
const DONE = { kind: 'confirmed' };

/** The four screws of the seal's cover that one sees from the front, metres in the skid's frame. */
const SCREWS: readonly Vec3[] = [1, 2, 3, 4].map((k) => [
  0.235,
  0.55 + 0.096 * Math.cos((k * Math.PI) / 5),
  0.096 * Math.sin((k * Math.PI) / 5),
]);
const screws = SCREWS.map((_, at) => `cover-screw-${at + 1}`);
const torqued = (thing: string) => ({ kind: 'toolUsed', thing, tool: 'wrench-m10', result: TORQUE_NM });

const STEPS: readonly EquipmentStep[] = [
  {
    id: 'protect',
    chapter: 'prepare',
    title: w('Protective wear on', '穿戴防护用品'),
    instruction: w('Put on helmet, safety glasses and gloves.', '戴好安全帽、护目镜和手套。'),
    until: [worn('helmet', 'glasses', 'gloves')],
  },
  {
    id: 'permit',
    chapter: 'prepare',
    title: w('Permit and people', '作业许可与人员'),
    instruction: w('Go through the list before you touch anything.', '操作前请逐项确认。'),
    until: [
      checklist(
        ['permit', w('The permit is signed and hangs at the skid', '作业许可已签发并挂在泵撬旁')],
        ['shift', w('The shift knows that the pump goes down', '班组已知泵将停用')],
        ['kit', w('Cartridge seal, O-ring and clean cloth are here', '机封、O 形圈和干净抹布已备齐')],
      ),
    ],
  },
  {
    id: 'switch-off',
    chapter: 'isolate',
    title: w('Main switch off', '断开主电源'),
    instruction: w('Turn the main switch to off.', '将主电源开关转到断开位置。'),
    until: [stands('breaker', 'off')],
  },
  {
    id: 'lock',
    chapter: 'isolate',
    title: w('Lock and tag', '上锁挂牌'),
    instruction: w(
      'Hang your padlock with your tag on the hasp. The key stays with you.',
      '挂上个人锁和标牌，钥匙随身携带。',
    ),
    until: [stands('breaker-hasp', 'locked')],
  },
  {
    id: 'valves',
    chapter: 'isolate',
    title: w('Valves closed', '关闭阀门'),
    instruction: w(
      'Close suction, discharge and minimum-flow valve, and the seal flush.',
      '关闭吸入阀、出口阀、旁通阀和密封冲洗阀。',
    ),
    until: [
      opened('suction-valve', 0, 2),
      opened('discharge-valve', 0, 2),
      opened('bypass-valve', 0, 2),
      stands('flush-valve', 'closed'),
    ],
  },
  {
    id: 'drain',
    chapter: 'isolate',
    title: w('Pressure off', '泄压'),
    instruction: w('Open the casing vent and wait until nothing more comes.', '打开泵壳排气阀，直至无介质流出。'),
    until: [stands('vent-valve', 'open')],
  },
  {
    id: 'no-voltage',
    chapter: 'isolate',
    title: w('No voltage', '验电'),
    instruction: w(
      'Measure between the motor’s terminals and enter the highest value, in volts.',
      '测量电机接线端子间电压，输入最大值（V）。',
    ),
    until: [entered('voltage-read', 'V', 0, 1)],
    at: ['motor'],
    hint: w('Prove the tester on a live point before and after.', '测量前后均须在带电点验证测电器。'),
  },
  {
    id: 'no-pressure',
    chapter: 'isolate',
    title: w('No pressure', '确认无压'),
    instruction: w('Read the discharge gauge and enter it, in bar.', '读取出口压力表并输入（bar）。'),
    until: [entered('pressure-left', 'bar', 0, 0.1)],
  },
  {
    id: 'why-lock',
    chapter: 'isolate',
    title: w('Who may take the lock off?', '谁可以取下锁具？'),
    instruction: w('Answer the question.', '请回答问题。'),
    until: [
      asked(
        w('Whose lock may you take off?', '您可以取下谁的锁？'),
        'own',
        ['own', w('Only my own', '仅限本人的锁')],
        ['shift', w('Any of my shift', '本班组任何人的锁')],
        ['all', w('All, when the work is done', '工作完成后的所有锁')],
      ),
    ],
  },
  {
    id: 'guard-off',
    chapter: 'open',
    title: w('Guard off', '拆下护罩'),
    instruction: w('Take the coupling guard and the spacer of the coupling out.', '拆下联轴器护罩和中间短节。'),
    until: [touched('coupling-guard'), DONE],
    off: ['coupling-guard'],
  },
  {
    id: 'take-out',
    chapter: 'open',
    title: w('Old seal out', '取出旧密封'),
    instruction: w(
      'Loosen the four screws of the cover and pull the old cartridge off the shaft.',
      '松开压盖四颗螺钉，将旧机封从轴上拉出。',
    ),
    until: [touched('seal'), DONE],
    off: ['seal', 'o-ring'],
    hint: w('Set the clips first: they keep the faces apart.', '先装好限位片，避免密封端面受损。'),
  },
  {
    id: 'inspect',
    chapter: 'open',
    title: w('Seat and shaft', '检查密封座和轴'),
    instruction: w(
      'Clean the seat. Measure the run-out of the shaft at the seal and enter it, in millimetres.',
      '清洁密封座。测量密封处轴的径向跳动，输入数值（mm）。',
    ),
    until: [entered('run-out', 'mm', 0, 0.05)],
    at: ['seal-seat'],
    hint: w('Dial gauge on the casing, one slow turn by hand.', '百分表固定在泵壳上，缓慢手盘一圈。'),
  },
  {
    id: 'fit-ring',
    chapter: 'fit',
    title: w('New O-ring', '安装新 O 形圈'),
    instruction: w(
      'Scan the bag of the O-ring, grease it thinly and lay it into the groove.',
      '扫描 O 形圈包装，薄涂润滑脂后放入槽内。',
    ),
    until: [DONE],
    at: ['o-ring'],
    on: ['o-ring'],
  },
  {
    id: 'fit-seal',
    chapter: 'fit',
    title: w('New cartridge', '安装新机封'),
    instruction: w(
      'Scan the new cartridge and slide it onto the shaft until the cover sits.',
      '扫描新机封，套入轴上直至压盖贴合。',
    ),
    until: [touched('seal'), DONE],
    on: ['seal'],
    hint: w('Never push on the springs.', '切勿压迫弹簧。'),
  },
  {
    id: 'tighten',
    chapter: 'fit',
    title: w('Tighten the cover', '拧紧压盖'),
    instruction: w('Tighten the four screws crosswise to 47 N·m.', '对角交替将四颗螺钉拧紧至 47 N·m。'),
    until: screws.map(torqued),
    hint: w('Then set the drive collar and take the clips out.', '随后固定传动环并取出限位片。'),
  },
  {
    id: 'gap',
    chapter: 'fit',
    title: w('Gap of the coupling', '联轴器间隙'),
    instruction: w(
      'Put the spacer in. Measure the gap of the coupling and enter it, in millimetres.',
      '装入中间短节，测量联轴器间隙并输入（mm）。',
    ),
    until: [entered('coupling-gap', 'mm', 2.5, 3.5)],
  },
  {
    id: 'guard-on',
    chapter: 'fit',
    title: w('Guard on', '装回护罩'),
    instruction: w(
      'Put the guard back with all its screws, and turn the shaft once by hand.',
      '装回护罩并拧紧所有螺钉，手盘轴一圈。',
    ),
    until: [touched('coupling-guard'), DONE],
    on: ['coupling-guard'],
  },
  {
    id: 'clear',
    chapter: 'return',
    title: w('Clear the place', '清理现场'),
    instruction: w('Go through the list.', '请逐项确认。'),
    until: [
      checklist(
        ['tools', w('No tool is left at the skid', '泵撬上无遗留工具')],
        ['people', w('Nobody stands at the shaft', '轴旁无人')],
        ['clips', w('The clips of the cartridge are in my hand', '机封限位片已取下并在手中')],
      ),
    ],
  },
  {
    id: 'fill',
    chapter: 'return',
    title: w('Fill and vent', '充液排气'),
    instruction: w(
      'Open the suction valve and the seal flush, and close the vent when water comes.',
      '打开吸入阀和密封冲洗阀，出水后关闭排气阀。',
    ),
    until: [opened('suction-valve', 95, 100), stands('flush-valve', 'open'), stands('vent-valve', 'closed')],
  },
  {
    id: 'leak',
    chapter: 'return',
    title: w('Leakage', '检查泄漏'),
    instruction: w(
      'Watch the seal under static pressure for a minute. Enter the drops.',
      '静压下观察密封一分钟，输入滴数。',
    ),
    until: [entered('drops', '1', 0, 2)],
    at: ['seal'],
  },
  {
    id: 'unlock',
    chapter: 'return',
    title: w('Lock off', '解锁'),
    instruction: w(
      'Take your own lock and tag off. Leave the main switch off.',
      '取下本人的锁和标牌，主电源保持断开。',
    ),
    until: [stands('breaker-hasp', 'open')],
  },
  {
    id: 'hand-over',
    chapter: 'return',
    title: w('Hand over', '交接'),
    instruction: w(
      'Walk round with a second person, who looks at guard, screws and seal.',
      '与第二人一同巡视，由其检查护罩、螺钉和密封。',
    ),
    until: [
      checklist(
        ['log', w('The new seal is in the log', '新密封已登记')],
        ['shift', w('The shift has the pump back', '泵已交还班组')],
      ),
    ],
  },
];

const bare = { frames: [], symmetry: { kind: 'none' }, tools: [], part: null } as const;
const thing = (id: string, name: Words, position: Vec3) => ({
  ...{ ...bare, id, name, kind: 'equipment', isFixed: true },
  poseInRoom: { position: position.map((x) => Math.round(x * 1e6) / 1e6), rotation: [0, 0, 0, 1] },
});

/** Which picture a step shows. */
const PICTURES: Readonly<Record<string, string>> = { lock: 'breaker-locked', 'guard-on': 'guard-on' };

/** How the cartridge comes to its seat. */
const ALONG_THE_SHAFT = {
  ...{ stage: 'enter', isBlocking: false, durationMs: 0, modes: null, kind: 'ghostMotion', thing: 'seal' },
  motion: {
    kind: 'computed',
    frames: [0.06, 0].map((off, at) => ({
      atMs: 1400 * at,
      poseInRoom: { position: [0.215 + off, 0.55, 0], rotation: [0, 0, 0, 1] },
    })),
  },
};

export async function pumpSealProcedure(): Promise<Procedure> {
  const base = equipmentProcedure(equipmentById('pump-skid')!, {
    id: 'pump-seal',
    title: w('Replace the shaft seal of a pump', '更换泵的轴封'),
    description: w(
      'Isolate and prove it, take the old cartridge seal out, fit the new one with the right torque, and hand the pump back.',
      '隔离并验证，取出旧机封，按规定力矩安装新机封，并交还设备。',
    ),
    chapters: {
      prepare: w('Prepare', '准备'),
      isolate: w('Isolate', '隔离'),
      open: w('Open', '拆卸'),
      fit: w('Fit the new seal', '安装新密封'),
      return: w('Give it back', '恢复'),
    },
    steps: STEPS,
    variables: [
      { id: 'voltage-read', initial: -1, unit: 'V' },
      { id: 'pressure-left', initial: -1, unit: 'bar' },
      { id: 'run-out', initial: -1, unit: 'mm' },
      { id: 'coupling-gap', initial: 0, unit: 'mm' },
      { id: 'drops', initial: -1, unit: '1' },
    ],
    safety: [
      {
        id: 'gloves-at-seal',
        text: w(
          'The old seal may hold hot or harmful liquid: gloves on.',
          '旧密封内可能残留高温或有害介质：请戴手套。',
        ),
        act: { kind: 'touch', thing: 'seal' },
        steps: null,
        unless: worn('gloves'),
      },
    ] as never,
    rubric: { ...DEFAULT_RUBRIC, time: { targetMs: 1_500_000, perSecond: 1, atMost: 100 } },
  });
  const { workplace, chapters } = base;
  return Procedure.parse({
    ...base,
    chapters: chapters.map((chapter) => ({
      ...chapter,
      steps: chapter.steps.map((step) => {
        const picture = PICTURES[step.id];
        const more = [...(picture ? [showing(picture)] : []), ...(step.id === 'fit-seal' ? [ALONG_THE_SHAFT] : [])];
        return { ...step, behaviours: [...step.behaviours, ...more] };
      }),
    })),
    workplace: {
      ...workplace,
      things: [
        ...workplace.things,
        ...screws.map((id, at) => thing(id, w(`Cover screw M10 ${at + 1}`, `压盖螺钉 M10 ${at + 1}`), SCREWS[at]!)),
        thing('seal-cartridge', w('Cartridge seal, 45 mm', '集装式机械密封 45 mm'), [0.215, 0.55, 0]),
        thing('o-ring', w('O-ring 88 x 3', 'O 形圈 88×3'), [0.2, 0.55, 0]),
        thing('seal-seat', w('Seat of the seal', '密封座'), [0.18, 0.55, 0]),
      ],
      tools: [
        ...workplace.tools,
        {
          id: 'wrench-m10',
          name: w('Torque wrench, 8 mm hexagon', '扭矩扳手（8 毫米内六角）'),
          part: null,
          unit: 'N.m',
        },
      ],
      media: [
        await pictureOf(
          'breaker-locked',
          'The main switch is off; padlock and tag hang on the hasp.',
          '主开关断开，锁扣上挂有锁和标牌。',
        ),
        await pictureOf(
          'guard-on',
          'The yellow guard covers the coupling from frame to frame.',
          '黄色护罩完全覆盖联轴器。',
        ),
      ],
    },
  });
}

if (import.meta.main) await write(await pumpSealProcedure());
