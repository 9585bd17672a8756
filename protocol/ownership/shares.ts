import type { Change, Document } from '../document/index.ts';
import { equalData } from '../document/index.ts';
import { commentsOf, partsOf } from '../design/document.ts';
import type { Part } from '../design/part.ts';
import type { Entry } from '../journal/entry.ts';
import { RUBRICS, type WorkKind } from './rubric.ts';

/** One person's part in a revision. */
export interface Share {
  readonly user: string;
  /** The name they carried last. */
  readonly name: string;
  /** Thousandths are exact. */
  readonly points: number;
  readonly shareBps: number;
}

type LedgerEntry = Pick<Entry, 'id' | 'author' | 'type' | 'group'>;

/** Who wrote a value, in which gesture. */
interface Credit {
  readonly author: string;
  readonly gesture: string;
}
interface Written extends Credit {
  readonly value: unknown;
}

/** Aspects of a part whose last writer earns points, and the field that holds them. */
const ASPECTS = { pose: 'poseInParent', material: 'material', name: 'name' } as const;

/**
 * Keeps, while a journal is replayed, who made each part and who last wrote each of its values. Feed it every entry with
 * the changes the reducer made of it (`advance`), then ask for the shares of the final document.
 *
 * Undo and redo give a value back to who had written it, not to who pressed the key.
 */
export class ShareLedger {
  private readonly makers = new Map<string, Credit>();
  private readonly writers = new Map<string, Written[]>();
  private readonly names = new Map<string, string>();
  private first: string | undefined;

  record(entry: LedgerEntry, changes: readonly Change[]): void {
    const { author } = entry;
    this.first ??= author.id;
    this.names.set(author.id, author.name);
    const credit: Credit = { author: author.id, gesture: entry.group ?? entry.id };
    const isReversal = entry.type === 'history.undo' || entry.type === 'history.redo';
    for (const change of changes) if (change.table === 'parts') this.recordPart(change, credit, isReversal);
  }

  private recordPart({ id, before, after }: Change, credit: Credit, isReversal: boolean): void {
    if (!after) return;
    if (!before) {
      // A part that comes back by undo keeps its maker; one made anew under an old id is new work.
      if (!isReversal || !this.makers.has(id)) this.makers.set(id, credit);
      return;
    }
    for (const [aspect, field] of Object.entries(ASPECTS))
      this.write(`${id} ${aspect}`, before[field], after[field], credit, isReversal);
    const was = dimensionsOf(before as unknown as Part);
    const is = dimensionsOf(after as unknown as Part);
    for (const name of Object.keys(is)) this.write(`${id} dimension ${name}`, was[name], is[name], credit, isReversal);
  }

  private write(key: string, before: unknown, after: unknown, credit: Credit, isReversal: boolean): void {
    if (equalData(before, after)) return;
    const written = this.writers.get(key) ?? [];
    this.writers.set(key, written);
    if (isReversal) {
      const earlier = written.findLast((one) => equalData(one.value, after));
      // Nobody wrote it: it is the value the part was made with, and its maker has the points for the part.
      if (earlier) written.push(earlier);
      else written.length = 0;
    } else written.push({ ...credit, value: after });
  }

  /**
   * Points by rubric, and basis points by largest remainder (ties: the smaller user id first), largest share first.
   * Where nothing survives that earns points, the one who opened the journal has it all.
   */
  shares(document: Document, rubricVersion: number): Share[] {
    const rubric = RUBRICS[rubricVersion];
    if (!rubric) throw new RangeError(`this release knows no share rubric ${rubricVersion}`);
    const bags = new Map<string, { author: string; kind: WorkKind; count: number }>();
    const count = (author: string, kind: WorkKind, bag: string) => {
      const key = `${author} ${kind} ${bag}`;
      const known = bags.get(key);
      if (known) known.count++;
      else bags.set(key, { author, kind, count: 1 });
    };

    for (const part of partsOf(document).values()) {
      const maker = this.makers.get(part.id);
      if (maker) {
        if (!part.shape) count(maker.author, 'group', maker.gesture);
        else if (part.shape.kind === 'asset') count(maker.author, 'importedPart', part.source?.file ?? part.shape.cid);
        else count(maker.author, 'parametricPart', maker.gesture);
      }
      for (const aspect of Object.keys(ASPECTS) as (keyof typeof ASPECTS)[]) {
        const writer = this.writers.get(`${part.id} ${aspect}`)?.at(-1);
        if (writer) count(writer.author, aspect, writer.gesture);
      }
      for (const name of Object.keys(dimensionsOf(part))) {
        const writer = this.writers.get(`${part.id} dimension ${name}`)?.at(-1);
        if (writer) count(writer.author, 'dimension', writer.gesture);
      }
    }
    for (const comment of commentsOf(document).values()) {
      this.names.set(comment.author.id, this.names.get(comment.author.id) ?? comment.author.name);
      count(comment.author.id, comment.resolved ? 'resolvedComment' : 'comment', comment.anchor.part);
      for (const reply of comment.replies) count(reply.author.id, 'reply', comment.id);
    }

    const milli = new Map<string, number>();
    for (const { author, kind, count: n } of bags.values()) {
      // Whole thousandths before they are summed: the sum does not depend on the order.
      milli.set(author, (milli.get(author) ?? 0) + Math.round(rubric[kind] * 1000 * Math.sqrt(n)));
    }
    if (milli.size === 0 && this.first !== undefined) milli.set(this.first, 0);
    return apportion([...milli].map(([user, points]) => ({ user, name: this.names.get(user) ?? user, milli: points })));
  }
}

function apportion(people: readonly { user: string; name: string; milli: number }[]): Share[] {
  const ordered = [...people].sort((a, b) => compare(a.user, b.user));
  const total = ordered.reduce((sum, person) => sum + person.milli, 0);
  const weights = ordered.map((person) => (total === 0 ? 1 : person.milli));
  const whole = total === 0 ? ordered.length : total;
  const floors = weights.map((weight) => Math.floor((weight * 10_000) / whole));
  const rest = 10_000 - floors.reduce((sum, bps) => sum + bps, 0);
  const byRemainder = ordered
    .map((_, i) => i)
    .sort((a, b) => ((weights[b]! * 10_000) % whole) - ((weights[a]! * 10_000) % whole) || a - b);
  for (const i of byRemainder.slice(0, rest)) floors[i]!++;
  return ordered
    .map(({ user, name, milli }, i) => ({ user, name, points: milli / 1000, shareBps: floors[i]! }))
    .sort((a, b) => b.shareBps - a.shareBps || compare(a.user, b.user));
}

function dimensionsOf(part: Part): Readonly<Record<string, number>> {
  return part.shape && part.shape.kind !== 'asset' ? part.shape.dimensions : {};
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
