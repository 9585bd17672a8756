import {
  indexOf,
  isShown,
  plainWords,
  type ActiveStep,
  type Leaf,
  type PlacedLeaf,
  type Step,
} from '#protocol/procedures/index';
import type { PlateBlock, PlateButton } from '../../../xr/plates/plate-layout.ts';
import { withUnit } from '../../procedures/model/words.ts';
import { isFulfilled } from '../model/fulfilled.ts';
import { progressOf } from '../model/progress.ts';
import type { MyAct } from '../model/run-hand.ts';
import { sayTask } from '../model/said.ts';
import type { RunThings } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import { trainingXrStrings } from './strings.ts';

/** Tasks that a board lists; a step with more says how many. */
const MOST_TASKS = 5;
/** Numbers go up and down by a twentieth of what is sensible. */
const NUMBER_STEPS = 20;

type Act = () => void;

/**
 * The step at hand on a board: what to do, what is done, what went wrong, and buttons for what is answered, confirmed or
 * put on. The same acts as the page's panels send.
 */
export class StepBoard {
  #run: RunThings;
  readonly #acts = new Map<string, Act>();
  /** Choices that were pressed and not answered yet, by path. */
  readonly #picked = new Map<string, readonly string[]>();
  readonly #numbers = new Map<string, number>();

  constructor(run: RunThings) {
    this.#run = run;
  }

  update(run: RunThings): void {
    this.#run = run;
  }

  press(id: string): void {
    this.#acts.get(id)?.();
  }

