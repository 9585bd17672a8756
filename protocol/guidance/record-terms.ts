import { indexOf, needsOf } from '../procedures/procedure-index.ts';
import type { Leaf } from '../procedures/condition.ts';
import type { Text } from '../procedures/text.ts';
import { textIn } from '../procedures/text.ts';
import { stepNumbers } from '../procedures/step-numbers.ts';
import { nameIn, type AsBuilt } from './as-built.ts';
import type { PartCode } from './plan.ts';
import type { RecordSource } from './record-source.ts';
import { RECORD_WORDS, type RecordLanguage } from './record-words.ts';

/** How a record calls people, steps, things and tools in one language; what nobody can name stands by its id. */
export class RecordTerms {
  readonly say: (typeof RECORD_WORDS)[RecordLanguage];
  readonly #numbers: ReadonlyMap<string, string>;

  constructor(
    readonly record: AsBuilt,
    readonly source: RecordSource,
    private readonly language: RecordLanguage,
  ) {
    this.say = RECORD_WORDS[language];
    this.#numbers = source.procedure ? stepNumbers(source.procedure) : new Map();
  }

  text = (text: Text): string => textIn(text, this.language, this.source.procedure?.languages[0] ?? 'en');

  person(id: string): string {
    const name = nameIn(this.record, id);
    return name === id ? (this.source.names.get(id) ?? id) : name;
  }

  named(list: 'things' | 'tools' | 'controls' | 'roles', id: string): string {
    const found = this.source.procedure?.workplace[list].find((one: { readonly id: string }) => one.id === id);
    return (found && this.text(found.name)) || id;
  }

  number = (step: string): string | null => this.#numbers.get(step) ?? null;
  title(step: string): string {
    const facts = this.source.procedure && indexOf(this.source.procedure).steps.get(step);
    return (facts && this.text(facts.step.title)) || this.record.steps.find((one) => one.step === step)?.title || step;
  }
  /** Places of the steps in the procedure, to sort by. */
  order = (): ReadonlyMap<string, number> =>
    new Map([...this.#numbers.keys()].map((id) => [id, sortable(this.#numbers.get(id)!)]));

  rule(id: string): string {
    const rule = this.source.procedure?.safety.find((one) => one.id === id);
    return (rule && this.text(rule.text)) || id;
  }

  /** What a step wants to be used. */
  asks(step: string | null, which: 'thing' | 'tool' | 'control'): string[] {
    const found = this.#leaves(step).flatMap((leaf) => needsOf(leaf)[`${which}s`] as readonly string[]);
    return [...new Set(found)];
  }
  #leaves(step: string | null): readonly Leaf[] {
    const facts = step !== null && this.source.procedure && indexOf(this.source.procedure).steps.get(step);
    return facts ? facts.leaves.map(({ leaf }) => leaf) : [];
  }

  /** "6208-2RS, serial number B-1". */
  code({ part, serial, lot }: PartCode): string {
    const { say } = this;
    return [part, serial === null ? '' : say.serial(serial), lot === null ? '' : say.lot(lot)]
      .filter(Boolean)
      .join(say.comma);
  }

  /** What the kit asks of the part at this place. */
  askedPart(thing: string, part: string | null): string | null {
    const { say } = this;
    const item = this.source.plan?.kit.find((one) => one.thing === thing);
    if (!item) return part;
    const number = item.traced === 'serial' ? say.anySerial : item.traced === 'lot' ? say.anyLot : '';
    const laidOut = item.allowed && item.allowed.length > 0 ? say.laidOut(item.allowed.join(say.comma)) : number;
    return [item.part, laidOut].filter(Boolean).join(say.comma);
  }
}

/** "8.12" stands behind "8.2". */
function sortable(number: string): number {
  const [main = '0', inside = '0'] = number.split('.');
  return Number(main) * 10_000 + Number(inside);
}
