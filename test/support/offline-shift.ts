import { connectGuidance } from '#net/guidance';
import { takeRoom } from '#net/take-room';
import type { GuidanceSession } from '#net/index';
import type { Document } from '#protocol/document/index';
import { rowsOf } from '#protocol/guidance/index';
import { decodeBlock, openEntry } from '#protocol/journal/index';
import type { Dice } from './design-arbitraries.ts';
import { FileDevice } from './file-device.ts';
import { A_PHOTO, valve, valvePlan } from './jobs.ts';
import { signIn, type Person } from './people.ts';
import type { Hall } from './server.ts';

export interface Shop {
  readonly owner: Person;
  readonly ann: Person;
  readonly project: string;
  /** The rooms of its jobs, each at a station of its own. */
  readonly rooms: readonly string[];
}

/** A project with a released procedure, and so many jobs that wait for Ann. */
export async function openShop(
  hall: Pick<Hall, 'url'>,
  jobs: number,
  plan: Record<string, unknown> = {},
): Promise<Shop> {
  const [owner, ann] = (await Promise.all(['Olga', 'Ann'].map((name) => signIn(hall.url, name)))) as [Person, Person];
  const { id: project } = await owner.ask<{ id: string }>('POST', '/api/projects', { title: 'Works', description: '' });
  const { token } = await owner.ask<{ token: string }>('POST', `/api/projects/${project}/invitations`, {
    role: 'trainee',
  });
  await ann.ask('POST', `/api/invitations/${token}/accept`);
  const draft = await owner.ask<{ id: string }>('POST', `/api/projects/${project}/procedures`, { procedure: valve() });
  const { cid: release } = await owner.ask<{ cid: string }>('POST', `/api/procedures/${draft.id}/releases`, {
    version: 1,
  });
  await owner.ask('POST', `/api/projects/${project}/job-plans`, valvePlan({ release, ...plan }));
  const rooms: string[] = [];
  for (let n = 0; n < jobs; n++) {
    const { station } = await owner.ask<{ station: { id: string } }>('POST', `/api/projects/${project}/stations`, {
      name: `S${n}`,
      tools: [],
    });
    const code = `WO;${n};VALVE-40;SN-${n}`;
    const { room } = await ann.ask<{ room: string }>('POST', `/api/projects/${project}/jobs`, {
      code,
      station: station.id,
    });
    await ann.ask('POST', `/api/jobs/${room}/ops`, { ops: [{ id: `begin-${n}`, type: 'job.begin', payload: {} }] });
    rooms.push(room);
  }
  return { owner, ann, project, rooms };
}

export const enterJob = (hallUrl: string, person: Person, room: string, device: FileDevice): Promise<GuidanceSession> =>
  connectGuidance({ hallUrl, token: person.token, room, device: 'bot', outbox: device, taken: device });

export const takeJob = (hallUrl: string, person: Person, room: string, device: FileDevice) =>
  takeRoom({ hallUrl, token: person.token, room, device: 'bot' }, device, 0);

/** One of the things that are done over and over in a step: looked at, aligned, photographed. */
export function doSomething(session: GuidanceSession, dice: Dice): string {
  const done = somethingOf(session, dice.upTo(3));
  if ('problem' in done) throw new Error(`${done.problem.key}: ${done.problem.message}`);
  return done.id;
}

function somethingOf(session: GuidanceSession, which: number) {
  if (which === 0)
    return session.submitJob('part.scan', {
      thing: 'bearing' as never,
      code: { part: '6208-2RS', serial: 'B-1', lot: null },
    });
  if (which === 1)
    return session.submitJob('photo.add', { gate: 'bearing-photo', cid: A_PHOTO as never, kind: 'picture' });
  return session.submitJob('align.set', {
    productInRoom: { position: [0, 0, 0], rotation: [0, 0, 0, 1] },
    expectedErrorM: 0.002,
    how: 'markers',
    markers: [],
  });
}

/** Ids of a person's ops in a job's journal as the hall has it, in order. */
export async function idsInJournal(asker: Person, room: string, author: string): Promise<string[]> {
  const answer = await fetch(`${asker.hallUrl}/api/jobs/${room}/journal`, {
    headers: { authorization: `Bearer ${asker.token}` },
  });
  const { blocks } = decodeBlock(new Uint8Array(await answer.arrayBuffer())) as { blocks: Uint8Array[] };
  return blocks
    .map((bytes) => openEntry(bytes).entry)
    .filter((entry) => entry.author.id === author && /^(part|photo|align|tool|job\.act)/.test(entry.type))
    .map(({ id }) => id);
}

/** Each of `doSomething` leaves a row. */
const actsIn = (document: Document): number =>
  (['scans', 'photos', 'alignments'] as const).reduce((sum, name) => sum + rowsOf(document, name).length, 0);

/**
 * A page's life: it opens, works, and dies without a word, at a write to the device if `fuse` burns down before, else
 * after `acts`. What it made and could not write is gone, as in any browser.
 */
export async function liveAndDie(
  hallUrl: string,
  person: Person,
  room: string,
  path: string,
  dice: Dice,
  { acts, fuse, isOnline }: { acts: number; fuse: number; isOnline: boolean },
): Promise<number> {
  let left = fuse;
  const device = new FileDevice(path, () => --left > 0);
  let session: GuidanceSession | null = null;
  const entering = enterJob(hallUrl, person, room, device).then(
    (entered) => (session = entered),
    () => undefined,
  );
  const isOver = () => device.isDead;
  while (!session && !isOver()) await Promise.race([entering, aTurn()]);
  const shown = (session as GuidanceSession | null)?.document.get();
  if (shown && actsIn(shown) < device.ledger.length)
    throw new Error(`The page shows ${actsIn(shown)} acts, and its device has kept ${device.ledger.length}.`);
  let done = 0;
  for (; session && done < acts && !isOver(); done++) {
    doSomething(session, dice);
    // Some of them in one turn, as hands that are quick.
    if (dice.upTo(3) > 0) await aTurn();
  }
  if (isOnline && !isOver()) await new Promise((resolve) => setTimeout(resolve, dice.upTo(60)));
  device.dispose();
  const dead = session as GuidanceSession | null;
  void dead?.leave().catch(() => undefined);
  return done;
}

const aTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
