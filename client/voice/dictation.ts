/** The part of the Web Speech API that is used here (WICG speech-api); browsers give it under one of two names. */
interface Recognition {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((event: { resultIndex: number; results: ArrayLike<Result> }) => void) | null;
  onend: (() => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  start(): void;
  abort(): void;
}
interface Result {
  readonly isFinal: boolean;
  readonly 0: { readonly transcript: string };
}
type RecognitionClass = new () => Recognition;

const classOf = (): RecognitionClass | undefined => {
  const scope = globalThis as { SpeechRecognition?: RecognitionClass; webkitSpeechRecognition?: RecognitionClass };
  return scope.SpeechRecognition ?? scope.webkitSpeechRecognition;
};
const REST_MS = 400;
/** What the browser will not do however often one asks. */
const HOPELESS: ReadonlySet<string> = new Set(['not-allowed', 'service-not-allowed', 'language-not-supported']);

/** Writes down what I say, where the browser can; begins again by itself when the browser ends it. */
export class Dictation {
  #recognition: Recognition | null = null;
  #isWanted = false;

  constructor(
    private readonly language: string,
    private readonly onWords: (text: string, isFinal: boolean) => void,
  ) {}

  static get isPossible(): boolean {
    return classOf() !== undefined;
  }

  start(): void {
    this.#isWanted = true;
    this.#begin();
  }

  stop(): void {
    this.#isWanted = false;
    this.#recognition?.abort();
    this.#recognition = null;
  }

  #begin(): void {
    const Speech = classOf();
    if (!Speech || !this.#isWanted) return;
    const recognition = new Speech();
    Object.assign(recognition, { lang: this.language, continuous: true, interimResults: true });
    recognition.onresult = ({ resultIndex, results }) => {
      for (let at = resultIndex; at < results.length; at++) {
        const text = results[at]![0].transcript.trim();
        if (text) this.onWords(text, results[at]!.isFinal);
      }
    };
    recognition.onerror = ({ error }) => {
      if (HOPELESS.has(error)) this.#isWanted = false;
    };
    recognition.onend = () => setTimeout(() => this.#begin(), REST_MS);
    this.#recognition = recognition;
    recognition.start();
  }
}
