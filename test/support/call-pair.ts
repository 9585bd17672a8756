import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { GuidanceSession } from '#net/index';
import type { CallMedia, Sending } from '../../client/call/index.ts';
import type { HelpCall } from '../../client/features/help/model/help-call.ts';
import type { Voice } from '../../client/voice/index.ts';
import type { BadLine } from '../network/bad-line.ts';
import { CHROMIUM_ARGS, findChromium } from './chromium.ts';
import { newContext } from './drawing.ts';
import type { HelpJob } from './help-job.ts';
import type { Person } from './people.ts';

interface InCall {
  readonly __workhall: {
    readonly help: HelpCall;
    readonly media: CallMedia;
    readonly session: GuidanceSession;
    readonly voice: Voice;
  };
}

/** What has come over the engineer's line so far, and how it stands. */
export interface CallFigures {
  readonly sending: Sending;
  /** Bytes of moving pictures that came to the expert, voice packets that did, and the newest single picture's number. */
  readonly pictureBytes: number;
  readonly voicePackets: number;
  /** Of voice that came to the expert, without packet heads. */
  readonly voiceBytes: number;
  readonly still: number;
  readonly marksAtEngineer: number;
  readonly roomState: string;
  /** As the engineer's page judged the line last. */
  readonly line: Awaited<ReturnType<CallMedia['figures']>>['line'];
}

const PATIENCE_MS = 120_000;

/** An engineer, behind a line or not, and the expert they have called: two browsers, real cameras' and microphones' stand-ins. */
export class CallPair {
  readonly engineer: Page;
  readonly expert: Page;
  readonly #browsers: readonly Browser[];
  readonly #folder: string;
  readonly #voice = { packets: 0, ofConnection: 0 };

  private constructor(engineer: Page, expert: Page, browsers: readonly Browser[], folder: string) {
    this.engineer = engineer;
    this.expert = expert;
    this.#browsers = browsers;
    this.#folder = folder;
  }

  static async open(hallUrl: string, { ann, eva, room }: HelpJob, line: BadLine | null): Promise<CallPair> {
    const folder = mkdtempSync(join(tmpdir(), 'workhall-call-'));
    await ann.ask('POST', `/api/jobs/${room}/ops`, {
      ops: [
        {
          ...{ id: 'ring', type: 'help.ring' },
          payload: {
            ...{ call: 'c-1', how: 'all', escalateAfterS: 60, text: '', step: null },
            to: [{ id: eva.id, name: eva.name }],
          },
        },
      ],
    });
    await eva.ask('POST', `/api/jobs/${room}/calls/c-1/answer`, { answer: 'accept' });
    const args = [
      ...CHROMIUM_ARGS,
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      // Pages get cameras on secure addresses only; a line has none with a name.
      `--unsafely-treat-insecure-origin-as-secure=${hallUrl}`,
      '--disable-features=WebRtcHideLocalIpsWithMdns',
    ];
    const launch = (executablePath: string | undefined) =>
      chromium.launch({ ...(executablePath ? { executablePath } : {}), args });
    const browsers = [await launch(line ? behind(line, folder) : findChromium()), await launch(findChromium())];
    const [engineer, expert] = await Promise.all([
      enter(browsers[0]!, hallUrl, ann, `/room/${room}?test`),
      enter(browsers[1]!, hallUrl, eva, `/jobs/${room}/help?test`),
    ]);
    for (const page of [engineer, expert])
      await page.evaluate(() => void (window as unknown as InCall).__workhall.voice.speak());
    return new CallPair(engineer, expert, browsers, folder);
  }

  async figures(): Promise<CallFigures> {
    const [mine, theirs] = await Promise.all([
      this.engineer.evaluate(async () => {
        const { media, help, session } = (window as unknown as InCall).__workhall;
        const roomState = session.connection.get().state;
        const { line } = await media.figures();
        return { sending: media.sending.get(), marksAtEngineer: help.marks.get().length, roomState, line };
      }),
      this.expert.evaluate(async () => {
        const { media, voice } = (window as unknown as InCall).__workhall;
        const { received, stills } = await media.figures();
        const { packets } = await voice.received();
        let voiceBytes = 0;
        for (const report of await voice.linkStats())
          report.forEach((one: { type: string; bytesReceived?: number }) => {
            if (one.type === 'inbound-rtp') voiceBytes += one.bytesReceived ?? 0;
          });
        return {
          voiceBytes,
          pictureBytes: received,
          still: stills,
          voicePackets: packets.reduce((sum, { count }) => sum + count, 0),
        };
      }),
    ]);
    // A connection that is made anew on a bad line counts from nought again.
    const counted = theirs.voicePackets;
    this.#voice.packets += counted < this.#voice.ofConnection ? counted : counted - this.#voice.ofConnection;
    this.#voice.ofConnection = counted;
    return { ...mine, ...theirs, voicePackets: this.#voice.packets };
  }

  /** The expert leaves a note on the product; an op of the journal like all marks. */
  async mark(text: string): Promise<void> {
    await this.expert.evaluate((words) => {
      const { help } = (window as unknown as InCall).__workhall;
      help.mark({ kind: 'note', at: { in: null, point: [0, 0.1, 0] }, text: words });
    }, text);
  }

  async close(): Promise<void> {
    await Promise.all(this.#browsers.map((browser) => browser.close()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The browser as a program behind the line. */
function behind(line: BadLine, folder: string): string {
  const path = join(folder, 'chromium-behind-the-line');
  writeFileSync(path, `#!/bin/sh\nexec ${line.prefix.join(' ')} ${findChromium()} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

async function enter(browser: Browser, hallUrl: string, person: Person, path: string): Promise<Page> {
  const context = await newContext(browser, {
    serviceWorkers: 'block',
    ...{ viewport: { width: 900, height: 600 }, locale: 'en-GB', reducedMotion: 'reduce' },
    permissions: ['camera', 'microphone'],
  });
  const me = { id: person.id, name: person.name, badge: 'guest', address: null, addressKind: null };
  await context.addInitScript(
    (kept) => localStorage.setItem('workhall.session', kept),
    JSON.stringify({ token: person.token, me }),
  );
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(hallUrl + path);
  await page.waitForFunction(() => (window as unknown as Partial<InCall>).__workhall?.media);
  return page;
}
