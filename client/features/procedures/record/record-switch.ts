import type { RoomSession } from '#net/index';
import { Store } from '#net/store';
import type { Procedure } from '#protocol/procedures/index';
import type { Handwork, StepRecording } from '../../../scene/handwork.types.ts';
import type { DraftWords, Recorder } from './recorder.ts';

type Phase = ReturnType<StepRecording['state']['get']>['phase'];

interface Needs {
  readonly handwork: Handwork;
  readonly session: RoomSession;
  readonly words: () => DraftWords;
  /** Resolves to where the draft can be opened. */
  readonly save: (draft: Procedure) => Promise<string>;
  readonly onProblem: (thrown: unknown) => void;
}

/** Recording of steps as toolbar and palette see it; the recorder behind it is loaded when somebody begins. */
export class RecordSwitch implements StepRecording {
  readonly state = new Store<{ readonly phase: Phase; readonly steps: readonly string[] }>({
    phase: 'idle',
    steps: [],
  });
  readonly recorder = new Store<Recorder | null>(null);
  /** Where the last draft can be opened, until somebody has gone there. */
  readonly saved = new Store<string | null>(null);

  constructor(private readonly needs: Needs) {}

  start = (): void => void this.#start();

  undoLast = (): void => this.recorder.get()?.undoLast();

  /** Nothing is kept. The parts stay where they are. */
  cancel = (): void => this.#end('idle');

  stop = (): void => void this.#save();

  dispose(): void {
    this.#end('idle');
  }

  async #start(): Promise<void> {
    if (this.recorder.get()) return;
    this.saved.set(null);
    this.state.set({ phase: 'recording', steps: [] });
    try {
      const { Recorder } = await import('./recorder.ts');
      // Somebody may have thought better of it meanwhile.
      if (this.state.get().phase !== 'recording' || this.recorder.get()) return;
      const recorder = new Recorder(this.needs.handwork, this.needs.session);
      recorder.steps.subscribe(() => {
        const steps = recorder.steps.get().map(({ name }) => name);
        if (this.recorder.get() === recorder) this.state.set({ phase: 'recording', steps });
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
      this.saved.set(await this.needs.save(recorder.draft(this.needs.words())));
      this.#end('saved');
    } catch (thrown) {
      // It is all still here: the person can try again.
      this.state.update((now) => ({ ...now, phase: 'recording' }));
      this.needs.onProblem(thrown);
    }
  }

  #end(phase: Phase): void {
    this.recorder.get()?.dispose();
    this.recorder.set(null);
    this.state.set({ phase, steps: [] });
  }
}
