import { encodeBlock } from '#protocol/journal/index';
import { EMPTY_DOCUMENT, type Document } from '#protocol/document/index';
import {
  HALL_AUTHOR,
  procedureIn,
  runOf,
  stateOf,
  trainingModel,
  type TrainingPayload,
} from '#protocol/training/index';
import { beforeEach, describe, expect, it } from 'vitest';
import { GEARBOX } from '../../test/support/training.ts';
import type { OpenRoom } from '../rooms/index.ts';
import { GONE_MS, HeldThings } from './held-things.ts';

const { cid, bytes } = encodeBlock(GEARBOX);
const THING = 'foot';

let document: Document;
let present: string[];
let held: HeldThings;
let ops: number;

function put(type: string, payload: unknown, by: string): void {
  const author = { id: by, name: by };
  const applied = trainingModel.apply(document, { type, payload, author, id: `op-${ops++}`, at: 1000 + ops } as never);
  if (!applied.ok) throw new Error(applied.problem.message);
  document = applied.document;
}
const inHand = () => {
  const row = runOf(document, 'run')!;
  return stateOf(document, row, procedureIn(document, `${cid}`)!).world.held;
};

/** Ann and Ben at the gearbox, Ann with the foot in her hand. */
beforeEach(() => {
  [document, present, ops] = [EMPTY_DOCUMENT, ['ann', 'ben'], 0];
  put('training.load', { procedure: `${cid}`, part: 0, parts: 1, bytes }, HALL_AUTHOR);
  const participants = ['ann', 'ben'].map((id) => ({ id, name: id, roles: [], station: null }));
  put('run.start', { run: 'run', procedure: `${cid}`, mode: 'practice', seed: 1, participants }, 'ann');
  put('run.act', { run: 'run', act: { type: 'grabbed', by: 'ann', thing: THING } }, 'ann');
  const open = {
    journal: {
      get document() {
        return document;
      },
    },
    seats: () => present.map((user) => ({ user })),
  } as unknown as OpenRoom;
  const observe = (payload: TrainingPayload<'run.observe'>) =>
    Promise.resolve(put('run.observe', payload, HALL_AUTHOR));
  held = new HeldThings(open, observe, (thrown) => {
    throw thrown;
  });
});

describe('what somebody of a team has in hand', () => {
  it('is known to be theirs, and nobody else’s', () => {
    expect([held.isHeldBy('ann', THING), held.isHeldBy('ben', THING), held.isHeldBy('ann', 'carrier')]).toEqual([
      true,
      false,
      false,
    ]);
    put('run.act', { run: 'run', act: { type: 'released', by: 'ann', thing: THING } }, 'ann');
    expect(held.isHeldBy('ann', THING)).toBe(false);
  });

  it('stays theirs while a line drops, and is let go when they do not come back', () => {
    held.tick(10_000);
    present = ['ben'];
    held.tick(20_000);
    held.tick(20_000 + GONE_MS - 1);
    expect(inHand()).toEqual({ [THING]: 'ann' });
    present = ['ann', 'ben'];
    held.tick(20_000 + GONE_MS + 2_000);
    present = ['ben'];
    held.tick(60_000);
    held.tick(60_000 + GONE_MS - 1);
    expect(inHand()).toEqual({ [THING]: 'ann' });
    held.tick(60_000 + GONE_MS + 1_000);
    expect(inHand()).toEqual({});
    put('run.act', { run: 'run', act: { type: 'grabbed', by: 'ben', thing: THING } }, 'ben');
    expect(inHand()).toEqual({ [THING]: 'ben' });
  });

  it('stays where it is in a pause', () => {
    put('run.command', { run: 'run', command: { type: 'paused', by: 'ann' } }, 'ann');
    present = ['ben'];
    held.tick(20_000);
    held.tick(20_000 + 2 * GONE_MS);
    expect(inHand()).toEqual({ [THING]: 'ann' });
  });
});
