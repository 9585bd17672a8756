import { create } from 'qrcode';
import type { PDFImage } from 'pdf-lib';
import { BY_HAND, nameIn, type AsBuilt, type SignedRecord } from '#protocol/guidance/index';
import type { Range } from '#protocol/procedures/index';
import { wordsOf, type RecordLanguage } from './record-words.ts';
import { ACCENT, QUIET, SheetWriter, STOP } from './sheet-writer.ts';

export interface RecordSheet {
  readonly cid: string;
  readonly signed: SignedRecord;
  readonly language: RecordLanguage;
  /** Where anybody verifies it. */
  readonly verifyUrl: string;
  /** JPEG or PNG by CID; others are named by their address. */
  readonly pictures: ReadonlyMap<string, Uint8Array>;
}

const PICTURE_EDGE = 118;
const INDENT = 14;
type Visit = AsBuilt['steps'][number];

/** The as-built record on paper: cover, what was done step by step, deviations. The same record, the same bytes. */
export async function recordPdf(sheet: RecordSheet): Promise<Uint8Array> {
  const { cid, signed, language } = sheet;
  const { record } = signed;
  const { say } = wordsOf(language);
  const title = `${say.asBuilt} ${record.product.title} ${record.product.serial}`;
  const out = await SheetWriter.open(title, language, record.endedAtMs ?? record.openedAtMs);
  await cover(out, sheet);
  const images = await embedded(out, sheet.pictures);
  out.turn();
  await out.text(say.steps, { size: 15, isBold: true, gapAfter: 8 });
  for (const visit of record.steps) await step(out, sheet, visit, images);
  await deviations(out, sheet);
  return out.done((page, pages) => `${record.product.serial} · ${cid} · ${page} / ${pages}`);
}

async function cover(out: SheetWriter, { cid, signed, language, verifyUrl }: RecordSheet): Promise<void> {
  const { record, proof } = signed;
  const { say } = wordsOf(language);
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
    record.people.map(({ name, roles }) => (roles.length > 0 ? `${name} (${roles.join(', ')})` : name)).join('\n'),
  );
  if (record.signature) {
    const { by, statement, atMs } = record.signature;
    await out.fact(say.signedOff, `${nameIn(record, by)}, ${time(atMs)}: ${statement}`);
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
  visit: Visit,
  images: ReadonlyMap<string, PDFImage>,
): Promise<void> {
  const { record } = sheet.signed;
  const { say, how, verdict } = wordsOf(sheet.language);
  const here = <T extends { readonly visit: number | null }>(rows: readonly T[]) =>
    rows.filter((row) => row.visit === visit.n);
  const line = (text: string, isBad = false) =>
    out.text(text, { indent: INDENT, gapAfter: 1, ...(isBad && { color: STOP }) });
  out.keep(44);
  await out.text(`${visit.n + 1}  ${visit.title}`, { isBold: true, size: 10.5, gapAfter: 1 });
  const took = visit.leftAtMs === null ? '' : `, ${span(visit.leftAtMs - visit.enteredAtMs)}`;
  const by = visit.by.map((id) => nameIn(record, id)).join(', ');
  const left = visit.how === null ? '' : ` · ${how[visit.how]}`;
  const facts = `${time(visit.enteredAtMs)}${took}${by ? ` · ${by}` : ''}${left} · ${say.revision} ${visit.revision}`;
  await out.text(facts, { indent: INDENT, color: QUIET, size: 8.5, gapAfter: 1 });
  const aligned = record.alignments.findLast(({ atMs }) => atMs <= (visit.leftAtMs ?? Infinity));
  if (aligned)
    await out.text(`${say.aligned} ${(aligned.expectedErrorM * 1000).toFixed(1)} mm (${aligned.how})`, {
      ...{ indent: INDENT, color: QUIET, size: 8.5, gapAfter: 1 },
    });
  for (const { code, isRight, thing } of here(record.parts)) {
    const piece = code.serial ?? (code.lot === null ? '' : `${say.lot} ${code.lot}`);
    await line(`${thing}: ${code.part} ${piece} · ${isRight ? say.right : say.wrong}`, !isRight);
  }
  for (const { result, limits, verdict: was, thing } of here(record.tightenings)) {
    const until =
      result.calibratedUntilMs === null ? say.calibrationUnknown : `${say.calibrated} ${day(result.calibratedUntilMs)}`;
    const reported = `${say.tool} ${result.device}${result.serial === null ? '' : ` (${result.serial})`}, ${until}`;
    const tool = result.device === BY_HAND ? say.byHand : reported;
    const value = `${thing ?? ''} ${result.value} ${result.unit}${limitsText(limits, say.limits)}`.trim();
    await line(`${value} · ${tool} · ${verdict[was]}`, was !== 'counted');
  }
  for (const { variable, value, unit, limits, isInRange, instrument } of here(record.measurements)) {
    const until = instrument?.calibratedUntilMs;
    const calibrated =
      until === null || until === undefined ? say.calibrationUnknown : `${say.calibrated} ${day(until)}`;
    const withWhat = instrument ? ` · ${instrument.device}, ${calibrated}` : '';
    await line(
      `${say.measured} ${variable}: ${value} ${unit ?? ''}${limitsText(limits, say.limits)}${withWhat}`,
      !isInRange,
    );
  }
  for (const { by: who, isOk, note } of here(record.checks))
    await line(`${say.checked} ${nameIn(record, who)}: ${isOk ? say.ok : say.notOk}${note ? ` – ${note}` : ''}`, !isOk);
  const shown: PDFImage[] = [];
  for (const { cid, kind } of here(record.pictures)) {
    const image = images.get(cid);
    if (image) shown.push(image);
    else await line(`${kind === 'clip' ? say.clip : say.picture} ${cid}`);
  }
  if (shown.length > 0) {
    out.space(3);
    out.pictures(shown, PICTURE_EDGE, INDENT);
  }
  out.space(7);
}

