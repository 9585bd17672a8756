import type { VoiceServerMessages } from '#protocol/room/index';
import type { RoomSession } from '../net/room-session.types.ts';
import { Store, type Readable } from '../net/store.ts';
import { Dictation } from './dictation.ts';
import type { VoiceStatus } from './voice.types.ts';

/** What was said last stays so long, ms. */
const SHOWN_MS = 6_000;
/** The wire takes no more at once. */
const MOST_SENT = 500;
/** Two lines of a subtitle: of more than that one reads the end. */
const MOST_SHOWN = 160;

export type SaidWords = VoiceServerMessages['words'];

export interface LiveWordsOptions {
  /** Under this name the device remembers that what I say is written down; null: it is asked anew each time. */
  readonly keptAs: string | null;
  /** Each sentence that I have finished before everybody. */
  readonly onFinal: (text: string, language: string) => void;
}
const DEFAULTS: LiveWordsOptions = { keptAs: 'workhall.voice.written', onFinal: () => {} };

/**
 * Subtitles of one room: what others say just now, and, where the person wants it, what they say. Words are written
 * down by the speaker's own browser, and the hall gives them to those alone who hear the voice.
 */
export class LiveWords {
  /** Of whoever spoke last; null: nobody speaks. */
  readonly said = new Store<SaidWords | null>(null);
  /** What I say is written down. Off at first: some browsers send the sound to their maker. */
  readonly isWritten: Store<boolean>;
  readonly #session: RoomSession;
  readonly #status: Readable<VoiceStatus>;
  readonly #language: () => string;
  readonly #options: LiveWordsOptions;
  readonly #detach: (() => void)[];
  #dictation: Dictation | null = null;
  /** Who hears what is being written down; null: nobody. */
  #audience: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    session: RoomSession,
    status: Readable<VoiceStatus>,
    language: () => string,
    options: Partial<LiveWordsOptions> = {},
  ) {
    this.#session = session;
    this.#status = status;
    this.#language = language;
    this.#options = { ...DEFAULTS, ...options };
    const { keptAs } = this.#options;
    this.isWritten = new Store(keptAs !== null && globalThis.localStorage?.getItem(keptAs) === 'on');
    this.#detach = [
      session.voice.on((heard) => heard.type === 'words' && this.#show(heard.message)),
      status.subscribe(() => this.#follow()),
    ];
    this.#follow();
  }

  /** Whether this browser can write down what is said. */
  static get isPossible(): boolean {
    return Dictation.isPossible;
  }

  setWritten(isWritten: boolean): void {
    const { keptAs } = this.#options;
    if (keptAs !== null) localStorage.setItem(keptAs, isWritten ? 'on' : 'off');
    this.isWritten.set(isWritten);
    this.#follow();
  }

  dispose(): void {
    for (const stop of this.#detach) stop();
    clearTimeout(this.#timer);
    this.#dictation?.stop();
    this.#dictation = null;
  }

  /** A sentence that began for one person is not finished before all: whoever hears me next gets what I say from then on. */
  #follow(): void {
    const { state, to } = this.#status.get();
    const isHeard = state === 'talking' && this.isWritten.get();
    const audience = isHeard ? (to === null ? 'all' : [...to].toSorted().join(' ')) : null;
    if (audience === this.#audience) return;
    this.#audience = audience;
    this.#dictation?.stop();
    this.#dictation = audience === null ? null : this.#writeDown();
    this.#dictation?.start();
  }

  #writeDown(): Dictation {
    const language = this.#language();
    const dictation: Dictation = new Dictation(language, (text, isFinal) => {
      if (dictation !== this.#dictation) return;
      this.#session.voice.tell('words', { text: text.slice(0, MOST_SENT), language, isFinal });
      if (isFinal && this.#status.get().to === null) this.#options.onFinal(text, language);
    });
    return dictation;
  }

  #show(said: SaidWords): void {
    clearTimeout(this.#timer);
    this.said.set({ ...said, text: endOf(said.text) });
    this.#timer = setTimeout(() => this.said.set(null), SHOWN_MS);
  }
}

/** From the beginning of a word, where there are such: Chinese is cut where it is. */
function endOf(text: string): string {
  if (text.length <= MOST_SHOWN) return text;
  const end = text.slice(-MOST_SHOWN);
  return `…${/\s/.test(end) ? end.slice(end.search(/\s/)) : end}`;
}
