import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WorkhallError } from '#protocol/errors';
import type { Procedure } from '#protocol/procedures/index';
import { aProcedure, aStep, en } from '../../../../test/support/procedures.ts';
import { ProcedureDraft, type DraftServer } from './draft.ts';

const QUICK = { saveAfterMs: 1, retryAfterMs: 5, joinWithinMs: 1000 };
const titled = (title: string) => (procedure: Procedure) => ({ ...procedure, title: en(title) });

/** A hall that keeps one draft, and can be away. */
class Hall implements DraftServer {
  version = 1;
  procedure = aProcedure([aStep('a')]);
  isAway = false;

  async save(version: number, procedure: Procedure) {
    if (this.isAway) throw new WorkhallError('net', 'unreachable', 'away', { status: 503 });
    if (version !== this.version) throw new WorkhallError('procedures', 'stale', 'stale', { status: 409 });
    this.procedure = procedure;
    return { version: ++this.version };
  }

  async read() {
    return { version: this.version, procedure: this.procedure };
  }
}

function shelf() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    kept,
  };
}

const open = (hall: Hall, place = shelf(), nowMs = () => 0) => {
  const draft = new ProcedureDraft('p', hall, hall, place, { ...QUICK, nowMs });
  draft.open();
  return draft;
};

async function settled(draft: ProcedureDraft, kind: string): Promise<void> {
  for (let wait = 0; wait < 400 && draft.state.get().saving.kind !== kind; wait++) await sleep(2);
  expect(draft.state.get().saving.kind).toBe(kind);
}

describe('a draft', () => {
  it('is on the hall a moment after an edit, and no longer on the shelf', async () => {
    const [hall, place] = [new Hall(), shelf()];
    const draft = open(hall, place);
    draft.edit(titled('one'));
    expect(place.kept.size).toBe(1);
    await settled(draft, 'saved');
    expect(hall.procedure.title).toEqual(en('one'));
    expect(place.kept.size).toBe(0);
    draft.close();
  });

  it('waits out a lost line, over a reload too', async () => {
    const [hall, place] = [new Hall(), shelf()];
    hall.isAway = true;
    const before = open(hall, place);
    before.edit(titled('offline'));
    await settled(before, 'offline');
    before.close();
    hall.isAway = false;
    const after = open(hall, place);
    expect(after.state.get().procedure.title).toEqual(en('offline'));
    await settled(after, 'saved');
    expect(hall.procedure.title).toEqual(en('offline'));
    after.close();
  });

  it('does not write over what somebody else saved, until its author has chosen', async () => {
    const hall = new Hall();
    const draft = open(hall);
    await hall.save(1, titled('theirs')(hall.procedure));
    draft.edit(titled('mine'));
    await settled(draft, 'conflict');
    expect(hall.procedure.title).toEqual(en('theirs'));
    draft.edit(titled('still mine'));
    await sleep(20);
    expect(hall.procedure.title).toEqual(en('theirs'));
    draft.settle('mine');
    await settled(draft, 'saved');
    expect(hall.procedure.title).toEqual(en('still mine'));
    draft.close();
  });

  it('gives mine back by undo after theirs was taken', async () => {
    const hall = new Hall();
    const draft = open(hall);
    await hall.save(1, titled('theirs')(hall.procedure));
    draft.edit(titled('mine'));
    await settled(draft, 'conflict');
    draft.settle('theirs');
    expect(draft.state.get().procedure.title).toEqual(en('theirs'));
    draft.undo();
    expect(draft.state.get().procedure.title).toEqual(en('mine'));
    draft.close();
  });

  it('undoes a typed sentence as one step, and two fields as two', () => {
    let nowMs = 0;
    const draft = open(new Hall(), shelf(), () => nowMs);
    for (const words of ['P', 'Pu', 'Put']) draft.edit(titled(words), 'title');
    draft.edit((one) => ({ ...one, description: en('d') }), 'description');
    draft.undo();
    expect(draft.state.get().procedure.title).toEqual(en('Put'));
    draft.undo();
    expect(draft.state.get()).toMatchObject({ canUndo: false, canRedo: true });
    draft.redo();
    expect(draft.state.get().procedure.title).toEqual(en('Put'));
    nowMs = 5000;
    draft.edit(titled('later'), 'title');
    draft.undo();
    expect(draft.state.get().procedure.title).toEqual(en('Put'));
    draft.close();
  });
});
