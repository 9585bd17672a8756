import { encodeDown, encodeEntry, glanceAt, isSameBody, type Carry, type PresenceDown } from '#protocol/presence/index';

/** The floor is divided into squares of this size, metres; all who stand in one square get the same frame. */
const CELL_M = 6;
/** Who stands at the border of a square changes it only when this far beyond, metres. */
const BORDER_M = 1;
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

/** Squares by number: the room reaches 33 m, so six of them each way. */
const COLUMNS = 64;
const cellAt = (column: number, row: number): number => (column + COLUMNS / 2) * COLUMNS + row + COLUMNS / 2;
const columnOf = (cell: number): number => Math.floor(cell / COLUMNS) - COLUMNS / 2;
const rowOf = (cell: number): number => (cell % COLUMNS) - COLUMNS / 2;
const MIDDLE_CELL = cellAt(0, 0);
/** Stands for all squares of a small room. */
const EVERYBODY = -1;

/** Where somebody is, metres in the room. */
export interface Standing {
  readonly participant: number;
  readonly x: number;
  readonly z: number;
}

interface Subject extends Standing {
  /** What they sent last, in memory of its own. */
  body: Uint8Array | null;
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
  /** The entry as bytes, made once per tick. */
  packedTick: number;
  packed: Uint8Array;
}

interface Cell<Frame> {
  readonly key: number;
  /** Everybody in sight. */
  inSight: readonly Subject[];
  /** By participant number, in which tier they were ranked: 1 near, 2 middle, 3 far, 0 out of sight. */
  tierOf: Uint8Array;
  /** Who may be in the frame of a tick, by its remainder: near people in each, the others taking turns. By number. */
  near: Uint16Array;
  middleTurns: Uint16Array[];
  farTurns: Uint16Array[];
  beyond: number;
  rankedTick: number;
  /** Came nearer since the last frame: sent once, moved or not. */
  fresh: Subject[];
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
 * Who is shown to whom, how often: presence of one room, by squares of the floor. A tick costs one encoding per person
 * who moved and one frame per occupied square, however many look on.
 */
export class InterestBoard<Frame> {
  /** These three by participant number, which are few and used again: a map would be asked some thousand times a tick. */
  readonly #subjects: (Subject | undefined)[] = [];
  readonly #viewers: (Viewer<Frame> | undefined)[] = [];
  /** The tick whose frame brings their newest, side by side for who looks through all people of a square. */
  #changedTick = new Int32Array(64);
  #people = 0;
  readonly #cells = new Map<number, Cell<Frame>>();
  #tick = 0;
  #nowMs = 0;
  /** The last tick in which somebody began or ceased to be noticed, or jumped. */
  #stirTick = -RANK_EVERY;

  /** `frameOf` makes of the bytes for one square what all its people get. */
  constructor(private readonly frameOf: (bytes: Uint8Array) => Frame) {}

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
      else subject.body = body.slice();
      subject.isLost = false;
      const { x, z, isNoticed } = glanceAt(body);
      subject.x = x;
      subject.z = z;
      if (isNoticed !== subject.isNoticed) this.#stirTick = next;
      subject.isNoticed = isNoticed;
      const cell = cellOf(x, z, subject);
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
    const cell = this.#subjects[participant]?.cell ?? MIDDLE_CELL;
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
      if (!subject || subject.isLost || !subject.body || nowMs - subject.heardMs <= LOST_AFTER_MS) continue;
      subject.isLost = true;
      this.#changedTick[subject.participant] = this.#tick;
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
    const subject: Subject = {
      participant,
      body: null,
      x: 0,
      z: 0,
      cell: MIDDLE_CELL,
      column: 0,
      row: 0,
      isNoticed: false,
      isResting: false,
      isLost: false,
      heardMs: 0,
      carries: new Map(),
      carriedTick: -Infinity,
      packedTick: -1,
      packed: new Uint8Array(0),
    };
    this.#subjects[participant] = subject;
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
      cell = { ...EMPTY_CELL, key: shared, fresh: [] };
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
    cell.inSight = [...near, ...middle, ...far];
    cell.near = numbersOf(near);
    cell.middleTurns = inTurns(middle, MIDDLE_EVERY);
    cell.farTurns = inTurns(far, FAR_EVERY);
    cell.beyond = beyond.length;
    cell.rankedTick = this.#tick;
    for (const [index, tier] of [near, middle, far].entries())
      for (const subject of tier) {
        const before = former[subject.participant] ?? 0;
        cell.tierOf[subject.participant] = index + 1;
        // Who moves right now is in one of the next frames anyway; who stands still would be left where they were seen.
        const isNearer = before === 0 || (before > index + 1 && this.#changedTick[subject.participant]! < this.#tick);
        if (isNearer && !isFirst) cell.fresh.push(subject);
      }
    // Out of sight now: said once, so that nobody stays behind as a ghost.
    for (const subject of beyond)
      if (former[subject.participant]) cell.fresh.push({ ...subject, isLost: true, packedTick: -1 });
  }

