import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Wallet } from 'ethers';
import { decodeRelease, type Procedure } from '#protocol/procedures/index';
import { GEARBOX } from '../support/training.ts';
import { InProcessHall, type Visitor } from './projects-hall.ts';

let hall: InProcessHall;
let cast: Awaited<ReturnType<InProcessHall['school']>>;
beforeAll(async () => {
  hall = await InProcessHall.open();
  cast = await hall.school();
});
afterAll(() => hall?.close());

const started = async (by: Visitor = cast.people.instructor, procedure: Procedure = GEARBOX): Promise<string> =>
  (await by.post(`/projects/${cast.project.id}/procedures`, { procedure })).body.id;
const changed = (title: string): Procedure => ({ ...GEARBOX, title: { ...GEARBOX.title, en: title } });

describe('rights over HTTP', () => {
  /** Statuses in the order stranger, outsider, observer, trainee, reviewer, instructor, designer, owner. */
  const RIGHTS: [string, string, () => unknown, number[]][] = [
    ['GET', '/projects/:project/procedures', () => undefined, [401, 403, 200, 200, 200, 200, 200, 200]],
    ['POST', '/projects/:project/procedures', () => ({ procedure: GEARBOX }), [401, 403, 403, 403, 403, 201, 201, 201]],
    [
      'PUT',
      '/procedures/:procedure',
      () => ({ version: 0, procedure: GEARBOX }),
      [401, 403, 403, 403, 403, 409, 409, 409],
    ],
    ['GET', '/procedures/:procedure', () => undefined, [401, 403, 200, 200, 200, 200, 200, 200]],
    ['GET', '/procedures/:procedure/check', () => undefined, [401, 403, 200, 200, 200, 200, 200, 200]],
    ['GET', '/procedures/:procedure/export', () => undefined, [401, 403, 200, 200, 200, 200, 200, 200]],
    ['GET', '/procedures/:procedure/statement', () => undefined, [401, 403, 403, 403, 200, 200, 200, 200]],
    ['POST', '/procedures/:procedure/releases', () => ({ version: 9 }), [401, 403, 403, 403, 409, 409, 409, 409]],
    [
      'PUT',
      '/projects/:project/training-rules',
      () => ({ secondPerson: false, recordingDays: 30 }),
      [401, 403, 403, 403, 403, 403, 403, 200],
    ],
    [
      'POST',
      '/projects/:project/trainings',
      () => ({ title: 'x', releases: ['b' + 'a'.repeat(58)] }),
      [401, 403, 403, 403, 403, 404, 404, 404],
    ],
    ['GET', '/projects/:project/trainings', () => undefined, [401, 403, 200, 200, 200, 200, 200, 200]],
  ];
  let procedure: string;
  beforeAll(async () => void (procedure = await started()));

  test.each(RIGHTS)('%s %s', async (method, path, body, expected) => {
    const real = path.replace(':project', cast.project.id).replace(':procedure', procedure);
    const { outsider, observer, trainee, reviewer, instructor, designer, owner } = cast.people;
    const callers = [hall.stranger, outsider, observer, trainee, reviewer, instructor, designer, owner];
    const got: number[] = [];
    for (const caller of callers) got.push((await caller.ask(method, real, body())).status);
    expect(got).toEqual(expected);
  });
});

describe('a draft', () => {
  test('is not overwritten by somebody who has not seen the newest version', async () => {
    const id = await started();
    const save = (version: number, title: string) =>
      cast.people.designer.ask('PUT', `/procedures/${id}`, { version, procedure: changed(title) });
    expect((await save(1, 'Two')).body).toEqual({ version: 2 });
    const stale = await save(1, 'Other');
    expect([stale.status, stale.body.key, stale.body.facts]).toEqual([409, 'stale', { yours: 1, now: 2 }]);
    expect((await cast.people.trainee.get(`/procedures/${id}`)).body.procedure.title.en).toBe('Two');
  });

  test('is translated text by text, and the language is added', async () => {
    const id = await started();
    const { body: list } = await cast.people.instructor.get(`/procedures/${id}/texts`);
    const texts = list.texts.slice(0, 3).map(({ step, path }: { step: string | null; path: string }) => ({
      step,
      path,
      words: `de ${path}`,
    }));
    await cast.people.instructor.ask('PATCH', `/procedures/${id}/texts`, { version: 1, language: 'de', texts });
    const { body } = await cast.people.instructor.get(`/procedures/${id}`);
    expect([body.procedure.languages, body.procedure.title.de, body.version]).toEqual([
      ['en', 'zh', 'de'],
      'de title',
      2,
    ]);
    const wrong = [{ step: 'nowhere', path: 'title', words: 'x' }];
    const refused = await cast.people.instructor.ask('PATCH', `/procedures/${id}/texts`, {
      version: 2,
      language: 'de',
      texts: wrong,
    });
    expect([refused.status, refused.body.key]).toEqual([409, 'no_such_text']);
  });

  test.each(['workhall', 'vr-builder', 'arlem', 'arlem-miragexr'] as const)(
    'goes out as %s with its losses, and comes in again',
    async (format) => {
      const id = await started();
      const { body: out } = await cast.people.trainee.get(`/procedures/${id}/export?format=${format}`);
      const again = format.startsWith('arlem')
        ? { format: 'arlem', activity: out.file, workplace: out.workplace }
        : { format, file: out.file };
      const { status, body } = await cast.people.designer.post(`/projects/${cast.project.id}/procedures/import`, again);
      expect(status).toBe(201);
      expect(out.losses.length > 0).toBe(format !== 'workhall');
      const { body: read } = await cast.people.trainee.get(`/procedures/${body.id}`);
      if (format === 'workhall') expect(read.procedure).toEqual(GEARBOX);
      else expect(read.procedure.chapters.length).toBeGreaterThan(0);
    },
  );

  test('that cannot be read is refused with the place of the mistake', async () => {
    const broken = { format: 'workhall', file: { ...GEARBOX, chapters: 'none' } };
    const { status, body } = await cast.people.designer.post(`/projects/${cast.project.id}/procedures/import`, broken);
    expect([status, body.key, body.facts.where]).toEqual([422, 'unreadable', 'chapters']);
  });
});

