import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe.skipIf(!isPossible)('voice through a TURN server alone', () => {
  let browser: Browser;
  let turn: TurnServer;
  let hall: Hall;

  const settings = (secret: string) => ({
    VOICE_TURN_URLS: turn.url,
    VOICE_TURN_SECRET: secret,
    VOICE_RELAY_ONLY: '1',
  });

  beforeAll(async () => {
    turn = await startTurnServer(address!);
    browser = await launchWithMicrophone();
  });
  afterAll(async () => {
    await browser?.close();
    await hall?.stop();
    await turn?.stop();
  });

  it('reaches the other person, with credentials of the hall that coturn believes', async () => {
    hall = await startHall({ env: settings(turn.secret) });
    const people = [await signIn(hall.url, 'Ann'), await signIn(hall.url, 'Bo')];
    const { room } = await openProject(people[0]!, people.slice(1));
    const [ann, bo] = await Promise.all(people.map((person) => Caller.enter(browser, hall.url, person, room)));
    await ann!.press('Speak');
    await bo!.hears('Ann through the relay');
    expect(turn.allocations()).toBeGreaterThanOrEqual(2);
    await Promise.all([ann!.page.context().close(), bo!.page.context().close()]);
    await hall.stop();
  });

  it('reaches the hall’s forwarder too, and nobody with a secret that coturn does not share', async () => {
    hall = await startHall({ env: { ...settings(turn.secret), VOICE_MESH_PEOPLE: '2' } });
    const people = await Promise.all(['Cem', 'Dai', 'Eva'].map((name) => signIn(hall.url, name)));
    const { room } = await openProject(people[0]!, people.slice(1));
    const callers = await Promise.all(people.map((person) => Caller.enter(browser, hall.url, person, room)));
    await callers[0]!.press('Speak');
    await callers[2]!.hears('Cem through relay and forwarder');
    expect(await callers[2]!.heardBy()).toEqual(['hall']);
    await Promise.all(callers.map(({ page }) => page.context().close()));
    await hall.stop();

    const granted = turn.allocations();
    hall = await startHall({ env: settings('another secret') });
    const others = [await signIn(hall.url, 'Ann'), await signIn(hall.url, 'Bo')];
    const { room: again } = await openProject(others[0]!, others.slice(1));
    const [ann, bo] = await Promise.all(others.map((person) => Caller.enter(browser, hall.url, person, again)));
    await ann!.press('Speak');
    await bo!.hearsNothing();
    expect(turn.allocations()).toBe(granted);
  });
});
