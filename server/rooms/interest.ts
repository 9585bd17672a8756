import {
  DOWN_HEADER_BYTES,
  encodeEntry,
  ENTRY_BODY_AT,
  glanceAt,
  isSameBody,
  writeDown,
  type Carry,
} from '#protocol/presence/index';
import { columnOf, MIDDLE_SQUARE, middleOf, rowOf, squareAt } from './squares.ts';

/** Rings of squares around one's own: near ones at every tick, then every fourth, then every twentieth, then a number. */
const NEAR_RINGS = 1;
const MIDDLE_RINGS = 2;
const FAR_RINGS = 5;
const MIDDLE_EVERY = 4;
const FAR_EVERY = 20;
/** People per tier at most; who is too many goes one tier further out. Up to `NEAR_MOST` there are no tiers at all. */
export const NEAR_MOST = 32;
const MIDDLE_MOST = 64;
const FAR_MOST = 200;
/** People who speak, point or carry something and are near to everyone, at most. */
const NOTICED_MOST = 16;
/** Who is in which tier is looked at again after so many ticks: nobody walks far in that time. */
const RANK_EVERY = 30;
/** And earlier when somebody began or ceased to be noticed, or jumped: after so many. */
const RANK_SOON = 10;
/** A person not heard from for this long is lost from sight, ms. They say at least twice a second that they are there. */
const LOST_AFTER_MS = 1500;

/** Stands for all squares of a small room. */
const EVERYBODY = -1;

/** Where somebody is, metres in the room. */
export interface Standing {
  readonly participant: number;
  readonly x: number;
  readonly z: number;
}

/** What a square gets: made for so many bytes, which are written into it before anybody else sees it. */
interface Writable {
  readonly body: Uint8Array;
}

interface Subject extends Standing {
  /** Their entry in frames as long as they are in sight and carry nothing, and in it what they sent last. */
  entry: Uint8Array;
  body: Uint8Array | null;
  /** Their entry when they are out of sight. */
  readonly gone: Uint8Array;
  x: number;
  z: number;
  cell: number;
  column: number;
  row: number;
  isNoticed: boolean;
  /** What came last showed the same as what came before it. */
  isResting: boolean;
  isLost: boolean;
  heardMs: number;
  /** By part, of this tick. */
  carries: Map<string, Carry>;
  carriedTick: number;
}

/** People of a slow tier by number, those of one turn side by side: turn n begins at `starts[n]`. */
interface Turns {
  readonly numbers: Uint16Array;
  readonly starts: Uint16Array;
}

interface Cell<Frame> {
  readonly key: number;
  /** Everybody in sight. */
  inSight: readonly Subject[];
  /** By participant number, in which tier they were ranked: 1 near, 2 middle, 3 far, 0 out of sight. */
  tierOf: Uint8Array;
  /** Who may be in the frame of a tick: near people in each, the others taking turns. */
  near: Turns;
  middle: Turns;
  far: Turns;
  beyond: number;
  rankedTick: number;
  /** Came nearer since the last frame, or went out of sight: told once, moved or not. By number. */
  fresh: Map<number, 'nearer' | 'gone'>;
  frameTick: number;
  frame: Frame | null;
  completeTick: number;
  complete: Frame | null;
}

interface Viewer<Frame> {
  cell: number;
  /** What they looked on from last. */
  square: Cell<Frame> | null;
  /** The next frame must tell everything: who just came, moved to another square, or missed a frame. */
  needsAll: boolean;
}

/**
 * Who is shown to whom, how often: presence of one room, by squares of the floor. A tick costs one frame per occupied
 * square, however many look on, put together of what people sent as it came.
 */
export class InterestBoard<Frame extends Writable> {
  /** These four by participant number, which are few and used again: a map would be asked some thousand times a tick. */
  readonly #subjects: (Subject | undefined)[] = [];
  readonly #viewers: (Viewer<Frame> | undefined)[] = [];
  /** The tick whose frame brings their newest, side by side for who looks through all people of a square. */
  #changedTick = new Int32Array(64);
  /** What frames of this tick say of them. */
  readonly #entries: Uint8Array[] = [];
  #people = 0;
  readonly #cells = new Map<number, Cell<Frame>>();
  #tick = 0;
  #nowMs = 0;
  /** The last tick in which somebody began or ceased to be noticed, or jumped. */
  #stirTick = -RANK_EVERY;
  /** The entries of the frame that is being made; a list for each frame would be the most that a tick leaves behind. */
  readonly #due: Uint8Array[] = [];
  #dueCount = 0;
  #dueBytes = 0;

