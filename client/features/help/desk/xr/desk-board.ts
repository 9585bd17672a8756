import { LEAST_REASON } from '#protocol/guidance/index';
import { Dictation } from '../../../../voice/index.ts';
import { currentLanguage } from '../../../../ui/index.ts';
import type { Keyboard } from '../../../../xr/plates/keyboard.ts';
import type { PlateBlock, PlateButton } from '../../../../xr/plates/plate-layout.ts';
import type { HelpCall } from '../../model/help-call.ts';
import { helpStrings } from '../../strings.ts';
import type { MarkTool } from '../mark-tool.ts';
import type { DeskNow } from './desk-now.ts';
import { deskXrStrings } from './strings.ts';

const NOTES = ['note_1', 'note_2', 'note_3', 'note_4', 'note_5', 'note_6', 'note_7', 'note_8'] as const;
const REASONS = ['reason_1', 'reason_2', 'reason_3', 'reason_4'] as const;
const PARTS_AT_ONCE = 8;
/** The last words of the chat that one sees without asking. */
const LAST_LINES = 3;

/** What stands on the board beside the work: who calls, what the tool asks for, reasons, the last words. Knows no plate. */
export class DeskBoard {
  readonly keyboard: Keyboard;
  /** The keys are asked for. */
  isTyping = false;
  #now: DeskNow;
  readonly #help: HelpCall;
  readonly #tool: MarkTool;
  readonly #onUnlocked: () => void;
  #unlocking: { step: string; reason: string } | null = null;
  #page = 0;
  #dictation: Dictation | null = null;

  constructor(now: DeskNow, help: HelpCall, tool: MarkTool, keyboard: Keyboard, onUnlocked: () => void) {
    this.#now = now;
    this.#help = help;
    this.#tool = tool;
    this.keyboard = keyboard;
    this.#onUnlocked = onUnlocked;
  }

  get isUnlocking(): boolean {
    return this.#unlocking !== null;
  }

  update(now: DeskNow): void {
    this.#now = now;
  }

  beginUnlock(): void {
    this.#stopWriting();
    const [first] = this.#now.running;
    this.#unlocking = first ? { step: first.value, reason: '' } : null;
  }

