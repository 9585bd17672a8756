import { initialShape, partsOf } from '#protocol/design/index';
import { EMPTY_DOCUMENT, stateHash, type Document } from '#protocol/document/index';
import type { Author } from '#protocol/journal/index';
import { ROOM_MODELS } from '#protocol/journal/models';
import { ClientId, OpId, PartId, UserId } from '#protocol/ids';
import { solid } from '../../support/people.ts';
import { percentile, type Figure, type Part } from '../figures.ts';

const PARTS = 10_000;
const OPS = 20_000;
const MODEL = ROOM_MODELS.design;
const ANN: Author = { id: UserId.parse('ann'), name: 'Ann' };

/** What the reducer costs in a large document, and whether the cost grows with it. */
export const opCost: Part = {
  name: 'op-cost',
  measure(): Promise<Figure[]> {
    const small = perOp(documentOf(100));
    const large = perOp(documentOf(PARTS));
    const figures: Figure[] = [
      {
        name: `one op in a document of ${PARTS} parts, applied and hashed`,
        measured: large.microseconds / 1000,
        unit: 'ms',
        target: 0.02,
        note: `${OPS} moves of random parts, mean; median of 200 slices ${large.medianMicroseconds.toFixed(1)} us`,
      },
      {
        name: 'the same against a document of 100 parts',
        measured: large.microseconds / small.microseconds,
        unit: 'count',
        note: 'times: what grows with the document',
      },
    ];
    return Promise.resolve(figures);
  },
};

function documentOf(count: number): Document {
  let document: Document = EMPTY_DOCUMENT;
  for (let from = 0; from < count; from += 500) {
    const parts = Array.from({ length: Math.min(500, count - from) }, (_, i) =>
      solid(`part-${from + i}`, 'box', { shape: initialShape('box') }),
    );
    document = apply(document, from, 'parts.add', { parts });
  }
  if (partsOf(document).size !== count) throw new Error('The document is not what it should be');
  return document;
}

function perOp(start: Document): { microseconds: number; medianMicroseconds: number } {
  const count = partsOf(start).size;
  let document = start;
  const slices: number[] = [];
  const run = (ops: number, isMeasured: boolean) => {
    const sliceMs = performance.now();
    for (let i = 0; i < ops; i++) {
      const id = PartId.parse(`part-${(i * 7919) % count}`);
      const poseInParent = { position: [i % 13, 0, i % 7], rotation: [0, 0, 0, 1] };
      document = apply(document, count + i, 'part.move', { moves: [{ id, poseInParent }] });
      // The hash is asked for as a revision would; it is kept incrementally.
      if (i % 100 === 99) stateHash(document);
    }
    if (isMeasured) slices.push(((performance.now() - sliceMs) * 1000) / ops);
  };
  run(5_000, false);
  const startMs = performance.now();
  for (let slice = 0; slice < 200; slice++) run(OPS / 200, true);
  return {
    microseconds: ((performance.now() - startMs) * 1000) / OPS,
    medianMicroseconds: percentile(slices, 0.5),
  };
}

function apply(document: Document, n: number, type: string, payload: unknown): Document {
  const op = { id: OpId.parse(`op-${n}`), type, payload, author: ANN, at: n, session: ClientId.parse('bench') };
  const applied = MODEL.apply(document, op);
  if (!applied.ok) throw new Error(applied.problem.message);
  return applied.document;
}
