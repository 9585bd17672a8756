import type { Vec3 } from '../spatial/pose.ts';
import { Body, directionsOf, type AssembledPart } from './disassembly-body.ts';
import { isInTheWay, type SightOptions } from './disassembly-sight.ts';

export type { AssembledPart, PartShape } from './disassembly-body.ts';

export interface DisassemblyOptions extends Partial<SightOptions> {
  /** 0 to 1 of what is to be taken apart: for who waits. */
  readonly onProgress?: (share: number) => void;
}
export const DISASSEMBLY_DEFAULTS = {
  cells: 64,
  contactM: 0.0003,
  clearanceM: 0.0005,
} as const satisfies SightOptions;

/** Boxes of like parts that are turned differently differ by so much. */
const ALIKE = 0.02;
/** Where nothing comes off, looked at again with so many times the clearance: snap rings, lips and hooks give way. */
const GIVES = [1, 1.6, 2.4];

export interface Removal {
  /** What comes off as one: a part, or a unit of several that nothing takes apart where it is. */
  readonly parts: readonly string[];
  /** The way out, unit length, and how far until it is clear of all that is left. */
  readonly directionInRoom: Vec3;
  readonly distanceM: number;
  /** Those that stood before it and had to come off first. */
  readonly after: readonly string[];
  /** How the unit is taken apart on the bench; null: a single part. */
  readonly inside: Disassembly | null;
}

export interface Disassembly {
  readonly removals: readonly Removal[];
  /** What could not be taken out of each other by straight moves, and is left as one piece. */
  readonly stuck: readonly string[];
}

/**
 * An order in which parts can be taken off, each by a straight move along ±x, ±y, ±z of the room, one of its own axes, or
 * a direction that its shape says (the axis of what is turned, the normals of what is prismatic). What comes off last is
 * what assembly begins with.
 *
 * A move is free when, looked at along it, no part that is left lies before the moving one: both are drawn as depth maps
 * (`disassembly-sight.ts`). Where no part comes off alone, a unit does: along a direction every part has others before
 * it, those have others, and so on; the parts that are before each other in a ring come off together or not at all
 * (strongly connected parts of the blocking graph; Wilson and Latombe, "Geometric reasoning about mechanical assembly",
 * 1994). The smallest that is free is taken out and taken apart on its own.
 *
 * What it cannot do: turn while moving, move in two strokes, or see an obstacle narrower than 5 % of what both cover. It
 * says what is stuck instead.
 */
export function planDisassembly(parts: readonly AssembledPart[], options: DisassemblyOptions = {}): Disassembly {
  const { onProgress, ...sight } = options;
  const directions = directionsOf(parts);
  const plan = new Plan(directions, { ...DISASSEMBLY_DEFAULTS, ...sight }, (free) =>
    onProgress?.(parts.length === 0 ? 1 : Math.min(1, free / parts.length)),
  );
  return plan.takeApart(parts.map((part, at) => new Body(part, at, directions)));
}

interface Way {
  readonly bodies: readonly Body[];
  readonly direction: number;
  readonly rank: number;
}

class Plan {
  readonly #directions: readonly Vec3[];
  readonly #sight: SightOptions;
  readonly #onFree: (count: number) => void;
  /** Whether one body stands in the way of another along a direction; the other way round it is the same question. */
  readonly #known = new Map<string, boolean>();
  #free = 0;
  #give = GIVES[0]!;

  constructor(directions: readonly Vec3[], sight: SightOptions, onFree: (count: number) => void) {
    this.#directions = directions;
    this.#sight = sight;
    this.#onFree = onFree;
  }

