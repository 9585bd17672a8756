import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientId } from '#protocol/ids';
import { VOICE_SLOTS } from '#protocol/room/index';
import type { ForwardedCircle, VoiceForwarder } from '../../server/voice/forwarder.ts';
import { LOUD_DB, QUIET_DB, VoicePerson } from '../support/voice-person.ts';
import { until } from '../support/people.ts';

const NAMES = ['ann', 'bo', 'cem', 'dai', 'eva', 'fay', 'gus', 'hal'];
const moment = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What every forwarder does, wherever it runs. `begin` opens one, `end` closes it. */
export function describeForwarder(
  name: string,
  begin: () => Promise<{ forwarder: VoiceForwarder; end: () => Promise<void> }>,
): void {
  describe(`a forwarder of voices: ${name}`, () => {
    let circle: ForwardedCircle;
    let people: Map<string, VoicePerson>;
    let slots: Map<string, readonly (string | null)[]>;
    const gone: string[] = [];
    let isLost = false;
    let end: () => Promise<void>;

    beforeEach(async () => {
      const begun = await begin();
      end = begun.end;
      people = new Map();
      slots = new Map();
      isLost = false;
      circle = begun.forwarder.open('room', {
        slots: (session, dealt) => slots.set(session, dealt),
        gone: (session) => gone.push(session),
        lost: () => (isLost = true),
      });
    });
    afterEach(async () => {
      await Promise.all([...people.values()].map((person) => person.leave()));
      circle.close();
      await end();
    });

    const person = (who: string) => people.get(who)!;
    const id = (who: string) => who as ClientId;

    async function enter(who: string, speaks = true): Promise<VoicePerson> {
      const made = new VoicePerson(who);
      people.set(who, made);
      await made.take(await circle.answer(id(who), { sdp: await made.offer(), speaks }));
      await until(`${who} is connected`, () => made.isConnected, 30_000);
      return made;
    }

    it('lets eight people hear the loudest few, and neither the silent ones nor themselves', async () => {
      for (const who of NAMES) await enter(who);
      for (const made of people.values()) made.talk();
      for (const who of ['ann', 'bo', 'cem']) person(who).level = LOUD_DB;
      await until('everybody hears the speakers', () =>
        NAMES.every((who) => slots.get(who)?.filter(Boolean).length === (['ann', 'bo', 'cem'].includes(who) ? 2 : 3)),
      );
      const fromMs = performance.now();
      const heardBy = (who: string) => [...new Set([who, ...person(who).heardSince(fromMs)])].toSorted();
      const loudest = (who: string) => [...new Set([who, 'ann', 'bo', 'cem'])].toSorted();
      const ofAnn = () => person('hal').heard.filter(({ from, atMs }) => from === 'ann' && atMs >= fromMs).length;
      await until(
        'the loudest come on',
        () => ofAnn() > 20 && NAMES.every((who) => heardBy(who).length >= loudest(who).length),
        20_000,
      );
      for (const who of NAMES) expect(heardBy(who)).toEqual(loudest(who));
    });

    it('says whose voice comes on which track, and it does', async () => {
      for (const who of ['ann', 'bo', 'cem']) await enter(who);
      for (const made of people.values()) made.talk();
      person('ann').level = person('bo').level = LOUD_DB;
      await until('two slots', () => slots.get('cem')?.filter(Boolean).length === 2);
      const fromMs = performance.now() + 100;
      const heard = () => person('cem').heard.filter(({ atMs }) => atMs >= fromMs);
      await until('both come', () => heard().length > 20);
      for (const { slot, from } of heard()) expect(slots.get('cem')![slot]).toBe(from);
      expect(slots.get('cem')).toHaveLength(VOICE_SLOTS);
    });

    it('carries one speaker after another on a track without a jump', async () => {
      for (const who of ['ann', 'bo', 'cem']) await enter(who);
      for (const made of people.values()) made.talk();
      for (const who of ['ann', 'bo', 'ann']) {
        person(who).level = LOUD_DB;
        await until(`${who} is heard`, () => slots.get('cem')?.includes(who) ?? false);
        await moment(200);
        person(who).level = QUIET_DB;
        await until(`${who} is silent`, () => !slots.get('cem')?.includes(who));
      }
      const stream = person('cem').heard.filter(({ slot }) => slot === 0);
      expect(new Set(stream.map(({ from }) => from))).toEqual(new Set(['ann', 'bo']));
      stream.slice(1).forEach((packet, i) => {
        expect((packet.sequenceNumber - stream[i]!.sequenceNumber) & 0xffff).toBe(1);
        const passedMs = ((packet.timestamp - stream[i]!.timestamp) >>> 0) / 48;
        // Clocks of speakers begin anywhere: a jump is hours, a machine that is busy some hundred milliseconds.
        expect(Math.abs(passedMs - (packet.atMs - stream[i]!.atMs))).toBeLessThan(2000);
      });
    });

    it('passes on nothing of somebody who may not speak, from that moment on', async () => {
      for (const who of ['ann', 'bo']) await enter(who, who !== 'ann');
      for (const made of people.values()) {
        made.level = LOUD_DB;
        made.talk();
      }
      await until('ann hears bo', () => person('ann').heard.length > 5);
      expect(person('bo').heard).toEqual([]);
      circle.setSpeaks(id('ann'), true);
      await until('bo hears ann', () => person('bo').heard.length > 5);
      circle.setSpeaks(id('ann'), false);
      await moment(150);
      const fromMs = performance.now();
      await moment(300);
      expect(person('bo').heardSince(fromMs).size).toBe(0);
    });

    it('lets only those hear somebody to whom they speak, until they speak to all', async () => {
      for (const who of ['ann', 'bo', 'cem']) await enter(who);
      person('ann').level = LOUD_DB;
      circle.setSpeaks(id('ann'), true, [id('bo')]);
      person('ann').talk();
      await until('bo hears ann', () => person('bo').heard.length > 5);
      expect([person('cem').heard, slots.get('cem')?.filter(Boolean) ?? []]).toEqual([[], []]);
      circle.setSpeaks(id('ann'), true);
      await until('cem hears ann', () => person('cem').heard.length > 5);
      circle.setSpeaks(id('ann'), true, [id('bo')]);
      await moment(150);
      const fromMs = performance.now();
      await until('bo hears ann on', () => person('bo').heardSince(fromMs).size > 0);
      await moment(200);
      expect(person('cem').heardSince(fromMs).size).toBe(0);
    });

    it('takes a person who comes again in place of their former connection, and forgets who is removed', async () => {
      await enter('ann');
      await enter('bo');
      const former = person('bo');
      await enter('bo');
      person('ann').level = LOUD_DB;
      person('ann').talk();
      await until('the new connection hears', () => person('bo').heard.length > 3);
      expect(former.heard).toEqual([]);
      circle.remove(id('bo'));
      await moment(150);
      const fromMs = performance.now();
      await moment(300);
      expect(person('bo').heardSince(fromMs).size).toBe(0);
      await former.leave();
    });

    it.each([
      ['nothing', ''],
      ['words', 'hello'],
      ['a description without lines', 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n'],
      [
        'video',
        'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtpmap:96 VP8/90000\r\n',
      ],
      ['too many lines', ''],
    ])('refuses an offer of %s with a reason, and goes on', async (what, text) => {
      const greedy = new VoicePerson('greedy');
      const one = await greedy.offer();
      const lines = one.slice(one.lastIndexOf('m=audio'));
      const many = one + Array.from({ length: 8 }, (_, i) => lines.replace(/a=mid:\d+/, `a=mid:x${i}`)).join('');
      const sdp = what === 'too many lines' ? many : text;
      await expect(circle.answer(id('mallory'), { sdp, speaks: true })).rejects.toMatchObject({
        problem: { scope: 'voice', key: 'offer_unusable' },
      });
      await greedy.leave();
      await enter('ann');
      await enter('bo');
      person('ann').level = LOUD_DB;
      person('ann').talk();
      await until('bo hears ann', () => person('bo').heard.length > 3);
      expect(isLost).toBe(false);
    });
  });
}
