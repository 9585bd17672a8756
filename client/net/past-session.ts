import { differenceOf, type Change, type Document } from '#protocol/document/index';
import { problem, type Problem } from '#protocol/errors';
import type { Held } from '#protocol/room/index';
import { PastView, type JournalSource, type Soon } from './past-view.ts';
import type { Origin, RoomSession } from './room-session.types.ts';
import { Signal } from './signal.ts';
import { Store, type Readable } from './store.ts';

/** A session whose document can be turned back: everything that shows the room shows the past then. */
export interface ShownSession extends RoomSession {
  readonly past: PastView;
  /** The room as it is, whatever is shown: for work that was begun before and ends while the past is looked at. */
  readonly live: RoomSession;
}

export const LOOKING_AT_THE_PAST: Problem = problem(
  'room',
  'looking_at_the_past',
  'You look at the room as it was; nothing can be changed there.',
  { next: 'Go back to now, then go on.' },
);

/** The past of a session that can be turned back; null for one that cannot. */
export const pastOf = (session: RoomSession): PastView | null => (session as Partial<ShownSession>).past ?? null;

const NOTHING_HELD: ReadonlyMap<string, Held> = new Map();

/**
 * The live session as it is shown. Now, it is the live one. In the past its document is the one of that moment, nothing
 * is held or carried, and everything that would edit is refused with the reason; the live session goes on underneath
 * and is untouched: what comes in is applied, what I did before is sent, people still see each other.
 */
export function withPast(live: RoomSession, source: JournalSource, soon?: Soon): ShownSession {
  const document = new Store<Document>(live.document.get());
  const changes = new Signal<[readonly Change[], Origin]>();
  const rejects = new Signal<[Problem, string]>();
  const isPast = () => past.state.get().seq !== null;
  const turnTo = (to: Document) => {
    const difference = differenceOf(document.get(), to);
    document.set(to);
    if (difference.length) changes.emit(difference, 'other');
  };
  const past = new PastView(source, live.length, (shown) => turnTo(shown ?? live.document.get()), soon);
  const follow = () => void (isPast() || document.set(live.document.get()));
  live.document.subscribe(follow);
  live.onChanges((all, origin) => void (isPast() || changes.emit(all, origin)));
  live.onReject((reason, type) => rejects.emit(reason, type));
  const refuse = (type: string): boolean => {
    if (isPast()) rejects.emit(LOOKING_AT_THE_PAST, type);
    return isPast();
  };

  const own = {
    past,
    live,
    document,
    held: inThePast(live.held, past, NOTHING_HELD),
    undoable: inThePast(live.undoable, past, null),
    redoable: inThePast(live.redoable, past, null),
    onChanges: (listener: (all: readonly Change[], origin: Origin) => void) => changes.on(listener),
    onReject: (listener: (reason: Problem, type: string) => void) => rejects.on(listener),
    onCarries: ((listener) => live.onCarries((all) => void (isPast() || listener(all)))) as RoomSession['onCarries'],
    submit: ((type, payload, options) =>
      isPast() ? { problem: LOOKING_AT_THE_PAST } : live.submit(type, payload, options)) as RoomSession['submit'],
    undo: () => void (refuse('history.undo') || live.undo()),
    redo: () => void (refuse('history.redo') || live.redo()),
    hold: (async (parts) =>
      isPast() ? { ok: false, problem: LOOKING_AT_THE_PAST } : live.hold(parts)) as RoomSession['hold'],
    leave: () => {
      past.dispose();
      return live.leave();
    },
  };
  // Everything else is the live session's own, also what it will have one day.
  const bound = new Map<PropertyKey, unknown>();
  return new Proxy(live, {
    get: (target, key) => {
      if (Object.hasOwn(own, key)) return own[key as keyof typeof own];
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      if (!bound.has(key)) bound.set(key, value.bind(target));
      return bound.get(key);
    },
  }) as ShownSession;
}

/** A value of the live session, and another one while the past is shown. */
function inThePast<T>(live: Readable<T>, past: PastView, then: T): Readable<T> {
  const value = () => (past.state.get().seq === null ? live.get() : then);
  const shown = new Store<T>(value());
  const follow = () => shown.set(value());
  live.subscribe(follow);
  past.state.subscribe(follow);
  return shown;
}