describe('a release', () => {
  test('is signed by its reviewer, named by its content, and can be read from IPFS by anybody', async () => {
    const id = await started();
    const { body: release } = await cast.people.reviewer.post(`/procedures/${id}/releases`, { version: 1, note: 'ok' });
    expect(release).toMatchObject({ release: 1, note: 'ok', reviewer: { name: 'reviewer' } });
    expect(release.authors.map(({ name }: { name: string }) => name)).toEqual(['instructor']);
    expect(release.signedBy).toMatch(/^0x/);
    const manifest = decodeRelease((await hall.stranger.get(`/assets/${release.cid}`)).bytes);
    expect(`${manifest.procedure}`).toBe(release.procedure);
    expect((await cast.people.reviewer.post(`/procedures/${id}/releases`, { version: 1 })).body.key).toBe(
      'nothing_new',
    );
  });

  test('is not made by an author where the project asks for a second person', async () => {
    const rules = { secondPerson: true, recordingDays: 30 };
    await cast.people.owner.ask('PUT', `/projects/${cast.project.id}/training-rules`, rules);
    const id = await started();
    const own = await cast.people.instructor.post(`/procedures/${id}/releases`, { version: 1 });
    expect([own.status, own.body.key]).toEqual([409, 'second_person']);
    expect((await cast.people.reviewer.post(`/procedures/${id}/releases`, { version: 1 })).status).toBe(201);
    await cast.people.owner.ask('PUT', `/projects/${cast.project.id}/training-rules`, {
      ...rules,
      secondPerson: false,
    });
  });

  test('is refused while the check finds errors, and while a file is missing', async () => {
    const [chapter] = GEARBOX.chapters;
    const stuck = { ...chapter!, steps: chapter!.steps.map((step) => ({ ...step, transitions: [] })), first: 'gone' };
    const id = await started(cast.people.designer, { ...GEARBOX, chapters: [stuck as never] });
    const refused = await cast.people.reviewer.post(`/procedures/${id}/releases`, { version: 1 });
    expect([refused.status, refused.body.key]).toEqual([409, 'not_releasable']);
    const media = [
      {
        id: 'film',
        kind: 'video',
        cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
        description: { en: 'A film', zh: '影片' },
      },
    ];
    const other = await started(cast.people.designer, {
      ...GEARBOX,
      workplace: { ...GEARBOX.workplace, media: media as never },
    });
    expect((await cast.people.reviewer.post(`/procedures/${other}/releases`, { version: 1 })).body.key).toBe(
      'missing_media',
    );
  });

  test('tells by step what it changed', async () => {
    const id = await started();
    await cast.people.reviewer.post(`/procedures/${id}/releases`, { version: 1 });
    await cast.people.designer.ask('PUT', `/procedures/${id}`, { version: 1, procedure: changed('Anew') });
    const { body } = await cast.people.trainee.get(`/procedures/${id}/diff`);
    expect(body.changes).toEqual([
      expect.objectContaining({ aspect: 'texts', path: 'title.en', after: 'Anew', before: GEARBOX.title.en }),
    ]);
    await cast.people.reviewer.post(`/procedures/${id}/releases`, { version: 2 });
    expect((await cast.people.trainee.get(`/procedures/${id}/diff?from=1&to=2`)).body).toEqual(body);
    expect((await cast.people.trainee.get(`/procedures/${id}`)).body).toMatchObject({ isChanged: false });
  });

  test('by somebody with a wallet wants that wallet’s signature of this very release', async () => {
    const wallet = Wallet.createRandom();
    const { body: challenge } = await hall.stranger.post('/session/wallet/challenge', { address: wallet.address });
    const signature = await wallet.signMessage(challenge.message);
    const { body: signedIn } = await cast.people.reviewer.post('/session/wallet', {
      message: challenge.message,
      signature,
    });
    expect(signedIn.me?.badge).toBe('wallet');
    const id = await started();
    const { body: statement } = await cast.people.reviewer.get(`/procedures/${id}/statement?note=fine`);
    const release = (more: object) =>
      cast.people.reviewer.post(`/procedures/${id}/releases`, { version: 1, note: 'fine', ...more });
    expect((await release({})).body.key).toBe('wants_signature');
    const signed = await wallet.signTypedData(statement.domain, statement.types, statement.value);
    const { releasedAt } = statement.value;
    expect((await release({ note: 'other', releasedAt, signature: signed })).body.key).toBe('bad_signature');
    expect((await release({ releasedAt, signature: signed })).body).toMatchObject({ signedBy: wallet.address });
  });
});
