import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import type { Voice } from '../../../client/voice/index.ts';
import { CHROMIUM_ARGS, findChromium } from '../../support/chromium.ts';
import { newContext } from '../../support/drawing.ts';
import '../../support/headset.ts';
import { until, type Person } from '../../support/people.ts';

/** Small pages drawn coarsely: here one listens. */
const SIZE = { width: 1024, height: 640 };

/** Louder than this at the ears is heard, dB below full scale. */
const AUDIBLE_DB = -55;

/** A browser that gives its microphone to those who may have it, and whose microphone hears a tone that pauses for a tenth of a second, twice a second. */
export function launchWithMicrophone(): Promise<Browser> {
  const file = join(tmpdir(), `workhall-tone-${process.pid}.wav`);
  writeFileSync(file, toneWav(400, 100));
  return chromium.launch({
    executablePath: findChromium(),
    args: [...CHROMIUM_ARGS, '--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${file}`],
  });
}

/** Somebody in a room with a real browser, a microphone and ears. */
export class Caller {
  readonly problems: string[] = [];

  private constructor(
    readonly name: string,
    readonly page: Page,
  ) {
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on(
      'console',
      (message) => message.type() === 'warning' && /^voice/.test(message.text()) && this.problems.push(message.text()),
    );
  }

  static async enter(
    browser: Browser,
    hallUrl: string,
    person: Person,
    room: string,
    options: BrowserContextOptions = { permissions: ['microphone'] },
  ): Promise<Caller> {
    const context = await newContext(browser, {
      serviceWorkers: 'block',
      viewport: SIZE,
      locale: 'en-GB',
      reducedMotion: 'reduce',
      ...options,
    });
    const me = { id: person.id, name: person.name, badge: 'guest', address: null, addressKind: null };
    await context.addInitScript(
      (kept) => localStorage.setItem('workhall.session', kept),
      JSON.stringify({ token: person.token, me }),
    );
    const caller = new Caller(person.name, await context.newPage());
    await caller.page.goto(`${hallUrl}/room/${room}?test`);
    await caller.page.getByRole('group', { name: /Voice|语音/ }).waitFor({ timeout: 60_000 });
    // A page sounds after its person has touched it.
    await caller.page.locator('canvas').click({ position: { x: 5, y: 5 } });
    return caller;
  }

  /** Runs on the page's own voice. */
  async ask<T>(question: (voice: Voice) => T | Promise<T>): Promise<T> {
    // Handed over as a function: the page's content security policy forbids to evaluate text.
    const voice = await this.page.evaluateHandle(() => window.__workhall.voice);
    return voice.evaluate(question as (voice: unknown) => T | Promise<T>);
  }

  press(name: 'Speak' | 'Mute' | 'Unmute'): Promise<void> {
    return this.page.getByRole('group', { name: 'Voice' }).getByRole('button', { name, exact: true }).click();
  }

  /** By which way packets have come in so far. */
  async heardBy(): Promise<string[]> {
    const { packets } = await this.ask((voice) => voice.received());
    return [...new Set(packets.map(({ by }) => by))];
  }

  /** A tone reaches the ears, again and again. */
  async hears(what: string): Promise<void> {
    let times = 0;
    const isHeard = async () => {
      const { levelDb } = await this.ask((voice) => voice.received());
      if (levelDb > AUDIBLE_DB) times += 1;
      return times >= 5;
    };
    // A page that has just come in has its models to load as well.
    await until(`${this.name} hears ${what}`, isHeard, 45_000);
  }

  /**
   * A second and a half in which a tone would have sounded three times passes without one. What is still on its way when
   * this is asked, and what a decoder invents for packets that are missing, may sound before: a slow machine has much of it.
   */
  async hearsNothing(): Promise<void> {
    let heardMs = performance.now();
    const isSilent = async () => {
      const { levelDb } = await this.ask((voice) => voice.received());
      if (levelDb > AUDIBLE_DB) heardMs = performance.now();
      return performance.now() - heardMs > 1_500;
    };
    await until(`${this.name} hears nothing`, isSilent, 10_000);
  }

  mark(name: RegExp): Promise<void> {
    return this.page.getByRole('img', { name }).first().waitFor({ timeout: 15_000 });
  }
}

/** 48 kHz, mono, 16 bit: a tone of 440 Hz and a pause. */
function toneWav(toneMs: number, pauseMs: number): Buffer {
  const rate = 48_000;
  const samples = Math.round(((toneMs + pauseMs) / 1000) * rate);
  const toneSamples = Math.round((toneMs / 1000) * rate);
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < toneSamples; i++)
    wav.writeInt16LE(Math.round(12_000 * Math.sin((2 * Math.PI * 440 * i) / rate)), 44 + i * 2);
  return wav;
}
