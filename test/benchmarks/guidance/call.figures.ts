import { setTimeout as sleep } from 'node:timers/promises';
import { BadLine, whyNoLines, type Weather } from '../../network/bad-line.ts';
import { CallPair } from '../../support/call-pair.ts';
import { findChromium } from '../../support/chromium.ts';
import { openHelpJob } from '../../support/help-job.ts';
import { until } from '../../support/people.ts';
import { startHall } from '../../support/server.ts';
import { sizeOf, type Figure, type Part } from '../figures.ts';

/** Lines from good to what a call must still work over; each way. */
const LINES: readonly { readonly name: string; readonly weather: Partial<Weather> }[] = [
  { name: 'good line', weather: { delayMs: 10, loss: 0, kbit: 0 } },
  { name: '500 kbit/s, 100 ms, 1 % lost', weather: { delayMs: 50, loss: 0.01, kbit: 500 } },
  { name: '64 kbit/s, 1 s, 20 % lost', weather: { delayMs: 500, loss: 0.2, kbit: 64 } },
];
/** What adapts has adapted by then; then it is counted, ms. */
const SETTLE_MS = sizeOf('CALL_S', 20) * 1_000;
const COUNT_MS = SETTLE_MS;
const SEED = 5;

/** What a call takes of a line, and how it sounds and looks over it: two browsers, the engineer's behind the line. */
export const call: Part = { name: 'call', measure };

async function measure(): Promise<Figure[]> {
  const missing = whyNoLines() ?? (findChromium() ? null : 'there is no Chromium');
  if (missing) {
    console.log(`Calls are not measured here: ${missing}.`);
    return [];
  }
  const line = new BadLine(SEED);
  await line.ready();
  const hall = await startHall({ env: { MQTT_PORT: '0', HOST: line.addressHere } });
  let pair: CallPair | null = null;
  try {
    const hallUrl = `http://${line.addressHere}:${hall.port}`;
    pair = await CallPair.open(hallUrl, await openHelpJob(hallUrl), line);
    const { figures } = { figures: () => pair!.figures() };
    await until('the picture moves', async () => (await figures()).pictureBytes > 20_000, 90_000);
    const told: Figure[] = [];
    let marks = 0;
    for (const { name, weather } of LINES) {
      line.set(weather);
      await sleep(SETTLE_MS);
      const before = await figures();
      const startMs = performance.now();
      await pair.mark(`mark ${marks}`);
      marks += 1;
      const markMs = until('the mark is there', async () => (await figures()).marksAtEngineer >= marks, 120_000).then(
        () => performance.now() - startMs,
      );
      await sleep(COUNT_MS);
      const after = await figures();
      const seconds = (performance.now() - startMs) / 1000;
      const kbit = (from: number, to: number) => ((to - from) * 8) / 1000 / seconds;
      const note = `${name}; ${Math.round(seconds)} s, without packet heads`;
      told.push(
        { name: `call, ${name}: voice`, measured: kbit(before.voiceBytes, after.voiceBytes), unit: 'kbit/s', note },
        {
          name: `call, ${name}: picture`,
          measured: kbit(before.pictureBytes, after.pictureBytes),
          unit: 'kbit/s',
          note,
        },
        { name: `call, ${name}: level of the picture`, measured: after.sending.level, unit: 'count', note },
        { name: `call, ${name}: single pictures`, measured: after.still - before.still, unit: 'count', note },
        { name: `call, ${name}: mark shown at the engineer`, measured: await markMs, unit: 'ms', note },
      );
    }
    return told;
  } finally {
    await pair?.close();
    await hall.stop();
    await line.close();
  }
}
