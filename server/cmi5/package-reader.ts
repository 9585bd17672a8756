import { readStructure, type CourseStructure } from '#protocol/cmi5/index';
import yauzl from 'yauzl';
import { problems } from './problems.ts';

export interface ReadLimits {
  readonly packageBytes: number;
  readonly unpackedBytes: number;
  readonly files: number;
  readonly structureBytes: number;
}
const MIB = 2 ** 20;
export const LIMITS: ReadLimits = {
  packageBytes: 256 * MIB,
  unpackedBytes: 512 * MIB,
  files: 5_000,
  structureBytes: 16 * MIB,
};

export interface ReadPackage {
  readonly course: CourseStructure;
  /** Each file once, its bytes not longer than they said they are. */
  files(): AsyncIterable<{ path: string; bytes: Buffer }>;
}

/**
 * A zip with `cmi5.xml` at its root (14.1), or that file alone (14.2); 64-bit zips too. Everything that a zip says of itself
 * is checked before anything is unpacked, and again while it is: names, sizes, number. Nothing is written to disk by name.
 */
export async function readPackage(bytes: Buffer, contentType: string, limits = LIMITS): Promise<ReadPackage> {
  const isZip = /zip|octet-stream/i.test(contentType);
  const isXml = /\bxml\b/i.test(contentType);
  if (!isZip && !isXml) throw problems.notAPackage(contentType);
  if (isZip) return fromZip(bytes, limits);
  if (bytes.length > limits.structureBytes) throw tooLargeStructure(limits);
  return { course: structureOf(bytes, null), files: async function* () {} };
}

async function fromZip(bytes: Buffer, limits: ReadLimits): Promise<ReadPackage> {
  const entries = await entriesOf(bytes, limits);
  const head = entries.get('cmi5.xml');
  if (!head) throw problems.badPackage([{ clause: '14.1', line: 1, message: 'The zip has no cmi5.xml at its root.' }]);
  if (head.uncompressedSize > limits.structureBytes) throw tooLargeStructure(limits);
  const zip = await open(bytes);
  const course = structureOf(await unpacked(zip, head), entries);
  return {
    course,
    async *files() {
      for (const [path, entry] of entries) yield { path, bytes: await unpacked(zip, entry) };
    },
  };
}

function structureOf(bytes: Buffer, files: { has(path: string): boolean } | null): CourseStructure {
  const read = readStructure(textOf(bytes), { files });
  if (!read.ok) throw problems.badPackage(read.faults);
  return read.course;
}

/** UTF-8 or UTF-16 by its first bytes, as XML 1.0 appendix F has it. */
function textOf(bytes: Buffer): string {
  const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
  const isBig = bytes[0] === 0xfe && bytes[1] === 0xff;
  try {
    return new TextDecoder(isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw problems.badPackage([
      { clause: '14.0', line: 1, message: 'The course structure is not in UTF-8 or UTF-16.' },
    ]);
  }
}

async function entriesOf(bytes: Buffer, limits: ReadLimits): Promise<Map<string, yauzl.Entry>> {
  const zip = await open(bytes);
  const entries = new Map<string, yauzl.Entry>();
  let total = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName: path } = entry;
      if (path.endsWith('/')) continue;
      if (!entry.canDecodeFileData() || entry.isEncrypted())
        throw problems.badZip(`"${path}" is packed in an unknown way`);
      if (path.length > 1000 || /[\p{Cc}]/u.test(path) || path.split('/').some((part) => part === '' || part === '.'))
        throw problems.badZip(`"${path.slice(0, 100)}" is no name of a file`);
      if (entries.has(path)) throw problems.badZip(`"${path}" is there twice`);
      total += entry.uncompressedSize;
      if (total > limits.unpackedBytes)
        throw problems.tooLarge(`unpacked it has more than ${limits.unpackedBytes / MIB} MiB`, limits.unpackedBytes);
      entries.set(path, entry);
      if (entries.size > limits.files) throw problems.tooLarge(`it has more than ${limits.files} files`, limits.files);
    }
  } catch (thrown) {
    throw asProblem(thrown);
  }
  return entries;
}

/** Names that lead out of the folder, with `..`, a drive or a slash at their start, are refused by the library. */
async function open(bytes: Buffer): Promise<yauzl.ZipFile> {
  try {
    return await yauzl.fromBufferPromise(bytes, {
      lazyEntries: true,
      strictFileNames: false,
      validateEntrySizes: true,
    });
  } catch (thrown) {
    throw asProblem(thrown);
  }
}

/** As many bytes as the zip's directory says, no more and no fewer. */
async function unpacked(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of await zip.openReadStreamPromise(entry)) {
      pieces.push(piece as Buffer);
      length += (piece as Buffer).length;
      if (length > entry.uncompressedSize) throw problems.badZip(`"${entry.fileName}" is longer than it says`);
    }
  } catch (thrown) {
    throw asProblem(thrown);
  }
  return Buffer.concat(pieces);
}

function asProblem(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown.name === 'WorkhallError') return thrown;
  return problems.badZip(thrown.message.slice(0, 200));
}

const tooLargeStructure = ({ structureBytes }: ReadLimits) =>
  problems.tooLarge(`cmi5.xml has more than ${structureBytes / MIB} MiB`, structureBytes);
