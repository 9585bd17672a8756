import type { Client } from '@colyseus/core';
import { encodeBlock } from '#protocol/journal/index';
import { freeColorOf, type Participant, type ServerMessages } from '#protocol/room/index';
import type { ClientId, UserId } from '#protocol/ids';
import { SharedFrame } from './packing.ts';
import type { Allowance } from './intake.ts';
import type { LineMeter } from './line-meter.ts';

export interface Seat extends Omit<Participant, 'role' | 'isConnected'> {
  role: Participant['role'];
  isConnected: boolean;
  readonly client: Client;
  readonly line: LineMeter;
  /** What their connection may still send right now. */
  readonly allowance: Allowance;
  strikes: number;
  /** Bytes wait in this process for their socket to take them; how many is worth a look. */
  isFull: boolean;
  /** Acknowledgements of the group that was just written. */
  acks: ServerMessages['ack']['acks'];
  /** Still reading what it missed: new entries are in that. */
  isBehind: boolean;
}

/** Who is in a room, by the client id they came with, and how to speak to them. */
export class Roster {
  readonly #seats = new Map<ClientId, Seat>();
  readonly #byClient = new Map<Client, Seat>();
  /** Whose line changed since the last tick, and who went. */
  readonly #changed = new Set<ClientId>();
  readonly #gone = new Set<ClientId>();
  /** Made when asked for: it is walked through many times a second, and changes seldom. */
  #connected: readonly Seat[] | null = null;

  get size(): number {
    return this.#seats.size;
  }

  get(session: ClientId): Seat | undefined {
    return this.#seats.get(session);
  }

  seatOf(client: Client): Seat | undefined {
    return this.#byClient.get(client);
  }

  all(): IterableIterator<Seat> {
    return this.#seats.values();
  }

  connected(): readonly Seat[] {
    return (this.#connected ??= [...this.#seats.values()].filter(({ isConnected }) => isConnected));
  }

  participants(): Participant[] {
    return [...this.#seats.values()].map(participantOf);
  }

  /** Takes a seat, or takes it again with a new connection. */
  seat(seat: Seat): void {
    const former = this.#seats.get(seat.session);
    if (former) this.#byClient.delete(former.client);
    this.#seats.set(seat.session, seat);
    this.#byClient.set(seat.client, seat);
    this.#connected = null;
    this.#changed.add(seat.session);
    this.#gone.delete(seat.session);
  }

  /** Changes a line that others see. */
  change(seat: Seat, news: Partial<Pick<Seat, 'role' | 'isConnected'>>): void {
    Object.assign(seat, news);
    this.#connected = null;
    this.#changed.add(seat.session);
  }

  /** The connection is over; the seat may be kept. */
  disconnect(client: Client): Seat | undefined {
    const seat = this.seatOf(client);
    this.#byClient.delete(client);
    return seat;
  }

  remove(seat: Seat): void {
    this.#seats.delete(seat.session);
    this.#byClient.delete(seat.client);
    this.#connected = null;
    this.#changed.delete(seat.session);
    this.#gone.add(seat.session);
  }

  /** The lowest number nobody here has. */
  freeNumber(): number {
    const taken = new Set([...this.#seats.values()].map(({ participant }) => participant));
    let number = 1;
    while (taken.has(number)) number += 1;
    return number;
  }

  /** A person's own colour, in each of their windows, unless somebody else here has it. */
  colorOf(user: UserId): number {
    const seats = [...this.#seats.values()];
    const mine = seats.find((seat) => seat.user === user);
    return mine ? mine.color : freeColorOf(user, new Set(seats.map(({ color }) => color)));
  }

  /** Who came, changed or went since the last call: a few lines, however many people are here. */
  takeNews(): ServerMessages['roster.news'] | null {
    if (this.#changed.size === 0 && this.#gone.size === 0) return null;
    const now = [...this.#changed].flatMap((session) => {
      const seat = this.#seats.get(session);
      return seat ? [participantOf(seat)] : [];
    });
    const gone = [...this.#gone];
    this.#changed.clear();
    this.#gone.clear();
    return { now, gone };
  }

  tell<K extends keyof ServerMessages>(seat: Seat, type: K, message: ServerMessages[K]): void {
    if (seat.isConnected) seat.client.sendBytes(type, encodeBlock(message).bytes);
  }

  tellAll<K extends keyof ServerMessages>(type: K, message: ServerMessages[K]): void {
    const frame = SharedFrame.of(type, encodeBlock(message).bytes);
    for (const { client } of this.connected()) frame.sendTo(client);
  }
}

const participantOf = ({
  participant,
  session,
  user,
  name,
  role,
  device,
  badge,
  color,
  isConnected,
}: Seat): Participant => ({ participant, session, user, name, role, device, badge, color, isConnected });
