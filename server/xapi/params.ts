import { checkActor, identityOf, isIri, isUuid, timestampMs, type Actor, type XapiVersion } from '#protocol/xapi/index';
import { WorkhallError } from '#protocol/errors';
import { parseJson } from './bodies.ts';
import { problems } from './problems.ts';

/** Reading parameters: undefined where it is not there, a problem where it is not what it has to be. */
type Params = ReadonlyMap<string, string>;

export function needed<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw problems.badParameter(name, 'is missing');
  return value;
}

export function iriIn(params: Params, name: string): string | undefined {
  const value = params.get(name);
  if (value !== undefined && !isIri(value)) throw problems.badParameter(name, 'must be an absolute IRI');
  return value;
}

export function uuidIn(params: Params, name: string): string | undefined {
  const value = params.get(name);
  if (value !== undefined && !isUuid(value)) throw problems.badParameter(name, 'must be a UUID');
  return value?.toLowerCase();
}

/** Milliseconds since 1970. */
export function timeIn(params: Params, name: string): number | undefined {
  // In an address `+` is a space, which is what becomes of an offset that was not encoded.
  const value = params.get(name)?.replace(/ (\d\d:?\d\d)$/, '+$1');
  if (value === undefined) return undefined;
  const ms = timestampMs(value);
  if (ms === null) throw problems.badParameter(name, 'must be a time of ISO 8601');
  return ms;
}

export function flagIn(params: Params, name: string): boolean {
  const value = params.get(name);
  if (value !== undefined && value !== 'true' && value !== 'false')
    throw problems.badParameter(name, 'must be true or false');
  return value === 'true';
}

export function countIn(params: Params, name: string): number | undefined {
  const value = params.get(name);
  if (value !== undefined && !/^\d{1,9}$/.test(value)) throw problems.badParameter(name, 'must be 0 or more');
  return value === undefined ? undefined : Number(value);
}

/** An agent or an identified group. */
export function actorIn(params: Params, name: string, version: XapiVersion): Actor | undefined {
  const text = params.get(name);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    if (cause instanceof WorkhallError) throw problems.badParameter(name, 'must be an agent in JSON');
    throw cause;
  }
  const fault = checkActor(value, version, name);
  if (fault) throw problems.badParameter(name, `is no agent: ${fault.path} ${fault.message}`);
  if (identityOf(value as Actor) === null) throw problems.badParameter(name, 'must name somebody, not a group of many');
  return value as Actor;
}
