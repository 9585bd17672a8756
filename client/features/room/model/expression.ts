/**
 * What people type into a measure: `12`, `12,5`, `12+3.5`, `(40-6)/2`, `1in`, `2.5 cm + 3`, `45°`.
 * Lengths come out in millimetres, angles in degrees, counts as they are.
 */
export type MeasureKind = 'length' | 'angle' | 'count';

/** Millimetres, or degrees, per unit. */
const UNITS: Record<MeasureKind, Readonly<Record<string, number>>> = {
  length: { '': 1, mm: 1, cm: 10, dm: 100, m: 1000, um: 0.001, µm: 0.001, in: 25.4, '"': 25.4, ft: 304.8 },
  angle: { '': 1, '°': 1, deg: 1, rad: 180 / Math.PI },
  count: { '': 1 },
};

const TOKEN = /\s*(?:(\d+(?:[.,]\d+)?|[.,]\d+)\s*([a-zA-Zµ"°]*)|([-+*/()−×÷]))/y;

type Token = { readonly number: number } | { readonly sign: string };

/** The value, or null when the text is no measure. Never evaluates code: a small recursive descent over five signs. */
export function readMeasure(text: string, kind: MeasureKind): number | null {
  const tokens = tokenize(text, kind);
  if (!tokens || tokens.length === 0) return null;
  const reader = { tokens, at: 0, depth: 0 };
  const value = readSum(reader);
  if (value === null || reader.at !== tokens.length || !Number.isFinite(value)) return null;
  return Object.is(value, -0) ? 0 : value;
}

function tokenize(text: string, kind: MeasureKind): Token[] | null {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  if (trimmed.length > 100) return null;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (!match) return null;
    if (match[3]) tokens.push({ sign: SAME_SIGN[match[3]] ?? match[3] });
    else {
      const factor = UNITS[kind][match[2]!.toLowerCase()];
      if (factor === undefined) return null;
      tokens.push({ number: Number(match[1]!.replace(',', '.')) * factor });
    }
  }
  return tokens;
}

/** Signs that keyboards and word processors put in place of ours. */
const SAME_SIGN: Readonly<Record<string, string>> = { '−': '-', '×': '*', '÷': '/' };

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
}

const signAt = ({ tokens, at }: Reader): string | null => {
  const token = tokens[at];
  return token && 'sign' in token ? token.sign : null;
};

function readSum(reader: Reader): number | null {
  let sum = readProduct(reader);
  for (let sign = signAt(reader); sum !== null && (sign === '+' || sign === '-'); sign = signAt(reader)) {
    reader.at++;
    const next = readProduct(reader);
    if (next === null) return null;
    sum = sign === '+' ? sum + next : sum - next;
  }
  return sum;
}

function readProduct(reader: Reader): number | null {
  let product = readAtom(reader);
  for (let sign = signAt(reader); product !== null && (sign === '*' || sign === '/'); sign = signAt(reader)) {
    reader.at++;
    const next = readAtom(reader);
    if (next === null) return null;
    product = sign === '*' ? product * next : product / next;
  }
  return product;
}

function readAtom(reader: Reader): number | null {
  const token = reader.tokens[reader.at];
  if (!token) return null;
  reader.at++;
  if ('number' in token) return token.number;
  if (token.sign === '-' || token.sign === '+') {
    const value = readAtom(reader);
    return value === null ? null : token.sign === '-' ? -value : value;
  }
  if (token.sign !== '(' || ++reader.depth > 20) return null;
  const value = readSum(reader);
  if (value === null || signAt(reader) !== ')') return null;
  reader.at++;
  return value;
}

/** Digits a measure needs and no more: 12.5, 0.01, 1200. At most three decimals (a micrometre). */
export function writeMeasure(value: number): string {
  const rounded = Math.round(value * 1000) / 1000;
  return String(Object.is(rounded, -0) ? 0 : rounded);
}
