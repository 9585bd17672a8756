import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SlotStream } from './slot-stream.ts';

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });

it('is one stream without a jump, whoever speaks on it', () => {
  const turns = fc.array(
    fc.record({
      seq: u16,
      timestamp: u32,
      packets: fc.integer({ min: 1, max: 20 }),
      pauseMs: fc.integer({ min: 20, max: 5000 }),
    }),
    { minLength: 2, maxLength: 6 },
  );
  fc.assert(
    fc.property(turns, (list) => {
      const stream = new SlotStream();
      let nowMs = 0;
      let before: { sequenceNumber: number; timestamp: number; ms: number } | null = null;
      list.forEach(({ seq, timestamp, packets, pauseMs }, turn) => {
        nowMs += pauseMs;
        for (let i = 0; i < packets; i++, nowMs += 20) {
          const out = stream.place(
            `speaker ${turn}`,
            { sequenceNumber: (seq + i) & 0xffff, timestamp: (timestamp + i * 960) >>> 0 },
            nowMs,
          );
          expect(out.isFirst).toBe(i === 0);
          if (before) {
            expect((out.sequenceNumber - before.sequenceNumber) & 0xffff).toBe(1);
            expect(Math.abs(((out.timestamp - before.timestamp) >>> 0) - (nowMs - before.ms) * 48)).toBeLessThan(1);
          }
          before = { ...out, ms: nowMs };
        }
      });
    }),
  );
});

it('shows what was lost on the way up, and keeps packets that changed places apart', () => {
  const stream = new SlotStream();
  const at = (seq: number) =>
    stream.place('ann', { sequenceNumber: seq, timestamp: seq * 960 }, seq * 20).sequenceNumber;
  expect([10, 11, 14, 13, 15].map(at)).toEqual([10, 11, 14, 13, 15]);
  expect([17, 16].map(at)).toEqual([17, 16]);
  expect(stream.place('bo', { sequenceNumber: 500, timestamp: 7 }, 400).sequenceNumber).toBe(18);
});
