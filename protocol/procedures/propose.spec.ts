import { describe, expect, it } from 'vitest';
import { Dice } from '../../test/support/design-arbitraries.ts';
import { en } from '../../test/support/procedures.ts';
import type { PartId } from '../ids.ts';
import type { Pose, Vec3 } from '../spatial/index.ts';
import { check } from './check.ts';
import { planDisassembly, type AssembledPart, type PartShape } from './disassembly.ts';
import { proposeProcedure } from './propose.ts';
import type { Participant } from './run-state.ts';
import { react, start } from './run.ts';

const at = (x: number, y: number, z: number): Pose => ({ position: [x, y, z], rotation: [0, 0, 0, 1] });
const box = (id: string, pose: Pose, w: number, h: number, d: number): AssembledPart => ({
  id,
  poseInRoom: pose,
  shape: { kind: 'box', min: [-w / 2, -h / 2, -d / 2], max: [w / 2, h / 2, d / 2] },
});

/** A ring around y: outer and inner wall, top and bottom, of `n` flat pieces. */
function ring(id: string, y: number, inner: number, outer: number, height: number, n = 32): AssembledPart {
  const positions: number[] = [];
  const point = (r: number, k: number, h: number): Vec3 => [
    r * Math.cos((2 * Math.PI * k) / n),
    h,
    r * Math.sin((2 * Math.PI * k) / n),
  ];
  const quad = (a: Vec3, b: Vec3, c: Vec3, d: Vec3) => [a, b, c, a, c, d].forEach((p) => positions.push(...p));
  for (let k = 0; k < n; k++)
    for (const [r0, h0, r1, h1] of [
      [outer, 0, outer, height],
      [outer, height, inner, height],
      [inner, height, inner, 0],
      [inner, 0, outer, 0],
    ] as const)
      quad(point(r0, k, h0), point(r0, k + 1, h0), point(r1, k + 1, h1), point(r1, k, h1));
  return { id, poseInRoom: at(0, y, 0), shape: { kind: 'triangles', positions } };
}

/** Several shapes as one. */
const soupOf = (parts: readonly AssembledPart[]): PartShape => ({
  kind: 'triangles',
  positions: parts.flatMap(({ shape, poseInRoom }) =>
    Array.from(
      (shape as Extract<PartShape, { kind: 'triangles' }>).positions,
      (x, i) => x + poseInRoom.position[i % 3]!,
    ),
  ),
});

const orderOf = (parts: readonly AssembledPart[]) => planDisassembly(parts).removals.map(({ parts: [part] }) => part);

