import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_MATERIAL, initialShape, type Part } from '#protocol/design/index';
import type { Change } from '#protocol/document/index';
import { PartId } from '#protocol/ids';
import { IDENTITY_POSE, type Vec3 } from '#protocol/spatial/index';
import { LocalSession } from '../local-session.ts';
import { SurfaceLibrary } from '../stage/surface.ts';
import { THEMES } from '../stage/theme.ts';
import type { Eye } from './detail.ts';
import { World } from './world.ts';

const id = (name: string) => PartId.parse(name);
const part = (name: string, position: Vec3, more: Partial<Part> = {}): Part => ({
  ...{ id: id(name), parent: null, name, order: `a${name}`, hidden: false, material: DEFAULT_MATERIAL },
  ...{ poseInParent: { ...IDENTITY_POSE, position }, shape: initialShape('box') },
  ...more,
});

let engine: NullEngine;
let scene: Scene;
let session: LocalSession;
let world: World;
let redraws = 0;
const eyeAt = (z: number): Eye => ({ position: [0, 0, z], pixelsPerRad: 1000 });
/** What the machine can draw and from where; a test changes it on the way. */
const picture = { vertexBudget: Infinity, eye: eyeAt(0) };

beforeEach(() => {
  engine = new NullEngine();
  scene = new Scene(engine);
  scene.useRightHandedSystem = true;
  scene.activeCamera = new FreeCamera('eye', Vector3.Zero(), scene);
  session = new LocalSession({ name: 'Ada', color: 0 });
  redraws = 0;
  Object.assign(picture, { vertexBudget: Infinity, eye: eyeAt(0) });
  const stage = {
    scene,
    surfaces: new SurfaceLibrary(scene),
    invalidate: () => void redraws++,
    onTheme: (tell: (colors: (typeof THEMES)['light']) => void) => tell(THEMES.light),
  };
  world = new World(Object.assign(picture, stage), 'http://localhost');
  session.onChanges((changes) => world.apply(changes));
});

afterEach(() => {
  world.dispose();
  engine.dispose();
});

const drawn = (): Mesh[] => scene.meshes.filter((mesh) => mesh.isEnabled()) as Mesh[];
const solids = (): Mesh[] => drawn().filter((mesh) => !mesh.name.includes('edges'));
const flush = () => scene.onBeforeRenderObservable.notifyObservers(scene);
const add = (...parts: Part[]) => {
  for (let i = 0; i < parts.length; i += 500) session.submit('parts.add', { parts: parts.slice(i, i + 500) });
  flush();
};

