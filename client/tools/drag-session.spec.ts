import { problem } from '#protocol/errors';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_MATERIAL, initialShape, partOf } from '#protocol/design/index';
import { PartId } from '#protocol/ids';
import { IDENTITY_POSE, type Pose } from '#protocol/spatial/index';
import { Signal } from '../net/signal.ts';
import { Store } from '../net/store.ts';
import type { DragNews } from '../scene/handwork.types.ts';
import { LocalSession } from '../scene/local-session.ts';
import { SurfaceLibrary } from '../scene/stage/surface.ts';
import { THEMES } from '../scene/stage/theme.ts';
import { World } from '../scene/world/world.ts';
import { DragSession } from './drag-session.ts';

const gear = PartId.parse('gear');
const group = PartId.parse('group');
const up = (start: Pose): Pose => ({
  ...start,
  position: [start.position[0], start.position[1] + 0.2, start.position[2]],
});
const settled = () => new Promise((resolve) => setTimeout(resolve));

let engine: NullEngine;
let session: LocalSession;
let world: World;
let hints: string[];
let news: string[];
let begin: (parts: Iterable<PartId>) => DragSession;

beforeEach(() => {
  engine = new NullEngine();
  const scene = new Scene(engine);
  session = new LocalSession({ name: 'Ada', color: 0 }, [{ name: 'Grace', color: 1 }]);
  const stage = {
    scene,
    surfaces: new SurfaceLibrary(scene),
    invalidate: () => {},
    vertexBudget: Infinity,
    eye: { position: [0, 0, 0] as [number, number, number], pixelsPerRad: 1000 },
    onTheme: (tell: (colors: (typeof THEMES)['light']) => void) => tell(THEMES.light),
  };
  world = new World(stage, 'http://localhost');
  session.onChanges((changes) => world.apply(changes));
  const base = { name: 'x', hidden: false, material: DEFAULT_MATERIAL };
  session.submit('parts.add', {
    parts: [
      {
        ...base,
        id: group,
        parent: null,
        order: 'a0',
        shape: null,
        poseInParent: { ...IDENTITY_POSE, position: [1, 0, 0] },
      },
      { ...base, id: gear, parent: group, order: 'a1', shape: initialShape('box'), poseInParent: IDENTITY_POSE },
    ],
  });
  session.sentOps.length = 0;
  hints = [];
  const overlay = { hint: (text: string) => void hints.push(text) };
  const camera = { project: () => ({ xPx: 0, yPx: 0, depthM: 1 }) };
  const drags = new Signal<[DragNews]>();
  news = [];
  drags.on(({ kind, parts }) => void news.push(`${kind} ${parts.join(' ')}`));
  begin = (parts) =>
    new DragSession(
      { session, world, overlay, camera, language: 'en', dragging: new Store<PartId | null>(null), drags },
      parts,
    );
});

afterEach(() => engine.dispose());

describe('dragging a part', () => {
  it('follows the hand at once, tells the others, and ends with one op and a free part', async () => {
    const drag = begin([gear]);
    await settled();
    drag.moveTo(up);
    expect(world.poseInRoom(gear).position[1]).toBeCloseTo(0.2, 9);
    expect(session.sentCarries).toHaveLength(1);
    drag.release();
    expect(news).toEqual(['taken gear', 'letGo gear']);
    expect(session.sentOps.map(({ type }) => type)).toEqual(['part.move']);
    expect(partOf(session.document.get(), gear)!.poseInParent.position[1]).toBeCloseTo(0.2, 9);
    expect(session.held.get().size).toBe(0);
  });

  it('puts the part back and says who has it when somebody else holds it', async () => {
    session.holdAs(1, gear);
    const drag = begin([gear]);
    drag.moveTo(up);
    await settled();
    expect(drag.isOver).toBe(true);
    expect(world.poseInRoom(gear).position[1]).toBe(0);
    expect(hints).toEqual(['Grace is holding this part']);
    expect(news).toEqual(['taken gear', 'givenUp gear']);
    drag.release();
    expect(session.sentOps).toEqual([]);
  });

  it('puts the part back and says who has it now when its lease goes to somebody else on the way', async () => {
    const drag = begin([gear]);
    await settled();
    drag.moveTo(up);
    session.held.set(new Map());
    session.holdAs(1, gear);
    expect(drag.isOver).toBe(true);
    expect(world.poseInRoom(gear).position[1]).toBe(0);
    drag.moveTo(up);
    drag.release();
    expect(world.poseInRoom(gear).position[1]).toBe(0);
    expect(session.sentOps).toEqual([]);
    expect(hints).toEqual(['Your hold on this part ended: it is back in its place']);
  });

  it('says who took it when the server gives the part to another in one step', async () => {
    const drag = begin([gear]);
    await settled();
    drag.moveTo(up);
    session.holdAs(1, gear);
    expect(drag.isOver).toBe(true);
    expect(hints).toEqual(['Grace is holding this part']);
  });

  it('puts the part back and says so when the connection is lost on the way', async () => {
    const drag = begin([gear]);
    await settled();
    drag.moveTo(up);
    session.connection.set({ state: 'reconnecting', attempt: 1 });
    expect(drag.isOver).toBe(true);
    expect(world.poseInRoom(gear).position[1]).toBe(0);
    drag.release();
    expect(session.sentOps).toEqual([]);
    expect(hints).toEqual(['The connection was lost: the part is back in its place']);
  });

  it('moves the part without a connection too, and keeps the move for the return', async () => {
    session.connection.set({ state: 'reconnecting', attempt: 1 });
    const away = problem('room', 'offline', 'The connection is away just now.');
    session.hold = async () => ({ ok: false, problem: away });
    const drag = begin([gear]);
    drag.moveTo(up);
    await settled();
    drag.moveTo(up);
    session.connection.set({ state: 'live' });
    expect(drag.isOver).toBe(false);
    drag.release();
    expect(session.sentOps.map(({ type }) => type)).toEqual(['part.move']);
    expect(partOf(session.document.get(), gear)!.poseInParent.position[1]).toBeCloseTo(0.2, 9);
    expect(hints).toEqual([]);
  });

  it('goes on when somebody else takes another part', async () => {
    const drag = begin([gear]);
    await settled();
    drag.moveTo(up);
    session.held.update((held) => new Map([...held, ['elsewhere', { ...held.get(gear)!, part: gear }]]));
    expect(drag.isOver).toBe(false);
    drag.release();
    expect(session.sentOps).toHaveLength(1);
    expect(hints).toEqual([]);
  });

  it('changes nothing when it is cancelled', async () => {
    const drag = begin([gear]);
    await settled();
    drag.moveTo(up);
    drag.cancel();
    expect(world.poseInRoom(gear).position[1]).toBe(0);
    expect(session.sentOps).toEqual([]);
    expect(session.held.get().size).toBe(0);
  });

  it('waits for the lease when the hand let go before it came', async () => {
    const drag = begin([gear]);
    drag.moveTo(up);
    drag.release();
    expect(session.sentOps).toEqual([]);
    await settled();
    expect(session.sentOps).toHaveLength(1);
  });

  it('moves a group once, not its parts again', async () => {
    const drag = begin([group, gear]);
    await settled();
    expect(drag.parts).toEqual([group]);
    drag.moveTo(up);
    drag.release();
    expect(world.poseInRoom(gear).position).toEqual([1, 0.2, 0]);
  });
});
