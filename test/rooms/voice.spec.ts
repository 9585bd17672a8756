import fc from 'fast-check';
import { Client as Colyseus, type Room } from '@colyseus/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RoomSession } from '#net/index';
import type { ClientId } from '#protocol/ids';
import { encodeBlock } from '#protocol/journal/index';
import {
  CLOSE,
  COLYSEUS_ROOM,
  WIRE_VERSION,
  type VoiceServerMessage,
  type VoiceServerMessages,
} from '#protocol/room/index';
import { openProject, signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { openTraining } from '../support/training.ts';
import { LOUD_DB, VoicePerson } from '../support/voice-person.ts';

/** Somebody in a room, and what the room told them about voice. */
class Listener {
  readonly heard: { type: VoiceServerMessage; message: unknown }[] = [];

  private constructor(readonly session: RoomSession) {
    session.voice.on((one) => this.heard.push(one));
  }

  static async enter(person: Person, room: string, kind: 'enter' | 'train' = 'enter'): Promise<Listener> {
    return new Listener(await person[kind](room));
  }

  get id(): ClientId {
    return this.session.me.session as ClientId;
  }

  all<K extends VoiceServerMessage>(type: K): VoiceServerMessages[K][] {
    return this.heard.flatMap((one) => (one.type === type ? [one.message as VoiceServerMessages[K]] : []));
  }

  async join(mic: 'none' | 'muted' | 'open' = 'open'): Promise<VoiceServerMessages['voice']> {
    const before = this.all('voice').length;
    this.session.voice.tell('voice.join', { mic });
    await until('in the voice', () => this.all('voice').length > before);
    return this.all('voice').at(-1)!;
  }

  /** Mic of somebody as this person was told last; undefined when they are not in the voice. */
  micOf(id: ClientId): string | undefined {
    let mic: string | undefined;
    for (const { type, message } of this.heard) {
      if (type === 'voice')
        mic = (message as VoiceServerMessages['voice']).members.find(({ session }) => session === id)?.mic;
      if (type !== 'voice.news') continue;
      const { now, gone } = message as VoiceServerMessages['voice.news'];
      if (gone.includes(id)) mic = undefined;
      mic = now.find(({ session }) => session === id)?.mic ?? mic;
    }
    return mic;
  }

  get way(): string | undefined {
    return this.heard.flatMap(({ message }) => (message as { way?: string }).way ?? []).at(-1);
  }

  knock(to: ClientId, link = 'l1'): void {
    this.session.voice.tell('voice.signal', { to, link });
  }
}

/** A turn of the room: what was sent before is there after it. */
async function settled(listener: Listener): Promise<void> {
  const before = listener.all('voice').length;
  await listener.join();
  expect(listener.all('voice').length).toBe(before + 1);
  await new Promise((resolve) => setTimeout(resolve, 120));
}

describe('the voice of a room', () => {
  let hall: Hall;
  let owner: Person;
  let designer: Person;
  let project: string;
  let room: string;
  let inside: Listener[] = [];

  beforeAll(async () => {
    hall = await startHall({
      env: {
        VOICE_MAX_PEOPLE: '3',
        VOICE_STUN_URLS: 'stun:stun.example.com',
        VOICE_TURN_URLS: 'turn:turn.example.com',
        VOICE_TURN_SECRET: 'shared',
      },
    });
    owner = await signIn(hall.url, 'Ann');
    designer = await signIn(hall.url, 'Bo');
    ({ project, room } = await openProject(owner, [designer]));
  });
  afterEach(async () => {
    await Promise.all(inside.map(({ session }) => session.leave()));
    inside = [];
  });
  afterAll(() => hall?.stop());

  const enter = async (person: Person, where = room, kind?: 'train') => {
    const listener = await Listener.enter(person, where, kind);
    inside.push(listener);
    return listener;
  };

  it('tells who is spoken to alone, and everybody else that they are muted', async () => {
    const [ann, bo, cem] = [await enter(owner), await enter(designer), await enter(designer)];
    for (const one of [ann, bo, cem]) await one.join('open');
    ann.session.voice.tell('voice.mic', { mic: 'open', to: [bo.id] });
    await until('Cem is told', () => cem.micOf(ann.id) === 'muted');
    expect(bo.all('voice.news').at(-1)!.now).toContainEqual({ session: ann.id, mic: 'open', isToMe: true });
    // Who joins again is told the same.
    expect((await cem.join('open')).members).toContainEqual({ session: ann.id, mic: 'muted', isAside: true });
    ann.session.voice.tell('voice.mic', { mic: 'open' });
    await until('to all again', () => cem.micOf(ann.id) === 'open');
    expect(bo.all('voice.news').at(-1)!.now).toContainEqual({ session: ann.id, mic: 'open' });
  });

  it('shows what is said to those alone who hear it, and nothing of who is muted', async () => {
    const { room: training } = await openTraining(owner, [[designer, 'trainee']]);
    const [ina, tom, tia] = [
      await enter(owner, training, 'train'),
      await enter(designer, training, 'train'),
      await enter(designer, training, 'train'),
    ];
    const say = (text: string) => ina.session.voice.tell('words', { text, language: 'en', isFinal: true });
    const read = (one: Listener) => one.all('words').map(({ from, text }) => [from, text]);
    for (const one of [ina, tom, tia]) await one.join('muted');
    say('Nobody hears this');
    ina.session.voice.tell('voice.mic', { mic: 'open', to: [tom.id] });
    say('You have the wrong seal');
    ina.session.voice.tell('voice.mic', { mic: 'open' });
    say('Well done, all of you');
    await until('all have read it', () => [tom, tia].every((one) => read(one).at(-1)?.[1] === 'Well done, all of you'));
    expect(read(tia)).toEqual([[ina.id, 'Well done, all of you']]);
    expect(read(tom)).toEqual([
      [ina.id, 'You have the wrong seal'],
      [ina.id, 'Well done, all of you'],
    ]);
    expect(read(ina)).toEqual([]);
  });

  it('passes a signal as it is to the one it is for, with the name of who sent it', async () => {
    const [ann, bo, cem] = [await enter(owner), await enter(designer), await enter(designer)];
    await ann.join();
    await bo.join('muted');
    await cem.join('none');
    const description = { type: 'offer' as const, sdp: 'v=0' };
    const candidate = { candidate: 'candidate:1 1 udp 1 10.0.0.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 };
    ann.session.voice.tell('voice.signal', { to: bo.id, link: 'a1', toLink: 'b1', description });
    ann.session.voice.tell('voice.signal', { to: bo.id, link: 'a1', candidate });
    await until('both', () => bo.all('voice.signal').length === 2);
    expect(bo.all('voice.signal')).toEqual([
      { from: ann.id, link: 'a1', toLink: 'b1', description },
      { from: ann.id, link: 'a1', candidate },
    ]);
    await settled(cem);
    expect(cem.all('voice.signal')).toEqual([]);
    expect(bo.micOf(ann.id)).toBe('open');
    expect(ann.micOf(bo.id)).toBe('muted');
  });

  it('reaches nobody who has not joined it, nobody in another room, and takes nothing from them', async () => {
    const { room: other } = await openProject(owner);
    const [ann, bo, elsewhere] = [await enter(owner), await enter(designer), await enter(owner, other)];
    await ann.join();
    await elsewhere.join();
    ann.knock(bo.id);
    ann.knock(elsewhere.id);
    ann.knock(ann.id);
    bo.knock(ann.id);
    elsewhere.knock(ann.id);
    await settled(ann);
    await settled(elsewhere);
    for (const one of [ann, bo, elsewhere]) expect(one.all('voice.signal')).toEqual([]);
    expect(bo.heard).toEqual([]);
  });

  it('gives each their own TURN credentials for a day, and the STUN servers', async () => {
    const ann = await enter(owner);
    const { iceServers } = await ann.join('none');
    expect(iceServers[0]).toEqual({ urls: ['stun:stun.example.com'] });
    const [until_, name] = iceServers[1]!.username!.split(':');
    expect(name).toBe(owner.id);
    expect(Number(until_) - Date.now() / 1000).toBeGreaterThan(23 * 3600);
    expect(JSON.stringify(iceServers)).not.toContain('shared');
  });

  it('lets an observer listen, tells nobody that they speak, and silences who becomes one', async () => {
    const [ann, bo] = [await enter(owner), await enter(designer)];
    await ann.join();
    await bo.join('open');
    await until('Bo is told as a speaker', () => ann.micOf(bo.id) === 'open');
    await owner.ask('PATCH', `/api/projects/${project}/members/${designer.id}`, { role: 'observer' });
    await until('Bo is no speaker any more', () => ann.micOf(bo.id) === 'none');
    bo.session.voice.tell('voice.mic', { mic: 'open' });
    await bo.join('open');
    await settled(ann);
    expect(ann.micOf(bo.id)).toBe('none');
    expect(bo.all('voice.refused')).toEqual([]);
    await owner.ask('PATCH', `/api/projects/${project}/members/${designer.id}`, { role: 'designer' });
    await until('Bo is heard again', () => ann.micOf(bo.id) === 'open');
  });

  it('keeps who loses the line for a moment, and tells who left', async () => {
    const [ann, bo] = [await enter(owner), await enter(designer)];
    await ann.join();
    await bo.join();
    (bo.session as unknown as { dropConnection(): void }).dropConnection();
    await until('Bo has lost the line', () => bo.session.connection.get().state !== 'live');
    await until('Bo is back', () => bo.session.connection.get().state === 'live');
    expect(ann.all('voice.news').flatMap(({ gone }) => gone)).toEqual([]);
    await bo.session.leave();
    await until('Bo has gone', () => ann.all('voice.news').some(({ gone }) => gone.includes(bo.id)));
  });

  it('says when it is full, and lets the next one in when somebody turns theirs off', async () => {
    const people: Listener[] = [];
    for (let i = 0; i < 4; i++) people.push(await enter(i ? designer : owner));
    for (const one of people.slice(0, 3)) await one.join('none');
    people[3]!.session.voice.tell('voice.join', { mic: 'none' });
    await until('refused', () => people[3]!.all('voice.refused').length === 1);
    expect(people[3]!.all('voice.refused')[0]!.problem).toMatchObject({
      scope: 'voice',
      key: 'full',
      facts: { most: 3 },
    });
    people[0]!.session.voice.tell('voice.leave', {});
    await people[3]!.join('none');
  });

  it('leaves out what one person sends too much of, says so once, and the others talk on', async () => {
    const [ann, bo, cem] = [await enter(owner), await enter(designer), await enter(designer)];
    for (const one of [ann, bo, cem]) await one.join();
    for (let i = 0; i < 350; i++) ann.knock(bo.id, `l${i}`);
    await until('the limit is said', () => ann.all('voice.refused').length > 0);
    await settled(cem);
    expect(ann.all('voice.refused')).toHaveLength(1);
    expect(ann.all('voice.refused')[0]!.problem.key).toBe('too_many');
    const passed = bo.all('voice.signal').length;
    expect(passed).toBeGreaterThan(200);
    expect(passed).toBeLessThan(300);
    cem.knock(bo.id, 'cem');
    await until('Cem is heard', () => bo.all('voice.signal').some(({ link }) => link === 'cem'));
    expect(ann.session.connection.get().state).toBe('live');
  });

  it('answers an offer to a forwarder that is not in use', async () => {
    const ann = await enter(owner);
    await ann.join();
    ann.session.voice.tell('voice.offer', { link: 'h1', sdp: 'v=0' });
    await until('answered', () => ann.all('voice.answer').length === 1);
    expect(ann.all('voice.answer')[0]).toMatchObject({ link: 'h1', problem: { key: 'not_forwarded' } });
  });

  async function raw(): Promise<{ connection: Room; closed: number[] }> {
    const { ticket } = await owner.ask<{ ticket: string }>('POST', `/api/rooms/${room}/ticket`);
    const client = `raw-${Math.random().toString(36).slice(2)}`;
    const options = { v: WIRE_VERSION, room, client, ticket, device: 'bot', have: 0 };
    const connection = await new Colyseus(hall.url).joinOrCreate(COLYSEUS_ROOM, options);
    connection.reconnection.enabled = false;
    const closed: number[] = [];
    let isWelcome = false;
    connection.onMessage('welcome', () => (isWelcome = true));
    connection.onMessage('*', () => {});
    connection.onLeave((code) => closed.push(code));
    connection.onError(() => {});
    await until('welcome', () => isWelcome);
    return { connection, closed };
  }

  it('closes whoever sends only nonsense with 4400, and nobody else, whatever the bytes are', async () => {
    const [ann, bo] = [await enter(owner), await enter(designer)];
    await ann.join();
    await bo.join();
    const types = ['voice.join', 'voice.leave', 'voice.mic', 'voice.ready', 'voice.signal', 'voice.offer'];
    const text = fc.oneof(fc.string({ maxLength: 40 }), fc.constant('x'.repeat(30_000)), fc.constant(bo.id as string));
    const messages = fc.sample(
      fc.tuple(
        fc.constantFrom(...types),
        fc.oneof(
          fc.uint8Array({ maxLength: 100 }),
          fc
            .record(
              {
                to: text,
                link: text,
                toLink: text,
                mic: text,
                epoch: fc.integer(),
                sdp: text,
                description: fc.record({ type: text, sdp: text }),
              },
              { requiredKeys: [] },
            )
            .map((value) => encodeBlock(value).bytes),
        ),
      ),
      400,
    );
    const codes: number[] = [];
    const attack = async (part: typeof messages) => {
      const hostile = await raw();
      for (const [type, bytes] of part) hostile.connection.sendBytes(type, bytes);
      await until('the hostile client is closed', () => hostile.closed.length > 0, 15_000);
      codes.push(...hostile.closed);
    };
    await Promise.all(Array.from({ length: 10 }, (_, i) => attack(messages.slice(i * 40, i * 40 + 40))));
    expect(codes).toEqual(Array.from({ length: 10 }, () => CLOSE.malformed));
    ann.knock(bo.id, 'after');
    await until('the others talk on', () => bo.all('voice.signal').some(({ link }) => link === 'after'));
    for (const one of [ann, bo]) expect(one.session.connection.get().state).toBe('live');
  }, 60_000);
});

it('a hall without voice says so', async () => {
  const hall = await startHall({ env: { VOICE: '0' } });
  try {
    const ann = await signIn(hall.url, 'Ann');
    const { room } = await openProject(ann);
    const listener = await Listener.enter(ann, room);
    listener.session.voice.tell('voice.join', { mic: 'none' });
    await until('refused', () => listener.all('voice.refused').length === 1);
    expect(listener.all('voice.refused')[0]!.problem).toMatchObject({ scope: 'voice', key: 'off' });
    await listener.session.leave();
  } finally {
    await hall.stop();
  }
});

it('seven people are forwarded, hear the one who speaks, and go back to direct connections only after a while', async () => {
  const hall = await startHall();
  const voices: VoicePerson[] = [];
  try {
    const owner = await signIn(hall.url, 'Ann');
    const { room } = await openProject(owner);
    const people = await Promise.all(Array.from({ length: 7 }, () => Listener.enter(owner, room)));
    for (const one of people.slice(0, 6)) await one.join();
    await settled(people[0]!);
    expect(people[0]!.way).toBe('mesh');
    await people[6]!.join();
    await until('the move begins', () => people.every(({ way }) => way === 'to-forwarded'));
    for (const [i, one] of people.entries()) {
      const voice = new VoicePerson(`person ${i}`);
      voices.push(voice);
      one.session.voice.tell('voice.offer', { link: `h${i}`, sdp: await voice.offer() });
      await until('answered', () => one.all('voice.answer').length === 1);
      await voice.take((one.all('voice.answer')[0] as { sdp: string }).sdp);
    }
    await until('all are connected', () => voices.every(({ isConnected }) => isConnected));
    // Six are ready: the move waits for the seventh.
    const epoch = people[0]!.all('voice.news').at(-1)!.epoch;
    for (const one of people.slice(1)) one.session.voice.tell('voice.ready', { epoch });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(people[0]!.way).toBe('to-forwarded');
    people[0]!.session.voice.tell('voice.ready', { epoch });
    await until('the move is over', () => people.every(({ way }) => way === 'forwarded'));

    voices[3]!.level = LOUD_DB;
    for (const voice of voices) voice.talk();
    await until('everybody hears the speaker', () =>
      voices.every((voice, i) => i === 3 || voice.heardSince(0).has('person 3')),
    );
    for (const [i, voice] of voices.entries()) expect([...voice.heardSince(0)]).toEqual(i === 3 ? [] : ['person 3']);
    expect(people[0]!.all('voice.slots').at(-1)!.slots).toContain(people[3]!.id);

    // Muted at the hall too, whatever is still sent.
    people[3]!.session.voice.tell('voice.mic', { mic: 'muted' });
    await new Promise((resolve) => setTimeout(resolve, 250));
    const fromMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 400));
    for (const voice of voices) expect(voice.heardSince(fromMs).size).toBe(0);

    // A hostile offer ends nobody else's connection.
    people[0]!.session.voice.tell('voice.offer', { link: 'bad', sdp: 'v=0\r\nm=video 9 X 1\r\n' });
    await until('it is refused', () => people[0]!.all('voice.answer').some((one) => 'problem' in one));
    people[3]!.session.voice.tell('voice.mic', { mic: 'open' });
    const againMs = performance.now();
    await until('the others hear on', () => voices[5]!.heardSince(againMs).has('person 3'));

    await people[6]!.session.leave();
    await people[5]!.session.leave();
    await settled(people[0]!);
    expect(people[0]!.way).toBe('forwarded');
    await Promise.all(people.map(({ session }) => session.leave()));
  } finally {
    await Promise.all(voices.map((voice) => voice.leave()));
    await hall.stop();
  }
}, 90_000);
