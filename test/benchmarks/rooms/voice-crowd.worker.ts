/** People around a forwarder that runs as a process of its own: real WebRTC connections, a voice of 100 bytes at 50 Hz. */
import { VOICE_SLOTS } from '#protocol/room/index';
import { LOUD_DB, VoicePerson } from '../../support/voice-person.ts';

export interface VoiceOrder {
  readonly url: string;
  readonly secret: string;
  readonly people: number;
  readonly measureMs: number;
}

export interface VoiceResult {
  readonly seconds: number;
  readonly packetsUp: number;
  readonly packetsDown: number;
}

/** Opus at 32 kbit/s, and what its header extension needs. */
const PAYLOAD_BYTES = 80;
const WARM_UP_MS = 2_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

process.on('message', async ({ url, secret, people: count, measureMs }: VoiceOrder) => {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const news = await fetch(`${url}/voice/news`, { headers });
  const reader = news.body!.pipeThrough(new TextDecoderStream()).getReader();
  const { line } = JSON.parse((await reader.read()).value!.split('\n')[0]!) as { line: string };
  void (async () => {
    while (!(await reader.read()).done);
  })();
  const ask = async (order: object) =>
    (await fetch(`${url}/voice/orders/${line}`, { method: 'POST', headers, body: JSON.stringify(order) })).json();
  await ask({ do: 'open', circle: 'bench' });
  const people: VoicePerson[] = [];
  for (let i = 0; i < count; i++) {
    const person = new VoicePerson(`person-${i}`, PAYLOAD_BYTES);
    const order = { do: 'answer', circle: 'bench', session: person.name, speaks: true, sdp: await person.offer() };
    await person.take(((await ask(order)) as { sdp: string }).sdp);
    people.push(person);
  }
  while (!people.every(({ isConnected }) => isConnected)) await pause(20);
  for (const person of people.slice(0, VOICE_SLOTS)) {
    person.level = LOUD_DB;
    person.talk();
  }
  await pause(WARM_UP_MS);
  for (const { heard } of people) heard.length = 0;
  const said = () => people.reduce((sum, person) => sum + person.said, 0);
  const before = said();
  process.send!('measuring');
  const startMs = performance.now();
  await pause(measureMs);
  const seconds = (performance.now() - startMs) / 1000;
  process.send!('measured');
  const packetsDown = people.reduce((sum, { heard }) => sum + heard.length, 0);
  process.send!({ seconds, packetsUp: said() - before, packetsDown } satisfies VoiceResult);
});
