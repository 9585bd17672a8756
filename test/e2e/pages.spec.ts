import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Wallet } from 'ethers';
import { connectRoom } from '#net/index';
import { eventsOf } from '#net/server-sent-events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { partsOf, type ParametricKind } from '#protocol/design/index';
import { beforeRelease, IS_FULL } from '../support/full.ts';
import { LOOKS } from '../support/looks.ts';
import { expectReadable, Pages, type Look } from '../support/pages.ts';
import { openProject, signIn, solid, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

/** The pages outside the 3D room, in a browser, on the real server with its chain and IPFS node. */
const AS1 = join(
  dirname(createRequire(import.meta.url).resolve('occt-import-js/package.json')),
  'test/testfiles/cax-if/as1-oc-214.stp',
);
const IMPORT_MS = 60_000;

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true } as const;
const MAGNIFIED: readonly [string, Look] = [
  '1280 px at 200 %, light, Chinese',
  { language: 'zh', viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
];

let hall: Hall;
let pages: Pages;
let ada: Person;
let bo: Person;

beforeAll(async () => {
  hall = await startHall();
  pages = await Pages.launch(hall.url);
  ada = await signIn(hall.url, 'Ada Meier');
  bo = await signIn(hall.url, 'Bo Lindqvist');
});
afterEach(() => pages.closeAll());
afterAll(async () => {
  await pages?.close();
  await hall?.stop();
});

/** What a command of the page prints, run somewhere else. */
async function printed(command: string): Promise<string> {
  const cli = join(import.meta.dirname, '../../bin/workhall.mjs');
  const parameters = command.replace('npx workhall ', '').split(' ');
  const env = { PATH: process.env['PATH'], DATA_DIR: join(tmpdir(), 'workhall-nowhere') };
  return (await promisify(execFile)(process.execPath, [cli, ...parameters], { env })).stdout;
}

/** What the room does when somebody works in it. */
async function build(person: Person, room: string, part: string, kind: ParametricKind = 'box'): Promise<void> {
  const session = await person.enter(room);
  const sent = session.submit('parts.add', { parts: [solid(part, kind)] });
  if ('problem' in sent) throw new Error(sent.problem.message);
  await session.confirmed(sent.id);
  await session.leave();
}

/** Hands on what the hall answers, one server-sent event per pause. */
async function slowEvents(pauseMs: number): Promise<{ url: string; close: () => Promise<void> }> {
  const relay = createServer((request, response) => {
    void (async () => {
      const answer = await fetch(hall.url + request.url);
      response.writeHead(answer.status, { 'content-type': 'text/event-stream' });
      for await (const event of eventsOf(answer)) {
        response.write(`data: ${JSON.stringify(event)}\n\n`);
        await sleep(pauseMs);
      }
      response.end();
    })();
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const { port } = relay.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => relay.close(() => resolve())),
  };
}

describe('a newcomer', () => {
  it('gives a name at the link they came for, makes a project from a STEP file, and finds 18 parts in it', async () => {
    const page = await pages.open(null, '/');
    await page.getByRole('button', { name: 'Enter as guest' }).click();
    await page.getByText('Please give a name.').waitFor();
    await page.getByLabel('Your name').fill('Nia Osei');
    await page.getByLabel('Your name').press('Enter');
    await page.getByText('Your first project starts with a file').waitFor();
    await pages.picture(page, 'hall-empty');

    await page.locator('body').press('n');
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=file]').setInputFiles(AS1);
    expect(await dialog.getByRole('textbox', { name: 'Title' }).inputValue()).toBe('As1-oc-214');
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Bracket assembly');
    await dialog.getByRole('button', { name: 'Create project' }).click();
    await page.getByRole('progressbar', { name: /as1-oc-214/ }).waitFor();
    await page.getByText('18 parts came in from as1-oc-214.stp').waitFor({ timeout: IMPORT_MS });
    await page.getByText('5 different shapes').waitFor();
    await page.getByText('18 parts', { exact: true }).waitFor();
    await page.getByRole('img', { name: 'Picture of Bracket assembly' }).waitFor({ timeout: IMPORT_MS });
    await pages.picture(page, 'project-imported');

    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('0 parts', { exact: true }).waitFor();
  });

  it.each(LOOKS)('watches the first import in the place of the picture, and may stop it: %s', async (name, look) => {
    const { project } = await openProject(ada);
    const page = await pages.open(ada, `/project/${project}`, look);
    // A slow line: the upload hangs until the person stops it.
    await page.route('**/api/imports?*', () => undefined);
    await page.locator('input[type=file]').first().setInputFiles(AS1);
    const bar = page.getByRole('progressbar');
    await bar.waitFor();
    const stop = page.getByRole('button', { name: /^(Cancel|取消)$/ });
    expect(await stop.isVisible()).toBe(true);
    expect(await page.getByText(/^0 (parts|个零件)$/).count()).toBe(0);
    const before = await stop.boundingBox();
    await page.getByText(/^3 (s|秒)$/).waitFor();
    expect(await stop.boundingBox()).toEqual(before);
    await expectReadable(page);
    await pages.picture(page, `first-import ${name}`.replaceAll(/[ ,%]+/g, '-'));
    await stop.click();
    await page.getByText(/^0 (parts|个零件)$/).waitFor();
  });

  it('is told why a file cannot be used, and the project stays as it was', async () => {
    const { project } = await openProject(ada);
    const page = await pages.open(ada, `/project/${project}`);
    const broken = {
      name: 'broken.step',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from('not a STEP file'),
    };
    await page.locator('input[type=file]').first().setInputFiles(broken);
    await page.getByRole('alert').waitFor({ timeout: IMPORT_MS });
    await page.getByRole('alert').getByRole('button', { name: 'Close' }).click();
    await page.getByText('0 parts', { exact: true }).waitFor();
  });

  it('signs in with a wallet: the hall takes the signature of its own challenge', async () => {
    const wallet = Wallet.createRandom();
    const page = await pages.open(null, '/');
    await page.exposeFunction('walletAnswers', (method: string, params: string[] = []) =>
      method === 'personal_sign' ? wallet.signMessage(Buffer.from(params[0]!.slice(2), 'hex')) : [wallet.address],
    );
    await page.addInitScript(() => {
      const answers = (window as unknown as { walletAnswers: (method: string, params?: unknown) => Promise<unknown> })
        .walletAnswers;
      Object.assign(window, {
        ethereum: { request: ({ method, params }: { method: string; params?: unknown }) => answers(method, params) },
      });
    });
    await page.reload();
    await page.getByLabel('Your name').fill('Wanda');
    await page.getByRole('button', { name: 'Sign in with a wallet' }).click();
    await page.getByRole('button', { name: 'Wanda' }).click();
    await page.getByText('Wallet', { exact: true }).waitFor();
    await page.getByRole('menuitem', { name: 'Signing key' }).click();
    await page.getByText(wallet.address).waitFor();
  });
});

