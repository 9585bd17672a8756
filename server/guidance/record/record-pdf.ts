import { create } from 'qrcode';
import type { PDFImage } from 'pdf-lib';
import {
  toldRecord,
  type RecordLanguage,
  type RecordSource,
  type SignedRecord,
  type ToldLine,
  type ToldRecord,
  type ToldStep,
} from '#protocol/guidance/index';
import { wordsOf } from './record-words.ts';
import { ACCENT, QUIET, SheetWriter, STOP } from './sheet-writer.ts';

export interface RecordSheet {
  readonly cid: string;
  readonly signed: SignedRecord;
  /** Of its journal. */
  readonly source: RecordSource;
  readonly language: RecordLanguage;
  /** Where anybody verifies it. */
  readonly verifyUrl: string;
  /** JPEG or PNG by CID; others are named by their address. */
  readonly pictures: ReadonlyMap<string, Uint8Array>;
}

const PICTURE_EDGE = 118;
const INDENT = 14;

/** The as-built record on paper: cover, what was done step by step, deviations. The same record, the same bytes. */
export async function recordPdf(sheet: RecordSheet): Promise<Uint8Array> {
  const { cid, signed, language, source } = sheet;
  const { record } = signed;
  const say = wordsOf(language);
  const told = toldRecord(record, source, language);
  const title = `${say.asBuilt} ${record.product.title} ${record.product.serial}`;
  const out = await SheetWriter.open(title, language, record.endedAtMs ?? record.openedAtMs);
  await cover(out, sheet, told);
  const images = await embedded(out, sheet.pictures);
  out.turn();
  await out.text(say.steps, { size: 15, isBold: true, gapAfter: 8 });
  for (const one of told.steps) await step(out, sheet, one, images);
  if (told.besides.length > 0) {
    await out.text(say.besides, { isBold: true, size: 10.5, gapAfter: 1 });
    for (const one of told.besides) await line(out, one);
  }
  await deviations(out, sheet, told);
  return out.done((page, pages) => `${record.product.serial} · ${cid} · ${page} / ${pages}`);
}

async function cover(
  out: SheetWriter,
  { cid, signed, language, verifyUrl }: RecordSheet,
  { nameOf, rolesOf }: ToldRecord,
): Promise<void> {
  const { record, proof } = signed;
  const say = wordsOf(language);
  const { modules } = create(verifyUrl, { errorCorrectionLevel: 'M' });
  out.squares(modules.size, (row, column) => modules.get(row, column) === 1, 92);
  await out.text(say.asBuilt, { size: 10, color: ACCENT, isBold: true, gapAfter: 6 });
  await out.text(record.product.title, { size: 22, isBold: true, gapAfter: 2 });
  await out.text(record.product.serial, { size: 15, color: QUIET, gapAfter: 4 });
  const status = record.status === 'scrapped' ? say.status_scrapped : say.status_finished;
  await out.text(status, { isBold: true, color: record.status === 'scrapped' ? STOP : QUIET, gapAfter: 40 });
  out.rule();
  await out.fact(say.product, record.product.type);
  await out.fact(say.serial, record.product.serial);
  await out.fact(say.order, record.product.order);
  await out.fact(say.station, record.station);
  await out.fact(say.instruction, `${say.revision} ${record.instruction.revision}\n${record.instruction.release}`);
  if (record.design) {
    await out.fact(say.design, record.design.revision);
    if (record.design.token) await out.fact(say.token, record.design.token);
  }
  await out.fact(say.opened, time(record.openedAtMs));
  if (record.begunAtMs !== null) await out.fact(say.begun, time(record.begunAtMs));
  if (record.endedAtMs !== null) {
    const paused = record.pausedForMs > 0 ? `, ${say.paused} ${span(record.pausedForMs)}` : '';
    const took = record.begunAtMs === null ? '' : ` (${span(record.endedAtMs - record.begunAtMs)}${paused})`;
    await out.fact(say.ended, time(record.endedAtMs) + took);
  }
  await out.fact(
    say.people,
    record.people.map(({ name, roles }) => (roles.length > 0 ? `${name} (${rolesOf(roles)})` : name)).join('\n'),
  );
  if (record.signature) {
    const { by, statement, atMs } = record.signature;
    await out.fact(say.signedOff, `${nameOf(by)}, ${time(atMs)}: ${statement}`);
  }
  for (const { from, to, atMs } of record.migrations) await out.fact(say.changes, `${time(atMs)}\n${from} → ${to}`);
  for (const { name, atMs, summary, recordings = [] } of record.help) {
    const recorded = recordings.flatMap(({ file, erased }) =>
      erased ? [say.recordingErased] : file ? [`${say.recorded} ${file.cid}`] : [],
    );
    const said = [summary?.outcome, ...recorded].filter((one) => one).join('\n');
    await out.fact(say.help, `${name}, ${time(atMs)}${said && `: ${said}`}`);
  }
  out.space(6);
  out.rule();
  await out.fact(say.record, cid);
  await out.fact(say.journal, `${record.journal.head}, ${record.journal.length} ${say.entries}`);
  await out.fact(say.hall, proof.did);
  await out.fact(say.signature, proof.signature);
  await out.fact(say.verify, verifyUrl);
  await out.text(say.howTo, { size: 8.5, color: QUIET });
}

