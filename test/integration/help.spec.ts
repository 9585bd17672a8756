import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MyHelp } from '#protocol/api/help';
import { eventsOf } from '#net/server-sent-events';
import { connectGuidance } from '#net/guidance';
import { openCall, recordFromJournal, rowsOf, type CallRow } from '#protocol/guidance/index';
import { decodeBlock } from '#protocol/journal/index';
import type { Problem } from '#protocol/errors';
import { valve, valvePlan } from '../support/jobs.ts';
import { en } from '../support/procedures.ts';
import { AskFailed, signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

let sent = 0;
/** One pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const withDrawing = (cid: string) => {
  const plain = valve();
  const drawing = { id: 'seat', kind: 'picture', cid, description: en('Drawing of the seat') };
  return { ...plain, workplace: { ...plain.workplace, media: [drawing] } };
};

describe('help from far away', () => {
  let hall: Hall;
  let [owner, ann, eva, ed, guest] = [] as unknown as Person[] as [Person, Person, Person, Person, Person];
  let project = '';
  let station = '';
  const stops: (() => void)[] = [];

  const keyOf = (asked: Promise<unknown>) =>
    asked.then(
      () => null,
      (thrown: AskFailed) => thrown.key,
    );
  const op = async (person: Person, room: string, type: string, payload: unknown) => {
    const { verdicts } = await person.ask<{ verdicts: { ok: boolean; problem?: Problem }[] }>(
      'POST',
      `/api/jobs/${room}/ops`,
      { ops: [{ id: `help-${sent++}`, type, payload }] },
    );
    return verdicts[0]!.ok ? null : (verdicts[0]!.problem?.key ?? 'hall_only');
  };
  /** What the hall answers to who says how much they are going to send, and sends nothing. */
  const announce = (person: Person, path: string, bytes: number) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${person.token}`, 'content-length': bytes };
      const sent = request(hall.url + path, { method: 'POST', headers }, ({ statusCode }) => {
        resolve(statusCode);
        sent.destroy();
      });
      sent.on('error', reject).flushHeaders();
    });
  let room = '';
  let drawing = '';
  const ring = (room: string, call: string, to: Person[], how: 'all' | 'oneByOne' = 'oneByOne', escalateAfterS = 30) =>
    op(ann, room, 'help.ring', {
      ...{ call, how, escalateAfterS, text: 'The bearing jams', step: 'insert' },
      to: to.map(({ id, name }) => ({ id, name })),
    });
  const callIn = async (room: string): Promise<CallRow> => {
    const session = await connectGuidance({ hallUrl: hall.url, token: owner.token, room, device: 'bot' });
    const call = rowsOf(session.document.get(), 'calls').at(-1)!;
    await session.leave();
    return call;
  };
  const states = async (room: string) =>
    (await callIn(room)).rings.map(({ name, state }) => `${name} ${state}`).join(', ');
  const answer = (person: Person, room: string, call: string, given: 'accept' | 'decline') =>
    person.ask('POST', `/api/jobs/${room}/calls/${call}/answer`, { answer: given });
  const mine = (person: Person) => person.ask<MyHelp>('GET', '/api/me/help');

  /** What a page of this person hears. */
  const listen = async (person: Person): Promise<MyHelp[]> => {
    const heard: MyHelp[] = [];
    const control = new AbortController();
    stops.push(() => control.abort());
    const response = await fetch(`${hall.url}/api/me/help/events`, {
      headers: { authorization: `Bearer ${person.token}` },
      signal: control.signal,
    });
    void (async () => {
      for await (const news of eventsOf(response)) heard.push(news as MyHelp);
    })().catch(() => undefined); // ended by the test
    await until('the page listens', () => heard.length > 0);
    return heard;
  };

  beforeAll(async () => {
    hall = await startHall({ env: { MQTT_PORT: '0' } });
    [owner, ann, eva, ed, guest] = (await Promise.all(
      ['Olga', 'Ann', 'Eva', 'Ed', 'Gus'].map((name) => signIn(hall.url, name)),
    )) as [Person, Person, Person, Person, Person];
    ({ id: project } = await owner.ask<{ id: string }>('POST', '/api/projects', { title: 'Works', description: '' }));
    for (const [other, role] of [
      [ann, 'trainee'],
      [eva, 'reviewer'],
      [ed, 'reviewer'],
      [guest, 'observer'],
    ] as const) {
      // prettier-ignore
      const { token } = await owner.ask<{ token: string }>('POST', `/api/projects/${project}/invitations`, { role });
      await other.ask('POST', `/api/invitations/${token}/accept`);
    }
    ({ cid: drawing } = await owner.ask<{ cid: string }>('POST', '/api/pictures', {
      data: PICTURE.toString('base64'),
    }));
    const draft = await owner.ask<{ id: string }>('POST', `/api/projects/${project}/procedures`, {
      procedure: withDrawing(drawing),
    });
    const { cid: release } = await owner.ask<{ cid: string }>('POST', `/api/procedures/${draft.id}/releases`, {
      version: 1,
    });
    await owner.ask('POST', `/api/projects/${project}/job-plans`, valvePlan({ release }));
    const made = await owner.ask<{ station: { id: string } }>('POST', `/api/projects/${project}/stations`, {
      name: 'S1',
      tools: [],
    });
    station = made.station.id;
    for (const [rank, expert] of [eva, ed].entries())
      await owner.ask('PUT', `/api/projects/${project}/experts`, {
        ...{ person: expert.id, languages: ['en'], subjects: ['bearings'], rank },
      });
    ({ room } = await ann.ask<{ room: string }>('POST', `/api/projects/${project}/jobs`, {
      code: 'WO;1;VALVE-40;SN-1',
      station,
    }));
  }, 90_000);
  afterAll(async () => {
    for (const stop of stops) stop();
    await hall?.stop();
  });

  it('comes from people on the list, who say whether they are on duty and are seen to be reachable', async () => {
    const put = (person: Person, by: Person) =>
      by.ask('PUT', `/api/projects/${project}/experts`, { person: person.id, languages: [], subjects: [], rank: 9 });
    expect(await keyOf(put(guest, owner))).toBe('not_a_member');
    expect(await keyOf(put(ann, ann))).toBe('not_allowed');
    expect(await keyOf(ann.ask('PUT', '/api/me/help/duty', { isOnDuty: true }))).toBe('not_an_expert');
    const list = async () =>
      (
        await ann.ask<{ experts: { name: string; isOnDuty: boolean; isReachable: boolean }[] }>(
          'GET',
          `/api/projects/${project}/experts`,
        )
      ).experts.map(({ name, isOnDuty, isReachable }) => `${name} ${isOnDuty} ${isReachable}`);
    expect(await list()).toEqual(['Eva true false', 'Ed true false']);
    await listen(eva);
    await until('she is reachable', async () => (await list())[0] === 'Eva true true');
  });

  it('rings on the expert’s pages with who, which job and which step; one declines, the next is rung and accepts', async () => {
    const evaHears = await listen(eva);
    const edHears = await listen(ed);
    expect(await ring(room, 'c-1', [eva, ed])).toBeNull();
    await until('it rings for Eva', () => evaHears.at(-1)!.ringing.length === 1);
    expect(evaHears.at(-1)!.ringing[0]).toMatchObject({
      ...{ by: 'Ann', text: 'The bearing jams', product: 'Valve DN 40', serial: 'SN-1', order: '1', station: 'S1' },
      step: expect.stringMatching(/insert/i),
    });
    expect(edHears.at(-1)!.ringing).toEqual([]);
    expect(await keyOf(answer(ed, room, 'c-1', 'accept'))).toBe('does_not_ring');
    expect(await keyOf(answer(guest, room, 'c-1', 'accept'))).toBe('not_allowed');
    await answer(eva, room, 'c-1', 'decline');
    await until('it rings for Ed', () => edHears.at(-1)!.ringing.length === 1);
    await until('it is silent for Eva', () => evaHears.at(-1)!.ringing.length === 0);
    await answer(ed, room, 'c-1', 'accept');
    expect(await states(room)).toBe('Eva declined, Ed accepted');
    const { experts } = await ann.ask<{ experts: { name: string; isBusy: boolean }[] }>(
      'GET',
      `/api/projects/${project}/experts`,
    );
    expect(experts.map(({ name, isBusy }) => `${name} ${isBusy}`)).toEqual(['Eva false', 'Ed true']);
  });

  it('lets who was called mark, show pictures and unlock a gate; ends with what it came to', async () => {
    const show = (person: Person) =>
      fetch(`${hall.url}/api/jobs/${room}/help/pictures`, {
        method: 'POST',
        headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/octet-stream' },
        body: PICTURE,
      });
    expect((await show(eva)).status).toBe(403);
    const shown = await show(ed);
    const { cid } = (await shown.json()) as { cid: string };
    expect(await op(ed, room, 'help.freeze', { call: 'c-1', still: 's-1', cid, widthPx: 1, heightPx: 1 })).toBeNull();
    const bring = (person: Person, body: string) =>
      fetch(`${hall.url}/api/jobs/${room}/help/documents`, {
        method: 'POST',
        headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/octet-stream' },
        body,
      });
    const pdf = `%PDF-1.4\n${' '.repeat(80)}`;
    expect([(await bring(eva, pdf)).status, (await bring(ed, `<html>${pdf}`)).status]).toEqual([403, 415]);
    expect(await announce(ed, `/api/jobs/${room}/help/documents`, 64_000_001)).toBe(413);
    const brought = (await (await bring(ed, pdf)).json()) as { cid: string };
    const file = await fetch(`${hall.url}/api/assets/${brought.cid}`, {
      headers: { authorization: `Bearer ${ann.token}` },
    });
    expect([file.headers.get('content-type'), await file.text()]).toEqual(['application/pdf', pdf]);
    // What the procedures of the project's plans show, which need not be this job's.
    expect(await ed.ask('GET', `/api/jobs/${room}/help/documents`)).toMatchObject({
      documents: [{ cid: drawing, kind: 'picture', title: { en: 'Drawing of the seat' }, procedure: { en: 'Valve' } }],
    });
    expect(await keyOf(guest.ask('GET', `/api/jobs/${room}/help/documents`))).toBe('not_allowed');
    const mark = { call: 'c-1', mark: 'm-1', body: { kind: 'sketch', still: 's-1', points: [[0, 0], [1, 1]] } }; // prettier-ignore
    expect(await op(ed, room, 'help.addMark', mark)).toBeNull();
    expect(await op(eva, room, 'help.addMark', { ...mark, mark: 'm-2' })).toBe('not_in_call');
    expect(await op(ann, room, 'job.begin', {})).toBeNull();
    const unlock = { step: 'insert', what: 'step', reason: 'Seen on the picture' };
    expect(await op(eva, room, 'step.release', unlock)).toBe('not_allowed');
    expect(await op(ed, room, 'step.release', unlock)).toBeNull();
    // A second expert is asked in, shows a picture in the chat, and stays when the first one goes; who looks on does nothing of it.
    const more = { call: 'c-1', how: 'all', escalateAfterS: 30, text: '', step: null };
    expect(await op(ed, room, 'help.ring', { ...more, to: [{ id: eva.id, name: eva.name }] })).toBeNull();
    await until('it rings', async () => (await mine(eva)).ringing.length === 1);
    await answer(eva, room, 'c-1', 'accept');
    const line = { call: 'c-1', text: 'Like this', language: 'en', source: 'typed', picture: cid };
    expect(await op(eva, room, 'help.say', { ...line, line: 'l-1' })).toBeNull();
    expect(await op(guest, room, 'help.say', { ...line, line: 'l-2' })).toBe('not_allowed');
    expect(await op(eva, room, 'help.addMark', { ...mark, mark: 'm-2' })).toBeNull();
    expect(await op(ed, room, 'help.leave', { call: 'c-1' })).toBeNull();
    expect(await op(ed, room, 'help.addMark', { ...mark, mark: 'm-3' })).toBe('not_in_call');
    expect((await callIn(room)).status).toBe('going');
    expect(await op(ann, room, 'help.end', { call: 'c-1', outcome: 'Bearing turned' })).toBeNull();
    const { summary } = await callIn(room);
    expect(summary!.people.map(({ name, as }) => `${name} ${as}`)).toEqual(['Ann crew', 'Ed expert', 'Eva expert']);
    expect(summary).toMatchObject({
      ...{ marks: { sketch: 2 }, lines: 1, stills: [cid], outcome: 'Bearing turned' },
      releases: [{ step: 'insert', by: ed.id }],
    });
    await until('Ed is free again', async () =>
      (await ann.ask<{ experts: { isBusy: boolean }[] }>('GET', `/api/projects/${project}/experts`)).experts.every(
        ({ isBusy }) => !isBusy,
      ),
    );
  });

  it('passes over who is off duty at once and who does not answer in time, and lists what they missed', async () => {
    await eva.ask('PUT', '/api/me/help/duty', { isOnDuty: false });
    expect(await ring(room, 'c-2', [eva, ed], 'oneByOne', 5)).toBeNull();
    await until('nobody is left', async () => (await callIn(room)).status === 'over', 15_000);
    expect(await states(room)).toBe('Eva away, Ed missed');
    expect((await callIn(room)).how).toBe('unanswered');
    expect((await mine(ed)).missed).toMatchObject([{ state: 'missed', by: 'Ann', call: 'c-2' }]);
    await ed.ask('POST', '/api/me/help/seen');
    expect((await mine(ed)).missed).toEqual([]);
    await eva.ask('PUT', '/api/me/help/duty', { isOnDuty: true });
  }, 30_000);

  it('rings again after the hall was killed, and is passed over by the hall that comes back', async () => {
    expect(await ring(room, 'c-3', [eva], 'all', 5)).toBeNull();
    await until('it rings', async () => (await mine(eva)).ringing.length === 1);
    const { dataDir, port } = hall;
    await hall.kill9();
    hall = await startHall({ dataDir, env: { MQTT_PORT: '0', PORT: String(port) } });
    await until('it is over', async () => (await callIn(room)).status === 'over', 40_000);
    expect(await states(room)).toBe('Eva missed');
  }, 90_000);

  it('is recorded when all who are in the room agree; the recording comes in parts, is one file, and is erased by a word', async () => {
    expect(await ring(room, 'c-4', [eva], 'all')).toBeNull();
    await until('it rings', async () => (await mine(eva)).ringing.length === 1);
    await answer(eva, room, 'c-4', 'accept');
    const enter = (person: Person) => connectGuidance({ hallUrl: hall.url, token: person.token, room, device: 'bot' });
    const [hers, annas, looks] = await Promise.all([enter(eva), enter(ann), enter(guest)]);
    const record = async () => {
      const made = hers.submitJob('help.record', { call: 'c-4', recording: 'r-1', what: 'sound' });
      if ('problem' in made) return made.problem.key;
      return hers.confirmed(made.id).then(
        () => null,
        ({ problem }: { problem: Problem }) => problem.key,
      );
    };
    for (const session of [hers, annas]) session.submitJob('help.consent', { call: 'c-4', isGiven: true });
    await until('both agreed', () => openCall(hers.document.get())?.consents.length === 2);
    expect(await record()).toBe('onlookers_not_asked');
    // Nor by another way in: whoever asks, who looks on has not agreed.
    expect(await op(eva, room, 'help.record', { call: 'c-4', recording: 'r-0', what: 'sound' })).toBe(
      'onlookers_not_asked',
    );
    for (const isGiven of [true, false])
      expect(await op(guest, room, 'help.consent', { call: 'c-4', isGiven })).toBeNull();
    await looks.leave();
    await until('he is gone', () => hers.participants.get().every(({ name }) => name !== 'Gus'));
    expect(await record()).toBeNull();
    const part = (n: number, person: Person, text: string) =>
      fetch(`${hall.url}/api/jobs/${room}/recordings/r-1/parts/${n}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/octet-stream' },
        body: text,
      });
    expect((await part(0, ann, 'x')).status).toBe(403);
    const finish = (parts: number) =>
      eva.ask<{ cid: string; bytes: number }>('POST', `/api/jobs/${room}/recordings/r-1/finish`, {
        parts,
        type: 'audio/webm',
      });
    await part(1, eva, 'second');
    expect(await keyOf(finish(2))).toBe('parts_missing');
    await part(0, eva, 'first ');
    await part(0, eva, 'again ');
    const words = { call: 'c-4', line: 'w-1', text: 'Turn it first', language: 'en', source: 'spoken', picture: null };
    annas.submitJob('help.say', words as never);
    await until('it was said', () => rowsOf(hers.document.get(), 'lines').some(({ id }) => id === 'w-1'));
    const { cid } = await finish(2);
    const recorded = (person: Person, path = '') =>
      fetch(`${hall.url}/api/jobs/${room}/recordings/r-1${path}`, {
        headers: { authorization: `Bearer ${person.token}` },
      });
    const asset = () => fetch(`${hall.url}/api/assets/${cid}?type=application/octet-stream`);
    // Who may see the job hears it; its address alone opens nothing.
    const answer200 = await recorded(guest);
    expect(answer200.headers.get('content-type')).toBe('audio/webm');
    expect(answer200.headers.get('cache-control')).toBe('no-store');
    expect(await answer200.text()).toBe('first second');
    expect(await (await recorded(guest, '/subtitles.vtt')).text()).toMatch(/^WEBVTT\n[^]*<v Ann>Turn it first\n/);
    const stranger = await signIn(hall.url, 'Stan');
    expect([(await recorded(stranger)).status, (await recorded(stranger, '/subtitles.vtt')).status]).toEqual([
      403, 403,
    ]);
    const secret = Buffer.from(await (await asset()).arrayBuffer());
    expect(secret).toHaveLength('first second'.length);
    expect(secret.toString()).not.toContain('first');
    await until('the journal says so', () => rowsOf(hers.document.get(), 'recordings')[0]?.file?.cid === cid);
    annas.submitJob('help.eraseRecording', { recording: 'r-1', reason: 'I would rather not' });
    await until('it is erased', () => rowsOf(hers.document.get(), 'recordings')[0]?.erased?.by === ann.id);
    expect((await recorded(eva)).status).toBe(410);
    await until('its blocks are gone from the store', async () => (await asset()).status === 404);
    // The journal names what is gone, and still proves itself from its first entry.
    const journal = await fetch(`${hall.url}/api/jobs/${room}/journal`, {
      headers: { authorization: `Bearer ${owner.token}` },
    });
    const { blocks } = decodeBlock(new Uint8Array(await journal.arrayBuffer())) as { blocks: Uint8Array[] };
    const told = recordFromJournal(blocks);
    expect('scope' in told ? told : told.help.at(-1)!.recordings).toMatchObject([{ id: 'r-1', file: null }]);
    await Promise.all([hers.leave(), annas.leave()]);
  }, 40_000);
});
