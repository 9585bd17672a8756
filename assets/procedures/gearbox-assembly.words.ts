/** What the sample procedure says and asks for, step by step; the generator beside it adds ids and poses. */
interface Words {
  readonly en: string;
  readonly zh: string;
}

export interface ThingText {
  readonly id: string;
  /** Name in the demo product, and a group it stands in where the name alone is not enough. */
  readonly part: string;
  readonly under?: string;
  readonly name: Words;
  /** `round`: any angle about its axis. */
  readonly symmetry?: 'round' | object;
  readonly kind?: 'fastener';
  readonly tools?: readonly string[];
}

export interface StepText {
  readonly id: string;
  readonly chapter: 'prepare' | 'input' | 'carrier' | 'output' | 'finish';
  readonly title: Words;
  readonly instruction: Words;
  /** Things to place, relative to the thing `on` (without it: in the room). */
  readonly place?: readonly string[];
  readonly on?: string;
  /** Where they come from. */
  readonly out?: 'input' | 'output' | 'up';
  readonly torque?: {
    readonly tool: string;
    readonly things: readonly string[];
    readonly newtonMetres: readonly [number, number] | null;
  };
  readonly ask?: readonly object[];
  readonly hint?: Words;
}

const w = (en: string, zh: string): Words => ({ en, zh });
const fold = (count: number) => ({ kind: 'rotational', axis: [0, 0, 1], count });
const row = (id: string, count: number) => Array.from({ length: count }, (_, at) => `${id}-${at + 1}`);
const bearing = 'round' as const;

export const THINGS: readonly ThingText[] = [
  { id: 'foot', part: 'Foot bracket', name: w('Foot bracket', '底座') },
  { id: 'input-cover', part: 'Input cover', name: w('Input cover', '输入端盖') },
  {
    id: 'foot-screw',
    part: 'Socket screw M8 x 20',
    under: 'Base',
    name: w('Foot screw M8 x 20', '底座螺钉 M8×20'),
    symmetry: 'round',
    kind: 'fastener',
    tools: ['wrench-m8'],
  },
  {
    id: 'seal-20',
    part: 'Shaft seal 20 x 40 x 7',
    name: w('Shaft seal 20 x 40 x 7', '轴封 20×40×7'),
    symmetry: 'round',
  },
  { id: 'sun', part: 'Sun shaft', name: w('Sun shaft', '太阳轮轴') },
  { id: 'key-6', part: 'Key 6 x 6 x 28', name: w('Key 6 x 6 x 28', '平键 6×6×28'), symmetry: { kind: 'box' } },
  { id: 'bearing-6204', part: 'Bearing 6204', name: w('Bearing 6204', '轴承 6204'), symmetry: bearing },
  { id: 'circlip-20', part: 'Circlip 20', name: w('Circlip 20', '卡簧 20'), symmetry: 'round', tools: ['pliers'] },
  { id: 'circlip-47', part: 'Circlip 47', name: w('Circlip 47', '卡簧 47'), symmetry: 'round', tools: ['pliers'] },
  { id: 'gasket-input', part: 'Cover gasket', name: w('Gasket, input side', '输入侧垫片'), symmetry: fold(12) },
  { id: 'ring', part: 'Ring gear housing', name: w('Ring gear housing', '内齿圈壳体'), symmetry: fold(12) },
  { id: 'carrier', part: 'Planet carrier with output shaft', name: w('Planet carrier', '行星架') },
  { id: 'planet', part: 'Planet', under: 'Planet carrier', name: w('Planet', '行星轮组'), symmetry: fold(27) },
  { id: 'plate', part: 'Carrier plate', name: w('Carrier plate', '行星架盖板'), symmetry: fold(3) },
  {
    id: 'plate-screw',
    part: 'Socket screw M8 x 20',
    under: 'Planet carrier',
    name: w('Carrier screw M8 x 20', '行星架螺钉 M8×20'),
    symmetry: 'round',
    kind: 'fastener',
    tools: ['wrench-m8'],
  },
  { id: 'key-12', part: 'Key 12 x 8 x 36', name: w('Key 12 x 8 x 36', '平键 12×8×36'), symmetry: { kind: 'box' } },
  { id: 'output-cover', part: 'Output cover', name: w('Output cover', '输出端盖'), symmetry: fold(12) },
  {
    id: 'bearing-6208',
    part: 'Bearing 6208',
    under: 'Housing',
    name: w('Bearing 6208', '轴承 6208'),
    symmetry: bearing,
  },
  { id: 'spacer', part: 'Spacer sleeve', name: w('Spacer sleeve', '隔套'), symmetry: 'round' },
  { id: 'gasket-output', part: 'Cover gasket', name: w('Gasket, output side', '输出侧垫片'), symmetry: fold(12) },
  {
    id: 'seal-40',
    part: 'Shaft seal 40 x 62 x 8',
    name: w('Shaft seal 40 x 62 x 8', '轴封 40×62×8'),
    symmetry: 'round',
  },
  {
    id: 'washer',
    part: 'Washer 6',
    name: w('Washer 6', '垫圈 6'),
    symmetry: { kind: 'revolute', axis: [0, 0, 1], flips: true },
    kind: 'fastener',
  },
  {
    id: 'cover-screw',
    part: 'Socket screw M6 x 60',
    name: w('Cover screw M6 x 60', '端盖螺钉 M6×60'),
    symmetry: 'round',
    kind: 'fastener',
    tools: ['wrench-m6'],
  },
  {
    id: 'plug',
    part: 'Oil plug',
    name: w('Oil plug M12', '油塞 M12'),
    symmetry: 'round',
    kind: 'fastener',
    tools: ['wrench-plug'],
  },
];

