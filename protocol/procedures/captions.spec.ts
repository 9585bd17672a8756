import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cueAt, cuesOf, plainWords } from './captions.ts';

const VTT = `WEBVTT - Foot

STYLE
::cue { color: white }

1
00:01.000 --> 00:02.500 align:start
<v Ann>Put the foot down,</v>
arrow to the front.

NOTE nobody reads this

00:00:03.000 --> 00:01:04.250
Torque &lt; 30 N·m &amp; no more.
`;

describe('subtitles', () => {
  it('stand as timed in WebVTT: without its header, notes, ids and tags', () => {
    expect(cuesOf(VTT, 90_000)).toEqual([
      { fromMs: 1000, toMs: 2500, text: 'Put the foot down, arrow to the front.' },
      { fromMs: 3000, toMs: 64_250, text: 'Torque < 30 N·m & no more.' },
    ]);
    expect(plainWords(VTT)).toBe('Put the foot down, arrow to the front. Torque < 30 N·m & no more.');
    const cues = cuesOf(VTT, null);
    expect([cueAt(cues, 0), cueAt(cues, 1000)?.fromMs, cueAt(cues, 2500), cueAt(cues, 64_249)?.fromMs]).toEqual([
      null,
      1000,
      null,
      3000,
    ]);
  });

  it('come sentence by sentence where nobody timed them, also in Chinese', () => {
    expect(cuesOf('Open the valve. Slowly!', 6000).map(({ text }) => text)).toEqual(['Open the valve.', 'Slowly!']);
    const chinese = cuesOf('打开阀门。慢慢地，直到压力为三巴！', null);
    expect(chinese.map(({ text }) => text)).toEqual(['打开阀门。', '慢慢地，直到压力为三巴！']);
    expect(chinese[1]!.toMs - chinese[1]!.fromMs).toBeGreaterThan(1500);
    expect(cuesOf(' ', 1000)).toEqual([]);
  });

  it('fill the time of the sound without a gap, and lose no word', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(
        fc.array(fc.array(word, { minLength: 1 }), { minLength: 1 }),
        fc.integer({ min: 500, max: 1e6 }),
        (said, ms) => {
          const words = said.map((sentence) => `${sentence.join(' ')}.`).join(' ');
          const cues = cuesOf(words, ms);
          expect(cues.map(({ text }) => text).join(' ')).toBe(words);
          expect(cues[0]!.fromMs).toBe(0);
          expect(cues.at(-1)!.toMs).toBeCloseTo(ms, 3);
          cues.slice(1).forEach(({ fromMs }, at) => expect(fromMs).toBe(cues[at]!.toMs));
        },
      ),
    );
  });
});
