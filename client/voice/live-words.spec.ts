import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RoomSession } from '../net/room-session.types.ts';
import { Store } from '../net/store.ts';
import { LiveWords } from './live-words.ts';
import type { VoiceStatus } from './voice.types.ts';

const QUIET: VoiceStatus = { state: 'muted', problem: null, isAsleep: false, isListener: false, to: null };

/** A browser's own speech recognition, as far as a test lets it hear something. */
class Recognition {
  static all: Recognition[] = [];
  isOn = false;
  lang = '';
  onresult: ((event: object) => void) | null = null;
  constructor() {
    Recognition.all.push(this);
  }
  start(): void {
    this.isOn = true;
  }
  abort(): void {
    this.isOn = false;
  }
  hear(transcript: string, isFinal = true): void {
    this.onresult!({ resultIndex: 0, results: [{ isFinal, 0: { transcript } }] });
  }
}

describe('the words of a room', () => {
  const kept = new Map<string, string>();
  const sent: unknown[] = [];
  let tell: (heard: object) => void;
  let status: Store<VoiceStatus>;
  let session: RoomSession;
  let words: LiveWords;
  const listening = () => Recognition.all.filter(({ isOn }) => isOn);

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('SpeechRecognition', Recognition);
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
    kept.clear();
    sent.length = 0;
    Recognition.all = [];
    status = new Store(QUIET);
    const voice = {
      on: (listener: (heard: object) => void) => {
        tell = listener;
        return () => {};
      },
      tell: (type: string, message: object) => sent.push({ type, ...message }),
    };
    session = { voice } as unknown as RoomSession;
    words = new LiveWords(session, status, () => 'zh');
  });
  afterEach(() => {
    words.dispose();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('are written down only while I am heard and want it, in the language of the page', () => {
    status.set({ ...QUIET, state: 'talking' });
    expect(listening()).toEqual([]);
    words.setWritten(true);
    expect(listening().map(({ lang }) => lang)).toEqual(['zh']);
    listening()[0]!.hear('先拧紧左边的螺钉');
    expect(sent).toEqual([{ type: 'words', text: '先拧紧左边的螺钉', language: 'zh', isFinal: true }]);
    status.set(QUIET);
    expect(listening()).toEqual([]);
    expect(kept.get('workhall.voice.written')).toBe('on');
  });

  it('begin anew for whom I speak to next: what began for one alone is not finished before all', () => {
    words.setWritten(true);
    status.set({ ...QUIET, state: 'talking', to: new Set(['tom']) });
    const [aside] = listening();
    status.set({ ...QUIET, state: 'talking', to: new Set(['tom']) });
    expect(listening()).toEqual([aside]);
    status.set({ ...QUIET, state: 'talking' });
    expect(listening()).not.toContain(aside);
    aside!.hear('between us');
    expect(sent).toEqual([]);
    listening()[0]!.hear('for everybody');
    expect(sent).toMatchObject([{ text: 'for everybody' }]);
  });

  it('are handed on for keeping, sentence by sentence and whole, but not what is said aside; and the next call asks anew', () => {
    const said: string[] = [];
    const options = { keptAs: null, onFinal: (text: string, language: string) => said.push(`${language}: ${text}`) };
    const call = new LiveWords(session, status, () => 'en', options);
    call.setWritten(true);
    status.set({ ...QUIET, state: 'talking' });
    const whole = `The seat is clean${' and dry'.repeat(100)}`;
    listening()[0]!.hear('The seat', false);
    listening()[0]!.hear(whole);
    status.set({ ...QUIET, state: 'talking', to: new Set(['tom']) });
    listening()[0]!.hear('between us');
    expect(sent).toHaveLength(3);
    expect(said).toEqual([`en: ${whole}`]);
    call.dispose();
    expect(kept.size).toBe(0);
    expect(new LiveWords(session, status, () => 'en', options).isWritten.get()).toBe(false);
  });

  it('of others stay as long as one reads, and of much the end', () => {
    const said = (text: string) =>
      tell({ type: 'words', message: { from: 'ina', text, language: 'en', isFinal: false } });
    said('Turn the valve');
    vi.advanceTimersByTime(4_000);
    said(`${'word '.repeat(60)}to the end`);
    vi.advanceTimersByTime(4_000);
    const { text } = words.said.get()!;
    expect(text.length).toBeLessThan(170);
    expect(text).toMatch(/^… word .*to the end$/);
    vi.advanceTimersByTime(3_000);
    expect(words.said.get()).toBeNull();
  });
});