  takeApart(bodies: readonly Body[]): Disassembly {
    const left = new Set(bodies);
    const removals: Removal[] = [];
    const off: Body[] = [];
    let last: Way | null = null;
    while (left.size > 1) {
      const way: Way | null = this.#alike(last, left) ?? this.#next(left);
      if (!way) break;
      last = way;
      for (const body of way.bodies) left.delete(body);
      const directionInRoom = this.#directions[way.direction]!;
      const lows = way.bodies.map((body) => body.extent(way.direction)[0]);
      const reach = Math.max(...[...left].map((other) => other.extent(way.direction)[1]));
      const distanceM = Math.max(0.02, reach - Math.min(...lows) + 0.02);
      const isUnit = way.bodies.length > 1;
      const inside = isUnit ? this.takeApart(way.bodies) : null;
      if (!isUnit) this.#tellFree(1);
      const before = off.filter((one) => way.bodies.some((body) => this.#blocks(body, one, way.direction)));
      off.push(...way.bodies);
      const [ids, after] = [way.bodies, before].map((list) => list.map(({ id }) => id)) as [string[], string[]];
      removals.push({ parts: ids, directionInRoom, distanceM, after, inside });
    }
    this.#tellFree(left.size);
    if (left.size !== 1) return { removals, stuck: [...left].map(({ id }) => id) };
    const [base] = left;
    const final: Removal = { parts: [base!.id], directionInRoom: [0, 1, 0], distanceM: 0.1, after: [], inside: null };
    return { removals: [...removals, final], stuck: [] };
  }

  #tellFree(count: number): void {
    this.#free += count;
    this.#onFree(this.#free);
  }

  /** The next of a pattern, before the washers under those that are out already. */
  #alike(last: Way | null, left: ReadonlySet<Body>): Way | null {
    const before = last?.bodies.length === 1 ? last.bodies[0]! : null;
    if (!last || !before || left.size < 3) return null;
    const isAlike = ({ size, triangles }: Body) =>
      triangles.length === before.triangles.length && Math.abs(size - before.size) < ALIKE * size;
    const next = [...left].find((body) => isAlike(body) && this.#isFree(body, last.direction, left));
    return next ? { ...last, bodies: [next] } : null;
  }

  #next(left: ReadonlySet<Body>): Way | null {
    for (const give of GIVES) {
      this.#give = give;
      const single = this.#single(left);
      // Where only the base comes off alone, what stands on it is a unit.
      const isBase = single !== null && single.bodies[0]!.size > sizeOf(left) / 2;
      const way = single && !isBase ? single : (this.#unit(left) ?? single);
      if (way) return way;
    }
    return null;
  }

  /** Small parts first, and of those what comes out upwards: so the largest stays to the end as the base. */
  #single(left: ReadonlySet<Body>): Way | null {
    let best: Way | null = null;
    for (const body of left)
      for (const direction of body.directions) {
        const rank = this.#rankOf(body.size, direction);
        if (best && (best.rank < rank || (best.rank === rank && best.bodies[0]!.id <= body.id))) continue;
        if (this.#isFree(body, direction, left)) best = { bodies: [body], direction, rank };
      }
    return best;
  }

  #isFree(body: Body, direction: number, left: ReadonlySet<Body>): boolean {
    for (const other of left) if (other !== body && this.#blocks(body, other, direction)) return false;
    return true;
  }

  /** The smallest unit that is free along any direction; half of what is left at the most, or the rest would be the unit. */
  #unit(left: ReadonlySet<Body>): Way | null {
    const bodies = [...left];
    const wholeSize = sizeOf(bodies);
    let best: Way | null = null;
    for (const direction of this.#directions.keys()) {
      for (const unit of freeUnits(bodies, (mover, other) => this.#blocks(mover, other, direction))) {
        const size = sizeOf(unit);
        if (unit.length === 1 || unit.length === bodies.length || size > wholeSize / 2) continue;
        const rank = this.#rankOf(size, direction);
        if (!best || rank < best.rank) best = { bodies: unit, direction, rank };
      }
    }
    return best;
  }

  #rankOf(size: number, direction: number): number {
    return size - 1e-4 * this.#directions[direction]![1] * size;
  }

  #blocks(mover: Body, other: Body, direction: number): boolean {
    // Directions stand in pairs: what is before another along one is behind it along its opposite.
    const [a, b, way] = direction % 2 === 0 ? [mover, other, direction] : [other, mover, direction - 1];
    const key = `${a.at} ${b.at} ${way} ${this.#give}`;
    let verdict = this.#known.get(key);
    if (verdict === undefined) {
      const sight = { ...this.#sight, clearanceM: this.#sight.clearanceM * this.#give };
      verdict = isInTheWay(a, b, way, this.#directions, sight);
      this.#known.set(key, verdict);
    }
    return verdict;
  }
}

const sizeOf = (bodies: Iterable<Body>): number => [...bodies].reduce((sum, { size }) => sum + size, 0);

/**
 * Strongly connected parts of "has before it" that have nothing else before them (Tarjan, without recursion: a chain of
 * parts may be long).
 */
function freeUnits(bodies: readonly Body[], blocks: (mover: Body, other: Body) => boolean): Body[][] {
  const before = bodies.map((mover) =>
    bodies.flatMap((other, at) => (other !== mover && blocks(mover, other) ? [at] : [])),
  );
  const index = new Array<number>(bodies.length).fill(-1);
  const low = new Array<number>(bodies.length).fill(0);
  const unitOf = new Array<number>(bodies.length).fill(-1);
  const stack: number[] = [];
  const units: number[][] = [];
  let count = 0;
  for (const root of bodies.keys()) {
    if (index[root] !== -1) continue;
    const work: { node: number; next: number }[] = [{ node: root, next: 0 }];
    while (work.length > 0) {
      const top = work.at(-1)!;
      const { node } = top;
      if (top.next === 0) {
        index[node] = low[node] = count++;
        stack.push(node);
      }
      const child = before[node]![top.next++];
      if (child !== undefined) {
        if (index[child] === -1) work.push({ node: child, next: 0 });
        else if (unitOf[child] === -1) low[node] = Math.min(low[node]!, index[child]!);
        continue;
      }
      work.pop();
      const parent = work.at(-1)?.node;
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
      if (low[node] !== index[node]) continue;
      const unit: number[] = [];
      for (let member = -1; member !== node;) {
        member = stack.pop()!;
        unitOf[member] = units.length;
        unit.push(member);
      }
      units.push(unit);
    }
  }
  return units
    .filter((unit, at) => unit.every((member) => before[member]!.every((other) => unitOf[other] === at)))
    .map((unit) => unit.map((member) => bodies[member]!));
}
