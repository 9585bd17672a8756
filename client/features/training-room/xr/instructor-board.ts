import { noticeProblem } from '../../../ui/index.ts';
import type { Pose } from '#protocol/spatial/index';
import { indexOf, textIn, type Procedure } from '#protocol/procedures/index';
import { may } from '#protocol/permissions/index';
import { isFrozen, procedureIn, runsOf, type RunRow } from '#protocol/training/index';
import type { VoiceSwitch } from '../../../voice/index.ts';
import type { PlateBlock, PlateButton } from '../../../xr/plates/plate-layout.ts';
import { inOrder, lineOf } from '../../training/model/run-line.ts';
import { training } from '../../training/training.ts';
import type { RunThings } from '../run-context.tsx';
import { trainingXrStrings } from './strings.ts';

/** More than a wrist can show; those who wait for somebody come first. */
const MOST_RUNS = 4;
const MOST_FAULTS = 4;
const FAULTS_EVERY_MS = 4000;

/** Where people's heads are, and how one gets beside them. */
export interface People {
  headOf(user: string): Pose | null;
  goBeside(headInRoom: Pose): void;
}

/**
 * The instructor's desk at the wrist: who is how far, what went wrong, and the orders of the console: approve, pause,
 * next step, stop the room, make something go wrong. Null for those who only take part.
 */
export class InstructorBoard {
  readonly #acts = new Map<string, () => void>();
  readonly #people: People;
  readonly #voice: VoiceSwitch | null;
  #run: RunThings;
  #chosen: string;
  #faults: { run: string; isIn: ReadonlySet<string>; readMs: number } | null = null;

  constructor(run: RunThings, people: People, voice: VoiceSwitch | null) {
    this.#run = run;
    this.#people = people;
    this.#voice = voice;
    this.#chosen = run.row.id;
  }

  /** Whoever gives orders here and is not in the run that is shown. */
  static isFor({ session, row }: RunThings): boolean {
    return may(session.me.role, 'run.command') && !row.participants.some(({ id }) => id === session.me.user);
  }

  update(run: RunThings): void {
    this.#run = run;
  }

  press(id: string): void {
    this.#acts.get(id)?.();
  }

