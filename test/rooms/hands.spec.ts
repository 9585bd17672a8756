import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RemoteHands, RoomSession } from '#net/index';
import { HAND_BYTES, HANDS_HZ, type HandsPose } from '#protocol/presence/index';
import { openHand } from '../support/open-hand.ts';
import { openProject, signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

/** Bare hands over a real server: who is told of them, and what they cost on the line. */
let hall: Hall;
let people: Person[];
let room: string;
const sessions: RoomSession[] = [];

beforeAll(async () => {
  hall = await startHall();
  people = await Promise.all(['Ann', 'Ben', 'Cai'].map((name) => signIn(hall.url, name)));
  ({ room } = await openProject(people[0]!, people.slice(1)));
});
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.leave()));
});
afterAll(async () => {
  await hall?.stop();
});

/** Enters and stands at `x`; `seen` is everything they were told of hands. */
async function stand(person: Person, x: number) {
  const session = await person.enter(room, 'headset');
  sessions.push(session);
  const seen: RemoteHands[] = [];
  session.onHands((hands) => seen.push(...hands));
  const rotation: [number, number, number, number] = [0, 0, 0, 1];
  const at = (place: number): void =>
    session.sendBody({
      headInRoom: { position: [place, 1.7, 0], rotation },
      rightInRoom: { position: [place, 1.2, -0.3], rotation },
      isHeadset: true,
    });
  at(x);
  return { session, seen, at, newest: () => seen.at(-1) };
}

const bent = (bend: number): HandsPose => ({ right: openHand(bend) });

describe('bare hands in a room on a server', () => {
  it('reach who stands near, not who stands far, and follow them when they come', async () => {
    const [ann, near, far] = [await stand(people[0]!, 0), await stand(people[1]!, 1.5), await stand(people[2]!, 12)];
    ann.session.sendHands(bent(0));
    await until('Ben sees an open hand', () => near.newest()?.right !== undefined);
    ann.session.sendHands(bent(1));
    const tip = openHand(1)[9]!;
    await until('Ben sees the fist', () => Math.abs(near.newest()!.right![9]![1] - tip[1]) < 0.003);
    expect(far.seen).toEqual([]);
    expect(ann.seen).toEqual([]);
    far.at(1);
    await until('Cai came near and sees it at once', () => far.newest()?.right !== undefined);
    far.at(12);
    await until('Cai went and sees it no more', () => far.newest()?.right === undefined);
    ann.session.sendHands(null);
    await until('the hand is lowered', () => near.newest()?.right === undefined);
  });

  it('cost some 600 bytes a second each while they work, and next to nothing while nobody sees them', async () => {
    const ann = await stand(people[0]!, 0);
    const socket = countHands();
    const measure = async (): Promise<number> => {
      const startMs = performance.now();
      const before = socket.hands;
      const timer = setInterval(() => {
        const bend = 0.5 + 0.5 * Math.sin(performance.now() / 200);
        ann.session.sendHands({ left: openHand(bend), right: openHand(bend) });
      }, 11);
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      clearInterval(timer);
      return (socket.hands - before) / ((performance.now() - startMs) / 1000);
    };
    const alone = await measure();
    const ben = await stand(people[1]!, 1);
    await until('Ben sees hands', () => ben.newest()?.left !== undefined);
    const told = ben.seen.length;
    const seen = await measure();
    console.log(
      `Two hands at work: ${Math.round(seen)} bytes/s up while somebody sees them (${Math.round((ben.seen.length - told) / 4)} shapes/s arrive), ${Math.round(alone)} while nobody does`,
    );
    socket.stop();
    expect(seen / 2).toBeLessThan(650);
    expect(seen / 2).toBeGreaterThan(HAND_BYTES * HANDS_HZ * 0.5);
    expect(alone).toBeLessThan(120);
  });

  it('are told again after the line was cut', async () => {
    const [ann, ben] = [await stand(people[0]!, 0), await stand(people[1]!, 1)];
    ann.session.sendHands(bent(0));
    await until('Ben sees a hand', () => ben.newest()?.right !== undefined);
    // A line may be back within moments: what Ben saw meanwhile counts.
    const isGoneSince = (told: number) => ben.seen.slice(told).some(({ right }) => right === undefined);
    let told = ben.seen.length;
    (ben.session as RoomSession & { dropConnection(): void }).dropConnection();
    await until('it is gone with the line', () => isGoneSince(told));
    await until('and back with it', () => ben.newest()?.right !== undefined);
    told = ben.seen.length;
    (ann.session as RoomSession & { dropConnection(): void }).dropConnection();
    await until('Ann’s hand goes with her line', () => isGoneSince(told));
    await until('and comes back with her', () => ben.newest()?.right !== undefined);
    ann.session.sendHands(bent(1));
    await until('moving', () => Math.abs(ben.newest()!.right![9]![1] - openHand(1)[9]![1]) < 0.003);
  });
});

/** Counts the bytes of `hands` messages that sessions of this process send. */
function countHands(): { readonly hands: number; stop(): void } {
  const counted = { hands: 0, stop: () => void (WebSocket.prototype.send = send) };
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (this: WebSocket, data) {
    const bytes = data instanceof Uint8Array ? data : new Uint8Array(data as ArrayBuffer);
    // ROOM_DATA_BYTES, then the name as a short msgpack string.
    if (bytes[0] === 0x11 && new TextDecoder().decode(bytes.subarray(2, 7)) === 'hands') counted.hands += bytes.length;
    return send.call(this, data);
  };
  return counted;
}
