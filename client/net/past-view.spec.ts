import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { applyChanges, stateHash, type Change, type Document } from '#protocol/document/index';
import { UserId } from '#protocol/ids';
import { advance, decodeSnapshot, encodeSnapshot, openEntry, type JournalState } from '#protocol/journal/index';
import { ROOM_MODELS } from '#protocol/journal/models';
import { GrowingJournal } from '../../test/support/growing-journal.ts';
import { LocalSession } from '../../test/support/local-session.ts';
import { withPast } from './past-session.ts';
import { KEEP_EVERY, Timeline } from './past-timeline.ts';
import { PastView, type JournalSource } from './past-view.ts';
import { Store } from './store.ts';

const ann = { id: UserId.parse('ann'), name: 'Ann' };
const ben = { id: UserId.parse('ben'), name: 'Ben' };
const FUZZ_RUNS = Number(import.meta.env['FUZZ_RUNS'] ?? 25);

/** What a straight replay from the first entry gives, after each entry. */
function straight(journal: GrowingJournal): Document[] {
  let state: JournalState = journal.begin;
  return journal.blocks.map((bytes, seq) => {
    if (seq > 0) {
      const next = advance(state, openEntry(bytes), ROOM_MODELS);
      if (!next.ok) throw new Error(next.problem.message);
      state = next.state;
    }
    return state.document;
  });
}

const sourceOf = (journal: GrowingJournal, page = 40): JournalSource & { asked: number } => ({
  asked: 0,
  async entries(from, limit) {
    this.asked++;
    return journal.blocks.slice(from, from + Math.min(limit, page));
  },
  begin: async () => journal.begin,
});

/** A view on a journal, and what it shows. */
function viewOf(journal: GrowingJournal) {
  const length = new Store(journal.blocks.length);
  const shown: { now: Document | null } = { now: null };
  const view = new PastView(sourceOf(journal), length, (document) => (shown.now = document));
  return { view, shown, length };
}

