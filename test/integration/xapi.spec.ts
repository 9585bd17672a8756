import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHall, type Hall } from '../support/server.ts';
import { anAttempt, basic, keyed, XapiClient } from '../support/xapi-client.ts';

let hall: Hall;
let all: XapiClient;
beforeAll(async () => {
  hall = await startHall({ env: { VOICE: '0', PUBLIC_URL: 'https://hall.example.com' } });
  all = keyed(hall);
});
afterAll(() => hall.stop());

const VOIDED = { id: 'http://adlnet.gov/expapi/verbs/voided' };
const reference = (id: string) => ({ objectType: 'StatementRef', id });
const filter = (params: Record<string, string>) => `/statements?${new URLSearchParams(params).toString()}`;
const idsOf = (body: { statements: { id: string }[] }) => body.statements.map(({ id }) => id);

async function guest(name: string): Promise<{ token: string; id: string }> {
  const answer = await fetch(`${hall.url}/api/session/guest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  const { token, me } = (await answer.json()) as { token: string; me: { id: string } };
  return { token, id: me.id };
}
async function api(token: string, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${hall.url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as ReturnType<typeof JSON.parse> };
}

describe('statements', () => {
  test('come back page by page in the order of storing, each once, while others are being stored', async () => {
    const registration = crypto.randomUUID();
    const wanted: string[] = [];
    for (let page = 0; page < 6; page++) {
      const batch = Array.from({ length: 40 }, () => anAttempt({ context: { registration } }));
      wanted.push(...(await all.post('/statements', batch)).body);
    }
    const found: string[] = [];
    let path = filter({ registration, limit: '50', ascending: 'true' });
    while (path) {
      const { status, body } = await all.get(path);
      expect(status).toBe(200);
      found.push(...idsOf(body));
      await all.post('/statements', anAttempt());
      path = body.more;
    }
    expect(found).toEqual(wanted);
  });

  test('of any rarity come back page by page, newest or oldest first, and what leads to them among them', async () => {
    const verbs = ['often', 'seldom', 'once', 'meanwhile'].map(
      (name) => `http://example.com/${name}-${crypto.randomUUID()}`,
    );
    const [often, seldom, once, meanwhile] = verbs as [string, string, string, string];
    const wanted: Record<string, string[]> = { [often]: [], [seldom]: [], [once]: [] };
    const said = Array.from({ length: 2_600 }, (_, at) => {
      const verb = at === 3 ? once : at % 40 === 7 ? seldom : at % 3 === 0 ? often : meanwhile;
      const statement = anAttempt({ verb: { id: verb } });
      if (at % 500 === 499) Object.assign(statement, { object: reference(wanted[often]![0]!) });
      wanted[at % 500 === 499 ? often : verb]?.push(statement.id);
      if (at % 500 === 499) wanted[verb]?.push(statement.id);
      return statement;
    });
    for (let at = 0; at < said.length; at += 200) await all.post('/statements', said.slice(at, at + 200));
    for (const [verb, ids] of Object.entries(wanted))
      for (const ascending of ['true', 'false']) {
        const found: string[] = [];
        for (let path = filter({ verb, ascending, limit: '45' }); path;) {
          const { body } = await all.get(path);
          found.push(...idsOf(body));
          path = body.more;
        }
        const inOrder = [...new Set(ids)];
        expect(found, `${verb} ${ascending}`).toEqual(ascending === 'true' ? inOrder : inOrder.toReversed());
      }
  });

  test('sent by many at the same time under one id are stored once; another one under it is a conflict', async () => {
    const one = anAttempt();
    const answers = await Promise.all(Array.from({ length: 20 }, () => all.post('/statements', one)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const other = await all.post('/statements', [anAttempt(), { ...one, verb: { id: 'http://example.com/other' } }]);
    expect([other.status, other.body.key, other.body.facts.id]).toEqual([409, 'statement_differs', one.id]);
    expect((await all.get(filter({ statementId: one.id }))).body.verb).toEqual(one['verb']);
  });

  test('are found by what they are about, and by statements about them over any number of references', async () => {
    const [verb, registration] = [`http://example.com/verb-${crypto.randomUUID()}`, crypto.randomUUID()];
    const first = anAttempt({ verb: { id: verb }, context: { registration } });
    const second = anAttempt({ object: reference(first.id) });
    const third = anAttempt({ object: reference(second.id) });
    await all.post('/statements', [third, second]); // before what they are about
    await all.post('/statements', first);
    const all3 = new Set([first.id, second.id, third.id]);
    expect(new Set(idsOf((await all.get(filter({ verb }))).body))).toEqual(all3);
    expect(new Set(idsOf((await all.get(filter({ verb, registration }))).body))).toEqual(all3);
    expect(idsOf((await all.get(filter({ verb, activity: 'http://example.com/none' }))).body)).toEqual([]);
  });

  test('that are voided are found by their own parameter alone, also when the voiding one came first', async () => {
    const verb = { id: `http://example.com/verb-${crypto.randomUUID()}` };
    const [early, late] = [anAttempt({ verb }), anAttempt({ verb })];
    await all.post('/statements', early);
    const voiding = [early, late].map(({ id }) => anAttempt({ verb: VOIDED, object: reference(id) }));
    await all.post('/statements', voiding);
    await all.post('/statements', late);
    for (const { id } of [early, late]) {
      expect((await all.get(filter({ statementId: id }))).status).toBe(404);
      expect((await all.get(filter({ voidedStatementId: id }))).body.id).toBe(id);
    }
    expect(new Set(idsOf((await all.get(filter({ verb: verb.id }))).body))).toEqual(
      new Set(voiding.map(({ id }) => id)),
    );
  });

  test('bring the bytes of their attachments and give them back', async () => {
    const bytes = Buffer.from([0, 13, 10, 45, 45, 255]);
    const sha2 = createHash('sha256').update(bytes).digest('hex');
    const attachment = { usageType: 'x:photo', display: { en: 'photo' }, contentType: 'image/png', length: 6, sha2 };
    const one = anAttempt({ attachments: [attachment] });
    const message = (body: Buffer) =>
      Buffer.concat([
        Buffer.from(
          `--b\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(one)}\r\n--b\r\nContent-Type: image/png\r\n`,
        ),
        Buffer.from(`Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: ${sha2}\r\n\r\n`),
        body,
        Buffer.from('\r\n--b--\r\n'),
      ]);
    const headers = { 'content-type': 'multipart/mixed; boundary=b' };
    const wrong = await all.post('/statements', message(Buffer.from('other bytes')), headers);
    expect([wrong.status, wrong.body.key]).toEqual([400, 'bad_attachment']);
    expect((await all.post('/statements', message(bytes), headers)).status).toBe(200);
    const answer = await fetch(`${hall.url}/xapi/statements?statementId=${one.id}&attachments=true`, {
      headers: { authorization: all['authorization']!, 'x-experience-api-version': '2.0.0' },
    });
    expect(Buffer.from(await answer.arrayBuffer()).includes(Buffer.concat([Buffer.from('\r\n\r\n'), bytes]))).toBe(
      true,
    );
  });

  test('too large or nested too deep are refused with a word, and nothing falls over', async () => {
    const deep = `[${'['.repeat(50_000)}${']'.repeat(50_000)}]`;
    const nested = await all.post('/statements', deep, { 'content-type': 'application/json' });
    expect([nested.status, nested.body.key]).toEqual([400, 'bad_body']);
    const large = await all.post('/statements', 'x'.repeat(9 * 2 ** 20), { 'content-type': 'application/json' });
    expect([large.status, large.body.key]).toEqual([413, 'too_large']);
    const many = Array.from({ length: 2_001 }, () => anAttempt());
    expect((await all.post('/statements', many)).status).toBe(400);
    expect((await all.get('/about')).body.version).toEqual(['1.0.3', '2.0.0']);
  });
});

