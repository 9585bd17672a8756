import { describe, expect, it } from 'vitest';
import { CARRY_ON_MS, decodeUp, encodeDown, encodeEntry, type Body } from '#protocol/presence/index';
import { PresenceChannel } from './presence-channel.ts';

const at = (x: number): Body => ({ headInRoom: { position: [x, 1.7, 0], rotation: [0, 0, 0, 1] } });

/** What a person who moves like `position` sends in ten seconds. */
function sends(position: (sec: number) => number): { atMs: number; bytes: Uint8Array }[] {
  const channel = new PresenceChannel();
  const sent: { atMs: number; bytes: Uint8Array }[] = [];
  for (let atMs = 0; atMs < 10_000; atMs += 50) {
    channel.setBody(at(position(atMs / 1000)));
    const bytes = channel.take(atMs);
    if (bytes) sent.push({ atMs, bytes });
  }
  return sent;
}

/** Passes frames on as a server does, with a delay per frame. */
function arrive(sent: { atMs: number; bytes: Uint8Array }[], delayMs: (i: number) => number): number[] {
  const viewer = new PresenceChannel();
  const times: number[] = [];
  viewer.onBodies((bodies) => times.push(...bodies.map(({ atMs }) => atMs)));
  sent.forEach(({ atMs, bytes }, i) => {
    const entry = encodeEntry({ participant: 2, ...decodeUp(bytes)! });
    const down = encodeDown({ serverTimeMs: 0, isComplete: false, beyond: 0 }, [entry]);
    viewer.receive(down, 1, 100_000 + atMs + delayMs(i));
  });
  return times;
}

describe('my presence', () => {
  it('costs two frames a second while I stand still', () => {
    expect(sends(() => 1).length).toBeLessThanOrEqual(21);
  });

  it('costs a third of the frames on a steady walk', () => {
    expect(sends((sec) => sec).length).toBeLessThanOrEqual(67);
  });

  it('comes often enough on a steady walk that nobody sees me stop', () => {
    const times = sends((sec) => sec).map(({ atMs }) => atMs);
    times.slice(1).forEach((atMs, i) => expect(atMs - times[i]!).toBeLessThan(CARRY_ON_MS));
  });

  it('is sent at every tick when nobody could predict it', () => {
    expect(sends((sec) => Math.sin(sec * 20)).length).toBeGreaterThan(150);
  });

  it('starts again after a new connection, even when I stand still', () => {
    const channel = new PresenceChannel();
    channel.setBody(at(0));
    expect(channel.take(0)).not.toBeNull();
    expect(channel.take(100)).toBeNull();
    channel.restart();
    expect(channel.take(150)).not.toBeNull();
  });
});

describe('the presence of others', () => {
  it('keeps its own rhythm, however unevenly the network brings it', () => {
    const sent = sends((sec) => Math.sin(sec * 8));
    const times = arrive(sent, (i) => [0, 40, 10, 25][i % 4]!);
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    const wanted = sent.slice(1).map(({ atMs }, i) => atMs - sent[i]!.atMs);
    gaps.slice(4).forEach((gap, i) => expect(Math.abs(gap - wanted[i + 4]!)).toBeLessThan(2));
  });

  it('shows somebody who stands still also to a view that opens later', () => {
    const viewer = new PresenceChannel();
    const about = { serverTimeMs: 0, isComplete: true, beyond: 0 };
    const { bytes } = sends(() => 0)[0]!;
    viewer.receive(encodeDown(about, [encodeEntry({ participant: 2, ...decodeUp(bytes)! })]), 1, 0);
    const seen: number[] = [];
    viewer.onBodies((bodies) => seen.push(...bodies.map(({ participant }) => participant)));
    expect(seen).toEqual([2]);
  });

  it('says who is lost: told so, or missing in a frame that names everybody in sight', () => {
    const viewer = new PresenceChannel();
    const lost: number[] = [];
    viewer.lost.on((gone) => lost.push(...gone));
    const { bytes } = sends(() => 0)[0]!;
    const [two, three, four] = [2, 3, 4].map((participant) => encodeEntry({ participant, ...decodeUp(bytes)! }));
    const about = { serverTimeMs: 0, isComplete: false, beyond: 0 };
    viewer.receive(encodeDown(about, [two!, three!, four!]), 1, 0);
    viewer.receive(encodeDown(about, [encodeEntry({ participant: 3, body: null, carries: [] })]), 1, 50);
    expect(lost).toEqual([3]);
    viewer.receive(encodeDown({ ...about, isComplete: true, beyond: 9 }, [two!]), 1, 100);
    expect(lost).toEqual([3, 4]);
    expect(viewer.beyond.get()).toBe(9);
  });
});