describe('an order of disassembly', () => {
  it('takes a stack from the top', () => {
    const stack = ['a', 'b', 'c', 'd'].map((id, level) =>
      box(id, at(0, level * 0.1 + 0.05, 0), 0.1 - level * 0.02, 0.1, 0.1),
    );
    const { removals, stuck } = planDisassembly([stack[2]!, stack[0]!, stack[3]!, stack[1]!]);
    expect(stuck).toEqual([]);
    expect(removals[0]).toMatchObject({ parts: ['d'], directionInRoom: [0, 1, 0] });
    expect(removals.at(-1)!.parts).toEqual(['a']);
  });

  it('pulls a pin out of its hole along the axis, and only after the cap that covers it', () => {
    const housing = ring('housing', 0, 0.0201, 0.05, 0.08);
    const floor = ring('floor', -0.01, 0, 0.05, 0.01);
    const pin = ring('pin', 0, 0, 0.02, 0.07, 24);
    const cap = ring('cap', 0.08, 0, 0.05, 0.01);
    const { removals, stuck } = planDisassembly([pin, floor, housing, cap]);
    expect(stuck).toEqual([]);
    const order = removals.map(({ parts: [part] }) => part!);
    const way = removals.find(({ parts: [part] }) => part === 'pin')!.directionInRoom;
    expect(Math.abs(way[1])).toBe(1);
    expect(order.indexOf(way[1] > 0 ? 'cap' : 'floor')).toBeLessThan(order.indexOf('pin'));
  });

  it('pulls a pin out of a hole of the same radius, and a screw out of a core hole, but not a head through a plate', () => {
    const free = (a: AssembledPart, b: AssembledPart) => planDisassembly([a, b]).stuck.length === 0;
    expect(free(ring('hole', 0, 0.02, 0.05, 0.08), ring('pin', 0, 0, 0.02, 0.07, 24))).toBe(true);
    expect(free(ring('nut', 0, 0.0034, 0.008, 0.007), ring('screw', -0.01, 0, 0.004, 0.03))).toBe(true);
    const [plate, block] = [ring('plate', 0.02, 0.0043, 0.05, 0.01), ring('block', 0, 0.0034, 0.05, 0.02)];
    const [shank, head] = [ring('screw', 0.005, 0, 0.004, 0.025), ring('head', 0.03, 0, 0.0065, 0.008)];
    const soup = [shank, head].flatMap(({ shape, poseInRoom }) =>
      Array.from((shape as Extract<PartShape, { kind: 'triangles' }>).positions, (x, i) =>
        i % 3 === 1 ? x + poseInRoom.position[1] : x,
      ),
    );
    const screw: AssembledPart = {
      id: 'screw',
      poseInRoom: at(0, 0, 0),
      shape: { kind: 'triangles', positions: soup },
    };
    expect(planDisassembly([block, plate, screw]).removals[0]).toMatchObject({
      parts: ['screw'],
      directionInRoom: [0, 1, 0],
    });
    expect(orderOf([block, plate, screw])).toEqual(['screw', 'plate', 'block']);
    // Head and nut are a hundredth of the plate's size, and hold it all the same.
    const nut = ring('nut', 0.005, 0, 0.007, 0.015);
    const bolt = [
      ...soup,
      ...Array.from((nut.shape as Extract<PartShape, { kind: 'triangles' }>).positions, (x, i) =>
        i % 3 === 1 ? x + 0.005 : x,
      ),
    ];
    expect(planDisassembly([{ ...screw, shape: { kind: 'triangles', positions: bolt } }, plate]).stuck).toHaveLength(2);
  });

  it('goes out along a part’s own axis where the room’s axes do not serve', () => {
    const s = Math.sqrt(0.5);
    const turned = {
      position: [0, 0, 0] as Vec3,
      rotation: [0, 0, Math.sin(Math.PI / 8), Math.cos(Math.PI / 8)] as never,
    };
    const tube = { ...ring('tube', 0, 0.0203, 0.03, 0.1), poseInRoom: turned };
    const rod = { ...ring('rod', 0, 0, 0.02, 0.1), poseInRoom: turned };
    // What was turned on a lathe says by its shape where its axis is; a box in a slot is told.
    const { removals } = planDisassembly([tube, rod]);
    expect(removals[0]!.parts).toEqual(['rod']);
    expect(Math.abs(removals[0]!.directionInRoom[0])).toBeCloseTo(s, 9);
  });

  it('takes out as a unit what holds each other, and takes it apart on the bench', () => {
    // A bolt riveted into a shell, in a tray that is open above.
    const tray = ring('tray', -0.03, 0.06, 0.2, 0.2);
    const floor = box('floor', at(0, -0.04, 0), 0.5, 0.02, 0.5);
    const shell = ring('shell', 0, 0.0301, 0.05, 0.06);
    const bolt = {
      ...ring('bolt', -0.01, 0, 0.03, 0.08),
      shape: soupOf([ring('a', -0.01, 0, 0.03, 0.08), ring('b', -0.02, 0, 0.04, 0.01), ring('c', 0.07, 0, 0.04, 0.01)]),
      poseInRoom: at(0, 0, 0),
    };
    const { removals, stuck } = planDisassembly([floor, tray, shell, bolt]);
    expect(stuck).toEqual([]);
    const unit = removals.find(({ inside }) => inside !== null)!;
    expect(unit.parts.toSorted()).toEqual(['bolt', 'shell']);
    expect(unit.directionInRoom).toEqual([0, 1, 0]);
    // A rivet is what it is: the unit itself stays one piece.
    expect(unit.inside!.stuck.toSorted()).toEqual(['bolt', 'shell']);
  });

  it('takes off the screws of a pattern before the washers under them', () => {
    const corners = [-0.08, 0.08].flatMap((x) => [-0.08, 0.08].map((z) => [x, z] as const));
    const cover = box('cover', at(0, 0, 0), 0.3, 0.08, 0.3);
    const washers = corners.map(([x, z], n) => box(`washer-${n}`, at(x, 0.045, z), 0.02, 0.01, 0.02));
    const screws = corners.map(([x, z], n) => box(`screw-${n}`, at(x, 0.065, z), 0.02, 0.03, 0.02));
    const cups = corners.map(([x, z], n) => {
      const cup = ring(`cup-${n}`, 0.04, 0.0151, 0.03, 0.02);
      return { ...cup, poseInRoom: at(x, 0.04, z) };
    });
    expect(orderOf([cover, ...washers, ...screws, ...cups]).map((id) => id!.split('-')[0])).toEqual([
      ...['screw', 'screw', 'screw', 'screw'],
      ...['washer', 'washer', 'washer', 'washer'],
      ...['cup', 'cup', 'cup', 'cup'],
      'cover',
    ]);
  });

  it('says what cannot be taken apart by straight moves', () => {
    const shell = box('shell', at(0, 0, 0), 0.1, 0.1, 0.1);
    expect(planDisassembly([shell, box('inside', at(0, 0, 0), 0.05, 0.05, 0.05)])).toEqual({
      removals: [],
      stuck: ['shell', 'inside'],
    });
  });

  it('never moves a part through one that is left: boxes at random, against exact intervals', () => {
    const dice = new Dice(11);
    let moves = 0;
    for (let round = 0; round < 60; round++) {
      const taken = new Set<string>();
      const parts = Array.from({ length: 8 }, (_, n) => {
        let [x, y, z] = [0, 0, 0];
        do [x, y, z] = [dice.upTo(3), dice.upTo(3), dice.upTo(3)];
        while (taken.has(`${x}${y}${z}`));
        taken.add(`${x}${y}${z}`);
        return box(`p${n}`, at(x * 0.1, y * 0.1, z * 0.1), 0.1, 0.1, 0.1);
      });
      const left = new Set(parts);
      for (const {
        parts: [id],
        directionInRoom: d,
      } of planDisassembly(parts).removals) {
        const part = [...left].find((one) => one.id === id)!;
        left.delete(part);
        const axis = d.findIndex((x) => x !== 0);
        const inTheWay = [...left].filter(({ poseInRoom: { position: p } }) => {
          const off = p.map((x, i) => Math.round((x - part.poseInRoom.position[i]!) * 10));
          return off.every((x, i) => (i === axis ? x * d[axis]! > 0 : x === 0));
        });
        expect(inTheWay).toEqual([]);
        moves += 1;
      }
    }
    expect(moves).toBe(480);
  });
});

