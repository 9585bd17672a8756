import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';
const LENGTH = 21;

/**
 * Where identifiers come from: 21 url-safe characters, 126 random bits. None begins with a dash, which command lines take
 * for an option.
 */
export abstract class Ids {
  abstract next(): string;
}

export class SystemIds extends Ids {
  next(): string {
    for (;;) {
      let id = '';
      for (const byte of randomBytes(LENGTH)) id += ALPHABET[byte & 63];
      if (!id.startsWith('-')) return id;
    }
  }
}

/** The same ids again for the same seed (mulberry32), for tests and fixtures. */
export class SeededIds extends Ids {
  constructor(private state = 1) {
    super();
  }

  next(): string {
    let id = '';
    for (let i = 0; i < LENGTH; i++) id += ALPHABET[this.nextWord() & 63];
    return id;
  }

  private nextWord(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let word = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return (word ^ (word >>> 14)) >>> 0;
  }
}
