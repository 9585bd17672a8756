import { problem, type Problem } from '../errors.ts';

/**
 * What changed between two pictures of a machine, in as few bytes as there is news: for each changed number the gap to
 * the one before it and the difference, both as variable-length integers (LEB128; differences zigzag, as in Protocol
 * Buffers). Nothing changed: no bytes.
 */
export function deltaOf(before: readonly number[], after: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let last = -1;
  for (let at = 0; at < after.length; at++) {
    const difference = after[at]! - (before[at] ?? 0);
    if (difference === 0) continue;
    write(bytes, at - last - 1);
    write(bytes, difference < 0 ? -2 * difference - 1 : 2 * difference);
    last = at;
  }
  return Uint8Array.from(bytes);
}

/** The whole picture for somebody who comes in: the difference to nothing. */
export const wholeOf = (shown: readonly number[]): Uint8Array => deltaOf([], shown);

/** The picture after a delta; a frame that does not fit is a problem and changes nothing. */
export function withDelta(before: readonly number[], bytes: Uint8Array): number[] | Problem {
  const after = [...before];
  let [offset, at] = [0, -1];
  const read = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = bytes[offset++];
      if (byte === undefined || factor > 562_949_953_421_312) return Number.NaN;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  };
  while (offset < bytes.length) {
    at += read() + 1;
    const zigzag = read();
    // A negated comparison: what could not be read is NaN, and no index.
    if (!(at < after.length) || Number.isNaN(zigzag))
      return problem('equipment', 'wrong_frame', 'This frame is not of this machine.', {
        facts: { index: at, numbers: after.length },
        next: 'Ask for the whole picture.',
      });
    after[at]! += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }
  return after;
}

function write(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}
