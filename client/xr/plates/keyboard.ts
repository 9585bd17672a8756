import { GAP_DMM, MARGIN_DMM, MIN_TARGET_DMM, type PlateBlock, type PlateButton } from './plate-layout.ts';

const ROWS = ['1234567890', 'qwertyuiop', "asdfghjkl'", 'zxcvbnm,.-'];
/** Ten targets beside each other. */
export const KEYBOARD_WIDTH_DMM = 10 * MIN_TARGET_DMM + 9 * GAP_DMM + 2 * MARGIN_DMM;
export const KEYBOARD_HEIGHT_DMM = 620;

export interface KeyboardWords {
  readonly capitals: string;
  readonly space: string;
  readonly erase: string;
  readonly done: string;
}

/** Text that is typed with rays and fingers, key by key. Pure: it knows no plate. */
export class Keyboard {
  text = '';
  #isCapital = true;

  constructor(readonly most: number) {}

  /** Returns whether the person is done. */
  press(id: string): boolean {
    if (id === 'key-done') return true;
    if (id === 'key-capitals') this.#isCapital = !this.#isCapital;
    else if (id === 'key-erase') this.text = [...this.text].slice(0, -1).join('');
    else if (id === 'key-space') this.#add(' ');
    else if (id.startsWith('key-')) {
      const key = id.slice('key-'.length);
      this.#add(this.#isCapital ? key.toUpperCase() : key);
      this.#isCapital = false;
    }
    return false;
  }

  /** After what was dictated or chosen: typing goes on behind it. */
  begin(text: string): void {
    this.text = text.slice(0, this.most);
    this.#isCapital = text === '';
  }

  blocks(words: KeyboardWords): readonly PlateBlock[] {
    const keys = ROWS.map((row): PlateBlock => {
      const buttons = [...row].map((key): PlateButton => {
        return { id: `key-${key}`, label: this.#isCapital ? key.toUpperCase() : key };
      });
      return { kind: 'buttons', columns: 10, buttons };
    });
    const others: readonly PlateButton[] = [
      { id: 'key-capitals', label: words.capitals, isOn: this.#isCapital },
      { id: 'key-space', label: words.space },
      { id: 'key-erase', label: words.erase, isEnabled: this.text !== '' },
      { id: 'key-done', label: words.done, isMain: true },
    ];
    return [{ kind: 'text', text: `${this.text}▏` }, ...keys, { kind: 'buttons', columns: 4, buttons: others }];
  }

  #add(text: string): void {
    this.text = (this.text + text).slice(0, this.most);
  }
}
