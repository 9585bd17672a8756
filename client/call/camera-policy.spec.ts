import { describe, expect, it } from 'vitest';
import { dice } from '../../test/support/dice.ts';
import { CAMERA_LEVELS, CameraPolicy, type CameraDecision } from './camera-policy.ts';
import { StillFlow, STILL_SIZES } from './still-flow.ts';

/** Of the voice, with packet heads: as the browser sends it, and on a thin line. */
const VOICE_KBIT = 52;
const THIN_VOICE_KBIT = 36;
const QUEUE_MS = 1_200;

interface Line {
  readonly kbit: number;
  readonly rttMs: number;
  readonly loss: number;
}
interface Second {
  readonly decision: CameraDecision;
  readonly lossOfVoice: number;
  readonly queueMs: number;
  readonly stills: number;
}

/**
 * A line with one queue before it: what does not fit waits, then is lost; voice, picture and stills share it. Browsers look once a
 * second, and their estimate follows what gets through.
 */
function call(policy: CameraPolicy, lineAt: (second: number) => Line, seconds: number): Second[] {
  const random = dice(7);
  const flow = new StillFlow();
  const log: Second[] = [];
  let queuedKbit = 0;
  let onWay: { n: number; seenAtMs: number } | null = null;
  let stills = 0;
  for (let second = 0; second < seconds; second++) {
    const nowMs = second * 1000;
    const { kbit, rttMs, loss } = lineAt(second);
    const { level, isThin } = policy.now;
    if (onWay && onWay.seenAtMs <= nowMs) {
      flow.seen(onWay.n, onWay.seenAtMs);
      onWay = null;
    }
    const voiceKbit = isThin ? THIN_VOICE_KBIT : VOICE_KBIT;
    const videoKbit = CAMERA_LEVELS[level]!.kbit * 1.1;
    let stillKbit = 0;
    const size = level === 0 ? flow.due(nowMs) : null;
    if (size) {
      stillKbit = (size.mostBytes * 8) / 1000;
      // Through a reliable stream: what is lost is sent again, after a round trip each time.
      const seenAtMs = nowMs + rttMs * (1 + 4 * loss) + (stillKbit / Math.max(4, kbit - voiceKbit)) * 1000;
      onWay = { n: flow.sent(nowMs), seenAtMs };
      stills += 1;
    }
    queuedKbit += voiceKbit + videoKbit + Math.min(stillKbit, Math.max(0, kbit - voiceKbit)) - kbit;
    const mostKbit = (kbit * QUEUE_MS) / 1000;
    const droppedKbit = Math.max(0, queuedKbit - mostKbit);
    queuedKbit = Math.max(0, Math.min(queuedKbit, mostKbit));
    const lost = Math.min(1, loss + droppedKbit / (voiceKbit + videoKbit));
    const queueMs = (queuedKbit / kbit) * 1000;
    const noise = 0.9 + 0.2 * random.uniform();
    const decision = policy.look({
      atMs: nowMs + 1000,
      loss: Math.max(0, lost * noise),
      rttMs: (rttMs + queueMs) * noise,
      availableKbit: level > 0 ? Math.max(10, kbit - voiceKbit) * noise : null,
      stillMs: flow.lastMs,
    });
    log.push({ decision, lossOfVoice: lost - loss, queueMs, stills });
  }
  return log;
}

const level = ({ decision }: Second) => decision.level;
const on = (line: Line) => call(new CameraPolicy(), () => line, 120);
const last = (log: readonly Second[], seconds: number) => log.slice(-seconds);

