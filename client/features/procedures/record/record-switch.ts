import type { RoomSession } from '#net/index';
import { Store } from '#net/store';
import type { Procedure } from '#protocol/procedures/index';
import type { Handwork, StepRecording } from '../../../scene/handwork.types.ts';
import { canRecordSound, recordSound, type SoundRecording } from '../sound-recording.ts';
import type { DraftWords, Recorder } from './recorder.ts';

type State = ReturnType<StepRecording['state']['get']>;
type Phase = State['phase'];

interface Needs {
  readonly handwork: Handwork;
  readonly session: RoomSession;
  readonly words: () => DraftWords;
  /** Resolves to where the draft can be opened. */
  readonly save: (draft: Procedure) => Promise<string>;
  /** Resolves to the CID of a sound that is kept. */
  readonly keepSound: (sound: Blob) => Promise<string>;
  readonly onProblem: (thrown: unknown) => void;
  /** For tests; default: the microphone. */
  readonly listen?: () => Promise<SoundRecording>;
}

/** Recording of steps as toolbar and palette see it; the recorder behind it is loaded when somebody begins. */
export class RecordSwitch implements StepRecording {
  readonly state = new Store<State>({ phase: 'idle', steps: [], note: 'none', spoken: 0 });
  readonly canSpeak: boolean;
  readonly recorder = new Store<Recorder | null>(null);
  /** Where the last draft can be opened, until somebody has gone there. */
  readonly saved = new Store<string | null>(null);

  /** Notes that were said, until the draft is made; and where those are kept that were sent already. */
  readonly #sounds = new Map<string, Blob>();
  readonly #cids = new Map<string, string>();
  #speaking: SoundRecording | null = null;
  #isNoteOver = true;

  constructor(private readonly needs: Needs) {
    this.canSpeak = needs.listen !== undefined || canRecordSound();
  }

  start = (): void => void this.#start();

  undoLast = (): void => this.recorder.get()?.undoLast();

  beginNote = (): void => void this.#note();

  endNote = (): void => {
    this.#isNoteOver = true;
    this.#speaking?.stop();
  };

  /** Nothing is kept. The parts stay where they are. */
  cancel = (): void => this.#end('idle');

  stop = (): void => void this.#save();

  dispose(): void {
    this.#end('idle');
  }

  async #start(): Promise<void> {
    if (this.recorder.get()) return;
    this.saved.set(null);
    this.#end('recording');
    try {
      const { Recorder } = await import('./recorder.ts');
      // Somebody may have thought better of it meanwhile.
      if (this.state.get().phase !== 'recording' || this.recorder.get()) return;
      const recorder = new Recorder(this.needs.handwork, this.needs.session);
      recorder.steps.subscribe(() => {
        const all = recorder.steps.get();
        const steps = all.map(({ name }) => name);
        const spoken = all.filter(({ isSpoken }) => isSpoken).length;
        if (this.recorder.get() === recorder)
          this.state.update((now) => ({ ...now, phase: 'recording', steps, spoken }));
      });
      this.recorder.set(recorder);
    } catch (thrown) {
      this.#end('idle');
      this.needs.onProblem(thrown);
    }
  }

  async #save(): Promise<void> {
    const recorder = this.recorder.get();
    if (!recorder || recorder.steps.get().length === 0 || this.state.get().phase === 'saving') return;
    this.state.update((now) => ({ ...now, phase: 'saving' }));
    try {
      for (const name of recorder.spoken)
        if (!this.#cids.has(name)) this.#cids.set(name, await this.needs.keepSound(this.#sounds.get(name)!));
      this.saved.set(await this.needs.save(recorder.draft(this.needs.words(), this.#cids)));
      this.#end('saved');
    } catch (thrown) {
      // It is all still here: the person can try again.
      this.state.update((now) => ({ ...now, phase: 'recording' }));
      this.needs.onProblem(thrown);
    }
  }

  /** What is said goes to the step that was the last when it began. */
  async #note(): Promise<void> {
    const recorder = this.recorder.get();
    const move = recorder?.lastMove();
    if (!recorder || !move || this.state.get().note !== 'none' || this.state.get().phase !== 'recording') return;
    this.#isNoteOver = false;
    this.state.update((now) => ({ ...now, note: 'opening' }));
    try {
      const speaking = (this.#speaking = await (this.needs.listen ?? recordSound)());
      this.state.update((now) => ({ ...now, note: 'speaking' }));
      // Let go of before the microphone was open.
      if (this.#isNoteOver) speaking.stop();
      const sound = await speaking.sound;
      const name = `note ${this.#sounds.size + 1}`;
      if (sound && this.recorder.get() === recorder && recorder.speak(move, name)) this.#sounds.set(name, sound);
    } catch (thrown) {
      this.needs.onProblem(thrown);
    } finally {
      this.#speaking = null;
      this.state.update((now) => ({ ...now, note: 'none' }));
    }
  }

  #end(phase: Phase): void {
    this.endNote();
    this.#sounds.clear();
    this.#cids.clear();
    this.recorder.get()?.dispose();
    this.recorder.set(null);
    this.state.set({ phase, steps: [], note: 'none', spoken: 0 });
  }
}
