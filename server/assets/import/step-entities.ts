/**
 * A reader for the exchange structure of STEP files (ISO 10303-21), just deep enough for the product structure: entities
 * are found by id and their parameters parsed when asked for, so that a file of a million points costs one scan.
 */
export type StepValue = string | number | StepRef | StepEnum | StepTyped | readonly StepValue[] | null;
export class StepRef {
  readonly id: number;
  constructor(id: number) {
    this.id = id;
  }
}
export class StepEnum {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}
export class StepTyped {
  readonly type: string;
  readonly values: readonly StepValue[];
  constructor(type: string, values: readonly StepValue[]) {
    this.type = type;
    this.values = values;
  }
}

/** Past this many entities the product structure is recovered from geometry instead. */
const MAX_ENTITIES = 8_000_000;
const MAX_DEPTH = 64;

export class StepEntities {
  readonly #text: string;
  /** Entity id -> offset just behind its `=`. */
  readonly #at = new Map<number, number>();
  readonly #byType = new Map<string, number[]>();

  /** `types`: entity names that `ofType` can list later. A complex entity is listed under each of its names. */
  constructor(bytes: Uint8Array, types: ReadonlySet<string>) {
    this.#text = new TextDecoder('latin1').decode(bytes);
    for (const type of types) this.#byType.set(type, []);
    this.#scan();
  }

  ofType(type: string): readonly number[] {
    return this.#byType.get(type) ?? [];
  }