describe('documents', () => {
  test('changed by twenty at once from the same version are changed by one', async () => {
    const path = `/activities/profile?${new URLSearchParams({ activityId: 'http://example.com/a', profileId: 'p' }).toString()}`;
    expect((await all.put(path, { n: 0 }, { 'if-none-match': '*' })).status).toBe(204);
    const etag = (await all.get(path)).headers.get('etag')!;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => all.put(path, { n: n + 1 }, { 'if-match': etag })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array.from({ length: 19 }, () => 412)]);
    const blind = await all.put(path, { n: 99 });
    expect([blind.status, blind.body.key]).toEqual([409, 'precondition_needed']);
  });
});

describe('access', () => {
  test('nobody reads or writes without a key, and every resource says so', async () => {
    const stranger = new XapiClient(`${hall.url}/xapi`, null);
    const wrong = new XapiClient(`${hall.url}/xapi`, basic('nobody', 'secret'));
    const paths = [
      '/statements',
      '/statements/more',
      '/activities',
      '/activities/state',
      '/activities/profile',
      '/agents',
      '/agents/profile',
    ];
    for (const client of [stranger, wrong])
      for (const path of paths) {
        const { status, headers } = await client.get(path);
        expect([path, status, headers.get('www-authenticate')]).toEqual([path, 401, 'Basic realm="xAPI"']);
      }
  });

  test('a key does what its scopes say, sees its own only when told so, and is worthless once revoked', async () => {
    const writer = keyed(hall, '--scopes', 'statements/write,statements/read/mine');
    const [own, foreign] = [anAttempt(), anAttempt()];
    await all.post('/statements', foreign);
    expect((await writer.post('/statements', own)).status).toBe(200);
    expect((await writer.get(filter({ statementId: own.id }))).status).toBe(200);
    expect((await writer.get(filter({ statementId: foreign.id }))).status).toBe(404);
    expect(idsOf((await writer.get('/statements')).body)).toEqual([own.id]);
    const state = `/activities/state?${new URLSearchParams({ activityId: 'x:y', stateId: 's', agent: '{"openid":"x:y"}' }).toString()}`;
    expect((await writer.put(state, {})).body.key).toBe('out_of_scope');
    const voiding = await writer.post('/statements', anAttempt({ verb: VOIDED, object: reference(foreign.id) }));
    expect([voiding.status, voiding.body.key]).toEqual([403, 'may_not_void']);

    const cli = join(import.meta.dirname, '..', '..', 'dist', 'server', 'cli', 'main.js');
    const key = Buffer.from(writer['authorization']!.slice(6), 'base64').toString().split(':')[0]!;
    execFileSync(process.execPath, [cli, 'xapi-key', 'revoke', key, '--data', hall.dataDir]);
    expect((await writer.get('/statements')).status).toBe(401);
  });

  test('owners make keys of a project; it sees nothing of the hall, and members see what is told of them', async () => {
    const [owner, member] = [await guest('Olga'), await guest('Mo')];
    const project = (await api(owner.token, 'POST', '/projects', { title: 'Gearbox' })).body.id as string;
    const keys = `/projects/${project}/xapi-keys`;
    const wanted = { title: 'cmi5 player', scopes: ['all'] };
    expect((await api(member.token, 'POST', keys, wanted)).body.key).toBe('not_owner');
    const made = (await api(owner.token, 'POST', keys, wanted)).body;
    const listed = (await api(owner.token, 'GET', keys)).body;
    expect(listed.keys).toMatchObject([{ id: made.key.id, isRevoked: false }]);
    expect(JSON.stringify(listed)).not.toContain(made.secret);

    const client = new XapiClient(`${hall.url}/xapi`, basic(made.key.id, made.secret));
    expect(idsOf((await client.get('/statements')).body)).toEqual([]);
    const account = (name: string) => ({
      objectType: 'Agent',
      account: { homePage: 'https://hall.example.com', name },
    });
    const [hers, his] = [anAttempt({ actor: account(owner.id) }), anAttempt({ actor: account(member.id) })];
    await client.post('/statements', [hers, his]);
    expect((await all.get(filter({ statementId: hers.id }))).status).toBe(404);

    const invitation = (await api(owner.token, 'POST', `/projects/${project}/invitations`, { role: 'designer' })).body;
    await api(
      member.token,
      'POST',
      `/invitations/${String(invitation.token ?? invitation.path)
        .split('/')
        .at(-1)}/accept`,
    );
    const inProject = (token: string) => new XapiClient(`${hall.url}/xapi/projects/${project}`, `Bearer ${token}`);
    expect(new Set(idsOf((await inProject(owner.token).get('/statements')).body))).toEqual(new Set([hers.id, his.id]));
    expect(idsOf((await inProject(member.token).get('/statements')).body)).toEqual([his.id]);
    expect((await inProject(member.token).post('/statements', anAttempt())).status).toBe(403);
    expect((await inProject((await guest('Eve')).token).get('/statements')).status).toBe(401);

    expect((await api(owner.token, 'DELETE', `${keys}/${made.key.id}`)).status).toBe(200);
    expect((await client.get('/statements')).status).toBe(401);
  });

  test('pages of other origins may ask with a key, and the profile is there for everybody', async () => {
    const preflight = await fetch(`${hall.url}/xapi/statements`, {
      method: 'OPTIONS',
      headers: { origin: 'https://au.example' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const profile = await fetch(`${hall.url}/xapi/profile`);
    expect(profile.headers.get('content-type')).toContain('application/ld+json');
    expect(((await profile.json()) as { type: string }).type).toBe('Profile');
  });
});

test('what was answered is there after a power cut', async () => {
  const own = await startHall({ env: { VOICE: '0' } });
  const client = keyed(own);
  const stored: string[] = [];
  const writing = (async () => {
    for (;;)
      stored.push(
        ...(
          await client.post(
            '/statements',
            Array.from({ length: 5 }, () => anAttempt()),
          )
        ).body,
      );
  })().catch(() => {});
  await expect.poll(() => stored.length, { timeout: 20_000 }).toBeGreaterThan(100);
  await own.powerCut();
  await writing;
  const again = await startHall({ dataDir: own.dataDir, env: { VOICE: '0' } });
  try {
    const reader = new XapiClient(`${again.url}/xapi`, client['authorization']);
    const found = new Set<string>();
    for (let path = '/statements'; path;) {
      const { body } = await reader.get(path);
      for (const id of idsOf(body)) found.add(id);
      path = body.more;
    }
    expect(stored.filter((id) => !found.has(id))).toEqual([]);
  } finally {
    await again.stop();
  }
});
