import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuidanceSession } from '#net/index';
import { rowsOf } from '#protocol/guidance/index';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import type { CallMedia } from '../../client/call/index.ts';
import type { DeskView } from '../../client/features/help/desk/desk-view.ts';
import type { DeskStay } from '../../client/features/help/desk/xr/desk-stay.ts';
import type { Voice } from '../../client/voice/index.ts';
import { CallPair } from '../support/call-pair.ts';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import { newContext } from '../support/drawing.ts';
import { Headset } from '../support/headset.ts';
import { openHelpJob, type HelpJob } from '../support/help-job.ts';
import { until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { connectGuidance } from '#net/guidance';

/** As much of one as the hall looks at. */
const PDF = `%PDF-1.4\n${' '.repeat(80)}\n%%EOF`;

interface Desk {
  readonly __workhall: {
    readonly desk: DeskView;
    readonly media: CallMedia;
    readonly session: GuidanceSession;
    readonly voice: Voice;
    readonly xr?: { readonly stay: DeskStay | null };
  };
}
/** A browser's own speech recognition, as far as this test lets it hear something. */
interface Hearing {
  /** How many listened. */
  readonly __hear: (words: string) => number;
}
const PATIENCE_MS = 60_000;

describe('an engineer who calls for help', () => {
  let hall: Hall;
  let browser: Browser;
  let job: HelpJob;
  let engineer: Page;
  let expert: Page;
  let journal: GuidanceSession;
  const problems: string[] = [];

  const open = async (person: Person, path: string) => {
    const context = await newContext(browser, {
      serviceWorkers: 'block',
      ...{ viewport: { width: 1100, height: 700 }, locale: 'en-GB', reducedMotion: 'reduce' },
      permissions: ['camera', 'microphone'],
    });
    const me = { id: person.id, name: person.name, badge: 'guest', address: null, addressKind: null };
    await context.addInitScript(
      (kept) => localStorage.setItem('workhall.session', kept),
      JSON.stringify({ token: person.token, me }),
    );
    await context.addInitScript(() => {
      // Headless browsers have none; what is behind it is the page's own.
      const listening = new Set<SpeechRecognition>();
      class SpeechRecognition extends EventTarget {
        onresult: ((event: object) => void) | null = null;
        onend: (() => void) | null = null;
        start() {
          listening.add(this);
        }
        abort() {
          listening.delete(this);
        }
      }
      const hear = (transcript: string) => {
        const dictations = [...listening].filter(({ onresult }) => onresult !== null);
        for (const one of dictations)
          one.onresult!({ resultIndex: 0, results: [{ isFinal: true, 0: { transcript } }] });
        return dictations.length;
      };
      Object.assign(window, { SpeechRecognition, __hear: hear });
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => problems.push(`${person.name}: ${String(error)}`));
    await page.goto(hall.url + path);
    return page;
  };
  const rows = <T extends Parameters<typeof rowsOf>[1]>(name: T) => rowsOf(journal.document.get(), name);

  beforeAll(async () => {
    hall = await startHall({ env: { MQTT_PORT: '0' } });
    job = await openHelpJob(hall.url);
    browser = await chromium.launch({
      executablePath: findChromium(),
      args: [...CHROMIUM_ARGS, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    });
    journal = await connectGuidance({ hallUrl: hall.url, token: job.owner.token, room: job.room, device: 'bot' });
    [engineer, expert] = await Promise.all([open(job.ann, `/room/${job.room}?test`), open(job.eva, '/')]);
  }, 120_000);
  afterAll(async () => {
    await journal?.leave();
    await browser?.close();
    await hall?.stop();
  });

  it('rings on whatever page the expert has open, with who, which job and which step', async () => {
    await engineer.getByRole('button', { name: 'Call an expert' }).click();
    await engineer.getByLabel('What is it about?').fill('The bearing jams');
    await engineer.getByRole('button', { name: 'Ring', exact: true }).click();
    const bell = expert.getByRole('alertdialog', { name: /Ann needs help/ });
    await bell.getByText('“The bearing jams”').waitFor();
    await bell.getByText('Valve DN 40 SN-1, order 4711').waitFor();
    await bell.getByText('Station S1').waitFor();
    await engineer.getByText('Rings: Eva').waitFor();
    await bell.getByRole('button', { name: 'Accept' }).click();
    await expert.waitForURL(/\/jobs\/.+\/help/);
    await engineer.getByText(/In a call with Eva|Eva is speaking/).waitFor();
  });

  it('is seen and heard: the camera’s picture comes to the desk, voices go both ways', async () => {
    await expert.goto(`${hall.url}/jobs/${job.room}/help?test&xr=emulate`);
    await expert.waitForFunction(() => (window as unknown as Desk).__workhall?.desk);
    await expert.waitForFunction(() => {
      const { media } = (window as unknown as Desk).__workhall;
      return [...media.seen.get().values()].some(({ mode }) => mode === 'video');
    });
    await expert.locator('video').waitFor();
    await expert.waitForFunction(() => document.querySelector('video')!.videoWidth > 0);
    await expert.waitForFunction(async () => {
      const { packets } = await (window as unknown as Desk).__workhall.voice.received();
      return packets.some(({ count }) => count > 20);
    });
    await engineer.getByText('Moving picture').waitFor();
  });

  it('is shown what to do: an arrow on the part, a note, a drawing on the frozen picture', async () => {
    await expert.getByRole('button', { name: 'Arrow' }).click();
    const housing = () =>
      expert.evaluate(() => {
        const { desk } = (window as unknown as Desk).__workhall;
        const box = desk.stage.canvas.getBoundingClientRect();
        const at = desk.camera.project([0, 0.03, 0])!;
        return { x: box.left + at.xPx, y: box.top + at.yPx };
      });
    const { x, y } = await housing();
    await expert.mouse.click(x, y);
    await expect.poll(() => rows('marks').map(({ body }) => body.kind), { timeout: PATIENCE_MS }).toEqual(['arrow']);
    expect(rows('marks')[0]!.body).toMatchObject({ kind: 'arrow', at: { in: 'housing' } });
    await expert.getByRole('button', { name: 'Note' }).click();
    await expert.getByLabel('Text of the note').fill('Turn it first');
    await expert.mouse.click(x, y);
    await expert.getByRole('button', { name: 'Freeze the picture' }).click();
    const frozen = expert.getByRole('region', { name: 'Frozen picture' });
    await frozen.getByRole('img', { name: 'Frozen picture' }).waitFor();
    const box = (await frozen.boundingBox())!;
    await expert.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.4);
    await expert.mouse.down();
    await expert.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5, { steps: 5 });
    await expert.mouse.up();
    await expect
      .poll(() => rows('marks').map(({ body }) => body.kind), { timeout: PATIENCE_MS })
      .toEqual(['arrow', 'note', 'sketch']);
    // The engineer need not open anything to read it.
    const said = engineer.getByRole('region', { name: 'From others' });
    await said.getByText('Eva left a note on the product: Turn it first').waitFor();
    await said.getByRole('button', { name: 'Seen' }).click();
    await said.waitFor({ state: 'detached' });
    // Both pages show what is in the product's frame.
    await expert.waitForFunction(() => (window as unknown as Desk).__workhall.desk.marks.count === 2);
    await engineer.getByRole('button', { name: 'Chat' }).click();
    await engineer.getByLabel('Write a message').fill('I see it');
    await engineer.getByRole('button', { name: 'Send' }).click();
    await expert.getByText('I see it').waitFor();
    await engineer.keyboard.press('Escape');
    await expert.getByLabel('Write a message').fill('Now press it in');
    await expert.getByRole('button', { name: 'Send' }).click();
    await said.getByText('Eva: Now press it in').waitFor();
  });

  it('is held by a wrong part: the desk says what was found, what was expected and who decides, on a telephone too', async () => {
    const does = async (id: string, type: string, payload: object) => {
      await job.ann.ask('POST', `/api/jobs/${job.room}/ops`, { ops: [{ id, type, payload }] });
    };
    await does('wrong', 'part.scan', { thing: 'bearing', code: { part: '6204-2RS', serial: 'B-9', lot: null } });
    const held = expert.getByRole('status', { name: 'Why the step is held' });
    await held.getByText(/found 6204-2RS B-9 · expected 6208-2RS/).waitFor();
    await held.getByText(/^Can decide: .*Ann.* \(Rework\), Olga \(Concession\), Olga \(Scrap\)\.$/).waitFor();
    await engineer.getByText('You decide how it goes on.').waitFor();
    // All acts of the call in one row each.
    const bars: [Page, string[]][] = [
      [expert, ['Hand over a document', 'Record the call', 'Leave the call', 'End the call']],
      [engineer, ['End the call', 'Chat', 'Ask one more expert in', 'Record the call']],
    ];
    for (const [page, acts] of bars) {
      await page.setViewportSize({ width: 390, height: 844 });
      const tops = acts.map(async (name) => (await page.getByRole('button', { name, exact: true }).boundingBox())?.y);
      expect(new Set(await Promise.all(tops)).size, await page.title()).toBe(1);
      await page.setViewportSize({ width: 1100, height: 700 });
    }
    await does('again', 'deviation.dispose', {
      ...{ deviation: rows('deviations').at(-1)!.id, disposition: 'rework' },
      ...{ reason: 'The right one lay beside it', releasesStep: false },
    });
    await held.waitFor({ state: 'detached' });
  });

  it('is handed a page of a file that the expert brings, and a picture of the job by its name', async () => {
    const give = async (choose: (dialog: ReturnType<Page['getByRole']>) => Promise<void>) => {
      await expert.getByRole('button', { name: 'Hand over a document' }).click();
      const dialog = expert.getByRole('dialog', { name: 'Hand over a document' });
      await choose(dialog);
      await dialog.getByRole('button', { name: 'Hand over', exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await give(async (dialog) => {
      const drawing = { name: 'Valve drawing.pdf', mimeType: 'application/pdf', buffer: Buffer.from(PDF) };
      await dialog.locator('input[type=file]').setInputFiles(drawing);
      await dialog.getByLabel('Page').fill('3');
      expect(await dialog.getByLabel('Title').inputValue()).toBe('Valve drawing');
    });
    await give(async (dialog) => {
      await dialog.getByLabel('Document or picture').click();
      await expert.getByRole('option', { name: 'Frozen picture 1' }).click();
      expect(await dialog.getByLabel('Page').count()).toBe(0);
      await dialog.getByRole('img', { name: 'Frozen picture 1' }).waitFor();
    });
    await expect.poll(() => rows('handed').length, { timeout: PATIENCE_MS }).toBe(2);
    expect(rows('handed')).toMatchObject([
      { title: 'Valve drawing', kind: 'pdf', page: 3 },
      { title: 'Frozen picture 1', kind: 'picture', page: null, cid: rows('stills')[0]!.cid },
    ]);
    await engineer.getByRole('button', { name: 'Chat' }).click();
    const link = engineer.getByRole('link', { name: 'Valve drawing' }).first();
    const href = await link.evaluate(({ href }: HTMLAnchorElement) => href);
    expect(href).toMatch(/#page=3$/);
    expect((await fetch(href)).headers.get('content-type')).toBe('application/pdf');
    await engineer.keyboard.press('Escape');
  });

  it('is helped from within VR: beside the product the expert sees head and hands of who works, and sets an arrow by the ray', async () => {
    const glasses = await connectGuidance({ hallUrl: hall.url, token: job.ann.token, room: job.room, device: 'bot' });
    const [head, left, right]: Vec3[] = [[0.1, 0.5, 0.6], [-0.1, 0.1, 0.2], [0.2, 0.12, 0.2]]; // prettier-ignore
    const [headInRoom, leftInRoom, rightInRoom] = [head!, left!, right!].map((position): Pose => ({
      position,
      rotation: [0, 0, 0, 1],
    })) as [Pose, Pose, Pose];
    const shows = setInterval(() => glasses.sendBody({ headInRoom, leftInRoom, rightInRoom, isHeadset: true }), 100);
    await expert.getByRole('button', { name: 'Enter VR' }).click();
    await expert.waitForFunction(() => (window as unknown as Desk).__workhall.xr?.stay);
    const headset = new Headset(expert);
    await headset.isOn();
    await headset.moveHand('left', [-0.22, 0.1, 0.4]);
    // Where they are, in the product's own frame, as the expert's headset draws them.
    const drawn = await expert.waitForFunction((session) => {
      const { desk, session: own } = (window as unknown as Desk).__workhall;
      const other = own.participants.get().find((one) => one.session === session);
      const avatar = other && desk.avatars.of(other.participant);
      const hands = avatar ? ([0, 1] as const).map((side) => avatar.handInRoom(side)) : [null];
      return hands.includes(null) ? null : [avatar!.headInRoom(performance.now())!.position, ...hands];
    }, glasses.me.session);
    const near = (place: Vec3 | undefined) => place!.map((metres) => expect.closeTo(metres, 1) as number);
    expect(await drawn.jsonValue()).toEqual([head, left, right].map(near));

    const pull = async (aimed: Vec3) => {
      await headset.aimAt('right', aimed);
      await headset.frames(2);
      await headset.press('right', 'trigger');
      await headset.release('right', 'trigger');
    };
    /** A button of the plate at the left hand. */
    const press = async (id: string) => {
      await headset.moveHand('right', [0.2, 0.12, 0.12]);
      const button = await expert.waitForFunction(
        (wanted) => (window as unknown as Desk).__workhall.xr!.stay!.wrist.plate.placeOf(wanted),
        id,
      );
      await pull((await button.jsonValue()) as Vec3);
    };
    await press('tool-arrow');
    await expert.waitForFunction(() => (window as unknown as Desk).__workhall.desk.tool.kind.get() === 'arrow');
    await headset.moveHand('right', [0.15, 0.35, 0.1]);
    await pull([0, 0.03, 0]);
    await expect.poll(() => rows('marks').at(-1)?.body.kind, { timeout: PATIENCE_MS }).toBe('arrow');
    expect(rows('marks').at(-1)).toMatchObject({ by: job.eva.id, body: { at: { in: 'housing' } } });
    await press('leave');
    await headset.isOff();
    clearInterval(shows);
    await glasses.leave();
  });

  it('is recorded when all agree, with what was said beside it, and the recording plays when the call is over', async () => {
    await expert.getByRole('button', { name: 'Record the call' }).click();
    await expert.getByRole('dialog').getByRole('button', { name: 'I agree' }).click();
    expect(await expert.getByRole('button', { name: 'Begin recording' }).isDisabled()).toBe(true);
    const asked = engineer.getByRole('alertdialog', { name: 'Eva would like to record this call' });
    await asked.getByRole('button', { name: 'I agree' }).click();
    // Olga only looks on, by a program: she is asked as well.
    journal.submitJob('help.consent', { call: rows('calls').at(-1)!.id, isGiven: true });
    await expect.poll(() => rows('calls').at(-1)!.consents.length, { timeout: PATIENCE_MS }).toBe(3);
    await expert.getByRole('button', { name: 'Begin recording' }).click();
    for (const page of [engineer, expert]) await page.getByText('Recording', { exact: true }).waitFor();
    await expert.keyboard.press('Escape');
    await engineer.getByRole('button', { name: /^Subtitles/ }).click();
    await engineer.waitForFunction(() => (window as unknown as Hearing).__hear('The seat is clean now') > 0);
    await expert.getByText('The seat is clean now').first().waitFor();
    await expect.poll(() => rows('lines').at(-1)?.source, { timeout: PATIENCE_MS }).toBe('spoken');
    await expert.getByRole('button', { name: 'Recording', exact: true }).click();
    await expert.getByRole('button', { name: 'Stop recording' }).click();
    await expect.poll(() => rows('recordings')[0]?.file?.bytes ?? 0, { timeout: PATIENCE_MS }).toBeGreaterThan(500);
    await expert
      .getByRole('dialog')
      .getByRole('button', { name: /^Play Recording of/ })
      .click();
    await expert.waitForFunction(
      () => (document.querySelector<HTMLVideoElement>('video[controls]')?.readyState ?? 0) > 0,
    );
    const cues = await expert.evaluate(async () => {
      const { src } = document.querySelector('track')!;
      return (await fetch(src)).text();
    });
    expect(cues).toMatch(/^WEBVTT\n[^]*<v Ann>The seat is clean now/);
    await expert.keyboard.press('Escape');
  });

  it('has a gate unlocked with a reason, ends the call, and both read what it came to', async () => {
    await expert.getByRole('button', { name: 'Unlock a step' }).click();
    await expert.getByLabel('Reason').fill('The seat is seen on the picture');
    await expert.getByRole('button', { name: 'Unlock', exact: true }).click();
    await expect
      .poll(() => rows('visits').findLast(({ step }) => step === 'insert')?.how, { timeout: PATIENCE_MS })
      .toBe('released');
    await engineer.getByText('Eva has unlocked “Step insert”: The seat is seen on the picture').waitFor();
    await engineer.getByRole('button', { name: 'End the call' }).click();
    await engineer.getByRole('textbox', { name: 'What did it come to?' }).fill('Bearing turned');
    await engineer.getByRole('dialog').getByRole('button', { name: 'End the call' }).click();
    await expert.getByText('Bearing turned').waitFor();
    expect(rows('calls')[0]!.summary).toMatchObject({
      marks: { arrow: 2, note: 1, sketch: 1 },
      releases: [{ step: 'insert', by: job.eva.id }],
      recordings: 1,
    });
    expect(problems).toEqual([]);
  });
});

it('where no connection between two people comes about, pictures come one by one through the hall, and both are told so', async () => {
  // Relays alone, and there is none: as behind a firewall.
  const hall = await startHall({ env: { MQTT_PORT: '0', VOICE_RELAY_ONLY: '1' } });
  const pair = await CallPair.open(hall.url, await openHelpJob(hall.url), null);
  try {
    await until('a second picture is seen', async () => (await pair.figures()).still > 1, PATIENCE_MS);
    expect((await pair.figures()).sending.mode).toBe('stills');
    // A bar as narrow as this one leaves it out.
    await pair.engineer.getByText('Single pictures').waitFor({ state: 'attached' });
    await pair.expert.getByText('Single pictures').waitFor();
  } finally {
    await pair.close();
    await hall.stop();
  }
});
