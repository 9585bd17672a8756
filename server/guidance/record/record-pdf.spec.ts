import { ed25519 } from '@noble/curves/ed25519.js';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { expect, it } from 'vitest';
import { asBuiltOf, signRecord, sourceOf } from '#protocol/guidance/index';
import { A_PHOTO, JobJournal } from '../../../test/support/jobs.ts';
import { findProgram } from '../../../test/support/programs.ts';
import { recordPdf, type RecordSheet } from './record-pdf.ts';

const KEY = ed25519.keygen(new Uint8Array(32).fill(7));
const CID = 'bafyreibexample';
/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

/** A valve with a wrong torque that was reworked. */
function sheet(language: 'en' | 'zh', pictures = new Map<string, Uint8Array>()): RecordSheet {
  const job = new JobJournal().begin();
  job.scan('6208-2RS', 'B-77');
  job.photo();
  job.act('mounted', { thing: 'bearing' });
  job.tool(18, { serial: 'T-9', calibratedUntilMs: Date.UTC(2027, 0, 31) });
  job.dispose('rework', 'ann');
  job.tool(25);
  job.tool(25.5);
  job.gap(0.2);
  job.act('confirmed');
  job.press(25);
  job.act('confirmed');
  job.check();
  job.signOff();
  const journal = { room: 'job-room', head: `${job.state.head}`, length: job.state.length };
  const signed = signRecord(asBuiltOf(job.state.document, journal)!, KEY.secretKey);
  const source = sourceOf(
    signed.record,
    job.stored.map(({ bytes }) => bytes),
  );
  return { cid: CID, signed, source, language, verifyUrl: `https://hall.example/record/${CID}`, pictures };
}

const pdftotext = findProgram('pdftotext');
const read = (bytes: Uint8Array): string => {
  const folder = mkdtempSync(join(tmpdir(), 'workhall-record-'));
  writeFileSync(join(folder, 'record.pdf'), bytes);
  const run = spawnSync(pdftotext!, ['-layout', 'record.pdf', '-'], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(run.stderr).toBe('');
  return run.stdout;
};

it.skipIf(!pdftotext)(
  'says what was made, by whom, with which tool within which limits, and what went wrong (Debian: poppler-utils)',
  async () => {
    const text = read(await recordPdf(sheet('en')));
    for (const told of ['Valve DN 40', 'SN-1', CID, 'did:key:', 'WO-1', 'Ann', 'Signed off'])
      expect(text).toContain(told);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'Thing screw-1: 18 N·m, range 23–27 N·m · Wrench (W-1, T-9), calibrated until 2027-01-31 · out of range',
    );
    expect(text).toMatch(/Thing bearing: 6208-2RS, serial number B-77 · right part/);
    expect(text).toMatch(/Measured gap: 0\.2 mm, range 0\.1–0\.3 mm · in range/);
    expect(text).toMatch(/Checked by Ben · in order/);
    expect(text).toMatch(/^2 +Step tighten/m);
    expect(text).toMatch(/Attempt 1 of 2/);
    expect(text).toMatch(/Result out of range · step 2 Step tighten, attempt 1 of 2/);
    expect(text).toMatch(/Found 18 N·m · Expected 23–27 N·m/);
    expect(text).toMatch(/Rework, decided by Ann: as decided · [^·]+ UTC · done right in attempt 2 of 2/);
    expect(text).toContain(A_PHOTO);
  },
);

it('is the same bytes for the same record, and other bytes for another', async () => {
  const asked = sheet('en');
  const [first, again] = await Promise.all([recordPdf(asked), recordPdf(sheet('en'))]);
  expect(Buffer.from(first).equals(again)).toBe(true);
  // Whenever it is printed.
  const { endedAtMs } = asked.signed.record;
  const written = await PDFDocument.load(first, { updateMetadata: false });
  expect(written.getCreationDate()?.getTime()).toBe(Math.floor(endedAtMs! / 1000) * 1000);
  const shown = await recordPdf(sheet('en', new Map([[A_PHOTO, PIXEL]])));
  expect(shown.length).not.toBe(first.length);
});

it('is written in Chinese on a machine without Chinese fonts, and in files that are no pictures names them', async () => {
  const broken = new Map([[A_PHOTO, Uint8Array.of(0xff, 0xd8, 0xff, 0)]]);
  const bytes = await recordPdf(sheet('zh', broken));
  expect(bytes.length).toBeGreaterThan(20_000);
  if (pdftotext) expect(read(bytes)).toContain(A_PHOTO);
});