describe('a camera on a line', () => {
  it('at 64 kbit/s, a round trip of a second and a fifth of all packets lost: single pictures, and voice first', () => {
    const log = on({ kbit: 64, rttMs: 1_000, loss: 0.2 });
    expect(log.findIndex((one) => level(one) === 0)).toBeLessThan(4);
    for (const one of last(log, 100)) {
      expect(level(one)).toBe(0);
      expect(one.decision.isThin).toBe(true);
      expect(one.lossOfVoice).toBe(0);
      expect(one.queueMs).toBeLessThan(400);
    }
    expect(log.at(-1)!.stills).toBeGreaterThan(6);
  });

  it('at 64 kbit/s that lose nothing: hardly ever more than single pictures, and nothing of the voice is lost for long', () => {
    const log = on({ kbit: 64, rttMs: 80, loss: 0 });
    expect(last(log, 90).filter((one) => level(one) > 0).length).toBeLessThan(15);
    const lost = last(log, 90).filter(({ lossOfVoice }) => lossOfVoice > 0.02);
    expect(lost.length).toBeLessThan(6);
  });

  it('goes up to what the line carries, and no further', () => {
    expect(level(on({ kbit: 10_000, rttMs: 40, loss: 0 }).at(-1)!)).toBe(CAMERA_LEVELS.length - 1);
    const middle = last(on({ kbit: 500, rttMs: 60, loss: 0.002 }), 60).map(level);
    expect(Math.max(...middle)).toBeLessThanOrEqual(4);
    // Most of the time where it holds: 350 kbit and the voice.
    expect(middle.filter((one) => one === 3).length).toBeGreaterThan(40);
  });

  it('makes way for the voice on a wide line that loses a fifth of all packets', () => {
    const log = on({ kbit: 5_000, rttMs: 60, loss: 0.2 });
    expect(log.findIndex((one) => level(one) === 0)).toBeLessThan(4);
    expect(last(log, 100).every((one) => level(one) === 0)).toBe(true);
  });

  it('is not fooled by a long round trip that loses nothing', () => {
    expect(level(on({ kbit: 3_000, rttMs: 900, loss: 0.001 }).at(-1)!)).toBeGreaterThanOrEqual(4);
  });

  it('steps down within seconds when the line gets thin, and comes back when it is good again', () => {
    const good: Line = { kbit: 3_000, rttMs: 50, loss: 0 };
    const thin: Line = { kbit: 100, rttMs: 400, loss: 0.15 };
    const log = call(new CameraPolicy(), (second) => (second >= 60 && second < 120 ? thin : good), 260);
    expect(level(log[59]!)).toBeGreaterThanOrEqual(4);
    expect(log.slice(60, 70).findIndex((one) => level(one) === 0)).toBeGreaterThanOrEqual(0);
    expect(log.slice(72, 120).every((one) => level(one) === 0)).toBe(true);
    expect(level(log.at(-1)!)).toBeGreaterThanOrEqual(4);
  });

  it('moves again on a good line although the browser’s estimate is still that of the bad one, and single pictures are slow', () => {
    const policy = new CameraPolicy();
    let availableKbit = 30;
    const levels: number[] = [];
    for (let second = 0; second < 150; second++) {
      const isBad = second < 30;
      const { level: now } = policy.now;
      // By some percent a second while something moves, as browsers do; a busy machine needs two seconds for a picture.
      if (!isBad && now > 0) availableKbit = Math.min(3_000, availableKbit * 1.08);
      const decision = policy.look({
        ...{ atMs: second * 1000, loss: isBad ? 0.2 : 0, rttMs: isBad ? 1_000 : 60, stillMs: 2_000 },
        availableKbit: now > 0 ? availableKbit : null,
      });
      levels.push(decision.level);
    }
    expect(levels.slice(5, 30).every((one) => one === 0)).toBe(true);
    expect(levels.findIndex((one, second) => second >= 30 && one > 0)).toBeLessThan(65);
    expect(levels.slice(70).every((one) => one > 0)).toBe(true);
  });

  it('comes back also when nobody reports on it any more, because nothing is sent', () => {
    const policy = new CameraPolicy();
    for (let second = 0; second < 10; second++)
      policy.look({ atMs: second * 1000, loss: 0.2, rttMs: 1_100, availableKbit: 30, stillMs: null });
    expect(policy.now.level).toBe(0);
    for (let second = 10; second < 45; second++)
      policy.look({ atMs: second * 1000, loss: null, rttMs: null, availableKbit: null, stillMs: 400 });
    expect(policy.now.level).toBeGreaterThan(0);
  });

  it('does not swing: at any bandwidth few changes a minute, fewer the longer it lasts', () => {
    for (const kbit of [90, 130, 200, 300, 480, 700, 1_000, 1_700]) {
      const log = call(new CameraPolicy(), () => ({ kbit, rttMs: 70, loss: 0.003 }), 300);
      const changes = (from: number, to: number) =>
        log.slice(from, to).filter((one, at, all) => at > 0 && level(one) !== level(all[at - 1]!)).length;
      expect(changes(60, 180), `${kbit} kbit/s`).toBeLessThan(16);
      expect(changes(180, 300), `${kbit} kbit/s`).toBeLessThan(10);
    }
  });
});

describe('single pictures', () => {
  it('go one at a time: never another before the last was seen or given up', () => {
    const flow = new StillFlow();
    expect(flow.due(0)).not.toBeNull();
    const n = flow.sent(0);
    for (let atMs = 0; atMs < 19_000; atMs += 500) expect(flow.due(atMs)).toBeNull();
    flow.seen(n - 1, 5_000);
    expect(flow.due(6_000)).toBeNull();
    expect(flow.due(21_000)).toBe(STILL_SIZES[0]);
  });

  it('grow while they are seen at once, shrink when they are not, and leave the line free as long as they took', () => {
    const flow = new StillFlow();
    let atMs = 0;
    for (let times = 0; times < 3; times++) {
      flow.seen(flow.sent(atMs), atMs + 300);
      atMs += 3_000;
    }
    expect(flow.due(atMs)).toBe(STILL_SIZES.at(-1));
    flow.seen(flow.sent(atMs), atMs + 6_000);
    expect(flow.due(atMs + 6_000 + 5_900)).toBeNull();
    expect(flow.due(atMs + 12_100)).toBe(STILL_SIZES.at(-2));
  });
});
