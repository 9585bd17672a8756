import { expect, it } from 'vitest';
import { factsOf, type Stat } from './line-sample.ts';

const NOW_MS = 1_700_000_000_000;
const reported = (ageMs: number, fractionLost: number, roundTripTime: number): Stat => ({
  ...{ type: 'remote-inbound-rtp', timestamp: NOW_MS - ageMs, fractionLost, roundTripTime },
});
const pair: Stat = {
  ...{ type: 'candidate-pair', timestamp: NOW_MS, state: 'succeeded', nominated: true },
  ...{ currentRoundTripTime: 0.04, availableOutgoingBitrate: 300_000 },
};

it('takes the worst of losses and round trips, the least of estimates, and adds up bytes', () => {
  const other: Stat = { ...pair, currentRoundTripTime: 0.2, availableOutgoingBitrate: 90_000 };
  const sent: Stat = { type: 'outbound-rtp', timestamp: NOW_MS, bytesSent: 500 };
  expect(
    factsOf([
      [pair, reported(900, 0.1, 0.05), sent],
      [other, reported(900, 0.02, 0.3), sent],
    ]),
  ).toEqual({
    ...{ loss: 0.1, rttMs: 300, availableKbit: 90, bytesSent: 1000, bytesReceived: 0 },
  });
});

it('does not believe what the other side said long ago: a line that was bad when the picture stopped may be good by now', () => {
  expect(factsOf([[pair, reported(60_000, 0.2, 1.1)]])).toMatchObject({ loss: null, rttMs: 40 });
  expect(factsOf([[pair, reported(6_000, 0.2, 1.1)]])).toMatchObject({ loss: 0.2, rttMs: 1100 });
});
