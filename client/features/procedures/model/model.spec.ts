import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ReviewEntry } from '#protocol/api/index';
import { UserId } from '#protocol/ids';
import { check, diffProcedures, nextDueAtMs, Procedure, react, start } from '#protocol/procedures/index';
import { aProcedure, aStep, to } from '../../../../test/support/procedures.ts';
import { GEARBOX } from '../../../../test/support/training.ts';
import { procedureStrings } from '../strings.ts';
import { actsOf } from './acts.ts';
import { proposalOf } from './design-parts.ts';
import { changeLines } from './diff-words.ts';
import { withStep } from './edits.ts';
import { layOut } from './graph.ts';
import { formatOf } from './import-format.ts';
import { BEHAVIOUR_GROUPS, CONDITION_GROUPS, newBehaviour, newCondition } from './kinds.ts';
import { canMend, mend } from './mend.ts';
import { standingOf } from './review.ts';
import { Speaker } from './words.ts';

const folder = new URL('../../../../assets/procedures/', import.meta.url);
const SAMPLES = readdirSync(folder)
  .filter((name) => name.endsWith('.procedure.json'))
  .map((name) => [name, Procedure.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))] as const);
const me = UserId.parse('author');
const t = procedureStrings.text;
const done = { kind: 'confirmed' };

describe('trying a procedure', () => {
  it.each(SAMPLES)('the buttons lead through %s to its end', (_, procedure) => {
    const roles = procedure.workplace.roles.map(({ id }) => id);
    const options = {
      mode: 'practice',
      seed: 1,
      startedAtMs: 0,
      participants: [{ id: me, roles, station: null }],
    } as const;
    let { state } = start(procedure, options);
    for (let round = 0; round < 500 && state.status === 'running'; round++) {
      const atMs = state.startedAtMs + state.pausedForMs + state.nowMs + 1000;
      for (const { step } of state.active)
        for (const { events, way } of actsOf(procedure, step, me))
          if (way === 0) for (const event of events ?? []) state = react(procedure, state, event, atMs).state;
      const due = nextDueAtMs(state);
      if (due !== null) state = react(procedure, state, { type: 'time' }, due).state;
    }
    expect(state.active.map(({ step }) => step)).toEqual([]);
    expect(state.status).toBe('completed');
  });
});

describe('mending', () => {
  const seat = () => {
    const step = GEARBOX.chapters
      .flatMap(({ steps }) => steps)
      .find(({ transitions }) =>
        transitions.some(({ conditions }) => conditions.some(({ kind }) => kind === 'placed')),
      )!;
    return withStep(GEARBOX, step.id, (one) => ({
      ...one,
      transitions: one.transitions.map((way) => ({
        ...way,
        conditions: way.conditions.map((condition) =>
          condition.kind === 'placed' ? { ...condition, toleranceM: 0 } : condition,
        ),
      })),
    }));
  };
  const CASES: [string, Procedure][] = [
    ['impossible_tolerance', seat()],
    ['shadowed', aProcedure([aStep('a', { transitions: [to(null), to(null, done)] })])],
    ['unreachable', aProcedure([aStep('a', { transitions: [to(null, done)] }), aStep('b')])],
    ['no_exit', aProcedure([aStep('a', { transitions: [to('a', done)] })])],
    ['instant_loop', aProcedure([aStep('a', { transitions: [to('b')] }), aStep('b', { transitions: [to('a')] })])],
    [
      'locked',
      aProcedure([
        aStep('a', {
          unlocks: { needed: false, things: [], tools: [], controls: [] },
          transitions: [to(null, { kind: 'grabbed', thing: 'a' })],
        }),
      ]),
    ],
  ];
  it.each(CASES)('%s is gone after it, and it changed nothing that was right', (key, procedure) => {
    const finding = check(procedure).find((one) => one.key === key)!;
    expect(canMend(procedure, finding)).toBe(true);
    const mended = mend(procedure, finding)!;
    expect(check(mended).filter((one) => one.key === key && one.where.step === finding.where.step)).toEqual([]);
  });
});

