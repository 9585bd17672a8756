import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallPair } from '../support/call-pair.ts';
import { findChromium } from '../support/chromium.ts';
import { openHelpJob } from '../support/help-job.ts';
import { until } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { BadLine, whyNoLines } from './bad-line.ts';

const missing = whyNoLines() ?? (findChromium() ? null : 'there is no Chromium');
if (missing) console.log(`Skipped, a call over a bad line: ${missing}.`);

const SEED = Number(process.env['SEED'] ?? 11);

describe.skipIf(missing)(`a call over a bad line (seed ${SEED})`, () => {
  let line: BadLine;
  let hall: Hall;
  let pair: CallPair;

  beforeAll(async () => {
    line = new BadLine(SEED);
    await line.ready();
    hall = await startHall({ env: { MQTT_PORT: '0', HOST: line.addressHere } });
    const hallUrl = `http://${line.addressHere}:${hall.port}`;
    pair = await CallPair.open(hallUrl, await openHelpJob(hallUrl), line);
  }, 180_000);
  afterAll(async () => {
    await pair?.close();
    await hall?.stop();
    await line?.close();
  });

  it(
    'at 64 kbit/s, a round trip of a second and a fifth of all packets lost: voice comes, pictures come one by one, ops arrive',
    { timeout: 300_000 },
    async () => {
      await until('the picture moves', async () => (await pair.figures()).pictureBytes > 20_000, 60_000);
      await until('voice comes', async () => (await pair.figures()).voicePackets > 50, 30_000);
      line.set({ delayMs: 500, loss: 0.2, kbit: 64 });
      await until('single pictures are sent', async () => (await pair.figures()).sending.mode === 'stills', 60_000);
      const before = await pair.figures();
      const startMs = performance.now();
      await pair.mark('look here');
      await until('the mark is at the engineer', async () => (await pair.figures()).marksAtEngineer === 1, 90_000);
      const markMs = performance.now() - startMs;
      await until('a single picture has come', async () => (await pair.figures()).still > before.still, 90_000);
      const stillMs = performance.now() - startMs;
      const after = await pair.figures();
      const seconds = (performance.now() - startMs) / 1000;
      const voicePerSecond = (after.voicePackets - before.voicePackets) / seconds;
      console.log(JSON.stringify({ seed: SEED, markMs, stillMs, voicePerSecond, seconds }));
      // A fifth is lost of fifty a second; a busy machine sends fewer.
      expect(voicePerSecond).toBeGreaterThan(10);
      expect(after.sending.mode).toBe('stills');
      line.set({ delayMs: 20, loss: 0, kbit: 0 });
      await until('the picture moves again', async () => (await pair.figures()).sending.mode === 'video', 90_000);
    },
  );
});
