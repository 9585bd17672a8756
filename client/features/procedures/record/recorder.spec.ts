import { beforeEach, describe, expect, it } from 'vitest';
import { Signal } from '#net/signal';
import type { RoomSession } from '#net/index';
import { PartId } from '#protocol/ids';
import { DEFAULT_MATERIAL, initialShape, type Part } from '#protocol/design/index';
import { check, indexOf, type Leaf } from '#protocol/procedures/index';
import type { Pose } from '#protocol/spatial/index';
import type { DragNews, Handwork } from '../../../scene/handwork.types.ts';
import { Recorder } from './recorder.ts';

const [base, lid, far] = ['base', 'lid', 'far'].map((id) => PartId.parse(id)) as [PartId, PartId, PartId];
const at = (x: number, y: number, z: number): Pose => ({ position: [x, y, z], rotation: [0, 0, 0, 1] });
const WORDS = {
  ...{ title: { en: 'Recorded' }, chapter: { en: 'Assembly' }, languages: ['en'] },
  say: (part: string, mount: string | null) => `${part} > ${mount}`,
  spokenNote: { en: 'Spoken note' },
};

let poses: Map<PartId, Pose>;
let nowMs: number;
let sent: unknown[];
let drags: Signal<[DragNews]>;
let frame: Signal<[number]>;
let recorder: Recorder;

/** Boxes of 10 cm in somebody's hands. */
beforeEach(() => {
  poses = new Map([
    [base, at(0, 0.05, 0)],
    [lid, at(0.5, 0.05, 0)],
    [far, at(3, 0.05, 0)],
  ]);
  nowMs = 1000;
  sent = [];
  drags = new Signal();
  frame = new Signal();
  const part = (id: PartId): Part => ({
    ...{ id, parent: null, name: `The ${id}`, order: 'a0', poseInParent: poses.get(id)!, hidden: false },
    ...{ material: DEFAULT_MATERIAL, shape: initialShape('box') },
  });
  const handwork: Handwork = {
    onDrag: (listener) => drags.on(listener),
    onFrame: (listener) => frame.on(listener),
    poseInRoom: (id) => poses.get(id)!,
    poseInParent: (id) => poses.get(id)!,
    carry: (id, pose) => void (pose && poses.set(id, pose)),
    standing: (id) => ({
      ...{ part: part(id), poseInRoom: poses.get(id)! },
      box: { min: [-0.05, -0.05, -0.05], max: [0.05, 0.05, 0.05] },
    }),
    shown: () => [...poses.keys()],
    withChildren: (id) => new Set([id]),
  };
  const session = { submit: (...op: unknown[]) => sent.push(op) } as unknown as RoomSession;
  recorder = new Recorder(handwork, session, () => nowMs);
});

/** One hand; `to` moves it there in half a second. */
function hand(part: PartId) {
  const drag = {};
  const tell = (kind: DragNews['kind']) => drags.emit({ kind, drag, parts: [part] });
  tell('taken');
  return {
    to(pose: Pose) {
      const from = poses.get(part)!;
      for (let step = 1; step <= 30; step++) {
        nowMs += 16;
        const position = from.position.map((value, k) => value + ((pose.position[k]! - value) * step) / 30);
        poses.set(part, { position: position as [number, number, number], rotation: pose.rotation });
        frame.emit(nowMs);
      }
      return this;
    },
    letGo: () => tell('letGo'),
    giveUp: () => tell('givenUp'),
  };
}

const placed = (step: string): Extract<Leaf, { kind: 'placed' }> => {
  const leaf = indexOf(recorder.draft(WORDS)).steps.get(step)!.leaves[0]!.leaf;
  if (leaf.kind !== 'placed') throw new Error(leaf.kind);
  return leaf;
};

