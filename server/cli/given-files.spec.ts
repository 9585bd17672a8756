import { Command } from 'commander';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { WorkhallError } from '#protocol/errors';
import { encodeBlock } from '#protocol/journal/index';
import { jobCommand } from './commands/job.command.ts';
import { journalIn } from './given-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'workhall-given-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

/** Key and words of what `npx workhall job …` stops with. */
function toldBy(...parameters: string[]): string {
  const program = new Command('workhall').exitOverride();
  jobCommand.register(program);
  try {
    program.parse(['job', ...parameters], { from: 'user' });
    return 'fine';
  } catch (thrown) {
    if (!(thrown instanceof WorkhallError)) throw thrown;
    return thrown.problem.key;
  }
}

it('a wrong file for a record or a journal is named in a sentence, whatever it holds', () => {
  const proof = { did: 'did:key:z6Mk', signature: 'x' };
  const record = file('record.json', JSON.stringify({ cid: 'b', signed: { record: {}, proof } }));
  expect(toldBy(join(folder, 'none.json'))).toBe('no_file');
  expect(toldBy(file('text.json', 'hello'))).toBe('no_json');
  expect(toldBy(file('other.json', '{"a":1}'))).toBe('no_record');
  expect(toldBy(record, '--journal', join(folder, 'none.cbor'))).toBe('no_file');
  expect(toldBy(record, '--journal', record)).toBe('no_journal');
  expect(toldBy(record, '--journal', file('empty.cbor', encodeBlock({ from: 0, blocks: [] }).bytes))).toBe(
    'no_journal',
  );
});

it('a record is taken as its page saves it, and as it was signed: both come as far as the signature', () => {
  const signed = { record: {}, proof: { did: 'did:key:z6Mk', signature: 'x' } };
  const [page, bare] = [{ cid: 'b', signed }, signed].map((one, n) =>
    toldBy(file(`form-${n}.json`, JSON.stringify(one))),
  );
  expect(page).not.toBe('no_record');
  expect(bare).toBe(page);
});

it('entries of a saved journal come back as they were', () => {
  const blocks = [new Uint8Array([1, 2]), new Uint8Array([3])];
  expect(journalIn(file('journal.cbor', encodeBlock({ from: 0, blocks }).bytes))).toEqual(blocks);
});
