import { noticeDone, noticeProblem } from '../../../ui/index.ts';

/** Time in which something can be thought over, ms: as long as the notice with Undo stands. */
export const THINK_MS = 8000;

interface Leaving {
  readonly act: () => Promise<unknown>;
  /** It is gone. */
  readonly done?: () => void;
  /** It stays after all. */
  readonly back?: () => void;
}

/** Something that cannot be taken back later: it happens when the notice that says so is over. */
export function letGo(said: string, { act, done, back }: Leaving): void {
  const leave = async () => {
    try {
      await act();
      done?.();
    } catch (thrown) {
      noticeProblem(thrown);
    }
  };
  const timer = setTimeout(() => void leave(), THINK_MS);
  noticeDone(said, () => {
    clearTimeout(timer);
    back?.();
  });
}