describe('a project', () => {
  it('is joined by a link in the role the owner chose, which the owner can change and take back', async () => {
    const { project } = await openProject(ada);
    const owner = await pages.open(ada, `/project/${project}`);
    await owner.getByRole('button', { name: 'Invite' }).click();
    await owner.getByRole('radio', { name: 'Reviewer' }).check();
    await owner.getByRole('button', { name: 'Make a link' }).click();
    await owner.getByRole('img', { name: /QR code/ }).waitFor();
    const link = await owner.getByText(/\/join\//).innerText();

    const guest = await pages.open(bo, new URL(link).pathname);
    await guest.waitForURL(`**/project/${project}`);
    await guest.getByText('You are Reviewer').waitFor();
    expect(await guest.getByRole('button', { name: 'Invite' }).count()).toBe(0);

    await owner.reload();
    await owner.getByRole('combobox', { name: 'Role of Bo Lindqvist' }).click();
    await owner.getByRole('option', { name: 'Designer' }).click();
    await owner.getByText('Bo Lindqvist is now Designer.').waitFor();
    await owner.getByRole('button', { name: 'Undo' }).click();
    await guest.reload();
    await guest.getByText('You are Reviewer').waitFor();
  });

  it('says who invites, to what and as what before a stranger gives a name', async () => {
    const { project } = await openProject(ada);
    const invite = () =>
      ada.ask<{ token: string; path: string }>('POST', `/api/projects/${project}/invitations`, { role: 'reviewer' });
    const { path } = await invite();
    for (const [name, look] of LOOKS) {
      const page = await pages.open(null, path, look);
      await page.getByRole('heading', { name: /Ada Meier .*Pump/ }).waitFor();
      await page.waitForLoadState('networkidle');
      await expectReadable(page);
      await pages.picture(page, `invitation ${name}`.replaceAll(/[ ,%]+/g, '-'));
      await page.close();
    }
    const stranger = await pages.open(null, path);
    await stranger.getByText('Your role: Reviewer').waitFor();
    await stranger.getByLabel('Your name').fill('Rea Novak');
    await stranger.getByRole('button', { name: 'Enter as guest' }).click();
    await stranger.waitForURL(`**/project/${project}`);
    await stranger.getByText('You are Reviewer').waitFor();

    const { token, path: takenBack } = await invite();
    await ada.ask('DELETE', `/api/projects/${project}/invitations/${token}`);
    const late = await pages.open(null, takenBack);
    await late.getByRole('heading', { name: 'This invitation cannot be used' }).waitFor();
    await late.getByText('This invitation was taken back.').waitFor();
    expect(await late.getByRole('button', { name: 'Enter as guest' }).count()).toBe(0);
    await pages.picture(late, 'invitation-taken-back');
  });

  beforeRelease(
    'opens to the crowd: a submission is handed in, rated by keyboard, accepted, and comes over',
    async () => {
      const { project, room } = await openProject(ada);
      await build(ada, room, 'housing');
      const owner = await pages.open(ada, `/project/${project}`);
      await owner.getByRole('button', { name: 'Ask the crowd' }).click();
      await owner.getByRole('textbox', { name: 'Title' }).fill('A lighter housing');
      await owner.getByRole('textbox', { name: 'Goal' }).fill('Under 280 g.');
      await owner.getByRole('button', { name: 'Open the brief' }).click();
      await owner.waitForURL('**/brief/**');
      const path = new URL(owner.url()).pathname;
      await owner.getByText('14 days left').waitFor();
      await owner.getByRole('button', { name: 'Copy link' }).waitFor();
      await owner.getByText('This address works on this machine only.').waitFor();
      await pages.picture(owner, 'brief-of-the-owner');

      const crowd = await pages.open(bo, path);
      await crowd.getByRole('button', { name: 'Start my submission' }).first().click();
      await crowd.getByLabel('What do you call it?').fill('Ribbed housing');
      await crowd.getByRole('button', { name: 'Start', exact: true }).click();
      await crowd.waitForURL('**/room/**');
      await build(bo, crowd.url().split('/').at(-1)!, 'rib');

      const handIn = await pages.open(bo, path);
      await handIn.getByRole('button', { name: 'Hand in' }).click();
      await handIn.getByLabel('What did you do?').fill('One rib instead of a solid web.');
      await handIn.getByRole('dialog').getByRole('button', { name: 'Hand in' }).click();
      await handIn.getByText('Handed in', { exact: true }).waitFor({ timeout: IMPORT_MS });
      await handIn.getByRole('img', { name: 'Picture of Ribbed housing' }).waitFor();

      // The owner's page, open all the while, follows.
      await owner.getByRole('button', { name: 'Rate' }).click();
      for (const criterion of ['Function', 'Easy to make', 'Look']) {
        await owner.getByRole('radio', { name: `${criterion}: 1 of 5` }).focus();
        await owner.keyboard.press('4');
      }
      await owner.getByRole('button', { name: 'Save my rating' }).click();
      await owner.getByText('4.0 of 5').waitFor();
      // Somebody else by the same name has not rated.
      const namesake = await pages.open(await signIn(hall.url, ada.name), path);
      await namesake.getByText('4.0 of 5').waitFor();
      expect(await namesake.getByRole('button', { name: 'Change my rating' }).count()).toBe(0);
      await owner.getByRole('button', { name: 'Change my rating' }).waitFor();
      await pages.picture(owner, 'brief-rated');

      await build(bo, crowd.url().split('/').at(-1)!, 'second-rib');
      await handIn.getByRole('button', { name: 'Hand in again' }).click();
      await handIn.getByRole('dialog').getByRole('button', { name: 'Hand in' }).click();
      await owner.getByText('2 iterations').waitFor({ timeout: IMPORT_MS });
      await owner.getByText('for iteration 1', { exact: true }).waitFor();
      await pages.picture(owner, 'brief-rated-earlier-iteration');
      await owner.getByRole('button', { name: 'Rate iteration 2' }).click();
      await owner.getByText('You rated iteration 1.').waitFor();
      await owner.getByRole('button', { name: 'Save my rating' }).click();
      await owner.getByRole('button', { name: 'Change my rating' }).waitFor();
      expect(await owner.getByText('for iteration 1', { exact: true }).count()).toBe(0);

      const confirm = owner.getByRole('dialog', { name: 'Accept “Ribbed housing”?' });
      await owner.getByRole('button', { name: 'Accept…' }).click();
      await confirm.getByText('2 changes come over into the project').waitFor();
      await confirm.getByText(`Will have a share in the project: ${bo.name}.`).waitFor();
      await confirm.getByText('This cannot be taken back.').waitFor();
      await pages.picture(owner, 'accept-preview');
      await confirm.getByRole('button', { name: 'Cancel' }).click();
      await confirm.waitFor({ state: 'detached' });
      const untouched = await ada.enter(room);
      expect([...partsOf(untouched.document.get()).values()].map(({ name }) => name)).toEqual(['housing']);
      await untouched.leave();
      await owner.getByRole('button', { name: 'Accept…' }).click();
      await confirm.getByRole('button', { name: 'Accept', exact: true }).click();
      await owner.getByText('2 changes came over into the project').waitFor();
      await handIn.getByText('“Ribbed housing” is part of the project now.').waitFor();
      expect(await handIn.getByRole('link', { name: 'Continue' }).count()).toBe(0);
      await pages.picture(handIn, 'brief-mine-accepted');
      await handIn.getByRole('button', { name: 'Start another submission' }).click();
      await handIn.getByLabel('What do you call it?').waitFor();

      const inside = await ada.enter(room);
      expect([...partsOf(inside.document.get()).values()].map(({ name }) => name).sort()).toEqual([
        'housing',
        'rib',
        'second-rib',
      ]);
      await inside.leave();
    },
  );

  it('shows on its picture what was changed in the room since, once its owner looks', async () => {
    const { project, room } = await openProject(ada);
    await build(ada, room, 'housing');
    const page = await pages.open(ada, `/project/${project}`);
    const picture = page.getByRole('img', { name: 'Picture of Pump' });
    await picture.waitFor({ timeout: IMPORT_MS });
    const before = await picture.getAttribute('src');
    await build(ada, room, 'lid', 'cylinder');
    await page.reload();
    await page.waitForFunction((old) => {
      const shown = document.querySelector('img[alt="Picture of Pump"]')?.getAttribute('src');
      return shown && shown !== old;
    }, before);
  });

  beforeRelease(
    'publishes a revision that its makers sign, that becomes a token, and that anybody can verify',
    async () => {
      const { project, room } = await openProject(ada, [bo]);
      await build(ada, room, 'shaft');
      await build(bo, room, 'bearing');
      const first = await pages.open(ada, `/project/${project}`);
      const data = (await first.screenshot()).toString('base64');
      const { cid: picture } = await ada.ask<{ cid: string }>('POST', '/api/pictures', { data });
      const revision = { title: 'First fit check', notes: '', licence: 'CERN-OHL-P-2.0', picture };
      const { cid } = await ada.ask<{ cid: string }>('POST', `/api/rooms/${room}/revisions`, revision);

      // Ada signs, and sends the link; her page stays open and follows what the other does.
      await first.getByText('Waiting for your signature:').waitFor({ timeout: 15_000 });
      await first.getByRole('link', { name: 'First fit check' }).first().click();
      const page = first;
      await page.getByText('Waiting for 2 signatures').waitFor();
      await page.getByRole('button', { name: 'Sign with my key' }).click();
      await page.getByText('Waiting for 1 signature').waitFor();
      expect(await page.getByRole('button', { name: 'Mint the token' }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Copy link for signers' }).click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${hall.url}/revision/${cid}`);

      // Bo has left the project. He is asked in the hall, and is not sent to a project he cannot open.
      await ada.ask('DELETE', `/api/projects/${project}/members/${bo.id}`);
      const signer = await pages.open(bo, '/');
      await signer.getByText('Waiting for your signature:').waitFor();
      await pages.picture(signer, 'hall-signature-wanted');
      await expectReadable(signer);
      await signer.getByRole('link', { name: 'First fit check' }).click();
      await signer.getByText('Revision of Pump').waitFor();
      expect(await signer.getByRole('link', { name: 'Revision of Pump' }).count()).toBe(0);
      await signer.getByRole('button', { name: 'Sign with my key' }).click();
      await signer.getByText('You have signed.').waitFor();
      await signer.goto(hall.url);
      await signer.getByRole('heading', { name: 'Projects' }).waitFor();
      expect(await signer.getByText('Waiting for your signature:').count()).toBe(0);

      await page.getByText('Everybody has signed.').waitFor({ timeout: 12_000 });
      await page.getByRole('button', { name: 'Mint the token' }).click();
      const badge = page.getByText(/^Token \d+$/);
      await badge.waitFor({ timeout: 30_000 });
      const tokenId = (await badge.innerText()).split(' ')[1]!;

      // A stranger: the proof needs no account.
      const stranger = await pages.open(null, `/token/${tokenId}`);
      // A relay that hands the hall's events on at a pace at which a person sees them come in.
      const relay = await slowEvents(400);
      await stranger.route('**/verify/events', (route) =>
        route.continue({ url: `${relay.url}${new URL(route.request().url()).pathname}` }),
      );
      await stranger.getByRole('button', { name: 'Verify' }).click();
      await stranger.getByRole('img', { name: 'passed' }).nth(2).waitFor();
      expect(await stranger.getByLabel('being checked').count()).toBe(1);
      expect(await stranger.getByRole('img', { name: 'waiting' }).count()).toBeGreaterThan(0);
      await pages.picture(stranger, 'token-verifying');
      await stranger.getByText('Verified: everything matches').waitFor({ timeout: 30_000 });
      expect(await stranger.getByRole('img', { name: 'passed' }).count()).toBe(12);
      await relay.close();
      // Both lines prove the token as they stand there, without the folder of this hall.
      const commands = await stranger.locator('pre', { hasText: `npx workhall verify ${tokenId}` }).allInnerTexts();
      expect(commands).toEqual([
        expect.stringContaining(`--hall ${hall.url}`),
        expect.stringContaining('--contract 0x'),
      ]);
      for (const command of commands) expect(await printed(command)).toContain('Verified.');
      await pages.picture(stranger, 'token-verified');
      const car = stranger.waitForEvent('download');
      await stranger.getByRole('link', { name: 'Download everything (CAR)' }).click();
      expect((await car).suggestedFilename()).toBe(`${cid}.car`);
    },
  );
});

describe('signing out', () => {
  it('warns a guest who would leave work that nobody could come back to, and lets others go', async () => {
    await openProject(ada);
    const page = await pages.open(ada, '/');
    const leave = async (at: typeof page, name: string) => {
      await at.getByRole('button', { name: `Account of ${name}` }).click();
      await at.getByRole('menuitem', { name: 'Sign out' }).click();
    };
    await leave(page, ada.name);
    await page.getByText('After signing out nobody can come back as you.').waitFor();
    await pages.picture(page, 'sign-out-guest');
    await expectReadable(page);
    await page.getByRole('button', { name: 'Stay signed in' }).click();
    await page.getByText('After signing out nobody can come back as you.').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => localStorage.getItem('workhall.session'))).toContain(ada.token);

    await leave(page, ada.name);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click(); // a slip can still be taken back
    await page.getByRole('button', { name: `Account of ${ada.name}` }).waitFor();
    expect(await page.getByText('After signing out nobody can come back as you.').count()).toBe(0);

    const visitor = await signIn(hall.url, 'Vi');
    const other = await pages.open(visitor, '/');
    await leave(other, visitor.name);
    await other.getByText('You are signed out.').waitFor();
    expect(await other.evaluate(() => localStorage.getItem('workhall.session'))).toBeNull();
  });
});

describe('a wallet', () => {
  it('that is on another chain is offered the one of the hall, and signs there', async () => {
    const wallet = Wallet.createRandom();
    const asked: string[] = [];
    let chainId = '0x1';
    let knowsHall = false;
    const page = await pages.open(null, '/');
    await page.exposeFunction('walletAnswers', async (method: string, params: unknown[] = []) => {
      asked.push(method);
      if (method === 'personal_sign') return wallet.signMessage(Buffer.from(String(params[0]).slice(2), 'hex'));
      if (method === 'eth_chainId') return chainId;
      if (method === 'wallet_addEthereumChain') {
        const [{ rpcUrls, chainId: added }] = params as [{ rpcUrls: string[]; chainId: string }];
        const call = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] };
        const answer = await fetch(rpcUrls[0]!, {
          ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(call) },
        });
        // As MetaMask does: the endpoint has to be of the chain it is said to be of.
        knowsHall = ((await answer.json()) as { result: string }).result === added;
        return null;
      }
      if (method === 'wallet_switchEthereumChain') {
        if (!knowsHall) return { refusal: 4902 };
        chainId = (params as [{ chainId: string }])[0].chainId;
        return null;
      }
      if (method === 'eth_signTypedData_v4') {
        const { domain, types, message } = JSON.parse(String(params[1]));
        if (Number(chainId) !== Number(domain.chainId)) return { refusal: -32603 };
        const { EIP712Domain: _, ...named } = types;
        return wallet.signTypedData(domain, named, message);
      }
      return [wallet.address];
    });
    await page.addInitScript(() => {
      const { walletAnswers } = window as unknown as {
        walletAnswers: (method: string, params?: unknown) => Promise<{ refusal?: number } | null>;
      };
      const request = async ({ method, params }: { method: string; params?: unknown }) => {
        const answer = await walletAnswers(method, params);
        if (answer?.refusal) throw Object.assign(new Error('refused'), { code: answer.refusal });
        return answer;
      };
      Object.assign(window, { ethereum: { request } });
    });
    await page.reload();
    await page.getByLabel('Your name').fill('Wim');
    await page.getByRole('button', { name: 'Sign in with a wallet' }).click();
    await page.getByRole('button', { name: 'Wim' }).waitFor();
    const token = await page.evaluate(() => JSON.parse(localStorage.getItem('workhall.session')!).token as string);
    const ask = async <T>(path: string, body: unknown) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return (
        await fetch(`${hall.url}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      ).json() as T;
    };
    const { room } = await ask<{ room: string }>('/projects', { title: 'Valve', description: '' });
    await build(
      { ...ada, enter: (at) => connectRoom({ hallUrl: hall.url, token, room: at, device: 'bot' }) },
      room,
      'seat',
    );
    const { cid: picture } = await ask<{ cid: string }>('/pictures', {
      data: (await page.screenshot()).toString('base64'),
    });
    const revision = { title: 'By wallet', notes: '', licence: 'CC0-1.0', picture };
    const { cid } = await ask<{ cid: string }>(`/rooms/${room}/revisions`, revision);
    await page.goto(`${hall.url}/revision/${cid}`);
    await page.getByText(/may first offer to add or switch to chain/).waitFor();
    await pages.picture(page, 'revision-wallet');
    await page.getByRole('button', { name: 'Sign with my wallet' }).click();
    await page.getByText('You have signed.').waitFor();
    expect(asked).toContain('wallet_addEthereumChain');
    await page.getByText('Everybody has signed.').waitFor();
  });
});

describe('every page', () => {
  it.each(IS_FULL ? [...LOOKS, MAGNIFIED] : LOOKS)('can be read by everybody: %s', async (name, look) => {
    const { project, room } = await openProject(ada, [bo]);
    await build(ada, room, 'housing');
    const { id: brief } = await ada.ask<{ id: string }>('POST', `/api/projects/${project}/briefs`, {
      title: 'A lighter housing',
      goal: 'Under 280 g.',
      deadlineAt: Date.now() + 864e5,
      licence: 'CC-BY-4.0',
      criteria: [{ id: 'mass', label: 'Mass', weight: 2 }],
    });
    const paths = { hall: '/', project: `/project/${project}`, brief: `/brief/${brief}`, nothing: '/nowhere' };
    for (const [label, path] of [['welcome', '/'], ...Object.entries(paths)] as const) {
      const page = await pages.open(label === 'welcome' ? null : ada, path, look);
      await page.waitForLoadState('networkidle');
      await expectReadable(page);
      await pages.picture(page, `${label} ${name}`.replaceAll(/[ ,%]+/g, '-'));
      await page.close();
    }
  });

  it.each(LOOKS)('opens dialogs whose every button has a name: %s', async (name, look) => {
    const { project } = await openProject(ada);
    const close = look.language === 'zh' ? '关闭' : 'Close';
    for (const [path, opener] of [
      ['/', /^(New project|新建项目)$/],
      [`/project/${project}`, /^(Invite|邀请)$/],
      [`/project/${project}`, /^(Ask the crowd|发起征集)$/],
    ] as const) {
      const page = await pages.open(ada, path, look);
      await page.getByRole('button', { name: opener }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.waitFor();
      await expectReadable(page);
      await pages.picture(page, `dialog ${String(opener).slice(3, 8)} ${name}`.replaceAll(/[ ,%]+/g, '-'));
      await dialog.getByRole('button', { name: close, exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.close();
    }
  });

  it('says “tap” where one taps, and “click” where one clicks', async () => {
    const { project } = await openProject(ada);
    const phone = await pages.open(ada, `/project/${project}`, PHONE);
    await phone.getByText('Tap to choose a model').waitFor();
    await phone.goto(hall.url);
    await phone.getByRole('button', { name: 'New project' }).first().click();
    await phone.getByText('Tap to choose a file').waitFor();
    const desk = await pages.open(ada, `/project/${project}`);
    await desk.getByText('Drop a model here, or click to choose').waitFor();
  });

  it('says that it is offline, and goes on when the line is back', async () => {
    const page = await pages.open(ada, '/');
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await page.context().setOffline(false);
    await page.getByText('You are offline.').waitFor({ state: 'detached' });
  });
});
