import { expect, it } from 'vitest';
import { RemoteForwarder } from '../../server/voice/remote.forwarder.ts';
import { ThreadForwarder } from '../../server/voice/thread.forwarder.ts';
import { startVoiceProcess } from '../../server/voice/voice-process.ts';
import { WeriftForwarder } from '../../server/voice/werift.forwarder.ts';
import type { ClientId } from '#protocol/ids';
import { IS_FULL } from '../support/full.ts';
import { until } from '../support/people.ts';
import { lanAddresses } from '../support/turn.ts';
import { VoicePerson } from '../support/voice-person.ts';
import { describeForwarder } from './voice-forwarder.behaviour.ts';

const SECRET = 'a secret of sixteen';
const own = (forwarder: WeriftForwarder | ThreadForwarder) => ({ forwarder, end: () => forwarder.stop() });
const startFar = (port = 0) => startVoiceProcess({ port, host: '127.0.0.1', secret: SECRET });

// The two below run it as halls do.
if (IS_FULL) describeForwarder('in this thread', async () => own(new WeriftForwarder()));
describeForwarder('in a thread of the hall', async () => own(new ThreadForwarder()));
describeForwarder('in another program, over HTTP', async () => {
  const far = await startFar();
  const forwarder = new RemoteForwarder(`http://127.0.0.1:${far.port}`, SECRET);
  return {
    forwarder,
    end: async () => {
      await forwarder.stop();
      await far.stop();
    },
  };
});

it('lets nobody in who does not know the secret of the other program', async () => {
  const far = await startFar();
  try {
    const url = `http://127.0.0.1:${far.port}/voice`;
    for (const path of ['news', 'orders/x'])
      expect((await fetch(`${url}/${path}`, { headers: { authorization: 'Bearer guess' } })).status).toBe(401);
    let isLost = false;
    const forwarder = new RemoteForwarder(`http://127.0.0.1:${far.port}`, 'another secret of 16');
    const circle = forwarder.open('room', { slots: () => {}, gone: () => {}, lost: () => (isLost = true) });
    await until('the hall hears that there is no forwarder', () => isLost && !forwarder.isUp);
    await expect(circle.answer('ann' as ClientId, { sdp: 'v=0', speaks: true })).rejects.toMatchObject({
      problem: { key: 'forwarder_away' },
    });
    await forwarder.stop();
  } finally {
    await far.stop();
  }
});

it('tells the hall when the other program ends, and serves again when it is back', async () => {
  const far = await startFar();
  const forwarder = new RemoteForwarder(`http://127.0.0.1:${far.port}`, SECRET);
  let isLost = false;
  const open = () => forwarder.open('room', { slots: () => {}, gone: () => {}, lost: () => (isLost = true) });
  const first = new VoicePerson('ann');
  await first.take(await open().answer('ann' as ClientId, { sdp: await first.offer(), speaks: true }));
  await far.stop();
  await until('the hall hears of it', () => isLost);
  expect(forwarder.isUp).toBe(false);
  const again = await startFar(far.port);
  await until('it is tried again', () => forwarder.isUp);
  const second = new VoicePerson('ann');
  await second.take(await open().answer('ann' as ClientId, { sdp: await second.offer(), speaks: true }));
  await until('connected', () => second.isConnected);
  await Promise.all([first.leave(), second.leave()]);
  await forwarder.stop();
  await again.stop();
});

it('stays within its UDP ports, and frees the port of a connection that is over', async () => {
  const from = 42_000 + Math.floor(Math.random() * 1_000);
  // One port per address and person; one more while a former connection closes.
  const to = from + 2 * lanAddresses().length - 1;
  const forwarder = new WeriftForwarder({ udpPorts: [from, to] });
  const circle = forwarder.open('room', { slots: () => {}, gone: () => {}, lost: () => {} });
  for (let i = 0; i < 6; i++) {
    const person = new VoicePerson('ann');
    const sdp = await circle.answer('ann' as ClientId, { sdp: await person.offer(), speaks: true });
    const ports = [...sdp.matchAll(/^a=candidate:.* udp \d+ [\d.]+ (\d+) typ host/gm)].map((found) => Number(found[1]));
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port >= from && port <= to).toBe(true);
    await person.take(sdp);
    await until(`connected, time ${i + 1}`, () => person.isConnected);
    await person.leave();
  }
  const people: VoicePerson[] = [];
  const more = async () => {
    const person = new VoicePerson(`more ${people.length}`);
    people.push(person);
    await circle.answer(person.name.replace(' ', '-') as ClientId, { sdp: await person.offer(), speaks: true });
  };
  await expect((async () => [await more(), await more(), await more()])()).rejects.toMatchObject({
    problem: { scope: 'voice', key: 'no_port' },
  });
  await Promise.all(people.map((person) => person.leave()));
  await forwarder.stop();
});