const step = (
  id: string,
  chapter: StepText['chapter'],
  title: Words,
  instruction: Words,
  more: Omit<StepText, 'id' | 'chapter' | 'title' | 'instruction'>,
): StepText => ({ id, chapter, title, instruction, ...more });

const item = (id: string, en: string, zh: string) => ({ id, text: w(en, zh) });

export const STEPS: readonly StepText[] = [
  step(
    'protect',
    'prepare',
    w('Gloves and glasses on', '佩戴手套和护目镜'),
    w(
      'Put on gloves and safety glasses. Gears have sharp edges, circlips fly.',
      '戴上手套和护目镜。齿轮边缘锋利，卡簧可能弹出。',
    ),
    { ask: [{ kind: 'worn', things: ['gloves', 'glasses'] }] },
  ),
  step(
    'kit',
    'prepare',
    w('Check kit and tools', '检查料盒和工具'),
    w('Go through the list before you begin.', '开始前请逐项确认。'),
    {
      ask: [
        {
          kind: 'checklist',
          items: [
            item('complete', 'The kit is complete', '零件齐全'),
            item('clean', 'Parts and bench are clean', '零件和工作台清洁'),
            item('calibrated', 'The torque wrenches are within calibration', '扭矩扳手在检定有效期内'),
          ],
        },
      ],
    },
  ),
  step(
    'foot',
    'input',
    w('Foot on the bench', '放置底座'),
    w('Set the foot bracket on the bench, opening towards you.', '把底座放在工作台上，开口朝向自己。'),
    {
      place: ['foot'],
    },
  ),
  step(
    'input-cover',
    'input',
    w('Input cover', '输入端盖'),
    w('Set the input cover into the foot.', '将输入端盖装入底座。'),
    {
      place: ['input-cover'],
      on: 'foot',
      out: 'output',
    },
  ),
  step(
    'foot-screws',
    'input',
    w('Foot screws', '底座螺钉'),
    w('Put in the four screws M8 x 20 from the input side.', '从输入侧装入四颗 M8×20 螺钉。'),
    {
      place: row('foot-screw', 4),
      on: 'foot',
      out: 'input',
    },
  ),
  step(
    'foot-torque',
    'input',
    w('Tighten the foot', '拧紧底座'),
    w('Tighten the four foot screws to 25 N·m.', '将四颗底座螺钉拧紧至 25 N·m。'),
    {
      torque: { tool: 'wrench-m8', things: row('foot-screw', 4), newtonMetres: [23, 27] },
      hint: w('The wrench clicks at the torque you set.', '达到设定扭矩时扳手会发出咔嗒声。'),
    },
  ),
  step(
    'seal-20',
    'input',
    w('Input seal', '输入轴封'),
    w('Press the shaft seal 20 x 40 x 7 into the input cover.', '将轴封 20×40×7 压入输入端盖。'),
    {
      place: ['seal-20'],
      on: 'input-cover',
      out: 'input',
      hint: w('The lip looks inwards, to the oil.', '唇口朝内，对着油腔。'),
    },
  ),
  step(
    'input-key',
    'input',
    w('Key of the input shaft', '输入轴平键'),
    w('Put the key 6 x 6 x 28 into the sun shaft.', '将平键 6×6×28 装入太阳轮轴。'),
    {
      place: ['key-6'],
      on: 'sun',
    },
  ),
  step(
    'bearing-6204',
    'input',
    w('Bearing on the sun shaft', '太阳轮轴轴承'),
    w('Press the bearing 6204 onto the sun shaft, up to the shoulder.', '将 6204 轴承压到太阳轮轴的轴肩。'),
    {
      place: ['bearing-6204'],
      on: 'sun',
      out: 'input',
    },
  ),
  step(
    'circlip-20',
    'input',
    w('Circlip on the shaft', '轴用卡簧'),
    w('Put the circlip 20 into its groove.', '将卡簧 20 装入槽内。'),
    {
      place: ['circlip-20'],
      on: 'sun',
      out: 'input',
      torque: { tool: 'pliers', things: ['circlip-20'], newtonMetres: null },
    },
  ),
  step(
    'sun',
    'input',
    w('Sun shaft in', '装入太阳轮轴'),
    w('Push the sun shaft with its bearing into the input cover.', '将带轴承的太阳轮轴推入输入端盖。'),
    {
      place: ['sun'],
      on: 'input-cover',
      out: 'output',
    },
  ),
  step(
    'circlip-47',
    'input',
    w('Circlip in the cover', '孔用卡簧'),
    w('Secure the bearing with the circlip 47.', '用卡簧 47 固定轴承。'),
    {
      place: ['circlip-47'],
      on: 'input-cover',
      out: 'output',
      torque: { tool: 'pliers', things: ['circlip-47'], newtonMetres: null },
    },
  ),
  step(
    'gasket-input',
    'input',
    w('Gasket, input side', '输入侧垫片'),
    w('Lay the gasket on the input cover; all twelve holes must be open.', '将垫片放到输入端盖上，十二个孔须对齐。'),
    {
      place: ['gasket-input'],
      on: 'input-cover',
      out: 'output',
    },
  ),
  step(
    'ring',
    'input',
    w('Ring gear housing', '内齿圈壳体'),
    w('Set the ring gear housing on the gasket.', '将内齿圈壳体放到垫片上。'),
    {
      place: ['ring'],
      on: 'input-cover',
      out: 'output',
    },
  ),
  step(
    'planets',
    'carrier',
    w('Three planets', '三个行星轮'),
    w('Set the three planets with their pins into the carrier.', '将三个带销轴的行星轮装入行星架。'),
    {
      place: row('planet', 3),
      on: 'carrier',
      out: 'input',
      hint: w('A tooth of each planet points to the middle mark.', '每个行星轮有一齿对准中心标记。'),
    },
  ),
  step(
    'plate',
    'carrier',
    w('Carrier plate', '行星架盖板'),
    w('Put the carrier plate on the pins.', '将盖板装到销轴上。'),
    {
      place: ['plate'],
      on: 'carrier',
      out: 'input',
    },
  ),
  step(
    'plate-screws',
    'carrier',
    w('Carrier screws', '行星架螺钉'),
    w('Put in the three screws M8 x 20.', '装入三颗 M8×20 螺钉。'),
    {
      place: row('plate-screw', 3),
      on: 'carrier',
      out: 'input',
    },
  ),
  step(
    'plate-torque',
    'carrier',
    w('Tighten the carrier', '拧紧行星架'),
    w('Tighten the three screws to 28 N·m.', '将三颗螺钉拧紧至 28 N·m。'),
    {
      torque: { tool: 'wrench-m8', things: row('plate-screw', 3), newtonMetres: [26, 30] },
    },
  ),
  step(
    'output-key',
    'carrier',
    w('Key of the output shaft', '输出轴平键'),
    w('Put the key 12 x 8 x 36 into the output shaft.', '将平键 12×8×36 装入输出轴。'),
    {
      place: ['key-12'],
      on: 'carrier',
    },
  ),
  step(
    'carrier',
    'carrier',
    w('Carrier into the ring', '行星架装入齿圈'),
    w('Lower the carrier into the ring gear and turn it until the teeth meet.', '将行星架放入齿圈，转动至轮齿啮合。'),
    {
      place: ['carrier'],
      on: 'ring',
      out: 'output',
      hint: w('Turn the sun shaft a little back and forth.', '来回轻转太阳轮轴。'),
    },
  ),
  step(
    'bearings',
    'output',
    w('Bearings and spacer', '轴承与隔套'),
    w(
      'Press bearing, spacer sleeve and second bearing 6208 into the output cover.',
      '将轴承、隔套和第二个 6208 轴承压入输出端盖。',
    ),
    {
      place: ['bearing-6208-1', 'spacer', 'bearing-6208-2'],
      on: 'output-cover',
      out: 'input',
      ask: [{ kind: 'mounted', things: ['bearing-6208-2', 'spacer', 'bearing-6208-1'], isOrdered: true }],
      hint: w('The bearing that ends up outside goes in first.', '最外侧的轴承先装。'),
    },
  ),
  step(
    'gasket-output',
    'output',
    w('Gasket, output side', '输出侧垫片'),
    w('Lay the second gasket on the ring gear housing.', '将第二个垫片放到齿圈壳体上。'),
    {
      place: ['gasket-output'],
      on: 'ring',
      out: 'output',
    },
  ),
  step(
    'output-cover',
    'output',
    w('Output cover', '输出端盖'),
    w('Slide the output cover over the shaft.', '将输出端盖套过输出轴。'),
    {
      place: ['output-cover'],
      on: 'ring',
      out: 'output',
    },
  ),
  step(
    'washers',
    'output',
    w('Twelve washers', '十二个垫圈'),
    w('Put a washer on each of the twelve holes.', '在十二个孔上各放一个垫圈。'),
    {
      place: row('washer', 12),
      on: 'ring',
      out: 'output',
    },
  ),
  step(
    'cover-screws',
    'output',
    w('Twelve screws', '十二颗螺钉'),
    w('Put in the twelve screws M6 x 60.', '装入十二颗 M6×60 螺钉。'),
    {
      place: row('cover-screw', 12),
      on: 'ring',
      out: 'output',
    },
  ),
  step(
    'cover-torque',
    'output',
    w('Tighten the covers', '拧紧端盖'),
    w('Tighten all twelve screws crosswise to 10 N·m.', '对角交替将十二颗螺钉拧紧至 10 N·m。'),
    {
      torque: { tool: 'wrench-m6', things: row('cover-screw', 12), newtonMetres: [9, 11] },
    },
  ),
  step(
    'seal-40',
    'output',
    w('Output seal', '输出轴封'),
    w('Press the shaft seal 40 x 62 x 8 into the output cover.', '将轴封 40×62×8 压入输出端盖。'),
    {
      place: ['seal-40'],
      on: 'output-cover',
      out: 'output',
    },
  ),
  step(
    'plugs',
    'finish',
    w('Oil plugs', '油塞'),
    w('Screw in both oil plugs and tighten them to 20 N·m.', '装入两个油塞并拧紧至 20 N·m。'),
    {
      place: row('plug', 2),
      on: 'output-cover',
      out: 'output',
      torque: { tool: 'wrench-plug', things: row('plug', 2), newtonMetres: [18, 22] },
    },
  ),
  step(
    'turn',
    'finish',
    w('Turn by hand', '手动盘车'),
    w('Turn the input shaft by hand and count.', '用手转动输入轴并计数。'),
    {
      ask: [
        {
          kind: 'answered',
          question: w('How many turns of the input make one turn of the output?', '输入轴转几圈，输出轴转一圈？'),
          isWrongAccepted: false,
          answer: { kind: 'number', range: { minimum: 5, maximum: 5, unit: '1' } },
        },
      ],
      hint: w('Sun 18 teeth, ring 72: 1 + 72 / 18.', '太阳轮 18 齿，齿圈 72 齿：1 + 72 / 18。'),
    },
  ),
  step(
    'release',
    'finish',
    w('Inspection', '检验'),
    w('Ask the inspector to release the gearbox.', '请检验员确认放行。'),
    {
      ask: [{ kind: 'approved', role: 'inspector' }],
    },
  ),
];
