import { EventEmitter } from 'node:events';
import type { Client } from '@colyseus/core';
import { expect, test } from 'vitest';
import { LineMeter } from './line-meter.ts';

/** A line whose pings come back when the test says so. */
class PingedSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  pings = 0;
  asked: Uint8Array = Buffer.alloc(0);
  ping(question: Uint8Array): void {
    this.asked = question;
    this.pings += 1;
  }
}

function metered() {
  let now = 0;
  const socket = new PingedSocket();
  const meter = new LineMeter({ ref: socket } as unknown as Client, () => now);
  /** Ticks of 50 ms until `atMs`; how many of them were late. */
  const until = (atMs: number) => {
    let late = 0;
    for (; now < atMs; now += 50) {
      if (meter.isDue(now)) meter.ask();
      if (meter.isLate(now)) late += 1;
    }
    return late;
  };
  const answer = () => socket.emit('pong', socket.asked);
  return { socket, until, answer };
}

test('a line that answers in time is never late, however far away it is, and is asked about every other second', () => {
  const { socket, until, answer } = metered();
  let late = 0;
  for (let second = 0; second < 20; second += 2) {
    late += until(second * 1_100 + 200);
    answer();
    late += until((second + 2) * 1_100);
  }
  expect(late).toBe(0);
  expect(socket.pings).toBeLessThan(13);
});

test('a line is late as soon as an answer is overdue, and stays so until one came in time', () => {
  const { until, answer } = metered();
  until(100);
  answer();
  expect(until(2_300)).toBe(0);
  // Asked at 2.1 s; 250 ms beyond its best round trip of 100 ms nothing came.
  expect(until(2_600)).toBeGreaterThan(0);
  until(4_000);
  answer();
  expect(until(4_100)).toBe(2);
  answer();
  expect(until(4_400)).toBe(0);
});

test('an answer to somebody else says nothing about the line', () => {
  const { socket, until, answer } = metered();
  until(100);
  answer();
  until(2_300);
  socket.emit('pong', Buffer.alloc(0));
  expect(until(2_600)).toBeGreaterThan(0);
});
