import { describe, expect, it } from 'vitest';
import { levelDb, meterOf, SpeakingDetector } from './speaking.ts';

const tone = (amplitude: number) => Float32Array.from({ length: 480 }, (_, i) => amplitude * Math.sin(i / 3));

describe('levels', () => {
  it('are those of a tone: -3 dB at full amplitude, 20 dB less at a tenth', () => {
    expect(levelDb(tone(1))).toBeCloseTo(-3, 0);
    expect(levelDb(tone(0.1)) - levelDb(tone(1))).toBeCloseTo(-20, 3);
  });

  it('fill a meter from nothing to full', () => {
    expect(meterOf(levelDb(new Float32Array(480)))).toBe(0);
    expect(meterOf(-60)).toBe(0);
    expect(meterOf(-30)).toBeCloseTo(0.5);
    expect(meterOf(0)).toBe(1);
  });
});

describe('speaking', () => {
  it('begins with the first loud block, outlasts a pause between words, and ends after half a second of silence', () => {
    const detector = new SpeakingDetector();
    expect(detector.update(-70, 0)).toBe(false);
    expect(detector.update(-30, 50)).toBe(true);
    expect(detector.update(-80, 500)).toBe(true);
    expect(detector.update(-80, 551)).toBe(false);
  });

  it('does not flicker at the edge', () => {
    const detector = new SpeakingDetector();
    detector.update(-40, 0);
    for (let ms = 50; ms < 3000; ms += 50) expect(detector.update(ms % 100 ? -50 : -53, ms)).toBe(true);
    const quiet = new SpeakingDetector();
    for (let ms = 0; ms < 3000; ms += 50) expect(quiet.update(ms % 100 ? -50 : -53, ms)).toBe(false);
  });
});