describe('the room as it is drawn', () => {
  it('draws 2 000 parts of two shapes in two calls, edges in two more', () => {
    add(
      ...Array.from({ length: 2000 }, (_, i) =>
        part(`p${i}`, [i % 50, 0, 0], { shape: initialShape(i % 2 ? 'box' : 'cylinder') }),
      ),
    );
    expect(solids().map((mesh) => mesh.thinInstanceCount)).toEqual([1000, 1000]);
    expect(drawn()).toHaveLength(4);
  });

  it('draws what is a few pixels large as boxes when everything would cost too much, and as it is once one comes near', () => {
    picture.vertexBudget = 10;
    add(part('near', [0, 0, -1]), ...Array.from({ length: 9 }, (_, i) => part(`far${i}`, [i / 2, 0, -60])));
    const counts = () =>
      Object.fromEntries(drawn().map((mesh) => [mesh.name.replace(/.* /, ''), mesh.thinInstanceCount]));
    expect(counts()).toEqual({ 0: 1, edges: 1, far: 9 });
    picture.eye = eyeAt(-59);
    flush();
    expect(counts()).toMatchObject({ far: 1 });
    session.submit('parts.delete', { ids: [id('near')] });
    flush();
    expect(counts()).toEqual({ 0: 9, edges: 9 });
    picture.vertexBudget = Infinity;
    picture.eye = eyeAt(500);
    flush();
    expect(counts()).toEqual({ 0: 9, edges: 9 });
  });

  it('has every shape in a picture that is kept, and the boxes on the screen again afterwards', () => {
    add(...Array.from({ length: 10 }, (_, i) => part(`p${i}`, [0, 0, -60 - i])));
    const boxes = () => drawn().filter((mesh) => mesh.name.endsWith('far')).length;
    picture.vertexBudget = 50;
    flush();
    expect(boxes()).toBe(1);
    world.showsFullShapes = true;
    flush();
    expect(boxes()).toBe(0);
    expect(solids().map((mesh) => mesh.thinInstanceCount)).toEqual([10]);
    world.showsFullShapes = false;
    flush();
    expect(boxes()).toBe(1);
  });

  it('moves what is inside a group with it', () => {
    add(part('group', [1, 0, 0], { shape: null }), part('inside', [0, 0.5, 0], { parent: id('group') }));
    session.submit('part.move', {
      moves: [{ id: id('group'), poseInParent: { ...IDENTITY_POSE, position: [3, 0, 0] } }],
    });
    expect(world.poseInRoom(id('inside')).position).toEqual([3, 0.5, 0]);
  });

  it('shows parts that come before the group they are in, where the group stands: so the past comes back', () => {
    const group = part('group', [1, 0, 0], { shape: null });
    const rows = [part('a', [0, 1, 0], { parent: group.id }), group];
    world.apply(rows.map((after) => ({ table: 'parts', id: after.id, after }) as unknown as Change));
    flush();
    expect(world.isShown(id('a'))).toBe(true);
    expect(world.poseInRoom(id('a')).position).toEqual([1, 1, 0]);
    expect(solids().map((mesh) => mesh.thinInstanceCount)).toEqual([1]);
  });

  it('hides everything in a hidden group, and shows it again', () => {
    add(part('group', [0, 0, 0], { shape: null }), part('inside', [0, 0, 0], { parent: id('group') }));
    session.submit('part.setHidden', { ids: [id('group')], hidden: true });
    flush();
    expect(solids()).toHaveLength(0);
    expect(world.pick({ origin: [0, 0, 5], direction: [0, 0, -1] })).toBeNull();
    session.undo();
    flush();
    expect(solids()[0]!.thinInstanceCount).toBe(1);
  });

  it('rebuilds only the part whose dimension changed', () => {
    add(part('a', [0, 0, 0]), part('b', [1, 0, 0]));
    session.submit('part.setDimensions', { id: id('a'), dimensions: { widthM: 0.4 } });
    flush();
    expect(solids().map((mesh) => mesh.thinInstanceCount)).toEqual([1, 1]);
    expect(world.boundsInRoom([id('a')]).max[0]).toBeCloseTo(0.2, 6);
    expect(world.boundsInRoom([id('b')]).max[0]).toBeCloseTo(1.05, 6);
  });

  it('shows a carried part where the hand is, and where the document says once it is let go', () => {
    add(part('a', [0, 0, 0]));
    world.carry(id('a'), { ...IDENTITY_POSE, position: [0, 2, 0] });
    expect(world.poseInRoom(id('a')).position[1]).toBe(2);
    world.carry(id('a'), null);
    expect(world.poseInRoom(id('a')).position[1]).toBe(0);
  });

  it('names the face under the pointer in the frame of the part', () => {
    add(part('a', [2, 0, 0]), part('behind', [2, 0, -1]));
    const hit = world.pick({ origin: [2.01, 0.02, 3], direction: [0, 0, -1] });
    expect(hit).toMatchObject({ part: 'a', face: 4, normalInPart: [0, 0, 1] });
    expect(hit!.pointInPart[0]).toBeCloseTo(0.01, 6);
  });

  it('finds the small part a hand closes on, not the large one around it', () => {
    add(
      part('large', [0, 0, 0], { shape: { kind: 'box', dimensions: { widthM: 1, heightM: 1, depthM: 1 } } }),
      part('small', [0.1, 0, 0]),
    );
    expect(world.nearest([0.12, 0, 0], 0.04)).toBe('small');
    expect(world.nearest([3, 0, 0], 0.04)).toBeNull();
  });

  it('draws see-through what is not chosen when x-ray is on', () => {
    add(part('a', [0, 0, 0]), part('b', [1, 0, 0]));
    world.emphasize(new Set([id('a')]));
    world.setXray(true);
    flush();
    expect(
      solids()
        .map((mesh) => mesh.material!.alpha < 1)
        .sort(),
    ).toEqual([false, true]);
  });

  it('takes a deleted part out of the picture', () => {
    add(part('a', [0, 0, 0]), part('b', [1, 0, 0]));
    const before = redraws;
    session.submit('parts.delete', { ids: [id('a')] });
    flush();
    expect(solids()[0]!.thinInstanceCount).toBe(1);
    expect(world.has(id('a'))).toBe(false);
    expect(redraws).toBeGreaterThan(before);
  });
});
