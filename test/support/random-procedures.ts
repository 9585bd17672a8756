import { chaptersWithin, DEFAULT_RUBRIC, indexOf, Procedure, type Participant } from '#protocol/procedures/index';
import { IDENTITY_POSE } from '#protocol/spatial/index';
import { Dice } from './design-arbitraries.ts';
import { aChapter, aStep, aThing, en, to, WORKBENCH } from './procedures.ts';

/**
 * Procedures as people might draw them, good and bad: nested sub-procedures, loops, contradictions, things that are not
 * there, ranges nobody can reach. The same seed gives the same procedure.
 */
const STEP_IDS = 5;
const SUBCHAPTERS = ['x', 'y', 'z'];

export const CREW = [
  { id: 'ann', roles: ['fitter'], station: null },
  { id: 'ben', roles: ['inspector'], station: null },
] as unknown as Participant[];

export function randomProcedure(seed: number): Procedure {
  const dice = new Dice(seed * 2_654_435_761 + 17);
  // Half of them are drawn with care, so that many are sound and the run itself is what is tried.
  const isCareful = dice.next() < 0.75;
  const chapters = ['main', ...(dice.next() < 0.3 ? ['second'] : [])];
  const used = SUBCHAPTERS.slice(0, isCareful && dice.next() < 0.4 ? 0 : dice.upTo(4));
  const procedure = Procedure.parse({
    v: 1,
    id: 'random',
    title: en('Random'),
    description: {},
    languages: ['en'],
    design: null,
    chapters: chapters.map((id) => randomChapter(id, used, dice, isCareful)),
    subchapters: used.map((id, at) => randomChapter(id, isCareful ? used.slice(at + 1) : used, dice, isCareful)),
    variables: [{ id: 'n', initial: 0, unit: null }],
    safety: dice.next() < 0.2 ? [randomRule(dice)] : [],
    workplace: {
      ...WORKBENCH,
      things: [...WORKBENCH.things, aThing('bed', { isFixed: true })],
    },
    rubric: DEFAULT_RUBRIC,
  });
  if (!isCareful) return procedure;
  const index = indexOf(procedure);
  const within = new Set(procedure.chapters.flatMap(({ id }) => chaptersWithin(index, id)));
  return { ...procedure, subchapters: procedure.subchapters.filter((chapter) => within.has(chapter)) };
}

function randomChapter(id: string, below: readonly string[], dice: Dice, isCareful: boolean) {
  const count = 1 + dice.upTo(STEP_IDS);
  const ids = Array.from({ length: count }, (_, at) => `${id}${at}`);
  return aChapter(
    id,
    ids.map((step, at) => randomStep(step, at, ids, below, dice, isCareful)),
  );
}