  blocks(): readonly PlateBlock[] {
    const { procedure, state, row, say, said, hand } = this.#run;
    const t = trainingRoomStrings.text;
    this.#acts.clear();
    if (row.outcome !== null)
      return [
        { kind: 'title', text: trainingXrStrings.text('ended') },
        { kind: 'text', text: trainingXrStrings.text('endedText') },
      ];
    const progress = progressOf(procedure, state);
    const chapter = procedure.chapters[state.chapter];
    const place =
      progress.at === null
        ? t('progressDone', { done: progress.done, all: progress.all })
        : t('progress', { at: progress.at, all: progress.all });
    const blocks: PlateBlock[] = [
      { kind: 'text', text: chapter ? `${place} · ${say.text(chapter.title)}` : place, tone: 'quiet' },
      { kind: 'bar', share: progress.done / Math.max(1, progress.all) },
    ];
    if (state.pausedAtMs !== null)
      blocks.push({ kind: 'text', text: t(row.isFrozen ? 'frozen' : 'paused'), tone: 'bad' });
    for (const active of state.active) blocks.push(...this.#step(active));
    const last = said.at(-1);
    if (last && last.tone !== 'news') blocks.push({ kind: 'text', text: last.text, tone: last.tone });
    const takesPart = row.participants.some(({ id }) => id === this.#run.session.me.user);
    if (takesPart && row.mode !== 'exam' && !row.isFrozen) {
      const isPaused = state.pausedAtMs !== null;
      const buttons = [
        this.#button('pause', t(isPaused ? 'resume' : 'pause'), () => hand.command(isPaused ? 'resumed' : 'paused')),
      ];
      const step = state.active.at(-1);
      const hints = step && indexOf(procedure).steps.get(step.step)?.step.hints.length;
      if (step && hints && hints > step.hintsGiven) {
        const { points } = procedure.rubric.errors.hint;
        const label = points > 0 ? t('hint', { points }) : t('hintFree');
        buttons.push(this.#button('hint', label, () => hand.act({ type: 'hintAsked', step: step.step })));
      }
      blocks.push({ kind: 'buttons', columns: 2, buttons });
    }
    return blocks;
  }

  #step(active: ActiveStep): PlateBlock[] {
    const { procedure, state, say, row, session } = this.#run;
    const t = trainingRoomStrings.text;
    const facts = indexOf(procedure).steps.get(active.step);
    if (!facts) return [];
    const { step } = facts;
    const me = row.participants.find(({ id }) => id === session.me.user);
    const isMine =
      me !== undefined &&
      (step.role === null || !!me.roles.includes(step.role)) &&
      (step.station === null || !me.station || me.station === step.station);
    const blocks: PlateBlock[] = [
      { kind: 'title', text: say.text(step.title) },
      { kind: 'text', text: say.text(step.instruction) },
    ];
    blocks.push(...this.#spoken(step, say.text(step.instruction)));
    if (me && !isMine) {
      const role = step.role ? say.name('roles', step.role) : say.name('stations', step.station ?? '');
      return [...blocks, { kind: 'text', text: t('notYours', { role }), tone: 'quiet' }];
    }
    if (active.phase !== 'active') return [...blocks, { kind: 'text', text: t('getReady'), tone: 'quiet' }];
    const asked = facts.leaves.filter(({ isNegated, path }) => !isNegated && path.startsWith('0.'));
    // In practice and exam one finds out oneself.
    if (row.mode === 'guided') {
      const byHand = asked.filter(({ leaf }) => !me || !isAnsweredHere(leaf));
      for (const { leaf, path } of byHand.slice(0, MOST_TASKS))
        blocks.push({
          kind: 'task',
          text: sayTask(leaf, say, t),
          isDone: isFulfilled(procedure, state, active, leaf, path),
        });
      if (byHand.length > MOST_TASKS)
        blocks.push({
          kind: 'text',
          text: trainingXrStrings.text('more', { n: byHand.length - MOST_TASKS }),
          tone: 'quiet',
        });
    }
    for (const hint of step.hints.slice(0, active.hintsGiven))
      blocks.push({ kind: 'text', text: say.text(hint), tone: 'good' });
    // Who watches has the words, and no buttons.
    if (me) for (const leaf of asked) blocks.push(...this.#task(leaf, active));
    return blocks;
  }

  /** What is said, played or warned of, in words: nobody in a headset reads the page. */
  #spoken({ behaviours }: Step, instruction: string): PlateBlock[] {
    const { procedure, say, row } = this.#run;
    return behaviours.flatMap((one): PlateBlock[] => {
      if (!isShown(one, row.mode)) return [];
      switch (one.kind) {
        case 'speech':
        case 'audio':
        case 'video': {
          const media = one.kind === 'speech' ? null : procedure.workplace.media.find(({ id }) => id === one.media);
          const text =
            one.kind === 'speech' ? say.text(one.text) : plainWords(media ? say.text(media.description) : '');
          return text && text !== instruction ? [{ kind: 'text', text, tone: 'quiet' }] : [];
        }
        case 'hazard':
          return one.at ? [] : [{ kind: 'text', text: say.text(one.text), tone: 'bad' }];
        default:
          return [];
      }
    });
  }

  #task({ leaf, path }: PlacedLeaf, active: ActiveStep): PlateBlock[] {
    const { say, hand, state, session, procedure, row } = this.#run;
    const t = trainingRoomStrings.text;
    const act = (one: MyAct) => void hand.act(one);
    const { step } = active;
    const one = (label: string, press: Act, isMain = false): PlateBlock => ({
      kind: 'buttons',
      columns: 1,
      buttons: [{ ...this.#button(path, label, press), isMain }],
    });
    switch (leaf.kind) {
      case 'confirmed':
        return active.seen.includes(path) ? [] : [one(t('done'), () => act({ type: 'confirmed' }), true)];
      case 'approved': {
        const role = say.name('roles', leaf.role);
        const me = row.participants.find(({ id }) => id === session.me.user);
        return me?.roles.includes(leaf.role)
          ? [one(t('approve', { role }), () => act({ type: 'approved' }), true)]
          : [{ kind: 'text', text: t('waitsForApproval', { role }), tone: 'quiet' }];
      }
      case 'spoken':
        return [
          one(t('say', { phrase: say.text(leaf.phrases) || leaf.command }), () =>
            act({ type: 'spoke', command: leaf.command }),
          ),
        ];
      case 'checklist':
        return [
          {
            kind: 'buttons',
            columns: 1,
            buttons: leaf.items.map(({ id, text }) => {
              const isChecked = active.seen.includes(`#${id}`);
              const press = () => act({ type: 'checked', step, item: id, isChecked: !isChecked });
              return { ...this.#button(`${path}#${id}`, ticked(say.text(text), isChecked), press), isOn: isChecked };
            }),
          },
        ];
      case 'worn': {
        const worn = state.world.worn[session.me.user] ?? [];
        const wear = procedure.workplace.things.filter(({ kind }) => kind === 'protection');
        return [
          {
            kind: 'buttons',
            columns: wear.length > 1 ? 2 : 1,
            buttons: wear.map(({ id }) => {
              const isOn = worn.includes(id);
              const press = () => act({ type: isOn ? 'tookOff' : 'putOn', thing: id });
              return { ...this.#button(`wear-${id}`, ticked(say.name('things', id), isOn), press), isOn };
            }),
          },
        ];
      }
      case 'answered':
        return active.seen.includes(path) ? [] : this.#question(leaf, path, step);
      case 'number': {
        const { minimum = 0, maximum = minimum + 100, unit } = leaf.range;
        const value = this.#numbers.get(path) ?? Math.round((minimum + maximum) / 2);
        return this.#stepper(path, value, Math.max(1, (maximum - minimum) / NUMBER_STEPS), withUnit(value, unit), () =>
          act({ type: 'entered', variable: leaf.variable, value }),
        );
      }
      default:
        return [];
    }
  }

  #question(leaf: Extract<Leaf, { kind: 'answered' }>, path: string, step: ActiveStep['step']): PlateBlock[] {
    const { say, hand } = this.#run;
    const t = trainingRoomStrings.text;
    const { answer } = leaf;
    const question: PlateBlock = { kind: 'text', text: say.text(leaf.question) };
    const give = (given: number | readonly string[]) => {
      this.#picked.delete(path);
      hand.act({ type: 'answered', step, path, answer: given as never });
    };
    if (answer.kind === 'number') {
      const { minimum = 0, maximum = minimum + 100, unit } = answer.range;
      const value = this.#numbers.get(path) ?? 0;
      const by = Math.max(1, Math.round((maximum - minimum) / NUMBER_STEPS));
      return [question, ...this.#stepper(path, value, by, withUnit(value, unit), () => give(value))];
    }
    const picked = this.#picked.get(path) ?? [];
    const choices = answer.choices.map(({ id, text }): PlateButton => {
      const at = picked.indexOf(id);
      const label = answer.kind === 'order' && at >= 0 ? `${at + 1}. ${say.text(text)}` : say.text(text);
      const press = () => {
        if (answer.kind === 'single') return give([id]);
        this.#picked.set(path, at >= 0 ? picked.filter((one) => one !== id) : [...picked, id]);
      };
      return { ...this.#button(`${path}:${id}`, label, press), isOn: at >= 0 };
    });
    const blocks: PlateBlock[] = [question, { kind: 'buttons', columns: 1, buttons: choices }];
    if (answer.kind === 'single') return blocks;
    const isReady = answer.kind === 'multiple' || picked.length === answer.choices.length;
    const send = { ...this.#button(`${path}!`, t('answer'), () => give(picked)), isEnabled: isReady, isMain: isReady };
    return [...blocks, { kind: 'buttons', columns: 1, buttons: [send] }];
  }

  #stepper(path: string, value: number, by: number, shown: string, send: Act): PlateBlock[] {
    const t = trainingXrStrings.text;
    const change = (sign: 1 | -1) => () => this.#numbers.set(path, Math.round((value + sign * by) * 1000) / 1000);
    return [
      { kind: 'title', text: shown },
      {
        kind: 'buttons',
        columns: 3,
        buttons: [
          this.#button(`${path}-`, t('less'), change(-1)),
          this.#button(`${path}+`, t('greater'), change(1)),
          { ...this.#button(`${path}!`, trainingRoomStrings.text('enter'), send), isMain: true },
        ],
      },
    ];
  }

  #button(id: string, label: string, act: Act): PlateButton {
    this.#acts.set(id, act);
    return { id, label };
  }
}

const ticked = (text: string, isOn: boolean): string => (isOn ? `✓ ${text}` : text);

/** What has its own buttons on the board needs no line. */
const isAnsweredHere = ({ kind }: Leaf): boolean =>
  ['confirmed', 'approved', 'spoken', 'checklist', 'worn', 'answered', 'number'].includes(kind);