describe('a proposed procedure', () => {
  it('has no finding, and can be run from the first part to the last', () => {
    const stack = ['base', 'middle', 'top'].map((id, level) => ({
      ...box(id, at(0.3, level * 0.1 + 0.05, 0), 0.1 - level * 0.02, 0.1, 0.1),
      part: id as PartId,
      name: { ...en(id), zh: `件${level}` },
    }));
    const { procedure } = proposeProcedure(stack, {
      id: 'p',
      title: { ...en('Stack'), zh: '叠' },
      languages: ['en', 'zh'],
      design: null,
    });
    expect(check(procedure)).toEqual([]);
    expect(orderOf(stack)).toEqual(['top', 'middle', 'base']);
    const ann = { id: 'ann', roles: [], station: null } as unknown as Participant;
    let { state } = start(procedure, { mode: 'guided', seed: 1, participants: [ann], startedAtMs: 0 });
    // Somewhere else in the room: only the first part's place counts, the others stand relative to it.
    for (const [thing, poses] of [
      ['base', [{ in: null, pose: at(0.35, 0.05, 0) }]],
      ['middle', [{ in: 'base', pose: at(0, 0.1, 0.005) }]],
      ['top', [{ in: 'base', pose: at(0, 0.2, 0) }]],
    ] as const)
      state = react(procedure, state, { type: 'placed', by: 'ann', thing, poses } as never, state.nowMs).state;
    expect(state).toMatchObject({ status: 'completed', world: { mounted: ['base', 'middle', 'top'] } });
  });

  it('puts in the screws of a pattern by one step, and a unit in a chapter of its own', () => {
    const named = (part: AssembledPart, like?: string) => ({
      ...part,
      ...{ part: null, name: en(part.id) },
      ...(like ? { like } : {}),
    });
    const screws = [-0.08, 0.08].flatMap((x) =>
      [-0.08, 0.08].map((z) =>
        named(box(`screw ${x} ${z}`.replaceAll(/[ .-]/g, '_'), at(x, 0.05, z), 0.01, 0.02, 0.01), 'M6'),
      ),
    );
    const shell = ring('shell', 0.2, 0.0301, 0.05, 0.06);
    const bolt = {
      ...shell,
      id: 'bolt',
      poseInRoom: at(0, 0.2, 0),
      shape: soupOf([ring('a', -0.01, 0, 0.03, 0.08), ring('b', -0.02, 0, 0.04, 0.01), ring('c', 0.07, 0, 0.04, 0.01)]),
    };
    const { procedure } = proposeProcedure(
      [named(box('base', at(0, 0, 0), 0.3, 0.08, 0.3)), ...screws, named(shell), named(bolt)],
      { id: 'p', title: en('Unit on a base'), languages: ['en'], design: null },
    );
    expect(check(procedure)).toEqual([]);
    expect(procedure.chapters.map(({ title, steps }) => [title['en'], steps.map((step) => step.title['en'])])).toEqual([
      [expect.stringMatching(/^Unit: (bolt|shell)$/), expect.arrayContaining(['bolt', 'shell'])],
      ['Unit on a base', ['base', expect.stringMatching(/^(bolt|shell)$/), expect.stringMatching(/^screw.* × 4$/)]],
    ]);
    const pattern = procedure.chapters[1]!.steps.at(-1)!;
    expect(pattern.instruction['en']).toMatch(/^Put in all 4: screw/);
    expect(pattern.transitions[0]!.conditions).toHaveLength(4);
    // All of the unit is marked; its base is what is placed.
    const mount = procedure.chapters[1]!.steps[1]!;
    expect(mount.transitions[0]!.conditions).toHaveLength(1);
    expect(mount.behaviours.filter(({ kind }) => kind === 'ghostMotion')).toHaveLength(2);
  });
});