  #tiersFrom(key: number): Subject[][] {
    const [cx, cz] = [columnOf(key), rowOf(key)];
    const [middleX, middleZ] = [(cx + 0.5) * CELL_M, (cz + 0.5) * CELL_M];
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
    const due = cell.fresh.map((subject) => this.#pack(subject));
    const told = cell.fresh.length > 0 ? new Set(cell.fresh.map(({ participant }) => participant)) : null;
    cell.fresh = [];
    this.#addNews(due, cell.near, 1, told);
    this.#addNews(due, cell.middleTurns[this.#tick % MIDDLE_EVERY]!, MIDDLE_EVERY, told);
    this.#addNews(due, cell.farTurns[this.#tick % FAR_EVERY]!, FAR_EVERY, told);
    cell.frame = due.length === 0 ? null : this.#encode(cell, due, false);
    return cell.frame;
  }

  /** Adds those of whom there is news within the last so many ticks, and who are not told of already. */
  #addNews(due: Uint8Array[], tier: Uint16Array, every: number, told: ReadonlySet<number> | null): void {
    const since = this.#tick - every;
    const changedTick = this.#changedTick;
    for (let i = 0; i < tier.length; i++) {
      const participant = tier[i]!;
      if (changedTick[participant]! <= since || told?.has(participant)) continue;
      const subject = this.#subjects[participant]!;
      due.push(subject.packedTick === this.#tick ? subject.packed : this.#pack(subject));
    }
  }

  #complete(cell: Cell<Frame>): Frame {
    if (cell.completeTick === this.#tick && cell.complete) return cell.complete;
    cell.completeTick = this.#tick;
    const all = cell.inSight.filter(({ body, isLost }) => body && !isLost);
    const entries = all.map((subject) => this.#pack(subject));
    cell.complete = this.#encode(cell, entries, true);
    return cell.complete;
  }

  #encode(cell: Cell<Frame>, entries: readonly Uint8Array[], isComplete: boolean): Frame {
    const about: Omit<PresenceDown, 'entries'> = { serverTimeMs: this.#nowMs, isComplete, beyond: cell.beyond };
    return this.frameOf(encodeDown(about, entries, Buffer.allocUnsafe));
  }

  #pack(subject: Subject): Uint8Array {
    if (subject.packedTick === this.#tick) return subject.packed;
    const { participant, isLost, carriedTick } = subject;
    const carries = isLost || carriedTick <= this.#tick - MIDDLE_EVERY ? [] : [...subject.carries.values()];
    subject.packed = encodeEntry({ participant, body: isLost ? null : subject.body, carries }, Buffer.allocUnsafe);
    subject.packedTick = this.#tick;
    return subject.packed;
  }

  #dropEmptyCells(): void {
    const used = new Set(this.#viewers.map((viewer) => viewer?.cell));
    for (const key of this.#cells.keys()) if (key !== EVERYBODY && !used.has(key)) this.#cells.delete(key);
  }
}

const EMPTY_CELL: Cell<never> = {
  key: EVERYBODY,
  inSight: [],
  tierOf: new Uint8Array(0),
  near: new Uint16Array(0),
  middleTurns: inTurns([], MIDDLE_EVERY),
  farTurns: inTurns([], FAR_EVERY),
  beyond: 0,
  rankedTick: -RANK_EVERY,
  fresh: [],
  frameTick: -1,
  frame: null,
  completeTick: -1,
  complete: null,
};

function numbersOf(subjects: readonly Subject[]): Uint16Array {
  const numbers = new Uint16Array(subjects.length);
  for (let i = 0; i < subjects.length; i++) numbers[i] = subjects[i]!.participant;
  return numbers;
}

/** Divides people of a slow tier so that no tick has all of them: entry n is due at ticks with that remainder. */
function inTurns(subjects: readonly Subject[], every: number): Uint16Array[] {
  const turns = Array.from({ length: every }, (): Subject[] => []);
  for (const subject of subjects) turns[(every - (subject.participant % every)) % every]!.push(subject);
  return turns.map(numbersOf);
}

/** The square a point is in; whoever was in another stays there until they are well beyond its border. */
function cellOf(x: number, z: number, { cell, column, row }: Subject): number {
  const isInside = (value: number, at: number) =>
    value > at * CELL_M - BORDER_M && value < (at + 1) * CELL_M + BORDER_M;
  return isInside(x, column) && isInside(z, row) ? cell : cellAt(Math.floor(x / CELL_M), Math.floor(z / CELL_M));
}
