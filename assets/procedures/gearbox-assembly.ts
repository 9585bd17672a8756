/**
 * The sample procedure: assemble the demo gearbox. Poses and part ids are those of the demo product as every hall has
 * it; the order, the words and the torques are given here.
 *
 *   node --conditions=source assets/procedures/gearbox-assembly.ts        writes gearbox-assembly.procedure.json
 */
import { CarReader } from '@ipld/car';
import * as dagCbor from '@ipld/dag-cbor';
import { readFile, writeFile } from 'node:fs/promises';
import { importParts, type Part } from '#protocol/design/index';
import { equipmentById } from '#protocol/equipment/index';
import { OpId } from '#protocol/ids';
import { check, DEFAULT_RUBRIC, EMPTY_WORKPLACE, Procedure } from '#protocol/procedures/index';
import { composePose, IDENTITY_POSE, invertPose, rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import { pictureOf, showing } from '../pictures/picture-cid.ts';
import { STEPS, THINGS, type StepText, type ThingText } from './gearbox-assembly.words.ts';

/** The undo step under which the demo is imported: the part ids follow from it. */
const GROUP = OpId.parse('demo-planetary-gearbox');
const AXIS: Vec3 = [0, 0, 1];
/** How far away ghosts start, metres, and how long they take. */
const GHOST_M = 0.18;
const GHOST_MS = 2500;
/** Ends the name of a control by which a tool is set. */
const SETTING = '-setting';
const PLACE = { toleranceM: 0.006, toleranceRad: 0.12 };

export async function gearboxAssembly(): Promise<Procedure> {
  const parts = await demoParts();
  const things = THINGS.flatMap((thing) => instancesOf(thing, parts));
  const thingOf = (id: string) => things.find((thing) => thing.id === id)!;
  const steps = STEPS.map((step, at) => stepOf(step, STEPS[at + 1], thingOf));
  const chapters = [...new Set(STEPS.map(({ chapter }) => chapter))].map((chapter) => {
    const own = steps.filter((_, at) => STEPS[at]!.chapter === chapter);
    return { id: chapter, title: CHAPTERS[chapter], first: own[0]!['id'], steps: own };
  });
  const protection = (id: string, en: string, zh: string) => ({ ...bareThing(id, { en, zh }), kind: 'protection' });
  return Procedure.parse({
    v: 1,
    id: 'gearbox-assembly',
    title: { en: 'Assemble the planetary gearbox', zh: '装配行星减速器' },
    description: {
      en: 'From the foot to the last screw: ratio 5 : 1, three planets, output on two bearings 6208.',
      zh: '从底座到最后一颗螺钉：速比 5:1，三个行星轮，输出端为两个 6208 轴承。',
    },
    languages: ['en', 'zh'],
    design: null,
    chapters,
    subchapters: [],
    variables: [],
    workplace: {
      ...EMPTY_WORKPLACE,
      things: [
        ...things.map((thing) => ({ ...thing, poseInRoom: null })),
        protection('gloves', 'Gloves', '手套'),
        protection('glasses', 'Safety glasses', '护目镜'),
      ],
      tools: [
        tool('wrench-m8', 'Torque wrench, 6 mm hexagon', '扭矩扳手（6 毫米内六角）', 'N.m'),
        tool('wrench-m6', 'Torque wrench, 5 mm hexagon', '扭矩扳手（5 毫米内六角）', 'N.m'),
        tool('wrench-plug', 'Torque wrench, 17 mm', '扭矩扳手（17 毫米）', 'N.m'),
        tool('pliers', 'Circlip pliers', '卡簧钳', null),
      ],
      roles: [
        { id: 'fitter', name: { en: 'Fitter', zh: '装配工' } },
        { id: 'inspector', name: { en: 'Inspector', zh: '检验员' } },
      ],
      // What a torque wrench is set to is set by the fitter; the bench simulates it.
      controls: equipmentById('gearbox-bench')!
        .about.controls.filter(({ id }) => id.endsWith(SETTING))
        .map(({ id, name, kind, setting }) => ({
          ...{ id, kind, setting, thing: null },
          name: { en: `${name['en']}: setting`, zh: `${name['zh']}：设定值` },
        })),
      media: [
        await pictureOf(
          'carrier-done',
          'Three planets under the plate, its three screws flush.',
          '三个行星轮位于盖板下，三颗螺钉到位。',
        ),
        await pictureOf(
          'gearbox-done',
          'Twelve screws with washers, both plugs, seal and key.',
          '十二颗带垫圈的螺钉、两个油塞、轴封和平键。',
        ),
      ],
      faults: [
        { id: 'wrong-seal', name: { en: 'A wrong seal in the kit', zh: '料盒中密封圈型号错误' }, kind: 'wrong_part' },
      ],
    },
    safety: [
      {
        id: 'gloves-at-teeth',
        text: { en: 'Gears have sharp edges: gloves on.', zh: '齿轮边缘锋利：请戴手套。' },
        act: { kind: 'grab', thing: 'ring' },
        steps: null,
        unless: { kind: 'worn', things: ['gloves'] },
      },
    ],
    rubric: { ...DEFAULT_RUBRIC, time: { ...DEFAULT_RUBRIC.time, targetMs: 1_200_000 }, mustNot: ['gloves-at-teeth'] },
  });
}

/** Which picture a step shows. */
const PICTURES: Readonly<Record<string, string>> = { 'plate-torque': 'carrier-done', release: 'gearbox-done' };

const CHAPTERS: Record<string, object> = {
  prepare: { en: 'Prepare', zh: '准备' },
  input: { en: 'Foot and input side', zh: '底座与输入侧' },
  carrier: { en: 'Planet carrier', zh: '行星架' },
  output: { en: 'Output side', zh: '输出侧' },
  finish: { en: 'Finish', zh: '完工' },
};

type Placed = Omit<ReturnType<typeof bareThing>, 'poseInRoom'> & { poseInRoom: Pose };

/** Every instance of a name becomes a thing; `shaft-screw` of three becomes `shaft-screw-1` to `-3`. */
function instancesOf(
  { id, part, under, name, symmetry, kind, tools }: ThingText,
  parts: readonly DemoPart[],
): Placed[] {
  const found = parts.filter((one) => one.name === part && (!under || one.path.includes(under)));
  const used = id === 'gasket-output' ? found.slice(0, 1) : id === 'gasket-input' ? found.slice(1) : found;
  if (used.length === 0) throw new Error(`The demo has no ${part} in ${under ?? 'it'}`);
  return used.map((one, at) => ({
    ...bareThing(used.length === 1 ? id : `${id}-${at + 1}`, used.length === 1 ? name : numbered(name, at + 1)),
    part: one.id,
    kind: kind ?? 'part',
    tools: [...(tools ?? [])],
    symmetry: symmetry === 'round' ? { kind: 'revolute', axis: AXIS, flips: false } : (symmetry ?? { kind: 'none' }),
    poseInRoom: one.poseInRoom,
  }));
}

const numbered = (name: { en: string; zh: string }, n: number) => ({ en: `${name.en} ${n}`, zh: `${name.zh} ${n}` });
const tool = (id: string, en: string, zh: string, unit: string | null) => ({ id, name: { en, zh }, part: null, unit });

function bareThing(id: string, name: { en: string; zh: string }) {
  const symmetry: object = { kind: 'none' };
  return {
    id,
    name,
    kind: 'part',
    part: null as string | null,
    frames: [],
    symmetry,
    tools: [] as string[],
    isFixed: false,
    poseInRoom: null,
  };
}

function stepOf(step: StepText, next: StepText | undefined, thingOf: (id: string) => Placed): Record<string, unknown> {
  const { id, chapter, title, instruction, place = [], on, out, torque, ask, hint } = step;
  const every = { stage: 'enter', isBlocking: false, durationMs: 0, modes: null };
  const things = place.map(thingOf);
  const conditions: unknown[] = [
    ...things.map((thing) => placement(thing, on === undefined ? null : thingOf(on))),
    ...(torque?.things ?? []).map((thing) => ({
      kind: 'toolUsed',
      thing,
      tool: torque!.tool,
      result: torque!.newtonMetres
        ? { minimum: torque!.newtonMetres[0], maximum: torque!.newtonMetres[1], unit: 'N.m' }
        : null,
    })),
    ...(ask ?? []),
  ];
  const targets = [...place, ...(torque?.things ?? [])].map((thing) => ({ kind: 'thing', thing, frame: null }));
  return {
    id,
    title,
    instruction,
    body: { kind: 'ordinary' },
    isOptional: false,
    timeLimitMs: null,
    retry: null,
    role: null,
    station: null,
    behaviours: [
      { ...every, kind: 'speech', text: instruction },
      ...(targets.length > 0 ? [{ ...every, kind: 'highlight', targets }] : []),
      ...(PICTURES[id] ? [showing(PICTURES[id])] : []),
      ...things.map((thing) => ({
        ...every,
        kind: 'ghostMotion',
        thing: thing.id,
        durationMs: GHOST_MS,
        motion: { kind: 'computed', frames: ghost(thing.poseInRoom, out ?? 'up', thingOf('foot').poseInRoom) },
      })),
    ],
    transitions: [{ id: 'done', conditions, to: next?.chapter === chapter ? next.id : null, interrupts: false }],
    unlocks: { needed: true, things: [], tools: [], controls: torque?.newtonMetres ? [torque.tool + SETTING] : [] },
    hints: hint ? [hint] : [],
    position: { x: 0, y: 120 * STEPS.filter((one) => one.chapter === chapter).indexOf(step) },
  };
}

function placement(thing: Placed, base: Placed | null) {
  const target = base ? composePose(invertPose(base.poseInRoom), thing.poseInRoom) : thing.poseInRoom;
  return {
    kind: 'placed',
    thing: thing.id,
    frame: null,
    reference: base ? { kind: 'thing', thing: base.id, frame: null } : { kind: 'room' },
    target: rounded(target),
    ...(base ? PLACE : { toleranceM: 0.15, toleranceRad: 0.6 }),
    symmetry: null,
  };
}

/** From outside to its place: along the gearbox's axis (out of the input or the output side), or from above. */
function ghost(pose: Pose, out: 'input' | 'output' | 'up', foot: Pose) {
  const axis = out === 'up' ? ([0, 1, 0] as Vec3) : rotateVec3(foot.rotation, [0, 0, out === 'output' ? 1 : -1]);
  const position = [0, 1, 2].map((k) => pose.position[k]! + axis[k]! * GHOST_M) as unknown as Vec3;
  return [
    { atMs: 0, poseInRoom: rounded({ position, rotation: pose.rotation }) },
    { atMs: GHOST_MS, poseInRoom: rounded(pose) },
  ];
}

/** Nanometres: enough, and the file can be read. */
const rounded = ({ position, rotation }: Pose): Pose => ({
  position: position.map((x) => Math.round(x * 1e9) / 1e9 || 0) as unknown as Vec3,
  rotation: rotation.map((x) => Math.round(x * 1e9) / 1e9 || 0) as unknown as Pose['rotation'],
});

export interface DemoPart {
  readonly id: string;
  readonly parent: string | null;
  readonly name: string;
  readonly shape: Part['shape'];
  /** sRGB, 0 to 255. */
  readonly color: readonly [number, number, number];
  /** Names of the groups above. */
  readonly path: readonly string[];
  readonly poseInRoom: Pose;
}

export async function demoParts(): Promise<DemoPart[]> {
  const bytes = await readFile(new URL('../demo/planetary-gearbox.car', import.meta.url));
  const archive = await CarReader.fromBytes(bytes);
  const [root] = await archive.getRoots();
  const block = await archive.get(root!);
  const { result } = dagCbor.decode<{ result: Parameters<typeof importParts>[0] }>(block!.bytes);
  const byId = new Map<string, Part>();
  const found: DemoPart[] = [];
  const reach = (id: string | null): { pose: Pose; path: string[] } => {
    const part = id === null ? undefined : byId.get(id);
    if (!part) return { pose: IDENTITY_POSE, path: [] };
    const above = reach(part.parent);
    return { pose: composePose(above.pose, part.poseInParent), path: [...above.path, part.name] };
  };
  for (const part of importParts(result, { group: GROUP, parent: null, after: null, standAt: [0, 0, 0] }).flat()) {
    byId.set(part.id, part);
    const { pose, path } = reach(part.id);
    const { id, parent, name, shape, material } = part;
    const color = [1, 3, 5].map((at) => Number.parseInt(material.color.slice(at, at + 2), 16)) as never;
    found.push({ id, parent, name, shape, color, path: path.slice(0, -1), poseInRoom: pose });
  }
  return found;
}

export const textOfProcedure = (procedure: Procedure): string => `${JSON.stringify(procedure, null, 1)}\n`;

if (import.meta.main) {
  const procedure = await gearboxAssembly();
  const findings = check(procedure);
  for (const { key, where, facts } of findings) console.error(key, where, facts);
  if (findings.length > 0) process.exit(1);
  await writeFile(new URL('./gearbox-assembly.procedure.json', import.meta.url), textOfProcedure(procedure));
  console.log(`gearbox-assembly.procedure.json: ${STEPS.length} steps, ${procedure.workplace.things.length} things`);
}
