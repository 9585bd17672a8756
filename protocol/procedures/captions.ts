/** One line of subtitles: shown from, and no longer than to, milliseconds from the beginning. */
export interface Cue {
  readonly fromMs: number;
  readonly toMs: number;
  readonly text: string;
}

const TIMES = /^\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{3})\s+-->\s+((?:\d+:)?\d{1,2}:\d{2}[.,]\d{3})/;
/** Said in this time per character at the least, ms: what is shown shorter is not read. */
const MS_PER_SIGN = 45;
/** Chinese signs say more. */
const MS_PER_HAN = 180;
const LEAST_MS = 900;

/** Whether the words come with their own times (WebVTT, or the like of SubRip). */
export const isTimed = (words: string): boolean => words.split(/\r?\n/).some((line) => TIMES.test(line));

/**
 * Subtitles of a sound from what is written about it: as timed there, else sentence by sentence, each for its share of
 * the time. `durationMs` null: as fast as people read.
 */
export function cuesOf(words: string, durationMs: number | null): Cue[] {
  return isTimed(words) ? timedCues(words) : sentenceCues(words, durationMs);
}

/** The line that is shown at a moment; null: none. */
export const cueAt = (cues: readonly Cue[], atMs: number): Cue | null =>
  cues.find(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs) ?? null;

/** The same words without times, as one reads them. */
export const plainWords = (words: string): string =>
  isTimed(words)
    ? timedCues(words)
        .map(({ text }) => text)
        .join(' ')
    : words.trim();

/** W3C WebVTT: blocks are parted by empty lines; what has no times (header, notes, styles, ids) is left out. */
function timedCues(words: string): Cue[] {
  const cues: Cue[] = [];
  for (const block of words.replace(/^\uFEFF/, '').split(/\r?\n\s*\r?\n/)) {
    const lines = block.split(/\r?\n/);
    const at = lines.findIndex((line) => TIMES.test(line));
    if (at < 0) continue;
    const [, from, to] = TIMES.exec(lines[at]!)!;
    const text = lines
      .slice(at + 1)
      .join(' ')
      .replace(/<[^>]*>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&nbsp;', ' ')
      .replaceAll('&amp;', '&')
      .trim();
    const [fromMs, toMs] = [msOf(from!), msOf(to!)];
    if (text && toMs > fromMs) cues.push({ fromMs, toMs, text });
  }
  return cues.toSorted((a, b) => a.fromMs - b.fromMs);
}

function sentenceCues(words: string, durationMs: number | null): Cue[] {
  const sentences = (words.match(/[^.!?。！？\n]+[.!?。！？]*\s*/g) ?? [])
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
  const lengths = sentences.map((sentence) => Math.max(LEAST_MS, readingMs(sentence)));
  const whole = lengths.reduce((sum, ms) => sum + ms, 0);
  const scale = durationMs === null || whole === 0 ? 1 : durationMs / whole;
  let fromMs = 0;
  return sentences.map((text, at) => {
    const toMs = fromMs + lengths[at]! * scale;
    const cue = { fromMs, toMs, text };
    fromMs = toMs;
    return cue;
  });
}

/** How long one needs to read it, or to say it. */
export const readingMs = (words: string): number => {
  const han = words.match(/[\u3400-\u9fff]/g)?.length ?? 0;
  return han * MS_PER_HAN + (words.length - han) * MS_PER_SIGN;
};

function msOf(time: string): number {
  const parts = time.replace(',', '.').split(':').map(Number);
  return Math.round(parts.reduce((sum, part) => sum * 60 + part, 0) * 1000);
}