  blocks(nowMs: number): readonly PlateBlock[] {
    this.#acts.clear();
    const t = trainingXrStrings.text;
    const { session } = this.#run;
    const document = session.document.get();
    const lineFor = (run: RunRow) => {
      const procedure = procedureIn(document, run.procedure);
      return procedure && lineOf(run, procedure);
    };
    const open = inOrder(
      runsOf(document).filter(({ outcome }) => outcome === null),
      lineFor,
    );
    const frozen = isFrozen(document);
    const blocks: PlateBlock[] = [{ kind: 'title', text: t('runs', { count: open.length }) }];
    if (frozen) blocks.push({ kind: 'text', text: t('isFrozen'), tone: 'bad' });
    const rows = open.slice(0, MOST_RUNS).map((run): PlateButton => {
      const line = lineFor(run);
      const names = run.participants.map(({ name }) => name).join(', ');
      const waits = line && line.awaits.length > 0 ? ` · ${t('waitsForYou')}` : '';
      const label = `${names} · ${line?.done ?? 0}/${line?.total ?? 0} · ${t('errors', { count: run.findings })}${waits}`;
      return { ...this.#button(`run-${run.id}`, label, () => this.#choose(run.id)), isOn: run.id === this.#chosen };
    });
    if (rows.length > 0) blocks.push({ kind: 'buttons', columns: 1, buttons: rows });
    const chosen = open.find(({ id }) => id === this.#chosen) ?? open[0];
    const procedure = chosen && procedureIn(document, chosen.procedure);
    if (chosen && procedure) blocks.push(...this.#orders(chosen, procedure, nowMs));
    if (may(session.me.role, 'training.freeze'))
      blocks.push({
        kind: 'buttons',
        columns: 1,
        buttons: [
          {
            ...this.#button('freeze', t(frozen ? 'unfreeze' : 'freeze'), () =>
              told(session.submitTraining('training.freeze', { isFrozen: !frozen })),
            ),
            isOn: frozen,
          },
        ],
      });
    return blocks;
  }

  #orders(run: RunRow, procedure: Procedure, nowMs: number): PlateBlock[] {
    const t = trainingXrStrings.text;
    const { session, say } = this.#run;
    const by = { by: session.me.user };
    const line = lineOf(run, procedure);
    const command = (order: object) => () =>
      told(session.submitTraining('run.command', { run: run.id as never, command: { ...order, ...by } as never }));
    const text = (words: Procedure['title']) => textIn(words, say.language, procedure.languages[0]!);
    const now = run.state.active.at(-1)?.step;
    const facts = now && indexOf(procedure).steps.get(now);
    const blocks: PlateBlock[] = facts ? [{ kind: 'text', text: text(facts.step.title) }] : [];
    const buttons: PlateButton[] = [];
    const mine = run.participants.find(({ id }) => id === session.me.user);
    if (line.awaits.some((role) => mine?.roles.some((own) => own === role)))
      buttons.push({
        ...this.#button('approve', t('approve'), () =>
          told(session.submitTraining('run.act', { run: run.id as never, act: { type: 'approved', ...by } as never })),
        ),
        isMain: true,
      });
    // An exam is left to itself.
    if (run.mode !== 'exam' && !run.isFrozen) {
      const isPaused = run.state.pausedAtMs !== null;
      buttons.push(
        this.#button('hold', t(isPaused ? 'goOn' : 'hold'), command({ type: isPaused ? 'resumed' : 'paused' })),
      );
      const next = facts?.step.transitions[0]?.to;
      if (next) buttons.push(this.#button('jump', t('jump'), command({ type: 'jumped', to: next })));
    }
    for (const { id, name } of run.participants) {
      const head = this.#people.headOf(id);
      if (head) buttons.push(this.#button(`beside-${id}`, t('beside', { name }), () => this.#people.goBeside(head)));
    }
    buttons.push(...this.#speakTo(run));
    if (buttons.length > 0) blocks.push({ kind: 'buttons', columns: 2, buttons });
    const { faults } = procedure.workplace;
    if (mine || faults.length === 0 || !may(session.me.role, 'fault.inject')) return blocks;
    this.#readFaults(run.id, nowMs);
    const isIn = this.#faults?.run === run.id ? this.#faults.isIn : null;
    blocks.push({ kind: 'text', text: t('sealed'), tone: 'quiet' });
    blocks.push({
      kind: 'buttons',
      columns: 1,
      buttons: faults.slice(0, MOST_FAULTS).map(({ id, name }) => {
        const isOn = isIn?.has(id) === true;
        const press = () => void this.#setFault(run.id, id, isOn);
        return { ...this.#button(`fault-${id}`, text(name), press), isOn, isEnabled: isIn !== null };
      }),
    });
    return blocks;
  }

  /** My voice for the people of this run alone. */
  #speakTo({ participants }: RunRow): PlateButton[] {
    const { session } = this.#run;
    const voice = this.#voice;
    if (!voice || voice.status.get().isListener) return [];
    const { to } = voice.status.get();
    return participants.flatMap(({ id, name }) => {
      const sessions = session.participants
        .get()
        .filter(({ user, isConnected }) => isConnected && user === id)
        .map((one) => one.session as string);
      if (sessions.length === 0) return [];
      const isOn = to !== null && to.size === sessions.length && sessions.every((one) => to.has(one));
      const label = trainingXrStrings.text('speakTo', { name });
      return [{ ...this.#button(`speak-${id}`, label, () => void voice.toggleTo(sessions)), isOn }];
    });
  }

  #choose(run: string): void {
    this.#chosen = run;
  }

  /** The hall alone knows them: nothing of it is in the journal before the debrief. */
  #readFaults(run: string, nowMs: number): void {
    if (this.#faults?.run === run && nowMs - this.#faults.readMs < FAULTS_EVERY_MS) return;
    const isIn = this.#faults?.run === run ? this.#faults.isIn : new Set<string>();
    this.#faults = { run, isIn, readMs: nowMs };
    training.faults(this.#run.session.room, run).then(
      ({ faults }) => this.#note(run, faults),
      (thrown: unknown) => console.warn('Which faults are in could not be asked.', thrown),
    );
  }

  async #setFault(run: string, fault: string, isCleared: boolean): Promise<void> {
    try {
      const { faults } = await training.setFault(this.#run.session.room, run, fault, isCleared);
      this.#note(run, faults);
    } catch (thrown) {
      noticeProblem(thrown);
    }
  }

  #note(run: string, facts: readonly { readonly fault: string; readonly isCleared: boolean }[]): void {
    const isIn = new Set<string>();
    for (const { fault, isCleared } of facts)
      if (isCleared) isIn.delete(fault);
      else isIn.add(fault);
    this.#faults = { run, isIn, readMs: this.#faults?.readMs ?? 0 };
  }

  #button(id: string, label: string, act: () => void): PlateButton {
    this.#acts.set(id, act);
    return { id, label };
  }
}

function told(sent: { id: string } | { problem: unknown }): void {
  if ('problem' in sent) noticeProblem(sent.problem);
}