  /** The records of an entity: one, or several for a complex entity; empty when the id is unknown or damaged. */
  records(id: number): readonly StepTyped[] {
    const at = this.#at.get(id);
    if (at === undefined) return [];
    const parser = new Parser(this.#text, at);
    return parser.records();
  }

  /** The parameters of one record of an entity, or undefined when it is of another type. */
  params(id: number, ...types: readonly string[]): readonly StepValue[] | undefined {
    return this.records(id).find((record) => types.includes(record.type))?.values;
  }

  /** Where an entity stands in the text, from its `#` to its `;`. */
  statement(id: number): { readonly start: number; readonly end: number } | undefined {
    const at = this.#at.get(id);
    if (at === undefined) return undefined;
    const token = /'[^']*'|\/\*[\s\S]*?\*\/|;/g;
    token.lastIndex = at;
    for (let match = token.exec(this.#text); match; match = token.exec(this.#text))
      if (match[0] === ';') return { start: this.#text.lastIndexOf('#', at), end: match.index + 1 };
    return undefined;
  }

  /** The file with statements replaced; Latin-1, as it was read. */
  rewrite(edits: ReadonlyMap<number, string>): Uint8Array {
    const places = [...edits].flatMap(([id, text]) => {
      const range = this.statement(id);
      return range ? [{ ...range, text }] : [];
    });
    places.sort((a, b) => a.start - b.start);
    const pieces: string[] = [];
    let at = 0;
    for (const { start, end, text } of places) {
      pieces.push(this.#text.slice(at, start), text);
      at = end;
    }
    pieces.push(this.#text.slice(at));
    return Buffer.from(pieces.join(''), 'latin1');
  }

  #scan(): void {
    const text = this.#text;
    // An instance starts at the start of a statement; strings and comments are skipped as whole tokens.
    const token = /'[^']*'|\/\*[\s\S]*?\*\/|;(?:\s|\/\*[\s\S]*?\*\/)*#(\d+)\s*=\s*(\(\s*)?([A-Z0-9_]*)/g;
    const data = text.indexOf('DATA');
    token.lastIndex = Math.max(0, data);
    for (let match = token.exec(text); match; match = token.exec(text)) {
      if (match[1] === undefined) continue;
      const id = Number(match[1]);
      if (this.#at.size >= MAX_ENTITIES) throw new RangeError('more entities than the scan keeps');
      const start = match.index + match[0].length - match[3]!.length - (match[2]?.length ?? 0);
      this.#at.set(id, start);
      if (match[2] === undefined) this.#byType.get(match[3]!)?.push(id);
      else for (const record of this.records(id)) this.#byType.get(record.type)?.push(id);
    }
  }
}

class Parser {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  records(): StepTyped[] {
    this.#space();
    if (this.#peek() !== '(') {
      const single = this.#typed(0);
      return single ? [single] : [];
    }
    this.#at++;
    const found: StepTyped[] = [];
    for (this.#space(); this.#peek() !== ')'; this.#space()) {
      const record = this.#typed(0);
      if (!record) break;
      found.push(record);
    }
    return found;
  }

  #typed(depth: number): StepTyped | undefined {
    const name = this.#match(/[A-Z0-9_]+/y);
    this.#space();
    if (!name || this.#peek() !== '(') return undefined;
    return new StepTyped(name, this.#list(depth));
  }

  #list(depth: number): StepValue[] {
    if (depth > MAX_DEPTH) throw new RangeError('parameters nested too deeply');
    this.#at++;
    const values: StepValue[] = [];
    for (;;) {
      this.#space();
      const next = this.#peek();
      if (next === ')' || next === '' || next === ';') {
        this.#at++;
        return values;
      }
      if (next === ',') this.#at++;
      else values.push(this.#value(next, depth));
    }
  }

  #value(next: string, depth: number): StepValue {
    if (next === '(') return this.#list(depth + 1);
    if (next === "'") return decodeStepString(this.#match(/'[^']*(?:''[^']*)*'/y)?.slice(1, -1) ?? this.#skip());
    if (next === '#') return new StepRef(Number(this.#match(/#\d+/y)?.slice(1) ?? this.#skip()));
    if (next === '.') return new StepEnum(this.#match(/\.[A-Z0-9_]+\./y)?.slice(1, -1) ?? this.#skip());
    const number = this.#match(/[+-]?\d+(?:\.\d*)?(?:[Ee][+-]?\d+)?/y);
    if (number) return Number(number);
    const typed = this.#typed(depth + 1);
    if (typed) return typed;
    this.#at++;
    return null;
  }

  #skip(): string {
    this.#at++;
    return '';
  }
  #peek(): string {
    return this.#text.charAt(this.#at);
  }
  #space(): void {
    this.#match(/(?:\s|\/\*[\s\S]*?\*\/)+/y);
  }
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found) this.#at += found.length;
    return found;
  }
}

/** ISO 10303-21 clause 6.4.3: `\X2\` and `\X4\` Unicode, `\X\` and `\S\` Latin-1; many programs write bare UTF-8. */
export function decodeStepString(raw: string): string {
  return fromBytes(raw)
    .replace(/\r?\n/g, '')
    .replace(/''/g, "'")
    .replace(/\\X2\\([0-9A-Fa-f]*)\\X0\\/g, (_, hex: string) => fromHex(hex, 4))
    .replace(/\\X4\\([0-9A-Fa-f]*)\\X0\\/g, (_, hex: string) => fromHex(hex, 8))
    .replace(/\\X\\([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\S\\(.)/g, (_, letter: string) => String.fromCharCode(letter.charCodeAt(0) + 128))
    .replace(/\\P[A-I]\\/g, '')
    .replace(/\\\\/g, '\\')
    .trim();
}

function fromHex(hex: string, digits: number): string {
  let text = '';
  for (let at = 0; at + digits <= hex.length; at += digits) {
    const code = parseInt(hex.slice(at, at + digits), 16);
    if (code <= 0x10ffff) text += digits === 4 ? String.fromCharCode(code) : String.fromCodePoint(code);
  }
  return text;
}

/**
 * The file was decoded as Latin-1. High bytes that form valid UTF-8 were meant as such; those that come in pairs only, as
 * GB 2312 writes Chinese, were meant as GB 18030; a single one stays the Latin letter it is.
 */
function fromBytes(text: string): string {
  const runs = text.match(/[\u0080-\u00ff]+/g);
  if (!runs) return text;
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const arePairs = runs.every((run) => run.length % 2 === 0);
  return tryDecode('utf-8', bytes) ?? (arePairs ? tryDecode('gb18030', bytes) : undefined) ?? text;
}

function tryDecode(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
