import type { XapiVersion } from './version.ts';

/** Why something is not valid xAPI: where (`context.contextActivities.parent[0].id`) and what. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** Thrown inside this folder only; its doors return a `Fault`. */
export class FaultFound extends Error {
  constructor(
    readonly path: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A check returns when the value is fine and throws `FaultFound` where it is not. zod was weighed: what makes most of
 * the rules (which of four identifiers, what an object may carry by its type, by version) are refinements there too.
 */
export type Check = (value: unknown, path: string, version: XapiVersion) => void;
export type Json = Readonly<Record<string, unknown>>;

export function fail(path: string, message: string): never {
  throw new FaultFound(path, message);
}

export function faultOf(check: Check, value: unknown, path: string, version: XapiVersion): Fault | null {
  try {
    check(value, path, version);
    return null;
  } catch (thrown) {
    if (thrown instanceof FaultFound) return { path: thrown.path, message: thrown.message };
    throw thrown;
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(value: unknown, path: string): Json {
  return isObject(value) ? value : fail(path, 'must be an object');
}

const at = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** An object with no other keys than these; names are case-sensitive (1.0.3, Data 2.2). */
export function fields(known: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  const checks = new Map(Object.entries(known));
  return (value, path, version) => {
    const object = objectAt(value, path);
    for (const key of Object.keys(object)) {
      const check = checks.get(key);
      if (!check) fail(at(path, key), 'is not a property that belongs here');
      check!(object[key], at(path, key), version);
    }
    for (const key of required) if (!Object.hasOwn(object, key)) fail(at(path, key), 'is missing');
  };
}

export function listOf(check: Check, least = 0): Check {
  return (value, path, version) => {
    if (!Array.isArray(value)) return fail(path, 'must be an array');
    if (value.length < least) fail(path, `must have at least ${least} element(s)`);
    value.forEach((item, index) => check(item, `${path}[${index}]`, version));
  };
}

/** An object of any keys that pass `key`, with values that pass `item`. */
export function mapOf(key: (name: string) => boolean, kind: string, item: Check): Check {
  return (value, path, version) => {
    for (const [name, held] of Object.entries(objectAt(value, path))) {
      if (!key(name)) fail(at(path, name), `must have ${kind} as its name`);
      item(held, at(path, name), version);
    }
  };
}

export function text(test: (value: string) => boolean, kind: string): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !test(value)) fail(path, `must be ${kind}`);
  };
}

export const anyText: Check = text(() => true, 'a string');
export const anything: Check = () => {};
export const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') fail(path, 'must be true or false');
};
export const numeric: Check = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) fail(path, 'must be a number');
};
export const whole: Check = (value, path) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) fail(path, 'must be a whole number, 0 or more');
};
export const oneOf =
  (...values: readonly string[]): Check =>
  (value, path) => {
    if (!values.includes(value as string)) fail(path, `must be ${values.join(' or ')}`);
  };
