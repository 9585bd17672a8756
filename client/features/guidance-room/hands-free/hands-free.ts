import { Signal } from '#net/signal';
import { Store } from '#net/store';
import { z } from 'zod';
import { commandOfKey, MEANS, type Command, type Means } from './commands.ts';
import { commandIn } from './spoken.ts';

const STORED_AS = 'workhall.guidance.means';
/** What was understood stays in view this long, ms. */
const SHOWN_MS = 2200;
/** Two means at once (a nod with a word) are one wish, ms; twice by the same means are two. */
const ONE_WISH_MS = 450;
const RESTART_MS = 400;

export interface Understood {
  readonly command: Command;
  readonly means: Means;
  readonly key: number;
}

/** As much of the browsers' speech recognition as is used; TypeScript's library does not have it. */
interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  start(): void;
  abort(): void;
}
interface Heard extends Event {
  readonly resultIndex: number;
  readonly results: ArrayLike<ArrayLike<{ readonly transcript: string }> & { readonly isFinal: boolean }>;
}
type RecognitionKind = new () => Recognition;

const recognitionKind = (): RecognitionKind | null => {
  const page = globalThis as { SpeechRecognition?: RecognitionKind; webkitSpeechRecognition?: RecognitionKind };
  return page.SpeechRecognition ?? page.webkitSpeechRecognition ?? null;
};

/** A nod, a pinch and a look are on by themselves; a microphone that listens is switched on by the person. */
const DEFAULTS: Record<Means, boolean> = { pedal: true, dwell: true, pinch: true, nod: true, voice: false };
const Stored = z.partialRecord(z.enum(MEANS), z.boolean());

/** Commands without hands, from whatever means are on. Shows what was understood. */
export class HandsFree {
  readonly isOn = new Store<Readonly<Record<Means, boolean>>>(DEFAULTS);
  readonly understood = new Store<Understood | null>(null);
  /** The browser listens now. */
  readonly isListening = new Store(false);
  readonly #commands = new Signal<[Command, Means]>();
  #language: 'en' | 'zh';
  #recognition: Recognition | null = null;
  #count = 0;
  #last: { command: Command; means: Means; atMs: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = true;

  constructor(language: 'en' | 'zh') {
    this.#language = language;
    const kept = Stored.safeParse(parsed(localStorage.getItem(STORED_AS)));
    if (kept.success) this.isOn.set({ ...DEFAULTS, ...kept.data });
  }

  /** Listens from now on; `dispose` ends it, and it can begin again. */
  begin(): void {
    this.#isOver = false;
    globalThis.addEventListener('keydown', this.#onKey);
    this.#listen();
  }

  /** Whether the browser can hear words at all: else it is not offered. */
  static get canHear(): boolean {
    return recognitionKind() !== null;
  }

  onCommand(listener: (command: Command, means: Means) => void): () => void {
    return this.#commands.on(listener);
  }

  /** A means that is off does nothing, nor one that says what another has just said. */
  wish(command: Command, means: Means): void {
    if (!this.isOn.get()[means]) return;
    const atMs = performance.now();
    const last = this.#last;
    if (last?.command === command && last.means !== means && atMs - last.atMs < ONE_WISH_MS) return;
    this.#last = { command, means, atMs };
    this.understood.set({ command, means, key: ++this.#count });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.understood.set(null), SHOWN_MS);
    this.#commands.emit(command, means);
  }

  set(means: Means, isOn: boolean): void {
    this.isOn.update((all) => ({ ...all, [means]: isOn }));
    localStorage.setItem(STORED_AS, JSON.stringify(this.isOn.get()));
    if (means === 'voice') this.#listen();
  }

  setLanguage(language: 'en' | 'zh'): void {
    if (language === this.#language) return;
    this.#language = language;
    this.#recognition?.abort();
    this.#recognition = null;
    this.#listen();
  }

  dispose(): void {
    this.#isOver = true;
    globalThis.removeEventListener('keydown', this.#onKey);
    clearTimeout(this.#timer);
    this.#recognition?.abort();
    this.#recognition = null;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const command = commandOfKey(event, focusOf(event.target));
    if (!command || event.defaultPrevented) return;
    if (!this.isOn.get().pedal) return;
    event.preventDefault();
    this.wish(command, 'pedal');
  };

  /** Recognition ends by itself after a silence: it is begun again as long as it is wanted. */
  #listen(): void {
    const Kind = recognitionKind();
    const isWanted = !this.#isOver && this.isOn.get().voice && Kind !== null;
    if (!isWanted) {
      this.#recognition?.abort();
      this.#recognition = null;
      return;
    }
    if (this.#recognition) return;
    const one = new Kind();
    this.#recognition = one;
    one.lang = this.#language === 'zh' ? 'zh-CN' : 'en-GB';
    one.continuous = true;
    one.interimResults = false;
    one.addEventListener('start', () => this.isListening.set(true));
    one.addEventListener('result', (event) => this.#heard(event as Heard));
    one.addEventListener('error', (event) => {
      // Forbidden, or no service behind it: asking again would not help.
      const why = (event as Event & { error?: string }).error;
      if (why === 'not-allowed' || why === 'service-not-allowed') this.set('voice', false);
    });
    one.addEventListener('end', () => {
      this.isListening.set(false);
      if (this.#recognition !== one) return;
      this.#recognition = null;
      setTimeout(() => this.#listen(), RESTART_MS);
    });
    one.start();
  }

  #heard({ results, resultIndex }: Heard): void {
    for (let at = resultIndex; at < results.length; at++) {
      const result = results[at]!;
      const command = result.isFinal ? commandIn(result[0]?.transcript ?? '', this.#language) : null;
      if (command) this.wish(command, 'voice');
    }
  }
}

function focusOf(target: EventTarget | null): 'page' | 'button' | 'field' {
  if (!(target instanceof HTMLElement)) return 'page';
  if (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
    return target instanceof HTMLInputElement && ['checkbox', 'radio', 'button'].includes(target.type)
      ? 'button'
      : 'field';
  return target.closest('button, a, [role="button"], [role="menuitem"]') ? 'button' : 'page';
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
