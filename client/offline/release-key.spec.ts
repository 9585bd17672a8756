import 'fake-indexeddb/auto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { HallApi } from '#net/api';
import { UserId } from '#protocol/ids';
import { JobJournal, valve, valvePlan } from '../../test/support/jobs.ts';
import { leaveKey, signRelease } from './release-key.ts';
import { ShiftStore } from './shift.store.ts';

it('lets a supervisor release a step with the PIN, and nobody without it: the journal takes the signature', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const store = new ShiftStore();
  const api = new HallApi({ hallUrl: `http://127.0.0.1:${port}`, token: () => 'token' });
  await leaveKey({ store, api, rooms: null }, { id: 'sue', name: 'Sue' }, '274911', ['r1', 'r2']);
  server.close();
  expect(asked).toEqual(['/api/jobs/r1/release-key', '/api/jobs/r2/release-key']);

  const [key] = await store.keys();
  const skill = { id: 'torque', step: 'insert', kind: 'skill', code: 'TORQUE', level: 3 };
  const journal = new JobJournal(valve(), valvePlan({ gates: [skill], kit: [] }));
  journal.put('job.begin', {}, 'ann');
  journal.put('key.show', { person: UserId.parse('sue'), did: key!.did });
  const slip = {
    step: 'insert' as never,
    visit: 0,
    what: 'skill' as const,
    reason: 'Shown how',
    by: UserId.parse('sue'),
  };
  await expect(signRelease(key!, '274912', journal.job, slip)).rejects.toMatchObject({ problem: { key: 'wrong_pin' } });
  const signature = await signRelease(key!, '274911', journal.job, slip);
  expect(journal.put('step.releaseBy', { slip, signature }, 'ann')).toBeNull();
  expect(journal.deviations).toMatchObject([{ kind: 'released', by: 'sue' }]);
});
