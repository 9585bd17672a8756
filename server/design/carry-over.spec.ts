import { describe, expect, test } from 'vitest';
import { partsOf, initialShape, type DesignOpType, type DesignPayload, type Part } from '#protocol/design/index';
import { stateHash, type Document } from '#protocol/document/index';
import { CommentId, OpId, PartId, RoomId, UserId } from '#protocol/ids';
import { advance, openJournal, sealEntry, type JournalState, type StoredEntry } from '#protocol/journal/index';
import { ROOM_MODELS } from '#protocol/journal/models';
import { carryOver, type CarriedOp } from './carry-over.ts';

const at = (x: number) => ({
  position: [x, 0, 0] as [number, number, number],
  rotation: [0, 0, 0, 1] as [number, number, number, number],
});
const part = (id: string, parent: string | null = null): Part => ({
  id: PartId.parse(id),
  parent: parent === null ? null : PartId.parse(parent),
  name: id,
  order: 'a0',
  poseInParent: at(0),
  hidden: false,
  material: { preset: 'steel', color: '#808488' },
  shape: initialShape('box'),
});
const id = (text: string) => PartId.parse(text);
const people = { lin: { id: UserId.parse('lin'), name: 'Lin' }, mateo: { id: UserId.parse('mateo'), name: 'Mateo' } };

/** A journal written by hand, on the real reducer. */
class Written {
  readonly entries: StoredEntry[] = [];
  state: JournalState;

  constructor(room: string, parent: Document | null = null) {
    const genesis = { kind: 'design', purpose: 'submission', title: 'x' };
    const first = sealEntry({
      v: 1,
      room: RoomId.parse(room),
      seq: 0,
      prev: null,
      id: OpId.parse('open'),
      author: people.lin,
      at: 1,
      type: 'room.opened',
      payload: genesis,
    });
    const opened = openJournal(first, parent, ROOM_MODELS);
    if (!opened.ok) throw new Error(opened.problem.message);
    this.state = opened.state;
  }

  write<T extends DesignOpType>(
    by: keyof typeof people,
    opId: string,
    type: T,
    payload: DesignPayload<T>,
    group?: string,
  ): this {
    const refused = this.tryWrite(people[by], opId, type, payload, group);
    if (refused) throw new Error(refused);
    return this;
  }

  tryWrite(
    author: { id: UserId; name: string },
    opId: string,
    type: string,
    payload: unknown,
    group?: string,
  ): string | null {
    const { length, head } = this.state;
    const entry = sealEntry({
      v: 1,
      room: RoomId.parse('room'),
      seq: length,
      prev: head,
      id: OpId.parse(opId),
      author,
      at: length + 1,
      type,
      payload,
      ...(group ? { group: OpId.parse(group) } : {}),
    });
    const next = advance(this.state, entry, ROOM_MODELS);
    if (!next.ok) return next.problem.key;
    this.state = next.state;
    this.entries.push(entry);
    return null;
  }

  take(carried: readonly CarriedOp[]): string[] {
    return carried
      .map(({ author, op }) => this.tryWrite(author, op.id, op.type, op.payload, op.group))
      .filter((refused) => refused !== null);
  }
}

const reference = () =>
  new Written('reference').write('lin', 'r1', 'parts.add', { parts: [part('plate'), part('wheel')] });
const move = (x: number, of = 'wheel') => ({ moves: [{ id: id(of), poseInParent: at(x) }] });