function randomStep(
  id: string,
  at: number,
  ids: readonly string[],
  below: readonly string[],
  dice: Dice,
  isCareful: boolean,
) {
  const next = ids[at + 1] ?? null;
  const target = () => {
    if (isCareful && dice.next() < 0.8) return next;
    return dice.next() < 0.2 ? null : (dice.pick(ids) ?? null);
  };
  const fewest = isCareful || dice.next() < 0.9 ? 1 : 0;
  const transitions = Array.from(
    { length: fewest + (dice.next() < (isCareful ? 0.2 : 0.35) ? 1 + dice.upTo(2) : 0) },
    (_, which) => ({
      ...to(
        which === 0 && isCareful ? next : target(),
        ...Array.from({ length: dice.next() < (isCareful ? 0.03 : 0.15) ? 0 : 1 + dice.upTo(2) }, () =>
          randomCondition(dice, isCareful, 0),
        ),
      ),
      interrupts: dice.next() < 0.2,
    }),
  );
  const kind = below.length > 0 ? dice.upTo(7) : 6;
  const branches = Array.from({ length: 1 + dice.upTo(2) }, () => dice.pick(below)!);
  const body =
    kind === 0
      ? { kind: 'group', chapter: dice.pick(below) }
      : kind === 1
        ? { kind: 'parallel', branches, needed: dice.next() < 0.5 ? null : 1 + dice.upTo(2) }
        : kind === 2
          ? { kind: 'random', branches: branches.map((chapter) => ({ chapter, weight: 1 + dice.upTo(3) })) }
          : !isCareful && dice.next() < 0.05
            ? { kind: 'end', outcome: dice.next() < 0.5 ? 'completed' : 'failed' }
            : { kind: 'ordinary' };
  const afterwards = dice.pick([{ kind: 'stay' }, { kind: 'leave', to: target() }, { kind: 'fail' }]);
  return aStep(id, {
    body: body as never,
    transitions,
    isOptional: dice.next() < 0.1,
    timeLimitMs: dice.next() < 0.1 ? 500 + dice.upTo(5000) : null,
    retry: dice.next() < 0.2 ? ({ attempts: 1 + dice.upTo(3), afterwards } as never) : null,
    role: dice.next() < 0.15 ? (dice.pick(['fitter', 'inspector']) as string) : null,
    behaviours: dice.next() < 0.15 ? [randomBehaviour(dice) as never] : [],
    unlocks: {
      needed: dice.next() < 0.97,
      things: dice.next() < 0.2 ? [dice.pick(['a', 'b', 'c'])!] : [],
      tools: dice.next() < 0.1 ? ['hammer'] : [],
      controls: dice.next() < 0.1 ? ['switch'] : [],
    },
  });
}

function randomBehaviour(dice: Dice) {
  const every = {
    stage: dice.pick(['enter', 'leave']),
    isBlocking: dice.next() < 0.5,
    durationMs: 100 + dice.upTo(1000),
    modes: dice.next() < 0.5 ? null : ['guided'],
  };
  return dice.pick([
    { ...every, kind: 'speech', text: en('Listen.') },
    { ...every, kind: 'highlight', targets: [{ kind: 'thing', thing: 'a', frame: null }] },
    { ...every, kind: 'setVariable', variable: 'n', value: dice.upTo(4), isAdded: dice.next() < 0.5 },
    { ...every, kind: 'score', points: dice.upTo(20) - 10, reason: en('So it is.') },
  ]);
}

function randomRule(dice: Dice) {
  const unless = dice.pick([
    { kind: 'worn', things: ['gloves'] },
    { kind: 'worn', things: ['gloves'] },
    { kind: 'value', sensor: 'gauge', range: { maximum: 1, unit: 'bar' }, holdMs: 0 },
    { kind: 'control', control: 'switch', setting: { kind: 'positions', positions: ['off'] }, holdMs: 0 },
    null,
  ]);
  const act = dice.pick([
    { kind: 'grab', thing: 'a' },
    { kind: 'set', control: 'valve' },
    { kind: 'use', thing: 'b' },
  ]);
  return { id: 'rule', text: en('Take care.'), act, steps: null, unless };
}

function randomCondition(dice: Dice, isCareful: boolean, depth: number): unknown {
  if (depth < 2 && dice.next() < 0.15) {
    const of = Array.from({ length: 1 + dice.upTo(3) }, () => randomCondition(dice, isCareful, depth + 1));
    const kind = dice.upTo(isCareful ? 3 : 4);
    if (kind === 0) return { kind: 'all', of };
    if (kind === 1) return { kind: 'any', of };
    if (kind === 2) return { kind: 'atLeast', count: 1 + dice.upTo(of.length + (isCareful ? 0 : 1)), of };
    return { kind: 'not', of: of[0] };
  }
  if (depth < 2 && dice.next() < 0.05) return { kind: 'not', of: randomCondition(dice, isCareful, 2) };
  return randomLeaf(dice, isCareful);
}