describe('a recording of what hands do', () => {
  it('makes a step of each part that was put down, in what it was put onto', () => {
    hand(base)
      .to(at(1, 0.05, 0))
      .letGo();
    hand(lid)
      .to(at(1, 0.15, 0))
      .letGo();
    expect(recorder.steps.get()).toMatchObject([
      { name: 'The base', mount: null },
      { name: 'The lid', mount: 'The base' },
    ]);
    const draft = recorder.draft(WORDS);
    expect(check(draft).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(draft.workplace.things.map(({ part, poseInRoom }) => [part, poseInRoom?.position[0]])).toEqual([
      [base, 0],
      [lid, 0.5],
      [far, 3],
    ]);
    expect(placed('step-2').reference).toMatchObject({ kind: 'thing', thing: 'part-1' });
    expect(placed('step-2').target.position[1]).toBeCloseTo(0.1, 9);
    expect(draft.workplace.things[0]!.symmetry).toEqual({ kind: 'cube' });
  });

  it('knows the base in the other hand, and lets it be taken again', () => {
    const left = hand(base).to(at(0, 0.5, 0));
    const right = hand(lid).to(at(0, 0.6, 0));
    right.letGo();
    left.to(at(0.02, 0.05, 0)).letGo();
    const [first] = recorder.draft(WORDS).chapters[0]!.steps;
    expect(placed('step-1')).toMatchObject({ thing: 'part-1', reference: { thing: 'part-2' } });
    expect(first!.unlocks.things).toEqual(['part-2']);
    expect(recorder.steps.get().map(({ name }) => name)).toEqual(['The lid', 'The base']);
    // The lid went with the base, and is no step of its own.
    expect(poses.get(lid)!.position[1]).toBeCloseTo(0.15, 9);
    expect(sent).toMatchObject([['part.move', { moves: [{ id: lid }] }]]);
  });

  it('takes the last step back with its part, and forgets a drag that was given up', () => {
    hand(base)
      .to(at(1, 0.05, 0))
      .letGo();
    hand(lid)
      .to(at(2, 0.05, 0))
      .letGo();
    hand(lid)
      .to(at(2, 0.25, 0))
      .letGo();
    hand(far)
      .to(at(2.5, 0.05, 0))
      .giveUp();
    expect(recorder.steps.get()).toHaveLength(2);
    recorder.undoLast();
    expect(recorder.steps.get().map(({ part }) => part)).toEqual([base]);
    expect(sent).toEqual([['part.move', { moves: [{ id: lid, poseInParent: at(0.5, 0.05, 0) }] }]]);
  });

  it('keeps the note of each step', () => {
    hand(base)
      .to(at(1, 0.05, 0))
      .letGo();
    recorder.note(0, 'Feet down.');
    hand(lid)
      .to(at(1, 0.15, 0))
      .letGo();
    expect(recorder.draft(WORDS).chapters[0]!.steps.map(({ instruction }) => instruction)).toEqual([
      { en: 'Feet down.' },
      { en: 'The lid > The base' },
    ]);
  });

  it('keeps what was said about a step with it, also when the part is moved on meanwhile', () => {
    hand(base)
      .to(at(1, 0.05, 0))
      .letGo();
    const first = recorder.lastMove()!;
    recorder.note(0, 'Feet down.');
    hand(lid)
      .to(at(1, 0.15, 0))
      .letGo();
    const second = recorder.lastMove()!;
    hand(lid)
      .to(at(1, 0.15, 0.01))
      .letGo();
    expect([recorder.speak(first, 'one'), recorder.speak(second, 'two')]).toEqual([true, true]);
    expect(recorder.steps.get().map(({ isSpoken }) => isSpoken)).toEqual([true, true]);
    expect(recorder.spoken).toEqual(['one', 'two']);
    const cids = [
      'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
      'bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e',
    ];
    const { workplace, chapters } = recorder.draft(WORDS, new Map(['one', 'two'].map((name, n) => [name, cids[n]!])));
    expect(workplace.media.map(({ kind, cid, description }) => [kind, cid, description])).toEqual([
      ['audio', cids[0], { en: 'Feet down.' }],
      ['audio', cids[1], { en: 'Spoken note' }],
    ]);
    expect(chapters[0]!.steps.map(({ behaviours }) => behaviours.at(-1)!.kind)).toEqual(['audio', 'audio']);
  });

  it('forgets what was said about a step that was taken back', () => {
    hand(base)
      .to(at(1, 0.05, 0))
      .letGo();
    const move = recorder.lastMove()!;
    recorder.undoLast();
    expect([recorder.speak(move, 'late'), recorder.spoken]).toEqual([false, []]);
  });
});