describe('what a submission brings into its project', () => {
  test('is what was built, by whoever built it, with the address where it was written first', () => {
    const base = reference().state.document;
    const submission = new Written('submission', base)
      .write('lin', 's1', 'part.move', move(1))
      .write('mateo', 's2', 'comment.add', {
        id: CommentId.parse('c'),
        text: 'nice',
        anchor: { part: id('wheel'), face: null, pointInPart: [0, 0, 0], normalInPart: [0, 1, 0] },
      })
      .write('mateo', 's3', 'part.rename', { id: id('wheel'), name: 'Sun wheel' });
    const carried = carryOver(submission.entries, base, submission.state.document);
    expect(carried.map(({ author, op }) => `${author.name} ${op.type}`)).toEqual([
      'Lin part.move',
      'Mateo part.rename',
    ]);
    expect(carried[0]!.via.cid).toEqual(submission.entries[0]!.cid);
    const project = reference();
    expect(project.take(carried)).toEqual([]);
    expect(partsOf(project.state.document).get('wheel')).toMatchObject({ name: 'Sun wheel', poseInParent: at(1) });
  });

  test('leaves out what was taken back, so nothing is told as lost that nobody wanted', () => {
    const base = reference().state.document;
    const submission = new Written('submission', base)
      .write('lin', 's1', 'part.move', move(5, 'plate'))
      .write('lin', 's2', 'history.undo', { target: OpId.parse('s1') })
      .write('lin', 's3', 'part.move', move(2));
    const project = reference().write('mateo', 'p1', 'parts.delete', { ids: [id('plate')] });
    const carried = carryOver(submission.entries, base, submission.state.document);
    expect(carried.map(({ op }) => op.type)).toEqual(['part.move']);
    expect(project.take(carried)).toEqual([]);
    expect(partsOf(project.state.document).get('wheel')!.poseInParent).toEqual(at(2));
  });

  test('keeps what was done again, and whole gestures together', () => {
    const base = reference().state.document;
    const submission = new Written('submission', base)
      .write('lin', 's1', 'parts.add', { parts: [part('a')] }, 'paste')
      .write('lin', 's2', 'parts.add', { parts: [part('b')] }, 'paste')
      .write('lin', 's3', 'history.undo', { target: OpId.parse('paste') })
      .write('lin', 's4', 'history.redo', { target: OpId.parse('paste') });
    const project = reference();
    const carried = carryOver(submission.entries, base, submission.state.document);
    expect(carried).toHaveLength(2);
    expect(carried[0]!.op.group).toBe(carried[1]!.op.group);
    expect(project.take(carried)).toEqual([]);
    expect(stateHash(project.state.document)).toBe(stateHash(submission.state.document));
  });

  test('is not confused by comments that were taken back in between', () => {
    const base = reference().state.document;
    const submission = new Written('submission', base)
      .write('lin', 's1', 'part.move', move(1))
      .write('lin', 's2', 'comment.add', {
        id: CommentId.parse('c'),
        text: 'hm',
        anchor: { part: id('wheel'), face: null, pointInPart: [0, 0, 0], normalInPart: [0, 1, 0] },
      })
      .write('lin', 's3', 'history.undo', { target: OpId.parse('s2') });
    expect(carryOver(submission.entries, base, submission.state.document).map(({ op }) => op.type)).toEqual([
      'part.move',
    ]);
  });

  test('goes over with its history where leaving steps out would give another design', () => {
    const base = reference().state.document;
    // Mateo put the wheel where it was already; Lin's undo then takes it away again under him.
    const submission = new Written('submission', base)
      .write('lin', 's1', 'part.move', move(3))
      .write('mateo', 's2', 'part.move', move(3))
      .write('lin', 's3', 'history.undo', { target: OpId.parse('s1') });
    expect(partsOf(submission.state.document).get('wheel')!.poseInParent).toEqual(at(0));
    const carried = carryOver(submission.entries, base, submission.state.document);
    expect(carried.map(({ op }) => op.type)).toEqual(['part.move', 'part.move', 'history.undo']);
    const project = reference();
    expect(project.take(carried)).toEqual([]);
    expect(partsOf(project.state.document).get('wheel')!.poseInParent).toEqual(at(0));
  });

  test('is told with the reason where the project has no place for it any more, and the rest still comes', () => {
    const base = reference().state.document;
    const submission = new Written('submission', base)
      .write('lin', 's1', 'part.move', move(1))
      .write('lin', 's2', 'part.rename', { id: id('plate'), name: 'Base' });
    const project = reference().write('mateo', 'p1', 'parts.delete', { ids: [id('wheel')] });
    expect(project.take(carryOver(submission.entries, base, submission.state.document))).toEqual(['no_such_part']);
    expect(partsOf(project.state.document).get('plate')!.name).toBe('Base');
  });

  test('has ids nobody can choose, and the same ones when it is brought again', () => {
    const base = reference().state.document;
    const submission = new Written('submission', base).write('lin', 'r1', 'part.move', move(1));
    const twice = [1, 2].map(() => carryOver(submission.entries, base, submission.state.document)[0]!.op.id);
    expect(twice[0]).toBe(twice[1]);
    expect(twice[0]).not.toBe('r1');
  });
});
