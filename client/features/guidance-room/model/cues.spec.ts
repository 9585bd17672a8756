import { NodeIO, getBounds } from '@gltf-transform/core';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { equipmentById } from '#protocol/equipment/index';
import { indexOf, Procedure, type RunState } from '#protocol/procedures/index';
import { UNKNOWN_BOX } from '../../training-room/model/workplace.ts';
import { cuesOf, type MachinePlaces } from './cues.ts';
import { hiddenThings } from './standing.ts';

const asset = (path: string) => readFileSync(new URL(`../../../../assets/${path}`, import.meta.url));
const pump = Procedure.parse(JSON.parse(asset('procedures/pump-seal.procedure.json').toString('utf8')));
const { about } = equipmentById('pump-skid')!;
const all = pump.chapters.flatMap(({ steps }) => steps.map(({ id }) => id as string));

/** In the step, with all before it done. */
const at = (step: string) =>
  ({
    visited: all.slice(0, all.indexOf(step)),
    active: [{ thread: 'main', step, phase: 'active' }],
    world: { placements: {}, mounted: [], controls: {} },
  }) as unknown as RunState;

let skid: MachinePlaces;
beforeAll(async () => {
  const document = await new NodeIO().readBinary(new Uint8Array(asset('equipment/pump-skid.glb')));
  const nodes = new Map(
    document
      .getRoot()
      .listNodes()
      .map((node) => [node.getName(), node]),
  );
  skid = {
    nodeOf: (kind, id) => {
      const node = kind === 'control' ? about.controls.find((one) => one.id === id)?.joint.node : id;
      return node && nodes.has(node) ? node : null;
    },
    boundsInRoom: (node) => getBounds(nodes.get(node)!) as never,
    poseInRoom: (node) => ({ position: nodes.get(node)!.getWorldTranslation(), rotation: [0, 0, 0, 1] }),
    isShown: () => true,
  };
});

describe('what the steps of the pump’s seal point at', () => {
  const cues = (step: string, tasks: object[] = []) =>
    cuesOf(pump, at(step), [{ tasks } as never], skid, () => UNKNOWN_BOX);
  const named = (step: string, tasks?: object[]) =>
    cues(step, tasks).map(({ kind, thing, isStanding }) => `${kind} ${thing}${isStanding ? '' : ', to come'}`);

  it('is on the drawn skid, and what comes back is shown coming', () => {
    expect(named('switch-off')).toEqual(['control breaker']);
    expect(named('valves')).toHaveLength(4);
    expect(named('guard-off')).toEqual(['thing coupling-guard']);
    expect(named('take-out')).toEqual(['thing seal']);
    expect(named('inspect')).toEqual(['thing seal-seat']);
    expect(named('fit-ring')).toEqual(['thing o-ring, to come']);
    expect(named('fit-seal')).toEqual(['thing seal, to come']);
    expect(named('tighten')).toEqual([1, 2, 3, 4].map((screw) => `thing cover-screw-${screw}`));
    expect(named('guard-on')).toEqual(['thing coupling-guard, to come']);
  });

  it('stands where the machine has it: the switch at the panel, the screws round the shaft', () => {
    expect(cues('switch-off')[0]!.atInProduct.map((x) => Math.round(10 * x) / 10)).toEqual([1.4, 1, 0.6]);
    for (const { atInProduct, toleranceM } of cues('tighten')) {
      expect(Math.hypot(atInProduct[1] - 0.55, atInProduct[2])).toBeCloseTo(0.096, 3);
      // A screw is shown only by an overlay that tells it from the next.
      expect(toleranceM).toBeLessThan(0.012);
    }
  });

  it('is what is still to do, and stays while only the press on “done” is missing', () => {
    const leaves = (step: string) =>
      indexOf(pump)
        .steps.get(step as never)!
        .leaves.map(({ leaf }) => leaf);
    const [first] = leaves('tighten');
    expect(named('tighten', [{ leaf: first, isDone: true }])).toHaveLength(3);
    const [suction] = leaves('valves');
    expect(named('valves', [{ leaf: suction, isDone: true }])).not.toContain('control suction-valve');
    const touched = leaves('guard-off').find(({ kind }) => kind === 'touched');
    expect(named('guard-off', [{ leaf: touched, isDone: true }])).toEqual(['thing coupling-guard']);
  });

  it('has guard and seal off between the steps that take them off and put them back', () => {
    const off = (step: string) => [...hiddenThings(pump, at(step))];
    expect(off('guard-off')).toEqual([]);
    expect(off('take-out')).toEqual(['coupling-guard']);
    expect(off('inspect')).toEqual(['coupling-guard', 'seal', 'o-ring']);
    expect(off('fit-seal')).toEqual(['coupling-guard', 'seal']);
    expect(off('tighten')).toEqual(['coupling-guard']);
    expect(off('clear')).toEqual([]);
  });
});
