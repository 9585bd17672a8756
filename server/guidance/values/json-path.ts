/**
 * The place of a number in a JSON message: `$.data.pressure`, `measurements[2].value`, `$['a.b'][0]`. A part of JSONPath (RFC 9535): what
 * leads to exactly one place. Empty or `$`: the message itself.
 */
export type JsonPath = readonly (string | number)[];

const SEGMENT = /\.([A-Za-z_][\w-]*)|\[(\d{1,6})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** Null: not such a path. */
export function readJsonPath(text: string): JsonPath | null {
  const plain = text.trim();
  const rest = plain.startsWith('$') ? plain.slice(1) : /^[[]|^$/.test(plain) ? plain : `.${plain}`;
  const path: (string | number)[] = [];
  let at = 0;
  while (at < rest.length) {
    SEGMENT.lastIndex = at;
    const found = SEGMENT.exec(rest);
    if (!found) return null;
    const [whole, name, index, single, double] = found;
    const quoted = single ?? double;
    path.push(name ?? (index !== undefined ? Number(index) : quoted!.replace(/\\(.)/g, '$1')));
    at += whole.length;
  }
  return path;
}

/** The number there; booleans are 1 and 0, and a number written as text counts. Null: there is none. */
export function numberAt(message: unknown, path: JsonPath): number | null {
  let here = message;
  for (const key of path) {
    const fits = typeof key === 'number' ? Array.isArray(here) : typeof here === 'object' && !Array.isArray(here);
    if (!fits || here === null || !Object.hasOwn(here as object, key)) return null;
    here = (here as Record<string | number, unknown>)[key];
  }
  if (typeof here === 'boolean') return here ? 1 : 0;
  const value = typeof here === 'string' && here.trim() !== '' ? Number(here) : here;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