function randomLeaf(dice: Dice, isCareful: boolean): unknown {
  const thing = isCareful || dice.next() < 0.9 ? dice.pick(['a', 'b', 'c'])! : dice.pick(['bed', 'ghost'])!;
  const ms = () => (dice.next() < 0.5 ? 0 : 200 + dice.upTo(800));
  const between = (highest: number, unit: string) => {
    const [a, b] = [dice.upTo(highest), dice.upTo(highest)];
    return isCareful || dice.next() < 0.9
      ? { minimum: Math.min(a, b), maximum: Math.max(a, b) + 1, unit }
      : { minimum: a, maximum: b - 1, unit: dice.pick([unit, 'kg']) };
  };
  const choices = ['p', 'q', 'r'].map((id) => ({ id, text: en(id) }));
  switch (dice.upTo(20)) {
    case 0:
      return { kind: 'grabbed', thing };
    case 1:
      return { kind: 'released', thing };
    case 2:
      return { kind: 'touched', thing };
    case 3:
      return { kind: 'used', thing };
    case 4:
    case 5:
      return {
        kind: 'placed',
        thing,
        frame: null,
        reference: dice.next() < 0.7 ? { kind: 'room' } : { kind: 'thing', thing: 'gloves', frame: null },
        target: { ...IDENTITY_POSE, position: [dice.upTo(3), 0, 0] },
        toleranceM: isCareful || dice.next() < 0.9 ? 0.01 : 0,
        toleranceRad: 0.1,
        symmetry: dice.next() < 0.5 ? null : { kind: 'revolute', axis: [0, 1, 0], flips: true },
      };
    case 6:
      return {
        kind: 'mounted',
        things: dice.next() < 0.5 ? [thing] : dice.pick([['a', 'b'], ['c', 'a'], isCareful ? ['b'] : ['b', 'b']]),
        isOrdered: dice.next() < 0.5,
      };
    case 7:
      return {
        kind: 'toolUsed',
        thing,
        tool: 'wrench',
        result: dice.next() < 0.5 ? null : between(40, dice.next() < 0.8 || isCareful ? 'N.m' : 'bar'),
      };
    case 8:
    case 9:
      return { kind: 'value', sensor: 'gauge', range: between(isCareful ? 9 : 15, 'bar'), holdMs: ms() };
    case 10:
      return {
        kind: 'control',
        control: 'switch',
        setting: { kind: 'positions', positions: [dice.pick(['on', 'off', isCareful ? 'on' : 'half'])] },
        holdMs: ms(),
      };
    case 11:
      return {
        kind: 'control',
        control: 'valve',
        setting: { kind: 'number', range: between(90, '%') },
        holdMs: ms(),
      };
    case 12:
      return {
        kind: 'variable',
        variable: 'n',
        is:
          dice.next() < 0.5
            ? { kind: 'equal', value: dice.upTo(3) }
            : { kind: 'range', minimum: dice.upTo(3), maximum: null },
      };
    case 13:
      return {
        kind: 'answered',
        question: en('Which?'),
        isWrongAccepted: dice.next() < 0.3,
        answer: dice.pick([
          { kind: 'single', choices, correct: isCareful || dice.next() < 0.8 ? 'q' : 's' },
          { kind: 'order', choices, correct: ['r', 'p', 'q'] },
          { kind: 'number', range: between(10, 'mm') },
        ]),
      };
    case 14:
      return { kind: 'checklist', items: choices.slice(0, 1 + dice.upTo(3)) };
    case 15:
      return { kind: 'worn', things: ['gloves'] };
    case 16:
      return dice.next() < 0.5
        ? { kind: 'dwell', place: 'bench', durationMs: ms() }
        : { kind: 'gaze', thing, durationMs: ms() };
    case 17:
      return { kind: 'timeout', afterMs: 100 + dice.upTo(2000) };
    case 18:
      return dice.next() < 0.5
        ? { kind: 'spoken', command: 'go', phrases: en('go') }
        : { kind: 'number', variable: 'n', range: between(5, '1') };
    default:
      return dice.next() < 0.3 ? { kind: 'approved', role: dice.pick(['fitter', 'inspector']) } : { kind: 'confirmed' };
  }
}