  /** `frameOf` so many bytes makes what all people of a square get. */
  constructor(private readonly frameOf: (bytes: number) => Frame) {}

  /** The newest of a person. Older news of the same tick is overwritten. */
  hear(participant: number, body: Uint8Array | null, carries: readonly Carry[], nowMs: number): void {
    const subject = this.#subjects[participant] ?? this.#meet(participant);
    const next = this.#tick + 1;
    subject.heardMs = nowMs;
    if (body) {
      const isSame = subject.body !== null && !subject.isLost && isSameBody(subject.body, body);
      // The first repeat is news as well: it ends a motion that others would carry on. Further ones tell nothing.
      if (!isSame || !subject.isResting) this.#changedTick[participant] = next;
      subject.isResting = isSame;
      // The bytes belong to the socket that brought them.
      if (subject.body?.length === body.length) subject.body.set(body);
      else {
        subject.entry = encodeEntry({ participant, body, carries: [] });
        subject.body = subject.entry.subarray(ENTRY_BODY_AT, ENTRY_BODY_AT + body.length);
      }
      subject.isLost = false;
      const { x, z, isNoticed } = glanceAt(body);
      subject.x = x;
      subject.z = z;
      if (isNoticed !== subject.isNoticed) this.#stirTick = next;
      subject.isNoticed = isNoticed;
      const cell = squareAt(x, z, subject);
      if (cell !== subject.cell) this.#walkInto(subject, cell);
    }
    if (carries.length === 0) return;
    if (subject.carriedTick <= this.#tick - RANK_EVERY) this.#stirTick = next;
    if (subject.carriedTick !== next) subject.carries = new Map();
    subject.carriedTick = this.#changedTick[participant] = next;
    for (const carry of carries) subject.carries.set(carry.part, carry);
  }

  /** Somebody looks on; their first frame tells everything. */
  watch(participant: number): void {
    const cell = this.#subjects[participant]?.cell ?? MIDDLE_SQUARE;
    this.#viewers[participant] = { cell, square: null, needsAll: true };
  }

  /** The connection is gone, the person may come back. */
  unwatch(participant: number): void {
    this.#viewers[participant] = undefined;
    const subject = this.#subjects[participant];
    if (!subject) return;
    subject.isLost = true;
    this.#changedTick[participant] = this.#tick + 1;
  }

  /** They missed a frame. */
  skipped(participant: number): void {
    const viewer = this.#viewers[participant];
    if (viewer) viewer.needsAll = true;
  }

  forget(participant: number): void {
    this.#viewers[participant] = undefined;
    if (this.#subjects[participant]) this.#people -= 1;
    this.#subjects[participant] = undefined;
    // They are gone from the roster too: nobody waits for them, and ranks must not name them.
    for (const cell of this.#cells.values()) {
      cell.rankedTick = -RANK_EVERY;
      cell.tierOf[participant] = 0;
      cell.fresh.delete(participant);
    }
  }

  /** Everybody who was heard of, lost from sight or not. */
  standing(): Iterable<Standing> {
    return this.#everybody();
  }

  /** Closes the tick: what was heard until now is in its frames. */
  advance(nowMs: number): void {
    this.#tick += 1;
    this.#nowMs = nowMs;
    for (const subject of this.#subjects) {
      if (!subject) continue;
      if (!subject.isLost && subject.body && nowMs - subject.heardMs > LOST_AFTER_MS) {
        subject.isLost = true;
        this.#changedTick[subject.participant] = this.#tick;
      }
      this.#entries[subject.participant] = this.#entryOf(subject);
    }
    if (this.#tick % FAR_EVERY === 0) this.#dropEmptyCells();
  }

  /** This tick's frame for a person, or null when there is nothing for them. The same for all in one square. */
  frameFor(participant: number): Frame | null {
    const viewer = this.#viewers[participant];
    if (!viewer) return null;
    const { square } = viewer;
    // Most stand where somebody else has asked before them.
    if (square !== null && square.frameTick === this.#tick && !viewer.needsAll) return square.frame;
    const cell = (viewer.square = this.#cell(viewer.cell));
    if (!viewer.needsAll) return this.#frame(cell);
    viewer.needsAll = false;
    return this.#complete(cell);
  }

  #everybody(): Subject[] {
    return this.#subjects.filter((subject) => subject !== undefined);
  }

  #walkInto(subject: Subject, cell: number): void {
    const [column, row] = [columnOf(cell), rowOf(cell)];
    if (Math.max(Math.abs(column - subject.column), Math.abs(row - subject.row)) > 1) this.#stirTick = this.#tick + 1;
    Object.assign(subject, { cell, column, row });
    const viewer = this.#viewers[subject.participant];
    if (viewer) Object.assign(viewer, { cell, square: null, needsAll: true });
  }

  #meet(participant: number): Subject {
    const gone = encodeEntry({ participant, body: null, carries: [] });
    const subject: Subject = {
      participant,
      entry: gone,
      body: null,
      gone,
      x: 0,
      z: 0,
      cell: MIDDLE_SQUARE,
      column: 0,
      row: 0,
      isNoticed: false,
      isResting: false,
      isLost: false,
      heardMs: 0,
      carries: new Map(),
      carriedTick: -Infinity,
    };
    this.#subjects[participant] = subject;
    this.#entries[participant] = gone;
    this.#people += 1;
    if (participant >= this.#changedTick.length) {
      const more = new Int32Array(2 * (participant + 1));
      more.set(this.#changedTick);
      this.#changedTick = more;
    }
    this.#changedTick[participant] = 0;
    for (const cell of this.#cells.values()) cell.rankedTick = -RANK_EVERY;
    return subject;
  }

  #cell(key: number): Cell<Frame> {
    // In a small room everybody is near to everybody, and one frame serves all.
    const shared = this.#people <= NEAR_MOST ? EVERYBODY : key;
    let cell = this.#cells.get(shared);
    if (!cell) {
      cell = { ...EMPTY_CELL, key: shared, fresh: new Map() };
      this.#cells.set(shared, cell);
    }
    const rankedAgo = this.#tick - cell.rankedTick;
    if (rankedAgo >= RANK_EVERY || (rankedAgo >= RANK_SOON && this.#stirTick > cell.rankedTick)) this.#rank(cell);
    return cell;
  }

  #rank(cell: Cell<Frame>): void {
    const former = cell.tierOf;
    const isFirst = cell.rankedTick < 0 && cell.inSight.length === 0;
    const [near, middle, far, beyond] = (
      cell.key === EVERYBODY ? [this.#everybody(), [], [], []] : this.#tiersFrom(cell.key)
    ) as [Subject[], Subject[], Subject[], Subject[]];
    cell.tierOf = new Uint8Array(this.#subjects.length);
    cell.inSight = near.concat(middle, far);
    cell.near = inTurns(near, 1);
    cell.middle = inTurns(middle, MIDDLE_EVERY);
    cell.far = inTurns(far, FAR_EVERY);
    cell.beyond = beyond.length;
    cell.rankedTick = this.#tick;
    for (const [index, tier] of [near, middle, far].entries())
      for (const subject of tier) {
        const before = former[subject.participant] ?? 0;
        cell.tierOf[subject.participant] = index + 1;
        // Who moves right now is in one of the next frames anyway; who stands still would be left where they were seen.
        const isNearer = before === 0 || (before > index + 1 && this.#changedTick[subject.participant]! < this.#tick);
        if (isNearer && !isFirst) cell.fresh.set(subject.participant, 'nearer');
      }
    // Out of sight now: said once, so that nobody stays behind as a ghost.
    for (const { participant } of beyond) if (former[participant]) cell.fresh.set(participant, 'gone');
  }

  #tiersFrom(key: number): Subject[][] {
    const [cx, cz] = [columnOf(key), rowOf(key)];
    const [middleX, middleZ] = middleOf(key);
    const tiers: Subject[][] = [[], [], [], []];
    let noticed = 0;
    for (const subject of this.#subjects) {
      if (!subject) continue;
      const ring = Math.max(Math.abs(subject.column - cx), Math.abs(subject.row - cz));
      const wantsNotice = subject.isNoticed || subject.carriedTick > this.#tick - RANK_EVERY;
      if (ring <= NEAR_RINGS || (wantsNotice && noticed++ < NOTICED_MOST)) tiers[0]!.push(subject);
      else if (ring <= MIDDLE_RINGS) tiers[1]!.push(subject);
      else if (ring <= FAR_RINGS) tiers[2]!.push(subject);
      else tiers[3]!.push(subject);
    }
    [NEAR_MOST, MIDDLE_MOST, FAR_MOST].forEach((most, index) => {
      const tier = tiers[index]!;
      if (tier.length <= most) return;
      const distance = ({ x, z, isNoticed }: Subject) => (isNoticed ? -1 : (x - middleX) ** 2 + (z - middleZ) ** 2);
      tier.sort((a, b) => distance(a) - distance(b));
      tiers[index + 1]!.push(...tier.splice(most));
    });
    return tiers;
  }

  #frame(cell: Cell<Frame>): Frame | null {
    if (cell.frameTick === this.#tick) return cell.frame;
    cell.frameTick = this.#tick;
    for (const [participant, what] of cell.fresh)
      this.#add(what === 'gone' ? this.#subjects[participant]!.gone : this.#entries[participant]!);
    this.#addNews(cell, cell.near, 1);
    this.#addNews(cell, cell.middle, MIDDLE_EVERY);
    this.#addNews(cell, cell.far, FAR_EVERY);
    cell.fresh.clear();
    cell.frame = this.#dueCount === 0 ? null : this.#encode(cell, false);
    return cell.frame;
  }

  /** Adds those whose turn it is and of whom there is news since their last, and who are not told of already. */
  #addNews({ fresh }: Cell<Frame>, { numbers, starts }: Turns, every: number): void {
    const since = this.#tick - every;
    const changedTick = this.#changedTick;
    const turn = this.#tick % every;
    for (let i = starts[turn]!; i < starts[turn + 1]!; i++) {
      const participant = numbers[i]!;
      if (changedTick[participant]! <= since || (fresh.size > 0 && fresh.has(participant))) continue;
      this.#add(this.#entries[participant]!);
    }
  }

  #complete(cell: Cell<Frame>): Frame {
    if (cell.completeTick === this.#tick && cell.complete) return cell.complete;
    cell.completeTick = this.#tick;
    for (const { participant, body, isLost } of cell.inSight)
      if (body && !isLost) this.#add(this.#entries[participant]!);
    cell.complete = this.#encode(cell, true);
    return cell.complete;
  }

  #add(entry: Uint8Array): void {
    this.#due[this.#dueCount++] = entry;
    this.#dueBytes += entry.length;
  }

  #encode({ beyond }: Cell<Frame>, isComplete: boolean): Frame {
    const frame = this.frameOf(DOWN_HEADER_BYTES + this.#dueBytes);
    writeDown(frame.body, { serverTimeMs: this.#nowMs, isComplete, beyond }, this.#due, this.#dueCount);
    this.#dueCount = this.#dueBytes = 0;
    return frame;
  }

  #entryOf({ participant, entry, body, gone, isLost, carries, carriedTick }: Subject): Uint8Array {
    if (isLost) return gone;
    if (carriedTick <= this.#tick - MIDDLE_EVERY) return entry;
    return encodeEntry({ participant, body, carries: [...carries.values()] });
  }

  #dropEmptyCells(): void {
    const used = new Set(this.#viewers.map((viewer) => viewer?.cell));
    for (const key of this.#cells.keys()) if (key !== EVERYBODY && !used.has(key)) this.#cells.delete(key);
  }
}

const EMPTY_CELL: Omit<Cell<never>, 'fresh'> = {
  key: EVERYBODY,
  inSight: [],
  tierOf: new Uint8Array(0),
  near: inTurns([], 1),
  middle: inTurns([], MIDDLE_EVERY),
  far: inTurns([], FAR_EVERY),
  beyond: 0,
  rankedTick: -RANK_EVERY,
  frameTick: -1,
  frame: null,
  completeTick: -1,
  complete: null,
};

/** Divides people so that no tick has all of them: who is in turn n is due at ticks with that remainder. */
function inTurns(subjects: readonly Subject[], every: number): Turns {
  const numbers = new Uint16Array(subjects.length);
  const starts = new Uint16Array(every + 1);
  const turnOf = ({ participant }: Subject) => (every - (participant % every)) % every;
  for (const subject of subjects) starts[turnOf(subject) + 1]! += 1;
  for (let turn = 0; turn < every; turn++) starts[turn + 1]! += starts[turn]!;
  const ends = starts.slice();
  for (const subject of subjects) numbers[ends[turnOf(subject)]!++] = subject.participant;
  return { numbers, starts };
}
