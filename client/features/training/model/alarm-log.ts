import { Store, type Readable } from '#net/store';
import { ALARM_PHASES, type AlarmPhase } from '#protocol/equipment/index';
import type { MachinePicture } from '../../training-room/model/machine-feed.ts';

export interface StandingAlarm {
  readonly id: string;
  readonly phase: Exclude<AlarmPhase, 'normal'>;
  /** Time of the run, ms without its pauses; null: it stood already when this page came in. */
  readonly cameMs: number | null;
}

export const phaseOf = (number: number): AlarmPhase =>
  (Object.keys(ALARM_PHASES) as AlarmPhase[]).find((phase) => ALARM_PHASES[phase] === number) ?? 'normal';

/**
 * Which alarms of the machines in a room are not normal, by run, and since when: made of their pictures, so that who
 * comes in late sees what stands. What is not acknowledged comes first, then the newest.
 */
export class AlarmLog {
  readonly standing = new Store<ReadonlyMap<string, readonly StandingAlarm[]>>(new Map());
  readonly #stop: () => void;

  constructor(pictures: Readable<ReadonlyMap<string, MachinePicture>>, runTime: (run: string) => number) {
    this.#stop = pictures.subscribe(() => {
      // Over a break of the line there are no pictures: what was known stays.
      for (const [run, picture] of pictures.get()) this.#read(run, picture, runTime(run));
    });
  }

  dispose(): void {
    this.#stop();
  }

  #read(run: string, picture: MachinePicture, nowMs: number): void {
    const known = this.standing.get().get(run);
    const next = picture.model.about.alarms
      .flatMap(({ id }): StandingAlarm[] => {
        const phase = phaseOf(picture.value(id) ?? 0);
        if (phase === 'normal') return [];
        const before = known?.find((one) => one.id === id);
        const comesAgain = before?.phase === 'returned' && phase === 'unacknowledged';
        const cameMs = before && !comesAgain ? before.cameMs : known ? nowMs : null;
        return [{ id, phase, cameMs }];
      })
      .toSorted((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || (b.cameMs ?? 0) - (a.cameMs ?? 0));
    if (known && JSON.stringify(known) === JSON.stringify(next)) return;
    this.standing.set(new Map(this.standing.get()).set(run, next));
  }
}

/** Somebody has to acknowledge it. */
export const isOpen = ({ phase }: StandingAlarm): boolean => phase === 'unacknowledged' || phase === 'returned';
