import { fail, mapOf, anyText, anything, text, type Check } from './check.ts';

/** Special data types: 1.0.3 part 2 section 4, IEEE 9274.1.1 section 4.2.7. */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const isUuid = (value: string): boolean => UUID.test(value);

/** Absolute: a scheme and something after it, without what RFC 3987 keeps out. */
// oxlint-disable-next-line no-control-regex -- control characters are what it keeps out
const IRI = /^[a-z][a-z0-9+.-]*:[^\u0000-\u0020<>"{}|\\^`\u007f]+$/i;
export const isIri = (value: string): boolean => IRI.test(value);

const MAILTO = /^mailto:[^\s@<>()",;:[\]\\]+@[^\s@<>()",;:[\]\\]+$/i;
export const isMailto = (value: string): boolean => MAILTO.test(value);

const SHA1 = /^[0-9a-f]{40}$/i;
export const isSha1 = (value: string): boolean => SHA1.test(value);

/** Hex of 224 to 512 bits; the standard names SHA-2, and gives no length. */
const SHA2 = /^[0-9a-f]{56}$|^[0-9a-f]{64}$|^[0-9a-f]{96}$|^[0-9a-f]{128}$/i;
export const isSha2 = (value: string): boolean => SHA2.test(value);

/** RFC 5646, 2.1: language, script, region, variants, extensions, private use; or one of the old irregular tags. */
const LANGUAGE_TAG = new RegExp(
  '^(?:(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\\d{3}))?' +
    '(?:-(?:[a-z\\d]{5,8}|\\d[a-z\\d]{3}))*(?:-[a-wyz\\d](?:-[a-z\\d]{2,8})+)*(?:-x(?:-[a-z\\d]{1,8})+)?' +
    '|x(?:-[a-z\\d]{1,8})+' +
    '|en-GB-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)' +
    '|sgn-(?:BE-FR|BE-NL|CH-DE)|art-lojban|cel-gaulish|no-bok|no-nyn|zh-(?:guoyu|hakka|min|min-nan|xiang))$',
  'i',
);
export const isLanguageTag = (value: string): boolean => LANGUAGE_TAG.test(value);

/** ISO 8601 4.4.3.2: designators in order, a fraction only in the last of them; the alternative format is not allowed. */
const DURATION =
  /^P(?!$)(?:\d+(?:[.,]\d+)?W|(?:\d+(?:[.,]\d+(?=Y$))?Y)?(?:\d+(?:[.,]\d+(?=M$))?M)?(?:\d+(?:[.,]\d+(?=D$))?D)?(?:T(?=\d)(?:\d+(?:[.,]\d+(?=H$))?H)?(?:\d+(?:[.,]\d+(?=M$))?M)?(?:\d+(?:[.,]\d+)?S)?)?)$/;
export const isDuration = (value: string): boolean => DURATION.test(value);

const TIMESTAMP =
  /^(\d{4})-?(\d\d)-?(\d\d)[Tt ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?([Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * Milliseconds since 1970 of a date with a time (ISO 8601 basic or extended, RFC 3339), or null. Without an offset it is
 * taken as UTC; `-00:00` says that the offset is unknown, and is refused.
 */
export function timestampMs(value: string): number | null {
  const found = TIMESTAMP.exec(value);
  if (!found) return null;
  const [, year, month, day, hour, minute = '00', second = '00', fraction = '', offset = 'Z'] = found;
  if (/^-00(:?00)?$/.test(offset)) return null;
  const isLeap = second === '60';
  const sign = offset.startsWith('-') ? -1 : 1;
  const digits = offset.replace(/\D/g, '');
  const [offsetHours, offsetMinutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2, 4))];
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60 || offsetHours > 23 || offsetMinutes > 59)
    return null;
  const localMs = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  const date = new Date(localMs);
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null;
  const ms = Number(`${fraction}000`.slice(0, 3));
  return localMs + (isLeap ? 59 : Number(second)) * 1000 + ms - sign * (offsetHours * 60 + offsetMinutes) * 60_000;
}

/** The same moment in UTC, with as many digits of the second as were given (three at least). */
export function inUtc(value: string): string {
  const ms = timestampMs(value);
  if (ms === null) return value;
  const digits = /[.,](\d+)/.exec(value)?.[1] ?? '';
  return `${new Date(ms).toISOString().slice(0, 23)}${digits.slice(3)}Z`;
}

export const uuid: Check = text(isUuid, 'a UUID');
export const iri: Check = text(isIri, 'an absolute IRI');
export const languageTag: Check = text(isLanguageTag, 'a language tag of RFC 5646');
export const duration: Check = text(isDuration, 'a duration of ISO 8601, such as PT4M2.5S');
export const timestamp: Check = (value, path) => {
  if (typeof value !== 'string' || timestampMs(value) === null)
    fail(path, 'must be a time of ISO 8601, such as 2026-11-21T09:00:00.000Z');
};
export const languageMap: Check = mapOf(isLanguageTag, 'a language tag of RFC 5646', anyText);
/** The only place where null may stand. */
export const extensions: Check = mapOf(isIri, 'an absolute IRI', anything);
