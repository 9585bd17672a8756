import { readFileSync } from 'node:fs';
import { WorkhallError } from '#protocol/errors';
import { decodeBlock } from '#protocol/journal/index';

/** A file that somebody named. Throws `cli.no_file` with why it cannot be read. */
export function bytesIn(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new WorkhallError('cli', 'no_file', isMissing ? `There is no file ${path}.` : `${path} cannot be read.`, {
      facts: { path },
      next: 'Give the path of a file that this user may read.',
    });
  }
}

/** Throws `cli.no_json`. */
export function jsonIn(path: string): unknown {
  const text = new TextDecoder().decode(bytesIn(path));
  try {
    return JSON.parse(text);
  } catch {
    throw new WorkhallError('cli', 'no_json', `${path} holds no JSON.`, {
      facts: { path },
      next: 'Save the file again.',
    });
  }
}

/** Entries of a journal as pages save it: dag-cbor `{ from: 0, blocks }`. Throws `cli.no_journal`. */
export function journalIn(path: string): Uint8Array[] {
  const bytes = bytesIn(path);
  const blocks = blocksOf(bytes);
  if (blocks && blocks.length > 0) return blocks;
  throw new WorkhallError('cli', 'no_journal', `${path} holds no journal.`, {
    facts: { path },
    next: 'Save the journal where the result is shown (“Save the journal”), and give that file.',
  });
}

function blocksOf(bytes: Uint8Array): Uint8Array[] | null {
  try {
    const { blocks } = decodeBlock(bytes) as { blocks?: unknown };
    return Array.isArray(blocks) && blocks.every((one) => one instanceof Uint8Array) ? blocks : null;
  } catch {
    return null; // not even dag-cbor
  }
}
