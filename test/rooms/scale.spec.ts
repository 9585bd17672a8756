import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFleet, type ReferenceFleet } from '../support/fleet.ts';
import { openProject, signIn, solid, until } from '../support/people.ts';
import { missingForScale } from '../support/programs.ts';

const missing = missingForScale();
if (missing) console.warn(`The tests of several processes are skipped: this ${missing}`);

describe.skipIf(missing)('a hall of two processes', () => {
  let fleet: ReferenceFleet;

  beforeAll(async () => {
    fleet = await startFleet();
  });
  afterAll(async () => fleet?.stop());

  it('lets two people meet who come in through different processes', async () => {
    const ann = await signIn(fleet.halls['hall-1'].url, 'Ann');
    const ben = await signIn(fleet.halls['hall-2'].url, 'Ben');
    const { room } = await openProject(ann);
    const { project } = await openProject(ann);
    expect(project).toBeTruthy();
    void room;
    const own = await openProject(ann);
    const { token } = await ann.ask<{ token: string }>('POST', `/api/projects/${own.project}/invitations`, {
      role: 'designer',
    });
    await ben.ask('POST', `/api/invitations/${token}/accept`);
    const [a, b] = [await ann.enter(own.room), await ben.enter(own.room)];
    await until('both see both', () => [a, b].every(({ participants }) => participants.get().length === 2));
    const added = a.submit('parts.add', { parts: [solid('seen')] }) as { id: string };
    await a.confirmed(added.id);
    await until('Ben has the part', () => b.document.get().tables.get('parts')?.has('seen') ?? false);
    await Promise.all([a.leave(), b.leave()]);
  });
});
