import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { indexOf, Procedure, start, type RunState } from '#protocol/procedures/index';
import type { Pose } from '#protocol/spatial/index';
import {
  destinations,
  movableThings,
  posesInRoom,
  posesToTell,
  seatIn,
  seatPoseInRoom,
  startPoses,
  toolTargets,
} from './workplace.ts';

const FILE = new URL('../../../../assets/procedures/gearbox-assembly.procedure.json', import.meta.url);
const GEARBOX = Procedure.parse(JSON.parse(readFileSync(FILE, 'utf8')));
const BOX = { min: [-0.02, -0.01, -0.03] as const, max: [0.02, 0.05, 0.03] as const };
const at = (x: number, y: number, z: number): Pose => ({ position: [x, y, z], rotation: [0, 0, 0, 1] });

const begun = start(GEARBOX, { mode: 'practice', seed: 1, participants: [], startedAtMs: 0 }).state;
const withPlaced = (placements: RunState['world']['placements']): RunState => ({
  ...begun,
  world: { ...begun.world, placements },
});

it('tools can be used in words on all that they can be used on in the picture, the fixed points of a plant too', () => {
  const file = new URL('../../../../assets/procedures/lockout.procedure.json', import.meta.url);
  const press = Procedure.parse(JSON.parse(readFileSync(file, 'utf8')));
  const targets = toolTargets(press).map(({ id }) => id as string);
  const asked = [...indexOf(press).steps.values()].flatMap(({ leaves }) =>
    leaves.flatMap(({ leaf }) => (leaf.kind === 'toolUsed' ? [leaf.thing as string] : [])),
  );
  expect(asked.length).toBeGreaterThan(3);
  expect(targets).toEqual(expect.arrayContaining(asked));
  expect(targets).not.toContain('helmet');
});

describe('the kit at the start', () => {
  const starts = startPoses(GEARBOX, () => BOX as never);
  it('has every part that is taken in hand, none of them in another, all standing on the bench', () => {
    const things = movableThings(GEARBOX);
    expect(things.length).toBeGreaterThan(50);
    const taken = things.map(({ id }) => starts.get(id)!.position);
    for (const [index, [x, y, z]] of taken.entries()) {
      expect(y).toBeCloseTo(0.01);
      for (const [ox, , oz] of taken.slice(index + 1))
        expect(Math.abs(x - ox) >= 0.04 || Math.abs(z - oz) >= 0.06).toBe(true);
    }
  });
  it('leaves protective wear out: one puts it on', () => {
    expect(starts.has('gloves')).toBe(false);
  });
});

describe('things that were put down', () => {
  const starts = startPoses(GEARBOX, () => BOX as never);
  it('go with what carries them, also while that is in the hand', () => {
    const seat = seatIn(GEARBOX, begun, 'input-cover', 'foot')!;
    const placed = withPlaced({ 'input-cover': { '': at(9, 9, 9), foot: seat.poseInReference } });
    const carried = new Map([['foot', at(1, 0.5, 0)]]);
    const poses = posesInRoom(GEARBOX, placed, starts, carried);
    expect(poses.get('foot')).toEqual(at(1, 0.5, 0));
    expect(poses.get('input-cover')!.position[0]).toBeCloseTo(1 + seat.poseInReference.position[0]);
  });
  it('lie where they were let go when that is not in a place', () => {
    const placed = withPlaced({ 'input-cover': { '': at(0.4, 0, 0.2), foot: at(0.1, 0, 0) } });
    expect(posesInRoom(GEARBOX, placed, starts).get('input-cover')).toEqual(at(0.4, 0, 0.2));
  });
  it('are told in the room and in all that they may belong to', () => {
    const poses = posesInRoom(GEARBOX, begun, starts, new Map([['foot', at(0, 0.1, 0)]]));
    const told = posesToTell(GEARBOX, poses, 'input-cover', at(0, 0.3, 0));
    expect(told.map(({ in: reference }) => reference)).toEqual([null, 'foot']);
    expect(told[1]!.pose.position[1]).toBeCloseTo(0.2);
  });
});

it('a place in the room stands without its carrier; one in a thing is nowhere until that is somewhere', () => {
  const foot = seatIn(GEARBOX, begun, 'foot', null)!;
  expect(seatPoseInRoom(foot, new Map())).toEqual(foot.poseInReference);
  expect(seatPoseInRoom(seatIn(GEARBOX, begun, 'sun', 'input-cover')!, new Map())).toBeNull();
});

it('everything that carries a place can be chosen to put something on, and the bench', () => {
  expect(destinations(GEARBOX)).toEqual(expect.arrayContaining([null, 'foot', 'input-cover', 'ring', 'carrier']));
});
