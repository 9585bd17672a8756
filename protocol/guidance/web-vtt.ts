import type { Document } from '../document/document.ts';
import { rowsOf } from './document.ts';
import type { LineRow, RecordingRow } from './help.ts';

/** Spoken so fast, characters a second: a line is written down when its speaker pauses, so when it began is reckoned back. */
const SPOKEN_PER_S = 14;
/** Signs of Chinese and its like say more each. */
const SIGNS_PER_S = 4.5;
const SHORTEST_S = 1;
const LONGEST_S = 7;

/**
 * Subtitles of a recording as WebVTT (W3C, 4.1): what was said and written down while it ran, by name. `language`: an
 * interpreter's words where a line has them in it. Times count from the recording's beginning.
 */
export function webVttOf(document: Document, recording: RecordingRow, language?: string): string {
  const untilMs = recording.stoppedAtMs ?? Infinity;
  const said = rowsOf(document, 'lines').filter(
    ({ call, source, atMs }) =>
      call === recording.call && source === 'spoken' && atMs >= recording.atMs && atMs <= untilMs,
  );
  let freeS = 0;
  const cues = said.map((line, n) => {
    const endS = (line.atMs - recording.atMs) / 1000;
    const text = wordsOf(line, language);
    // Never before the one before: two cues at once hide each other in many players.
    const startS = Math.min(Math.max(freeS, endS - spokenS(text)), endS);
    const lastS = Math.max(endS, startS + SHORTEST_S);
    freeS = lastS;
    return `${n + 1}\n${stamp(startS)} --> ${stamp(lastS)}\n<v ${escaped(line.name)}>${escaped(text)}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

const wordsOf = (line: LineRow, language: string | undefined): string =>
  (language !== undefined && line.language !== language && line.translations[language]?.text) || line.text;

function spokenS(text: string): number {
  const signs = text.match(/[\u3000-\u9fff\uff00-\uffef]/g)?.length ?? 0;
  return Math.min(LONGEST_S, Math.max(SHORTEST_S, signs / SIGNS_PER_S + (text.length - signs) / SPOKEN_PER_S));
}

/** A line break or an arrow would end the cue, angle brackets would be tags. */
const escaped = (text: string): string =>
  text.replace(/\s+/g, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function stamp(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`;
}
