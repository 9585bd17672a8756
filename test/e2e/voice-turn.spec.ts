import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IS_FULL } from '../support/full.ts';
import { openProject, signIn } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { hasTurnServer, lanAddress, startTurnServer, type TurnServer } from '../support/turn.ts';
import { Caller, launchWithMicrophone } from './support/caller.ts';

const address = lanAddress();
const isPossible = hasTurnServer() && address !== undefined;
if (!isPossible)
  console.warn(
    'Voice over TURN is not tested here: it needs coturn (Debian: apt-get install coturn) and a network interface.',
  );

describe.runIf(isPossible && IS_FULL)('voice through a TURN server alone', () => {
  let browser: Browser;
  let turn: TurnServer;
  let hall: Hall;

  const settings = () => ({ VOICE_TURN_URLS: turn.url, VOICE_TURN_SECRET: turn.secret, VOICE_RELAY_ONLY: '1' });

  beforeAll(async () => {
    browser = await launchWithMicrophone();
  });
  beforeEach(async () => {
    turn = await startTurnServer(address!);
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await hall?.stop();
    await turn.stop();
  });
  afterAll(() => browser?.close());

  it('reaches the other person with credentials of the hall, and again after the relay was away', async () => {
    hall = await startHall({ env: settings() });
    const people = [await signIn(hall.url, 'Ann'), await signIn(hall.url, 'Bo')];
    const { room } = await openProject(people[0]!, people.slice(1));
    const [ann, bo] = await Promise.all(people.map((person) => Caller.enter(browser, hall.url, person, room)));
    await ann!.press('Speak');
    await bo!.hears('Ann through the relay');
    expect(turn.allocations()).toBeGreaterThanOrEqual(2);

    // The path dies: there is no other, so nothing is heard until a new one is found.
    await turn.stop();
    await bo!.hearsNothing();
    turn = await startTurnServer(address!, turn.port);
    await bo!.hears('Ann again, by a path that was looked for anew');
  });

  it('reaches the hall’s forwarder too', async () => {
    hall = await startHall({ env: { ...settings(), VOICE_MESH_PEOPLE: '2' } });
    const people = await Promise.all(['Cem', 'Dai', 'Eva'].map((name) => signIn(hall.url, name)));
    const { room } = await openProject(people[0]!, people.slice(1));
    const callers = await Promise.all(people.map((person) => Caller.enter(browser, hall.url, person, room)));
    await callers[0]!.press('Speak');
    await callers[2]!.hears('Cem through relay and forwarder');
    expect(await callers[2]!.heardBy()).toEqual(['hall']);
  });
});
