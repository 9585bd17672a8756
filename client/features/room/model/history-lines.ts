import type { DesignPayload, Part } from '#protocol/design/index';
import { GENESIS_TYPE, type Entry } from '#protocol/journal/index';

/** One entry of the journal, as far as a person wants to read it. */
export type HistoryEntry = Pick<Entry, 'seq' | 'at' | 'author' | 'type' | 'payload' | 'group' | 'via'>;

/** What somebody did, in words to be filled in: `text` is a key of the room's strings. */
export interface HistoryLine {
  /** First entry of the act, and the last one: after it the room shows all of the act. */
  readonly key: number;
  readonly last: number;
  readonly at: number;
  readonly author: string;
  readonly authorId: string;
  readonly text: DeedKey;
  readonly name: string;
  readonly count: number;
  /** Parts this was about, for a click. */
  readonly parts: readonly string[];
}

/** Same person, same kind of act on the same parts within this time reads as one line, ms. */
const ONE_ACT_MS = 3 * 60_000;

const DEEDS = {
  [GENESIS_TYPE]: 'did_open',
  'parts.add': 'did_add',
  'parts.delete': 'did_delete',
  'part.move': 'did_move',
  'part.place': 'did_place',
  'part.rename': 'did_rename',
  'part.setMaterial': 'did_material',
  'part.setHidden': 'did_hide',
  'part.setDimensions': 'did_dimension',
  'comment.add': 'did_comment',
  'comment.reply': 'did_reply',
  'comment.resolve': 'did_resolve',
  'comment.delete': 'did_uncomment',
  'history.undo': 'did_undo',
  'history.redo': 'did_redo',
  'brief.set': 'did_brief',
  'submission.start': 'did_start',
  'submission.submit': 'did_submit',
  'submission.rate': 'did_rate',
  'submission.withdraw': 'did_withdraw',
  'submission.accept': 'did_accept',
} as const;
type Deed = (typeof DEEDS)[keyof typeof DEEDS];
/** Deeds that say something else of several parts than of one. */
const COUNTED = ['did_add', 'did_delete', 'did_move', 'did_place', 'did_material', 'did_hide'] as const;
export type DeedKey =
  Deed | `${(typeof COUNTED)[number]}Many` | 'did_show' | 'did_showMany' | 'did_reopen' | 'did_something';

export function deedOf(entry: Pick<HistoryEntry, 'type' | 'payload'>, count: number): DeedKey {
  const deed: Deed | 'did_something' | 'did_show' | 'did_reopen' =
    entry.type === 'part.setHidden' && !(entry.payload as DesignPayload<'part.setHidden'>).hidden
      ? 'did_show'
      : entry.type === 'comment.resolve' && !(entry.payload as DesignPayload<'comment.resolve'>).resolved
        ? 'did_reopen'
        : (DEEDS[entry.type as keyof typeof DEEDS] ?? 'did_something');
  if (count < 2) return deed;
  if (deed === 'did_show') return 'did_showMany';
  const counted = COUNTED.find((known) => known === deed);
  return counted ? `${counted}Many` : deed;
}

/** Ids of the parts an entry is about. */
export function partsIn({ type, payload }: Pick<HistoryEntry, 'type' | 'payload'>): string[] {
  const body = (payload ?? {}) as {
    id?: string;
    ids?: string[];
    moves?: { id: string }[];
    parts?: { id: string }[];
    anchor?: { part: string };
  };
  if (body.parts) return body.parts.map(({ id }) => id);
  if (body.moves) return body.moves.map(({ id }) => id);
  if (body.ids) return body.ids;
  if (body.anchor) return [body.anchor.part];
  return type.startsWith('part.') && body.id ? [body.id] : [];
}

/** Newest first; a gesture of many entries is one line. `nameOf` knows the parts that are still there. */
export function historyLines(
  entries: readonly HistoryEntry[],
  nameOf: (part: string) => string | undefined,
): HistoryLine[] {
  const book = namesIn(entries);
  const groups = groupsIn(entries);
  const name = (id: string) => nameOf(id) ?? book.get(id) ?? '';
  const lines: (HistoryLine & { type: string; group?: string })[] = [];
  for (const entry of entries) {
    const parts = partsIn(entry);
    const last = lines.at(-1);
    const isSameAct =
      last !== undefined &&
      last.authorId === entry.author.id &&
      ((entry.group !== undefined && last.group === entry.group) ||
        (last.type === entry.type &&
          entry.type.startsWith('part.') &&
          entry.at - last.at < ONE_ACT_MS &&
          last.parts.join() === parts.join()));
    const all = isSameAct && last.group === entry.group ? [...new Set([...last.parts, ...parts])] : parts;
    // The first entry of a gesture names it: a new group says "added", though parts were placed into it after that.
    const told = isSameAct && last.type !== entry.type ? last : null;
    // As the list of parts counts them; where there are groups alone, those.
    const count = all.filter((id) => !groups.has(id)).length || all.length;
    const line = {
      key: isSameAct ? last.key : entry.seq,
      last: entry.seq,
      at: entry.at,
      author: entry.author.name,
      authorId: entry.author.id,
      type: told?.type ?? entry.type,
      group: entry.group,
      text: told?.text ?? deedOf(entry, count),
      // A gesture is called after its first part: an import after its root. A part renamed twice has the newer name.
      name: isSameAct && entry.type !== 'part.rename' ? last.name : titleIn(entry, name, all),
      count: told?.count ?? count,
      parts: told?.parts ?? all,
    };
    if (isSameAct) lines[lines.length - 1] = line;
    else lines.push(line);
  }
  return lines.reverse();
}

function titleIn(entry: HistoryEntry, name: (id: string) => string, parts: readonly string[]): string {
  const body = (entry.payload ?? {}) as {
    name?: string;
    title?: string;
    brief?: { title: string };
    parts?: { name: string }[];
  };
  if (entry.type === 'part.rename') return body.name ?? '';
  return body.parts?.[0]?.name ?? body.title ?? body.brief?.title ?? (parts[0] === undefined ? '' : name(parts[0]));
}

/** Ids of what holds other parts and is none itself. */
const groupsIn = (entries: readonly HistoryEntry[]): Set<string> =>
  new Set(
    entries
      .filter(({ type }) => type === 'parts.add')
      .flatMap(({ payload }) => (payload as { parts: Part[] }).parts)
      .filter(({ shape }) => shape === null)
      .map(({ id }) => id),
  );

/** The newest name of every part that these entries name. */
export function namesIn(entries: readonly HistoryEntry[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { type, payload } of entries) {
    if (type === 'parts.add') for (const { id, name } of (payload as { parts: Part[] }).parts) names.set(id, name);
    if (type === 'part.rename') {
      const { id, name } = payload as DesignPayload<'part.rename'>;
      names.set(id, name);
    }
  }
  return names;
}

export interface Makers {
  readonly madeBy: { readonly author: string; readonly at: number } | null;
  readonly changedBy: { readonly author: string; readonly at: number } | null;
}

/** Who added a part and who changed it last, as far as the known entries reach back. */
export function makersOf(entries: readonly HistoryEntry[], part: string): Makers {
  let madeBy: Makers['madeBy'] = null;
  let changedBy: Makers['changedBy'] = null;
  for (const entry of entries) {
    if (!entry.type.startsWith('part') || !partsIn(entry).includes(part)) continue;
    const deed = { author: entry.author.name, at: entry.at };
    if (entry.type === 'parts.add') madeBy = deed;
    else changedBy = deed;
  }
  return { madeBy, changedBy };
}