describe('the timeline of a journal', () => {
  it('shows at every stop of any walk what a straight replay to that entry gives', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), (seed, walk) => {
        const journal = new GrowingJournal(seed, [ann, ben]).grow(KEEP_EVERY * 4 + (seed % KEEP_EVERY));
        const truth = straight(journal);
        const timeline = new Timeline(journal.blocks[0]!, journal.begin);
        timeline.add(journal.blocks.slice(1));
        while (timeline.work(() => true));
        for (const stop of walk) {
          const seq = stop % truth.length;
          expect(stateHash(timeline.stateAt(seq).document)).toBe(stateHash(truth[seq]!));
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('refuses entries that do not follow, and says which', () => {
    const journal = new GrowingJournal(7, [ann]).grow(20);
    const other = new GrowingJournal(8, [ann]).grow(20);
    const timeline = new Timeline(journal.blocks[0]!, journal.begin);
    timeline.add([...journal.blocks.slice(1, 12), ...other.blocks.slice(12)]);
    expect(() => timeline.work(() => true)).toThrow(/entry 12/);
    expect(() => new Timeline(other.blocks[0]!, journal.begin)).toThrow(/how this journal begins/);
  });

  it('begins a fork with what its parent had', () => {
    const parent = new GrowingJournal(3, [ann]).grow(30);
    const fork = new GrowingJournal(4, [ben], parent.state).grow(30);
    const begin = decodeSnapshot(encodeSnapshot(fork.begin));
    const timeline = new Timeline(fork.blocks[0]!, begin);
    timeline.add(fork.blocks.slice(1));
    while (timeline.work(() => true));
    expect(stateHash(timeline.stateAt(fork.blocks.length - 1).document)).toBe(stateHash(fork.state.document));
    expect(timeline.stateAt(0).document.tables.get('parts')?.size).toBe(
      parent.state.document.tables.get('parts')?.size,
    );
  });
});

describe('a look at the past', () => {
  let journal: GrowingJournal;
  beforeEach(() => {
    journal = new GrowingJournal(11, [ann, ben]).grow(150);
  });

  it('goes to a moment that is not read yet, shows it when it is there, and comes back', async () => {
    const { view, shown } = viewOf(journal);
    view.seek(120);
    expect(view.state.get()).toMatchObject({ seq: null, wanted: 120 });
    view.seek(90); // while it is on its way
    await view.prepare();
    expect(stateHash(shown.now!)).toBe(stateHash(straight(journal)[90]!));
    view.step(-1);
    expect(view.state.get()).toMatchObject({ seq: 89, wanted: 89 });
    view.seek(journal.blocks.length - 1);
    expect(view.state.get().seq).toBeNull();
    expect(shown.now).toBeNull();
  });

  it('counts what others do meanwhile, and reaches it too', async () => {
    const { view, shown, length } = viewOf(journal);
    view.seek(10);
    await view.prepare();
    journal.grow(12);
    length.set(journal.blocks.length);
    expect(view.state.get()).toMatchObject({ news: 12, total: journal.blocks.length, seq: 10 });
    await view.prepare();
    view.seek(journal.blocks.length - 4);
    expect(stateHash(shown.now!)).toBe(stateHash(straight(journal).at(-4)!));
    view.backToNow();
    expect(view.state.get()).toMatchObject({ news: 0, seq: null });
  });

  it('plays every step in order until it is now', async () => {
    const { view } = viewOf(journal);
    await view.prepare();
    view.seek(journal.blocks.length - 20);
    const seen: number[] = [];
    view.state.subscribe(() => seen.push(view.state.get().seq ?? Infinity));
    view.play(40);
    await expect.poll(() => view.state.get().seq, { timeout: 5_000 }).toBeNull();
    expect(view.state.get().speed).toBeNull();
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it('says why the history cannot be read, and reads on when it can', async () => {
    const source = sourceOf(journal);
    let isAway = true;
    const view = new PastView(
      {
        ...source,
        entries: (from, limit) => (isAway ? Promise.reject(new Error('away')) : source.entries(from, limit)),
      },
      new Store(journal.blocks.length),
      () => undefined,
    );
    view.seek(5);
    await view.prepare();
    expect(view.state.get().failure).not.toBeNull();
    isAway = false;
    await view.prepare();
    expect(view.state.get()).toMatchObject({ failure: null, seq: 5 });
  });

  it('replays in slices: other work gets its turn while a long history is read', async () => {
    const long = new GrowingJournal(5, [ann, ben]).grow(2_000);
    const { view } = viewOf(long);
    let turns = 0;
    let isDone = false;
    const others = (async () => {
      for (; !isDone; turns++) await new Promise((resolve) => setTimeout(resolve));
    })();
    await view.prepare();
    isDone = true;
    await others;
    expect(view.state.get().replayed).toBe(long.blocks.length);
    // Some 200 ms of work in slices of 8 ms; in one piece the others would get one turn, on any machine.
    expect(turns).toBeGreaterThan(3);
  });
});

describe('a room that is shown as it was', () => {
  /** A live room on a journal, with its scene: the rows that changes add up to. */
  async function open(seed: number) {
    const journal = new GrowingJournal(seed, [ann, ben]).grow(80);
    const live = new LocalSession([{ name: 'Ann', role: 'owner' }]);
    live.document.set(journal.state.document);
    live.opened = journal.blocks.length;
    live.length.set(live.opened);
    const shown = withPast(live, sourceOf(journal));
    let scene = shown.document.get();
    shown.onChanges((changes: readonly Change[]) => (scene = applyChanges(scene, changes)));
    await shown.past.prepare();
    return { journal, live, shown, scene: () => scene };
  }

  it('leaves the live state alone: after any walk the scene is the live one again, to the hash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1e5), fc.array(fc.nat(), { maxLength: 12 }), async (seed, walk) => {
        const { journal, live, shown, scene } = await open(seed);
        const before = stateHash(live.document.get());
        const truth = straight(journal);
        for (const stop of walk) {
          shown.past.seek(stop % (truth.length - 1));
          expect(stateHash(scene())).toBe(stateHash(truth[stop % (truth.length - 1)]!));
        }
        shown.past.backToNow();
        expect(shown.document.get()).toBe(live.document.get());
        expect(stateHash(scene())).toBe(before);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('shows nothing of what others do until now is back, and then all of it', async () => {
    const { live, shown, scene } = await open(21);
    const part = [...live.document.get().tables.get('parts')!.keys()][0]!;
    shown.past.seek(40);
    const then = stateHash(scene());
    live.as(0, 'part.rename', { id: part as never, name: 'While away' });
    expect(stateHash(scene())).toBe(then);
    expect(shown.document.get().tables.get('parts')?.get(part)?.['name']).not.toBe('While away');
    shown.past.backToNow();
    expect(scene().tables.get('parts')?.get(part)?.['name']).toBe('While away');
    expect(stateHash(scene())).toBe(stateHash(live.document.get()));
  });

  it('lets work that was begun before end in the live room, and shows it when now is back', async () => {
    const { shown, scene } = await open(23);
    shown.past.seek(40);
    const part = [...shown.live.document.get().tables.get('parts')!.keys()][0]! as never;
    expect(shown.live.submit('part.rename', { id: part, name: 'Imported meanwhile' })).toHaveProperty('id');
    expect(shown.past.state.get().news).toBe(1);
    shown.past.backToNow();
    expect(scene().tables.get('parts')?.get(part)?.['name']).toBe('Imported meanwhile');
  });

  it('refuses every edit in the past with the reason, and takes them again afterwards', async () => {
    const { live, shown } = await open(22);
    const part = [...live.document.get().tables.get('parts')!.keys()][0]! as never;
    const heard: string[] = [];
    shown.onReject(({ key }) => heard.push(key));
    shown.past.seek(40);
    const before = live.document.get();
    expect(shown.submit('part.rename', { id: part, name: 'No' })).toMatchObject({
      problem: { key: 'looking_at_the_past' },
    });
    expect(await shown.hold([part])).toMatchObject({ ok: false, problem: { key: 'looking_at_the_past' } });
    shown.undo();
    shown.redo();
    expect(heard).toEqual(['looking_at_the_past', 'looking_at_the_past']);
    expect(live.document.get()).toBe(before);
    expect(shown.undoable.get()).toBeNull();
    shown.past.backToNow();
    expect(shown.submit('part.rename', { id: part, name: 'Yes' })).toHaveProperty('id');
    expect(shown.undoable.get()).toBe('part.rename');
  });
});
