import { createContext, use, useCallback, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { LOOKING_AT_THE_PAST, type ShownSession } from '../../net/past-session.ts';
import type { Document } from '#protocol/document/index';
import type { PartId } from '#protocol/ids';
import type { RoomInfo } from '#protocol/api/index';
import type { Problem } from '#protocol/errors';
import type { Participant } from '#protocol/room/index';
import { decide, type Action } from '#protocol/permissions/index';
import type { HallApi } from '../../net/api.ts';
import type { RoomSession } from '../../net/room-session.types.ts';
import type { Readable } from '../../net/store.ts';
import type { RoomView } from '../../scene/room-view.types.ts';
import type { LiveWords, Voice } from '../../voice/index.ts';
import type { RoomHistory } from './room-history.ts';
import { holderOf, type Holder } from './model/holding.ts';

/** What every panel of a room works with. */
export interface RoomThings {
  readonly session: ShownSession;
  readonly view: RoomView;
  readonly info: RoomInfo;
  readonly api: HallApi;
  readonly history: RoomHistory;
  readonly voice: Voice;
}

/** What rooms of every kind have: the line to the others. Voice and the state of the line need no more. */
export interface RoomLine {
  readonly session: RoomSession;
  readonly voice: Voice;
  /** Where what people say stands before the others in writing. */
  readonly words?: LiveWords;
}

const RoomContext = createContext<RoomThings | null>(null);
const LineContext = createContext<RoomLine | null>(null);
export const LineProvider = LineContext.Provider;

export function RoomProvider({ value, children }: { value: RoomThings; children: ReactNode }) {
  return (
    <LineContext value={value}>
      <RoomContext value={value}>{children}</RoomContext>
    </LineContext>
  );
}

export function useLine(): RoomLine {
  const line = use(LineContext);
  if (!line) throw new Error('A room panel stands outside of its room.');
  return line;
}

export function useRoom(): RoomThings {
  const room = use(RoomContext);
  if (!room) throw new Error('A room panel stands outside of its room.');
  return room;
}

/** Follows a value of the network or the scene. */
export function useReadable<T>(readable: Readable<T>): T {
  const subscribe = useCallback((listener: () => void) => readable.subscribe(listener), [readable]);
  return useSyncExternalStore(subscribe, () => readable.get());
}

export const useDocument = (): Document => useReadable(useRoom().session.document);
export const useSelection = (): ReadonlySet<PartId> => useReadable(useRoom().view.selection);

/** My row of the roster: its role is newer than the one I joined with. */
export function useMe(): Pick<Participant, 'role' | 'name' | 'color' | 'user' | 'session'> {
  const { session } = useRoom();
  const roster = useReadable(session.participants);
  return useMemo(() => {
    const row = roster.find((one) => one.session === session.me.session);
    return row ?? { ...session.me, session: session.me.session as Participant['session'], name: '', color: 0 };
  }, [roster, session]);
}

/** Who holds a part, directly or through a group above it; null when it is free or mine. */
export function useHolderOf(): (id: PartId) => Holder | null {
  const { session } = useRoom();
  const held = useReadable(session.held);
  const roster = useReadable(session.participants);
  const document = useDocument();
  return useCallback(
    (id) => holderOf({ document, held, roster, me: session.me.session }, id),
    [document, held, roster, session],
  );
}

/** What one does beside the design, whichever moment of it is shown. */
const BESIDE_THE_DESIGN: ReadonlySet<Action> = new Set<Action>([
  'room.enter',
  'history.read',
  'member.invite',
  'member.setRole',
  'project.edit',
  'revision.mint',
]);

export type Refusal = (action: Action, parts?: Iterable<PartId>, own?: boolean) => Problem | null;

/** Why I may not do something here and now, or null: controls show it before anything is sent. */
export function useRefusal(): Refusal {
  const { info, session } = useRoom();
  const { state } = session.past;
  const isPast = useSyncExternalStore(state.subscribe, () => state.get().seq !== null);
  const { role } = useMe();
  const holder = useHolderOf();
  return useCallback(
    (action, parts = [], own = false) => {
      if (isPast && !BESIDE_THE_DESIGN.has(action)) return LOOKING_AT_THE_PAST;
      let held: 'nobody' | 'another' = 'nobody';
      for (const id of parts) if (holder(id)) held = 'another';
      return decide(role, action, { own, held, room: info.isClosed ? 'closed' : 'open' });
    },
    [role, info.isClosed, holder, isPast],
  );
}
