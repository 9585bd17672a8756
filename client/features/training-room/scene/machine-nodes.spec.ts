import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { equipmentById } from '#protocol/equipment/index';
import { MachinePicture } from '../model/machine-feed.ts';
import { motionsOf, movesIn, rolesOf } from './machine-nodes.ts';

const pump = equipmentById('pump-skid')!;
const GLB = new Uint8Array(readFileSync(new URL('../../../../assets/equipment/pump-skid.glb', import.meta.url)));
const moves = movesIn(GLB);

/** A picture in which these stand so, in their unit, and all else at zero. */
const picture = (values: Record<string, number>) =>
  new MachinePicture(
    pump,
    pump.about.shown.map(({ id, quantum }) => Math.round((values[id] ?? 0) / quantum)),
  );

it('a hand wheel half open has turned half its turns', () => {
  const { joint } = pump.about.controls.find(({ id }) => id === 'suction-valve')!;
  const motion = motionsOf(pump, picture({ 'suction-valve': 50 }), moves).get('suction-valve');
  expect(motion).toMatchObject({ kind: 'turn', axis: joint.axis });
  expect(motion!.kind === 'turn' && motion!.angleRad).toBeCloseTo((joint.to - joint.from) / 2);
});

it('a button that is in is shifted, a lever that is over is turned', () => {
  const motions = motionsOf(pump, picture({ 'start-button': 1, 'vent-valve': 1 }), moves);
  expect(motions.get('start-button')).toEqual({ kind: 'shift', axis: [0, 0, 1], metres: -0.005 });
  expect(motions.get('vent-valve')).toMatchObject({ kind: 'turn', angleRad: -Math.PI / 2 });
});

it('a needle stands at its share of the dial and stops a hair beyond its end', () => {
  const needle = (bar: number) => {
    const motion = motionsOf(pump, picture({ 'discharge-pressure': bar }), moves).get('discharge-gauge')!;
    return motion.kind === 'turn' ? motion.angleRad : NaN;
  };
  expect(needle(5)).toBeCloseTo((-1.5 * Math.PI) / 2);
  expect(needle(10)).toBeCloseTo(-1.5 * Math.PI);
  expect(needle(99)).toBeCloseTo(-1.5 * Math.PI * 1.04);
});

it('water stands as high as the level, a running shaft spins, a padlock is seen while it hangs', () => {
  const motions = motionsOf(pump, picture({ 'tank-water': 1.6, shaft: 48, 'breaker-hasp': 1 }), moves);
  expect(motions.get('tank-water')).toEqual({ kind: 'scale', by: [1, 1.6, 1] });
  expect(motions.get('shaft')).toMatchObject({ kind: 'spin', hz: 48 });
  expect([...motions.values()].some((one) => one.kind === 'show')).toBe(true);
});

it('every node that the words of a machine name is in its model, so that all of it moves', () => {
  for (const id of ['pump-skid', 'lockout-station']) {
    const model = equipmentById(id)!;
    const bytes = new Uint8Array(readFileSync(new URL(`../../../../assets/${model.about.model}`, import.meta.url)));
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
    const json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + length))) as { nodes: { name: string }[] };
    const names = new Set(json.nodes.map(({ name }) => name));
    expect([...rolesOf(model).keys()].filter((node) => !names.has(node))).toEqual([]);
  }
});
