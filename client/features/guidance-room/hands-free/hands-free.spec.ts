import { describe, expect, it } from 'vitest';
import type { Quat } from '#protocol/spatial/index';
import { dice } from '../../../../test/support/dice.ts';
import { commandOfKey } from './commands.ts';
import { Dwell } from './dwell.ts';
import { NodDetector } from './nod.ts';
import { commandIn } from './spoken.ts';

const DEG = Math.PI / 180;
const FRAME_MS = 1000 / 60;

/** A head turned up by `pitch` and left by `yaw`, radians. */
function head(pitch: number, yaw = 0): Quat {
  const [sp, cp, sy, cy] = [Math.sin(pitch / 2), Math.cos(pitch / 2), Math.sin(yaw / 2), Math.cos(yaw / 2)];
  return [cy * sp, sy * cp, -sy * sp, cy * cp];
}

/** Plays pitch (and yaw) by time; returns when nods were seen, ms. */
function nods(durationMs: number, pitchAt: (ms: number) => number, yawAt: (ms: number) => number = () => 0): number[] {
  const detector = new NodDetector();
  const found: number[] = [];
  for (let ms = 0; ms < durationMs; ms += FRAME_MS) if (detector.see(head(pitchAt(ms), yawAt(ms)), ms)) found.push(ms);
  return found;
}
const bump = (ms: number, fromMs: number, lastsMs: number) =>
  ms < fromMs || ms > fromMs + lastsMs ? 0 : (1 - Math.cos((2 * Math.PI * (ms - fromMs)) / lastsMs)) / 2;

describe('a nod', () => {
  it('is found once, from any bearing of the head, small or large, slow or quick', () => {
    for (const rest of [-35, -20, 0, 10])
      for (const [depth, lasts] of [
        [11, 350],
        [16, 500],
        [25, 800],
      ] as const) {
        const found = nods(3000, (ms) => (rest - depth * bump(ms, 1000, lasts)) * DEG);
        expect(found, `${rest}° ${depth}° in ${lasts} ms`).toHaveLength(1);
        expect(found[0]!).toBeLessThan(1000 + lasts + 100);
      }
  });

  it('is found in a head that trembles', () => {
    const roll = dice(7);
    expect(nods(3000, (ms) => (-10 - 15 * bump(ms, 1000, 500) + 0.2 * roll.normal()) * DEG)).toHaveLength(1);
  });

  it('is not looking down at the work, nor up from it, nor to the tray beside it', () => {
    expect(nods(4000, (ms) => (ms > 1000 ? -25 : 0) * DEG * Math.min(1, (ms - 1000) / 300))).toEqual([]);
    expect(nods(4000, (ms) => (ms < 1000 ? -30 : -30 * Math.max(0, 1 - (ms - 1000) / 300)) * DEG)).toEqual([]);
    const aside = (ms: number) => 25 * bump(ms, 1000, 600) * DEG;
    expect(nods(3000, (ms) => -20 * bump(ms, 1000, 600) * DEG, aside)).toEqual([]);
  });

  it('is not a slow look down and back, nor a shake of the head, nor walking', () => {
    expect(nods(5000, (ms) => -25 * bump(ms, 1000, 2500) * DEG)).toEqual([]);
    expect(
      nods(
        4000,
        () => 0,
        (ms) => 20 * Math.sin(ms / 90) * DEG,
      ),
    ).toEqual([]);
    expect(nods(8000, (ms) => 2.5 * Math.sin((2 * Math.PI * ms) / 520) * DEG)).toEqual([]);
  });

  it('counts once when one nods twice for a yes', () => {
    expect(nods(3000, (ms) => -15 * (bump(ms, 1000, 400) + bump(ms, 1450, 400)) * DEG)).toHaveLength(1);
  });
});

describe('a look that stays', () => {
  it('presses once, survives a blink, and begins anew elsewhere', () => {
    const dwell = new Dwell(1000, 150);
    expect(dwell.look('next', 500)).toBeNull();
    expect(dwell.share).toBeCloseTo(0);
    expect(dwell.look('next', 500)).toBeNull();
    expect(dwell.look(null, 100)).toBeNull();
    expect(dwell.look('next', 500)).toBe('next');
    expect(dwell.look('next', 5000)).toBeNull();
    expect(dwell.look('other', 900)).toBeNull();
    expect(dwell.look('other', 900)).toBeNull();
    expect(dwell.look('next', 100)).toBeNull();
    expect(dwell.share).toBe(0);
  });
});

describe('spoken commands', () => {
  it.each([
    ['Next.', 'en', 'next'],
    ['okay next', 'en', 'next'],
    ['next step', 'en', 'next'],
    ['Take a photo', 'en', 'photo'],
    ['call the expert', 'en', null],
    ['call expert', 'en', 'help'],
    ['the next bearing is the one that Ann took out', 'en', null],
    ['not yet', 'en', null],
    ['下一步', 'zh', 'next'],
    ['好了。', 'zh', 'next'],
    ['请 拍照', 'zh', 'photo'],
    ['下一步的那个轴承已经装好了没有', 'zh', null],
    ['', 'en', null],
  ] as const)('%s (%s) means %s', (heard, language, command) => expect(commandIn(heard, language)).toBe(command));
});

describe('a foot pedal', () => {
  const key = (name: string, more = {}) => ({
    key: name,
    repeat: false,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    ...more,
  });
  it('goes on by Page down and Enter, and reads again by Page up', () => {
    expect(commandOfKey(key('PageDown'), 'page')).toBe('next');
    expect(commandOfKey(key('Enter'), 'page')).toBe('next');
    expect(commandOfKey(key('PageUp'), 'page')).toBe('again');
  });
  it('that is held down goes on once', () =>
    expect(commandOfKey(key('PageDown', { repeat: true }), 'page')).toBeNull());
  it('leaves keys alone that somebody writes with, or presses a button with', () => {
    expect(commandOfKey(key('Enter'), 'field')).toBeNull();
    expect(commandOfKey(key('Enter'), 'button')).toBeNull();
    expect(commandOfKey(key('PageDown'), 'button')).toBe('next');
    expect(commandOfKey(key('F9'), 'field')).toBe('overview');
  });
});
