import { isHands } from '#protocol/presence/index';
import { HandBoard } from './hand-board.ts';
import type { Standing } from './interest.ts';
import { bufferedBytes, SharedFrame } from './packing.ts';
import type { Roster, Seat } from './roster.ts';

/** Hands are left out for a client with more than this in its socket: a quarter of what presence waits for. */
const BUSY_SOCKET_BYTES = 16 * 1024;

/** Bare hands of the people in one room, as they go over the sockets (docs/decisions/0009-presence-by-interest.md). */
export class RoomHands {
  readonly #board: HandBoard;

  constructor(
    private readonly roster: Roster,
    people: { standing(): Iterable<Standing> },
  ) {
    this.#board = new HandBoard(() => people.standing());
  }

  /** False when the bytes are not hands. */
  hear(seat: Seat, bytes: unknown, nowMs: number): boolean {
    if (!(bytes instanceof Uint8Array) || !isHands(bytes)) return false;
    this.#board.hear(seat.participant, bytes, nowMs);
    return true;
  }

  forget(participant: number): void {
    this.#board.forget(participant);
  }

  tick(nowMs: number): void {
    const wanted = new Map<number, boolean>();
    this.#board.advance(nowMs, (participant, isWanted) => wanted.set(participant, isWanted));
    if (this.#board.isQuiet) return;
    const framed = new Map<Uint8Array, SharedFrame>();
    for (const seat of this.roster.connected()) {
      const isWanted = wanted.get(seat.participant);
      if (isWanted !== undefined) this.roster.tell(seat, 'hands.wanted', { wanted: isWanted });
      if (bufferedBytes(seat.client) > BUSY_SOCKET_BYTES || seat.line.isLate(nowMs)) {
        this.#board.skipped(seat.participant);
        continue;
      }
      const frame = this.#board.frameFor(seat.participant);
      if (!frame) continue;
      const shared = framed.get(frame) ?? SharedFrame.of('hands', frame);
      framed.set(frame, shared);
      shared.sendTo(seat.client);
    }
  }
}
