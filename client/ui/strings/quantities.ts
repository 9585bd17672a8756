import { useTranslation } from 'react-i18next';
import { currentLanguage, i18n } from './language.ts';

const locale = () => (currentLanguage() === 'zh' ? 'zh-CN' : 'en-GB');
const UNITS = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** "3 hours ago", "yesterday"; below a minute "now". */
export function ago(atMs: number, nowMs: number): string {
  const passedMs = atMs - nowMs;
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  for (const [unit, ms] of UNITS) if (Math.abs(passedMs) >= ms) return format.format(Math.round(passedMs / ms), unit);
  return format.format(0, 'second');
}

/** What is left, in one unit, rounded: days from two days on, hours from two hours on, else begun minutes. */
export function span(ms: number): string {
  const part = (value: number, unit: string) =>
    new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  if (ms >= 2 * 86_400_000) return part(Math.round(ms / 86_400_000), 'day');
  if (ms >= 2 * 3_600_000) return part(Math.round(ms / 3_600_000), 'hour');
  return part(Math.max(0, Math.ceil(ms / 60_000)), 'minute');
}

/** How long something took: "4.5 s", "45 s", "1 min 30 s", "2 h 5 min". */
export function duration(ms: number): string {
  const [h, min, s] = currentLanguage() === 'zh' ? ['小时', '分', '秒'] : ['h', 'min', 's'];
  if (ms < 9_950) return `${number(ms / 1000, 1)} ${s}`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} ${s}`;
  const parts =
    seconds < 3600
      ? ([
          [Math.floor(seconds / 60), min],
          [seconds % 60, s],
        ] as const)
      : ([
          [Math.floor(Math.round(seconds / 60) / 60), h],
          [Math.round(seconds / 60) % 60, min],
        ] as const);
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : [])).join(' ');
}

export const dateTime = (atMs: number): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(atMs);

/** The time alone today, the day with it otherwise. */
export function moment(atMs: number, nowMs: number): string {
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  const dayToo = isToday ? {} : ({ day: 'numeric', month: 'short' } as const);
  return new Intl.DateTimeFormat(locale(), { ...dayToo, hour: '2-digit', minute: '2-digit' }).format(atMs);
}

/** "20 Nov". */
export const dayShort = (atMs: number): string =>
  new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short' }).format(atMs);

export const day = (atMs: number): string => new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(atMs);

/** Bytes in decimal units, as disks and browsers count them. */
export function bytes(count: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const step = Math.min(units.length - 1, count < 1000 ? 0 : Math.floor(Math.log10(count) / 3));
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: units[step]!,
    maximumSignificantDigits: 3,
  }).format(count / 1000 ** step);
}

/** Basis points as a percentage: 3333 becomes "33.33 %". `fractionDigits`: always so many, for columns. */
export const share = (bps: number, fractionDigits = 0): string =>
  new Intl.NumberFormat(locale(), {
    style: 'percent',
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: 2,
  }).format(bps / 10_000);

export const number = (value: number, fractionDigits = 0): string =>
  new Intl.NumberFormat(locale(), {
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
  }).format(value);

/** The same functions, in a component that renders again when the language changes. */
export function useQuantities() {
  useTranslation(undefined, { i18n, useSuspense: false });
  return QUANTITIES;
}
const QUANTITIES = { ago, span, duration, dateTime, moment, dayShort, day, bytes, share, number } as const;
