/** Something that a format cannot carry: what, and where it stood. A conversion lists them all and never fails for one. */
export interface Loss {
  readonly key:
    'not_in_format' | 'kept_opaque' | 'dangling' | 'renamed' | 'other_languages' | 'guessed' | 'simplified' | 'dropped';
  /** Path in the source: `steps.<id>.behaviours.2`, or a JSON path of the foreign file. */
  readonly where: string;
  /** What it was about, in the words of the format it came from. */
  readonly what: string;
}

export type LoseIt = (key: Loss['key'], where: string, what: string) => void;

export function lossReport(): { losses: Loss[]; lose: LoseIt } {
  const losses: Loss[] = [];
  return { losses, lose: (key, where, what) => losses.push({ key, where, what }) };
}

/** Plain JSON, as foreign files come in. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const numberOf = (value: unknown, otherwise = 0): number => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : otherwise;
};
export const objectsIn = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** 32 hex digits from text: four rounds of FNV-1a with different starts. For stable names, not for secrets. */
export function digestOf(text: string): string {
  return [0x811c9dc5, 0x01000193, 0x9e3779b1, 0x85ebca6b]
    .map((start) => {
      let hash = start;
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
      return hash.toString(16).padStart(8, '0');
    })
    .join('');
}

/** An id of ours from any foreign name: kept where it fits, else its digest. */
export function idFrom(name: string): string {
  return /^[A-Za-z0-9_-]{1,64}$/.test(name) ? name : `x${digestOf(name)}`;
}