  blocks(): readonly PlateBlock[] {
    const t = deskXrStrings.text;
    if (!this.#now.isExpert) return [{ kind: 'title', text: t('over') }, ...this.#summary(), ...this.#lastLines()];
    if (this.#unlocking) return this.#unlockBlocks(this.#unlocking);
    const { running, held, crew } = this.#now;
    const names = crew.join(', ');
    const kind = this.#tool.kind.get();
    const blocks: PlateBlock[] = [
      { kind: 'title', text: helpStrings.text('inCall', { names }) },
      { kind: 'text', text: `${helpStrings.text('stepsNow')}: ${running.map(({ label }) => label).join(', ') || '–'}` },
      ...held.map((text): PlateBlock => ({ kind: 'text', text, tone: 'bad' })),
      { kind: 'text', text: t(`hint_${kind}`), tone: 'quiet' },
    ];
    if (kind === 'note') blocks.push(...this.#writing(this.#tool.text.get(), t('noText'), NOTES, 2));
    if (kind === 'ghost') blocks.push(...this.#parts());
    return [...blocks, ...this.#consent(), ...this.#lastLines()];
  }

  press(id: string): void {
    if (id === 'unlock-now') return this.#unlock();
    if (id === 'unlock-back') return this.#close();
    if (id === 'consent') return void this.#help.consent(!this.#now.hasAgreed);
    if (id === 'type') return this.#type();
    if (id === 'dictate') return this.#dictate();
    if (id === 'more') return void (this.#page += 1);
    const [kind, value = ''] = [id.slice(0, id.indexOf('-')), id.slice(id.indexOf('-') + 1)];
    if (kind === 'part') this.#tool.thing.set(value);
    else if (kind === 'step' && this.#unlocking) this.#unlocking.step = value;
    else if (kind === 'say') this.#write(deskXrStrings.text(value as (typeof NOTES | typeof REASONS)[number]));
  }

  /** From the keys. */
  typed(id: string): void {
    const isDone = this.keyboard.press(id);
    this.#keep(this.keyboard.text);
    if (isDone) this.isTyping = false;
  }

  dispose(): void {
    this.#stopWriting();
  }

  #unlockBlocks({ step, reason }: { step: string; reason: string }): PlateBlock[] {
    const t = deskXrStrings.text;
    const { running } = this.#now;
    const steps = running.map(({ value, label }): PlateButton => {
      return { id: `step-${value}`, label, isOn: value === step };
    });
    const last: PlateButton[] = [
      { id: 'unlock-back', label: t('back') },
      {
        id: 'unlock-now',
        label: helpStrings.text('unlockNow'),
        isMain: true,
        isEnabled: reason.trim().length >= LEAST_REASON,
      },
    ];
    return [
      { kind: 'title', text: helpStrings.text('unlock') },
      { kind: 'buttons', columns: steps.length > 1 ? 2 : 1, buttons: steps },
      ...this.#writing(reason, t('noReason'), REASONS, 1),
      { kind: 'text', text: helpStrings.text('unlockNote'), tone: 'quiet' },
      { kind: 'buttons', columns: 2, buttons: last },
    ];
  }

  /** What is written so far, words that are often wanted, and the two other ways to write. */
  #writing(
    text: string,
    none: string,
    presets: readonly (typeof NOTES | typeof REASONS)[number][],
    columns: 1 | 2,
  ): PlateBlock[] {
    const t = deskXrStrings.text;
    const ways: PlateButton[] = [{ id: 'type', label: t('type'), isOn: this.isTyping }];
    if (Dictation.isPossible)
      ways.unshift({
        id: 'dictate',
        label: t(this.#dictation ? 'listening' : 'dictate'),
        isOn: this.#dictation !== null,
      });
    return [
      text ? { kind: 'text', text: `“${text}”` } : { kind: 'text', text: none, tone: 'quiet' },
      {
        kind: 'buttons',
        columns,
        buttons: presets.map((key) => ({ id: `say-${key}`, label: t(key), isOn: text === t(key) })),
      },
      { kind: 'buttons', columns: 2, buttons: ways },
    ];
  }

  #parts(): PlateBlock[] {
    const { things } = this.#now;
    const pages = Math.max(1, Math.ceil(things.length / PARTS_AT_ONCE));
    const from = (this.#page % pages) * PARTS_AT_ONCE;
    const chosen = this.#tool.thing.get();
    const buttons = things.slice(from, from + PARTS_AT_ONCE).map(({ value, label }): PlateButton => {
      return { id: `part-${value}`, label, isOn: value === chosen };
    });
    if (pages > 1) buttons.push({ id: 'more', label: deskXrStrings.text('more') });
    return [{ kind: 'buttons', columns: 2, buttons }];
  }

  #consent(): PlateBlock[] {
    const t = deskXrStrings.text;
    const { hasAgreed, wishRecording, isRecording } = this.#now;
    if (!isRecording && !hasAgreed && wishRecording.length === 0) return [];
    return [
      isRecording
        ? { kind: 'text', text: `● ${t('records')}`, tone: 'bad' }
        : { kind: 'text', text: t('asks', { names: wishRecording.join(', ') }) },
      {
        kind: 'buttons',
        columns: 1,
        buttons: [{ id: 'consent', label: helpStrings.text(hasAgreed ? 'disagree' : 'agree') }],
      },
    ];
  }

  #lastLines(): PlateBlock[] {
    return this.#help.now
      .get()
      .lines.slice(-LAST_LINES)
      .map(({ name, text }) => ({ kind: 'text', text: `${name}: ${text}`, tone: 'quiet' }));
  }

  #summary(): PlateBlock[] {
    const outcome = this.#help.now.get().last?.summary?.outcome;
    return outcome ? [{ kind: 'text', text: outcome }] : [];
  }

  #unlock(): void {
    const { step, reason } = this.#unlocking!;
    if (!this.#help.unlock(step, reason.trim())) return;
    this.#close();
    this.#onUnlocked();
  }

  #close(): void {
    this.#unlocking = null;
    this.#stopWriting();
  }

  #write(text: string): void {
    this.#keep(text);
    this.keyboard.begin(text);
  }

  #keep(text: string): void {
    if (this.#unlocking) this.#unlocking.reason = text;
    else this.#tool.text.set(text);
  }

  #type(): void {
    this.isTyping = !this.isTyping;
    if (this.isTyping) this.keyboard.begin(this.#unlocking ? this.#unlocking.reason : this.#tool.text.get());
  }

  #dictate(): void {
    if (this.#dictation) return this.#endDictation();
    this.#dictation = new Dictation(currentLanguage(), (text, isFinal) => {
      this.#write(text.slice(0, this.keyboard.most));
      if (isFinal) this.#endDictation();
    });
    this.#dictation.start();
  }

  #endDictation(): void {
    this.#dictation?.stop();
    this.#dictation = null;
  }

  #stopWriting(): void {
    this.isTyping = false;
    this.#endDictation();
  }
}
