import type { RoomId } from '#protocol/ids';
import type { LiveJournal } from './journal/live-journal.ts';
import { bufferedBytes } from './packing.ts';
import type { OpenRoom, SeatOfRoom } from './room-features.ts';
import type { Roster, Seat } from './roster.ts';

/** What can be left out is not sent into a socket with more than this in it. */
const SLOW_SOCKET_BYTES = 16 * 1024;

/** The room as features see it: seats without what is the room's own. */
export function openRoomOf(room: RoomId, journal: LiveJournal, roster: Roster): OpenRoom {
  const seatsBehind = new WeakMap<SeatOfRoom, Seat>();
  return {
    room,
    journal,
    *seats() {
      for (const seat of roster.connected()) {
        const { client, user, session, role } = seat;
        const shown: SeatOfRoom = { client, user, session, role, isSlow: bufferedBytes(client) > SLOW_SOCKET_BYTES };
        seatsBehind.set(shown, seat);
        yield shown;
      }
    },
    tell: (shown, type, message) => {
      const seat = seatsBehind.get(shown);
      if (seat) roster.tell(seat, type, message);
    },
  };
}
