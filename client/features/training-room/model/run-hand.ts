import type { TrainingSession } from '#net/index';
import type { Problem } from '#protocol/errors';
import type { EquipmentModel } from '#protocol/equipment/index';
import type { Procedure, RunEvent } from '#protocol/procedures/index';
import { runOf, type MachineInput, type RunId } from '#protocol/training/index';
import type { Machines } from './machine-feed.ts';

type Omitted<T> = T extends { readonly by: unknown } ? Omit<T, 'by'> : never;
/** What I do: the `by` is me. */
export type MyAct = Omitted<RunEvent>;

/** Free turns of a screw that nobody has turned yet, all but the last of them, rad. */
const FREE_RAD = [1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5];
/** While it runs loose, and once it bites, rad. */
const LOOSE_RAD = 0.1;
const TIGHT_RAD = 0.03;
/** Torque from which one feels that it bites, N·m. */
const BITES_NM = 1;
/** One tick of the machine and a little way there and back. */
const TURN_EVERY_MS = 60;
/** Until what a turn did is seen here, ms. */
const TICK_AND_BACK_MS = 90;
const MOST_TURNS = 160;

/** One person's hand in a run: what it does becomes ops, and what stands against it is told at once. */
export class RunHand {
  readonly #turned = new Set<string>();

  constructor(
    readonly session: Pick<TrainingSession, 'me' | 'submitTraining' | 'confirmed' | 'document'>,
    readonly run: RunId,
    readonly procedure: Procedure,
    readonly model: EquipmentModel | null,
    readonly machines: Machines,
    /** Why something did not happen. */
    private readonly onRefused: (problem: Problem) => void,
  ) {}

  /** Whether it happened, as far as this page can tell. */
  act(act: MyAct): boolean {
    const event = { ...act, by: this.session.me.user } as never;
    return this.#sent(this.session.submitTraining('run.act', { run: this.run, act: event }));
  }

  command(type: 'paused' | 'resumed'): boolean {
    const command = { type, by: this.session.me.user };
    return this.#sent(this.session.submitTraining('run.command', { run: this.run, command }));
  }

  resetStep(step: string): boolean {
    const command = { type: 'stepReset', by: this.session.me.user, step } as never;
    return this.#sent(this.session.submitTraining('run.command', { run: this.run, command }));
  }

  end(): boolean {
    return this.#sent(this.session.submitTraining('run.end', { run: this.run }));
  }

  /** A machine's own control goes to the machine; what the run does not allow is held against it as an act. */
  set(control: string, to: string | number): boolean {
    if (!this.model?.about.controls.some(({ id }) => id === control))
      return this.act({ type: 'controlSet', control, to } as MyAct);
    const sent = this.#input({ type: 'controlSet', control, to } as MachineInput);
    if (!('problem' in sent)) return true;
    if (sent.problem.scope !== 'procedures') return this.#sent(sent);
    return this.act({ type: 'controlSet', control, to } as MyAct);
  }

  alarm(type: 'alarmAcknowledged', alarm: string): boolean {
    return this.#sent(this.#input({ type, alarm }));
  }

  /**
   * Uses a tool on a thing. One that measures and is simulated is turned until it clicks, or `isStopped` says so, then
   * lifted: the machine tells the run what it measured. `told`: what it shows meanwhile, in its unit.
   */
  async use(tool: string, thing: string, isStopped: () => boolean, told: (value: number) => void): Promise<void> {
    if (!this.model?.about.tools.some(({ id }) => id === tool)) {
      this.act({ type: 'toolUsed', tool, thing, isOk: true, result: null } as MyAct);
      return;
    }
    const unit = this.model.about.tools.find(({ id }) => id === tool)!.unit;
    if (unit && !(await this.#turnUntilClick(tool, thing, isStopped, told))) return;
    this.#sent(this.#input({ type: 'lifted', tool, thing } as MachineInput));
  }

  async #turnUntilClick(
    tool: string,
    thing: string,
    isStopped: () => boolean,
    told: (value: number) => void,
  ): Promise<boolean> {
    let hasClicked = false;
    const stop = this.machines.onHappened((run, event) => {
      if (run === this.run && event.kind === 'clicked' && event.thing === thing) hasClicked = true;
    });
    /** The op's id, or null when it was not let happen. */
    const turn = (angleRad: number): string | null => {
      const sent = this.#input({ type: 'turned', tool, thing, angleRad } as MachineInput);
      return this.#sent(sent) && 'id' in sent ? sent.id : null;
    };
    try {
      const free = this.#turned.has(thing) ? [] : FREE_RAD;
      this.#turned.add(thing);
      for (const angleRad of free) if (turn(angleRad) === null) return false;
      for (let turns = 0; turns < MOST_TURNS && !hasClicked && !isStopped(); turns++) {
        const torqueNm = this.machines.pictures.get().get(this.run)?.value('torque-now') ?? 0;
        told(torqueNm);
        const isTight = torqueNm > BITES_NM;
        const sent = turn(isTight ? TIGHT_RAD : LOOSE_RAD);
        if (sent === null) return false;
        // Once it bites, the click of one turn is waited for before the next: a slow line must not overtighten.
        if (isTight) await this.session.confirmed(sent).catch(() => null);
        await new Promise((resolve) => setTimeout(resolve, isTight ? TICK_AND_BACK_MS : TURN_EVERY_MS));
      }
      return true;
    } finally {
      stop();
    }
  }

  #input(input: MachineInput): { id: string } | { problem: Problem } {
    return this.session.submitTraining('machine.input', { run: this.run, input });
  }

  #sent(sent: { id: string } | { problem: Problem }): boolean {
    if ('problem' in sent) {
      this.onRefused(sent.problem);
      return false;
    }
    // Taken, not let happen and held against the run: the finding says what was wrong.
    return runOf(this.session.document.get(), this.run)?.refused?.op !== sent.id;
  }
}
