import fc from 'fast-check';
import {
  childrenOf,
  commentsOf,
  DESIGN_OPS,
  initialShape,
  partsOf,
  type DesignOpType,
  type Part,
} from '#protocol/design/index';
import { historyOf, type Document } from '#protocol/document/index';
import type { PartId } from '#protocol/ids';
import type { Quat } from '#protocol/spatial/index';

/** A small deterministic random source: the same seed gives the same session again. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** 0 <= x < 1 (xorshift32). */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state / 2 ** 32;
  }

  upTo(n: number): number {
    return Math.floor(this.next() * n);
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[this.upTo(list.length)];
  }
}

const ROTATIONS: Quat[] = [
  [0, 0, 0, 1],
  [0, 1, 0, 0],
  [0, Math.SQRT1_2, 0, Math.SQRT1_2],
];

export function newPart(id: string, parent: PartId | null, dice: Dice): Part {
  const kind = dice.pick(['box', 'cylinder', 'plate', null] as const)!;
  return {
    id: id as PartId,
    parent,
    name: `Part ${id}`,
    order: `a${dice.upTo(10)}`,
    poseInParent: { position: [dice.upTo(10), dice.upTo(10) / 4, -dice.upTo(10)], rotation: dice.pick(ROTATIONS)! },
    hidden: false,
    material: { preset: 'steel', color: '#aabbcc' },
    shape: kind && initialShape(kind),
  };
}

/** A plausible next op for this document: mostly sensible, sometimes about things that are gone or impossible. */
export function nextOp(
  document: Document,
  author: string,
  dice: Dice,
  newId: () => string,
): { type: DesignOpType; payload: unknown } {
  const parts = [...partsOf(document).values()];
  const comments = [...commentsOf(document).values()];
  const part = dice.next() < 0.95 ? dice.pick(parts) : undefined;
  const partId = part?.id ?? ('gone' as PartId);
  const groups = parts.filter(({ shape }) => shape === null);
  const pose = {
    position: [dice.upTo(100) / 8, 0.5, -dice.upTo(8)] as [number, number, number],
    rotation: dice.pick(ROTATIONS)!,
  };
  const type = dice.pick(OP_MIX)!;
  const payloads: Partial<Record<DesignOpType, () => unknown>> = {
    'parts.add': () => {
      const first = newPart(newId(), dice.next() < 0.5 ? (dice.pick(groups)?.id ?? null) : null, dice);
      return { parts: [first, ...(first.shape ? [] : [newPart(newId(), first.id, dice)])] };
    },
    'parts.delete': () => ({ ids: [partId] }),
    'part.move': () => ({ moves: [{ id: partId, poseInParent: pose }] }),
    'part.place': () => ({
      id: partId,
      parent: dice.pick(groups)?.id ?? null,
      order: `b${dice.upTo(9)}`,
      poseInParent: pose,
    }),
    'part.rename': () => ({ id: partId, name: `Name ${dice.upTo(1000)}` }),
    'part.setMaterial': () => ({ ids: [partId], material: { preset: 'brass', color: '#c8a04a' } }),
    'part.setHidden': () => ({ ids: [partId], hidden: dice.next() < 0.5 }),
    'part.setDimensions': () => ({ id: partId, dimensions: { heightM: dice.upTo(50) / 100 } }),
    'comment.add': () => ({
      id: newId(),
      anchor: { part: partId, face: dice.upTo(5), pointInPart: [0, 0, 0], normalInPart: [0, 1, 0] },
      text: `Note ${dice.upTo(99)}`,
    }),
    'comment.reply': () => ({ id: dice.pick(comments)?.id ?? 'gone', reply: newId(), text: 'Reply' }),
    'comment.resolve': () => ({ id: dice.pick(comments)?.id ?? 'gone', resolved: dice.next() < 0.5 }),
    'comment.delete': () => ({ id: dice.pick(comments)?.id ?? 'gone' }),
    'history.undo': () => ({ target: historyOf(document, author).undo.last()?.target ?? 'nothing' }),
    'history.redo': () => ({ target: historyOf(document, author).redo.last()?.target ?? 'nothing' }),
  };
  return { type, payload: payloads[type]!() };
}

const OP_MIX: DesignOpType[] = [
  'parts.add',
  'parts.add',
  'parts.add',
  'parts.delete',
  'part.move',
  'part.move',
  'part.move',
  'part.place',
  'part.rename',
  'part.setMaterial',
  'part.setHidden',
  'part.setDimensions',
  'comment.add',
  'comment.reply',
  'comment.resolve',
  'comment.delete',
  'history.undo',
  'history.undo',
  'history.redo',
];

/** Any op type with any JSON-like payload: what a hostile client may send. */
export const hostileOp = fc.record({
  type: fc.oneof(fc.constantFrom(...(Object.keys(DESIGN_OPS) as string[])), fc.string({ maxLength: 20 })),
  payload: fc.oneof(fc.jsonValue(), fc.anything({ withBigInt: false, withDate: true })),
});

/** Every part hangs on a group that is there, no cycles: what any sequence of ops must keep. */
export function assertTree(document: Document): void {
  const parts = partsOf(document);
  const reached = new Set<string>();
  const walk = (parent: PartId | null, depth: number): void => {
    if (depth > 70) throw new Error('a tree deeper than allowed');
    for (const part of childrenOf(document, parent)) {
      if (reached.has(part.id)) throw new Error(`part ${part.id} reached twice`);
      reached.add(part.id);
      walk(part.id, depth + 1);
    }
  };
  walk(null, 0);
  if (reached.size !== parts.size) throw new Error(`${parts.size - reached.size} parts hang on nothing`);
}
