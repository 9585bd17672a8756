import { advance, openJournal, sealEntry } from '#protocol/journal/index';
import { ROOM_MODELS } from '#protocol/journal/models';
import type { Author, Entry, JournalState } from '#protocol/journal/index';
import { GENESIS_TYPE } from '#protocol/journal/index';
import { OpId, RoomId } from '#protocol/ids';
import { Dice, nextOp } from './design-arbitraries.ts';

/** A sealed journal that people write by a seed: the same seed, the same entries. */
export class GrowingJournal {
  readonly blocks: Uint8Array[] = [];
  /** The state after entry 0. */
  readonly begin: JournalState;
  readonly #dice: Dice;
  #state: JournalState;
  #ids = 0;

  constructor(
    private readonly seed: number,
    private readonly authors: readonly [Author, ...Author[]],
    parent?: JournalState,
  ) {
    this.#dice = new Dice(seed + 1);
    const fork = parent && { room: RoomId.parse('parent'), head: parent.head, length: parent.length };
    const first = sealEntry({
      ...this.#frame(0),
      prev: null,
      author: authors[0],
      type: GENESIS_TYPE,
      payload: { kind: 'design', purpose: fork ? 'submission' : 'project', title: 'Pump', ...(fork ? { fork } : {}) },
    });
    const opened = openJournal(first, parent?.document ?? null, ROOM_MODELS);
    if (!opened.ok) throw new Error(opened.problem.message);
    this.begin = this.#state = opened.state;
    this.blocks.push(first.bytes);
  }

  get state(): JournalState {
    return this.#state;
  }

  /** So many entries more. What the reducer refuses is not counted. */
  grow(count: number): this {
    for (let left = count; left > 0;) {
      const { document, length, head } = this.#state;
      const author = this.#dice.pick(this.authors)!;
      const op = nextOp(document, author.id, this.#dice, () => `n${this.seed}-${(this.#ids += 1)}`);
      const valid = ROOM_MODELS.design.validate(op.type, op.payload);
      if (!valid.ok) continue;
      const stored = sealEntry({ ...this.#frame(length), prev: head, author, type: op.type, payload: valid.payload });
      const next = advance(this.#state, stored, ROOM_MODELS);
      if (!next.ok) continue;
      this.#state = next.state;
      this.blocks.push(stored.bytes);
      left--;
    }
    return this;
  }

  #frame(seq: number): Pick<Entry, 'v' | 'room' | 'seq' | 'id' | 'at'> {
    const at = Date.UTC(2026, 10, 20, 8) + seq * 45_000;
    return { v: 1, room: RoomId.parse('grown'), seq, id: OpId.parse(`op-${this.seed}-${seq}`), at };
  }
}
