import { describe, expect, it } from 'vitest';
import { OpId, UserId } from '#protocol/ids';
import { historyLines, makersOf, type HistoryEntry } from './history-lines.ts';

const anna = { id: UserId.parse('anna'), name: 'Anna' };
const ben = { id: UserId.parse('ben'), name: 'Ben' };
let seq = 0;
const entry = (
  author: typeof anna,
  type: string,
  payload: unknown,
  rest: Partial<HistoryEntry> = {},
): HistoryEntry => ({
  seq: ++seq,
  at: seq * 1000,
  author,
  type,
  payload,
  ...rest,
});
const read = (entries: HistoryEntry[]) =>
  historyLines(entries, () => undefined).map(({ author, text, name, count }) =>
    `${author} ${text} ${count} ${name}`.trim(),
  );

describe('history in plain words', () => {
  it('names the part, newest first, also when it has been deleted since', () => {
    expect(
      read([
        entry(anna, 'parts.add', { parts: [{ id: 'p1', name: 'Shaft' }] }),
        entry(ben, 'part.rename', { id: 'p1', name: 'Long shaft' }),
        entry(ben, 'parts.delete', { ids: ['p1'] }),
      ]),
    ).toEqual(['Ben did_delete 1 Long shaft', 'Ben did_rename 1 Long shaft', 'Anna did_add 1 Shaft']);
  });

  it('tells a series of moves of the same part as one act, and those of two people apart', () => {
    const move = (author: typeof anna) => entry(author, 'part.move', { moves: [{ id: 'p1' }] });
    expect(read([move(anna), move(anna), move(ben), move(anna)])).toHaveLength(3);
  });

  it('counts parts as the list of parts does: what only holds others is none', () => {
    const parts = [
      { id: 'g', name: 'Gearbox', shape: null },
      { id: 'a', name: 'A' },
      { id: 'b', name: 'B' },
    ];
    expect(read([entry(anna, 'parts.add', { parts })])).toEqual(['Anna did_addMany 2 Gearbox']);
    expect(read([entry(anna, 'parts.add', { parts: parts.slice(0, 1) })])).toEqual(['Anna did_add 1 Gearbox']);
  });

  it('counts the parts of one gesture that went in several entries', () => {
    const group = OpId.parse('import');
    expect(
      read([
        entry(
          anna,
          'parts.add',
          {
            parts: [
              { id: 'a', name: 'A' },
              { id: 'b', name: 'B' },
            ],
          },
          { group },
        ),
        entry(anna, 'parts.add', { parts: [{ id: 'c', name: 'C' }] }, { group }),
      ]),
    ).toEqual(['Anna did_addMany 3 A']);
  });

  it('says show and reopen where the same op hides and resolves', () => {
    expect(
      read([
        entry(anna, 'part.setHidden', { ids: ['p1'], hidden: false }),
        entry(anna, 'comment.resolve', { id: 'c', resolved: false }),
      ]),
    ).toEqual(['Anna did_reopen 0', 'Anna did_show 1']);
  });

  it('knows who made a part and who changed it last', () => {
    const entries = [
      entry(anna, 'parts.add', { parts: [{ id: 'p1', name: 'Shaft' }] }),
      entry(ben, 'part.move', { moves: [{ id: 'p1' }] }),
      entry(anna, 'part.move', { moves: [{ id: 'p2' }] }),
    ];
    expect(makersOf(entries, 'p1')).toMatchObject({ madeBy: { author: 'Anna' }, changedBy: { author: 'Ben' } });
  });
});