async function step(
  out: SheetWriter,
  sheet: RecordSheet,
  { number, title, attempts }: ToldStep,
  images: ReadonlyMap<string, PDFImage>,
): Promise<void> {
  const say = wordsOf(sheet.language);
  out.keep(44);
  await out.text([number, title].filter(Boolean).join('  '), { isBold: true, size: 10.5, gapAfter: 1 });
  for (const { visit, attempt, by, how, overlay, lines, pictures } of attempts) {
    if (attempt) await out.text(initial(attempt), { indent: INDENT, isBold: true, gapAfter: 1 });
    const took = visit.leftAtMs === null ? '' : span(visit.leftAtMs - visit.enteredAtMs);
    const revision = `${say.revision} ${visit.revision}`;
    await quiet(out, [time(visit.enteredAtMs), took, by, how, revision, overlay]);
    for (const one of lines) await line(out, one);
    const shown: PDFImage[] = [];
    for (const { cid, kind } of pictures) {
      const image = images.get(cid);
      if (image) shown.push(image);
      else await out.text(`${kind === 'clip' ? say.clip : say.picture} ${cid}`, { indent: INDENT, gapAfter: 1 });
    }
    if (shown.length > 0) {
      out.space(3);
      out.pictures(shown, PICTURE_EDGE, INDENT);
    }
    out.space(3);
  }
  out.space(4);
}

/** Its mark says it to those who do not see the colour, its words to all. */
const line = (out: SheetWriter, { text, isGood }: ToldLine): Promise<void> =>
  out.text(text, {
    ...{ indent: INDENT, gapAfter: 1 },
    ...(isGood !== null && { mark: isGood ? 'good' : 'bad' }),
    ...(isGood === false && { color: STOP }),
  });

const quiet = (out: SheetWriter, facts: readonly string[]): Promise<void> =>
  out.text(facts.filter(Boolean).join(' · '), { indent: INDENT, color: QUIET, size: 8.5, gapAfter: 1 });

const initial = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

async function deviations(out: SheetWriter, { language }: RecordSheet, told: ToldRecord): Promise<void> {
  const say = wordsOf(language);
  out.keep(80);
  out.space(6);
  out.rule();
  await out.text(say.deviations, { size: 15, isBold: true, gapAfter: 8 });
  if (told.deviations.length === 0) await out.text(say.none);
  for (const one of told.deviations) {
    out.keep(58);
    const count = one.count > 1 ? ` (${one.count} ${say.times})` : '';
    await out.text([one.kind + count, one.where].filter(Boolean).join(' · '), { isBold: true, gapAfter: 1 });
    await quiet(out, [time(one.atMs), one.by ?? '']);
    const facts = [
      one.about ?? '',
      one.found === null ? '' : `${say.found} ${one.found}`,
      one.expected === null ? '' : `${say.expected} ${one.expected}`,
    ].filter(Boolean);
    if (facts.length > 0) await out.text(facts.join(' · '), { indent: INDENT, gapAfter: 1 });
    if (one.text) await out.text(one.text, { indent: INDENT, gapAfter: 1 });
    const when = one.decidedAtMs === null ? '' : ` · ${time(one.decidedAtMs)}`;
    const isOpen = one.decidedAtMs === null;
    await out.text(one.decision + when + (one.again && ` · ${one.again}`), {
      ...{ indent: INDENT, gapAfter: 6 },
      ...(isOpen && { color: STOP, mark: 'bad' as const }),
    });
  }
}

async function embedded(
  out: SheetWriter,
  pictures: ReadonlyMap<string, Uint8Array>,
): Promise<ReadonlyMap<string, PDFImage>> {
  const images = new Map<string, PDFImage>();
  for (const [cid, bytes] of pictures) {
    const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
    // What begins like a picture and is none is named by its address, like one that did not come.
    const image = await (isJpeg ? out.document.embedJpg(bytes) : out.document.embedPng(bytes)).catch(() => null);
    if (image) images.set(cid, image);
  }
  return images;
}

/** By UTC, so that the same record is the same paper anywhere. */
const time = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
function span(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const parts = [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : '', `${seconds % 60} s`];
  return parts.filter(Boolean).join(' ');
}
