import { Store } from '#net/store';
import { cuesOf } from '#protocol/procedures/index';

/** A voice that has not begun after this long will not: words are then shown at reading speed, ms. */
const VOICELESS_MS = 1_500;

/** What of the browser's speech synthesis is needed. */
export interface Voice {
  speak(words: string, language: string, told: { begun: () => void; over: () => void }): void;
  stop(): void;
}

/** The browser's own voices; null where there are none. They may come from the system: nothing leaves the machine by us. */
export function browserVoice(): Voice | null {
  if (!('speechSynthesis' in globalThis)) return null;
  return {
    speak: (words, language, { begun, over }) => {
      const utterance = new SpeechSynthesisUtterance(words);
      utterance.lang = language === 'zh' ? 'zh-CN' : language;
      utterance.onstart = begun;
      utterance.onend = over;
      utterance.onerror = over;
      speechSynthesis.speak(utterance);
    },
    stop: () => speechSynthesis.cancel(),
  };
}

/** Says what a step has to say, sentence by sentence, each with its subtitle; without a voice the subtitles alone. */
export class ReadAloud {
  /** The sentence that is said now. */
  readonly caption = new Store<string | null>(null);
  readonly #voice: Voice | null;
  #timers: ReturnType<typeof setTimeout>[] = [];
  /** Counts what was begun: a voice that ends late has no say in what came after it. */
  #turn = 0;

  constructor(voice: Voice | null) {
    this.#voice = voice;
  }

  /** Instead of what is being said. */
  say(words: string, language: string): void {
    this.stop();
    const cues = cuesOf(words, null);
    if (cues.length === 0) return;
    const turn = this.#turn;
    const silently = () => {
      this.#voice?.stop();
      for (const { fromMs, text } of cues) this.#later(fromMs, turn, text);
      this.#later(cues.at(-1)!.toMs, turn, null);
    };
    if (!this.#voice) return silently();
    const noVoice = setTimeout(silently, VOICELESS_MS);
    this.#timers.push(noVoice);
    cues.forEach(({ text }, at) =>
      this.#voice!.speak(text, language, {
        begun: () => {
          if (turn !== this.#turn) return;
          clearTimeout(noVoice);
          this.caption.set(text);
        },
        over: () => {
          if (turn === this.#turn && at === cues.length - 1 && this.caption.get() === text) this.caption.set(null);
        },
      }),
    );
  }

  stop(): void {
    this.#turn += 1;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#voice?.stop();
    this.caption.set(null);
  }

  #later(ms: number, turn: number, text: string | null): void {
    this.#timers.push(setTimeout(() => turn === this.#turn && this.caption.set(text), ms));
  }
}