async function deviations(out: SheetWriter, { signed: { record }, language }: RecordSheet): Promise<void> {
  const { say, kind, disposition } = wordsOf(language);
  out.keep(80);
  out.space(6);
  out.rule();
  await out.text(say.deviations, { size: 15, isBold: true, gapAfter: 8 });
  if (record.deviations.length === 0) await out.text(say.none);
  for (const one of record.deviations) {
    out.keep(40);
    const title = record.steps.find(({ n }) => n === one.visit)?.title ?? one.step ?? '';
    const count = one.count > 1 ? ` (${one.count} ${say.times})` : '';
    await out.text(`${kind[one.kind]}${count}${title ? ` · ${title}` : ''}`, { isBold: true, gapAfter: 1 });
    const facts = Object.entries(one.facts).flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`]));
    const who = one.by === null ? [] : [nameIn(record, one.by)];
    await out.text([time(one.atMs), ...who, ...facts].join(' · '), {
      ...{ indent: INDENT, color: QUIET, size: 8.5, gapAfter: 1 },
    });
    if (one.text && one.text !== one.decided?.reason) await out.text(one.text, { indent: INDENT, gapAfter: 1 });
    const decided = one.decided
      ? `${disposition[one.decided.disposition]}: ${one.decided.reason} · ${nameIn(record, one.decided.by)}, ${time(one.decided.atMs)}`
      : say.undecided;
    const again = one.reworkedIn === null ? '' : ` · ${say.reworkedIn} ${one.reworkedIn + 1}`;
    await out.text(decided + again, { indent: INDENT, gapAfter: 6, ...(!one.decided && { color: STOP }) });
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

/** Who supervises, helps or decides need not be in the crew; then the id stands for the name. */

function limitsText(limits: Range | null, word: string): string {
  if (!limits) return '';
  const { minimum, maximum, unit } = limits;
  const range =
    minimum === undefined ? `≤ ${maximum}` : maximum === undefined ? `≥ ${minimum}` : `${minimum}–${maximum}`;
  return ` (${word} ${range.replace('≤', '<=').replace('≥', '>=')} ${unit})`;
}

/** By UTC, so that the same record is the same paper anywhere. */
const time = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
const day = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
function span(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const parts = [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : '', `${seconds % 60} s`];
  return parts.filter(Boolean).join(' ');
}
