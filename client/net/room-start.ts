import type { Author, RoomModels } from '#protocol/journal/index';
import { Author as AuthorSchema, openEntry } from '#protocol/journal/index';
import type { Role } from '#protocol/permissions/index';
import type { Outbox } from './outbox.ts';
import type { WaitingOp } from './outbox.store.ts';
import { Replica } from './replica.ts';
import { hallRequest, LinkRefused } from './room-link.ts';
import type { ConnectOptions } from './room-session.types.ts';
import type { ServerTime } from './server-time.ts';
import { markOf, type TakenRoom, type TakenRooms } from './taken-rooms.ts';

/** What a person has of a room before the line to it is open. */
export interface Start {
  readonly author: Author;
  readonly replica: Replica;
  readonly outbox: Outbox;
  /** Of a room that was taken along; null: everything came from the hall. */
  readonly taken: { readonly rooms: TakenRooms; readonly role: Role } | null;
}

interface Ports {
  readonly options: ConnectOptions;
  readonly models: RoomModels;
  readonly time: ServerTime;
  readonly rooms: TakenRooms | null;
  openOutbox(user: string): Promise<Outbox>;
}

/** A room that was taken along opens from the device, whether the hall can be reached or not; any other from the hall. */
export async function startRoom(ports: Ports): Promise<Start> {
  const { rooms, options } = ports;
  // A device that keeps nothing, or no longer, has taken nothing along.
  const taken = await rooms?.open(options.room).catch(() => null);
  return (rooms && taken && (await startHere(ports, rooms, taken))) ?? startThere(ports);
}

async function startHere(ports: Ports, rooms: TakenRooms, taken: TakenRoom): Promise<Start | null> {
  const { options, models, time } = ports;
  const session = markOf(options.token);
  if (session !== taken.session) {
    // Signed in anew: the same person goes on, another one starts from the hall.
    const me = await askWho(options).catch(() => null);
    if (me?.id !== taken.person.id) return null;
    await rooms.note(options.room, { session });
  }
  time.assume(taken.clockOffsetMs);
  const author = AuthorSchema.parse(taken.person);
  const replica = new Replica(taken.snapshot, models, author, () => time.nowMs());
  try {
    replica.receive(replica.length, taken.blocks);
  } catch {
    return null; // of another version of the page, or damaged: the hall has all of it
  }
  const outbox = await ports.openOutbox(author.id);
  // The page ended between the two: its entry is here, and it still waits in the outbox.
  if (outbox.left().length > 0) outbox.forget(taken.blocks.map((bytes) => openEntry(bytes).entry.id));
  return { author, replica, outbox, taken: { rooms, role: taken.role } };
}

async function startThere(ports: Ports): Promise<Start> {
  const { options, models, time } = ports;
  const who = await askWho(options);
  const author = AuthorSchema.parse({ id: who.id, name: who.name });
  const outbox = await ports.openOutbox(author.id);
  const snapshot = await snapshotFor(options, outbox.left());
  const replica = new Replica(snapshot, models, author, () => time.nowMs());
  return { author, replica, outbox, taken: null };
}

/** As it was when the oldest of my waiting ops was made: what others did since comes in as after any drop, and is told. */
async function snapshotFor(options: ConnectOptions, left: readonly WaitingOp[]): Promise<Uint8Array> {
  const seen = left.length > 0 ? Math.min(...left.map((one) => one.seen ?? Infinity)) : Infinity;
  if (Number.isFinite(seen))
    try {
      return await fetchSnapshot(options, seen);
    } catch (thrown) {
      // Not everybody may look back, and a room may have begun again from a backup.
      if (!(thrown instanceof LinkRefused)) throw thrown;
    }
  return fetchSnapshot(options);
}

export async function fetchSnapshot(options: ConnectOptions, length?: number): Promise<Uint8Array> {
  const query = length === undefined ? '' : `?length=${length}`;
  const answer = await hallRequest(options, 'GET', `/api/rooms/${options.room}/snapshot${query}`);
  return new Uint8Array(await answer.arrayBuffer());
}

const askWho = async (options: ConnectOptions): Promise<{ id: string; name: string }> =>
  (await hallRequest(options, 'GET', '/api/me')).json() as Promise<{ id: string; name: string }>;