describe('words', () => {
  it('a changed tolerance is told with the step, before and after', () => {
    const after = structuredClone(GEARBOX);
    let count = 0;
    for (const step of after.chapters.flatMap(({ steps }) => steps))
      for (const condition of step.transitions.flatMap(({ conditions }) => conditions))
        if (condition.kind === 'placed' && count++ === 0) condition.toleranceM = 0.002;
    const lines = changeLines(GEARBOX, after, diffProcedures(GEARBOX, after), 'en', t);
    expect(lines).toHaveLength(1);
    expect(lines[0]!.text).toMatch(/^3 · Foot on the bench: tolerance .* mm → 2 mm$/);
  });

  it('everything the palette offers can be said, fits the rules, and needs nothing to be there', () => {
    const empty = aProcedure([aStep('a')]);
    for (const procedure of [empty, GEARBOX]) {
      const say = new Speaker(procedure, 'en', t);
      const conditions = Object.values(CONDITION_GROUPS)
        .flat()
        .map((kind) => newCondition(kind, procedure));
      const behaviours = Object.values(BEHAVIOUR_GROUPS)
        .flat()
        .map((kind) => newBehaviour(kind, procedure));
      for (const one of conditions) expect(say.condition(one)).not.toMatch(/say_|undefined|^$/);
      for (const one of behaviours) expect(say.behaviour(one)).not.toMatch(/do_|undefined|^$/);
      const whole = withStep(empty, 'a', (step) => ({
        ...step,
        behaviours,
        transitions: [{ ...step.transitions[0]!, conditions: conditions.slice(0, 20) }],
      }));
      expect(() => Procedure.parse(whole)).not.toThrow();
    }
  });
});

it('the graph has each step once, lower than what leads to it', () => {
  const { nodes, edges } = layOut(GEARBOX, []);
  const at = new Map(nodes.map((node) => [node.id, node.y]));
  expect(nodes.length).toBe(new Set(nodes.map(({ id }) => id)).size);
  for (const { from, to: target } of edges) expect(at.get(target)!).toBeGreaterThan(at.get(from)!);
});

it('a request for review ends with the next save, and with the release', () => {
  const asked = {
    id: 'r',
    procedure: 'p',
    version: 3,
    kind: 'asked',
    to: [] as ReviewEntry['to'],
    words: '',
    by: { id: me, name: 'A' },
    at: 10,
  } as const;
  const draft = { version: 3, isChanged: true, releases: [] };
  expect(standingOf(draft, [asked]).kind).toBe('review');
  expect(standingOf({ ...draft, version: 4 }, [asked]).kind).toBe('draft');
  expect(standingOf(draft, [{ ...asked, kind: 'returned' }, asked]).kind).toBe('returned');
});

it('a stack of parts is proposed from the bottom to the top', () => {
  const box = { min: [-0.1, -0.1, -0.1], max: [0.1, 0.1, 0.1] } as const;
  const parts = [2, 0, 1].map((y) => ({
    id: `part-${y}`,
    name: `Level ${y}`,
    poseInRoom: { position: [0, y * 0.2, 0], rotation: [0, 0, 0, 1] } as never,
    box: { min: [...box.min], max: [...box.max] } as never,
    ...{ like: 'box', symmetry: { kind: 'none' } as const, shape: null },
  }));
  const { procedure, disassembly } = proposalOf(parts, { en: 'Stack' }, ['en']);
  expect(disassembly.stuck).toEqual([]);
  expect(procedure.chapters[0]!.steps).toHaveLength(3);
  expect(check(procedure).filter(({ severity }) => severity === 'error')).toEqual([]);
});

it('files are known by what stands in them', () => {
  expect(formatOf(GEARBOX)).toBe('workhall');
  expect(formatOf({ $serializerVersion: 4, Process: {} })).toBe('vr-builder');
  expect(formatOf({ id: 'a', start: 'x', workplace: 'w.json', actions: [] })).toBe('arlem-activity');
  expect(formatOf({ id: 'w', origin: 'o', things: [] })).toBe('arlem-workplace');
  expect(formatOf([])).toBeNull();
});
