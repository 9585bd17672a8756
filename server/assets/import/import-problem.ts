/** Every way a file can fail, in one place: scope `import`, a stable key, and what the person can do. */
import { WorkhallError } from '#protocol/errors';
import type { Fact, Problem } from '#protocol/errors';

interface Entry {
  readonly status: number;
  readonly message: string;
  readonly next: string;
}

const EXPORT_AGAIN = 'Export the file again from the CAD program, as STEP AP214 or AP242 if it can.';

const PROBLEMS = {
  format_unknown: {
    status: 415,
    message: 'This file is none of the formats the hall reads.',
    next: 'Bring a STEP, IGES, glTF/GLB, STL or OBJ file.',
  },
  file_empty: { status: 422, message: 'The file is empty.', next: EXPORT_AGAIN },
  file_broken: {
    status: 422,
    message: 'The file is damaged or not complete, so it was not imported.',
    next: EXPORT_AGAIN,
  },
  file_too_large: {
    status: 413,
    message: 'The file is larger than this hall accepts.',
    next: 'Split it, or ask the person who runs this hall to raise the limit.',
  },
  nothing_inside: {
    status: 422,
    message: 'The file holds no solid, surface or mesh.',
    next: 'Check that the export included the bodies.',
  },
  too_many_parts: {
    status: 422,
    message: 'The file holds more parts than a room can carry.',
    next: 'Export the assemblies one by one.',
  },
  too_many_triangles: {
    status: 422,
    message: 'The model is finer than a room can show.',
    next: 'Export a coarser or simplified model.',
  },
  external_files: {
    status: 422,
    message: 'The file refers to other files, which the hall never opens.',
    next: 'Export everything in one file: GLB for glTF, a single STEP file for CAD.',
  },
  needs_extension: {
    status: 422,
    message: 'The glTF file needs an extension the hall does not read.',
    next: 'Export it again without that extension.',
  },
  took_too_long: {
    status: 422,
    message: 'The import took too long and was stopped. Nothing else was touched.',
    next: 'Export the assemblies one by one, or a simplified model.',
  },
  out_of_memory: {
    status: 422,
    message: 'The import needed more memory than it may use and was stopped. Nothing else was touched.',
    next: 'Export the assemblies one by one, or a simplified model.',
  },
  cancelled: { status: 409, message: 'The import was cancelled.', next: 'Start it again when you like.' },
  import_unknown: {
    status: 404,
    message: 'There is no such import; finished imports are kept for a short while only.',
    next: 'Start the import again.',
  },
  busy: { status: 429, message: 'Too many imports are waiting.', next: 'Wait for one to finish, then try again.' },
  importer_failed: {
    status: 500,
    message: 'The importer stopped on this file. Nothing else was touched.',
    next: EXPORT_AGAIN,
  },
} as const satisfies Record<string, Entry>;

export type ImportProblemKey = keyof typeof PROBLEMS;

export function importProblem(key: ImportProblemKey, facts: Record<string, Fact> = {}, cause?: unknown): WorkhallError {
  const { message, next, status } = PROBLEMS[key];
  return new WorkhallError('import', key, message, { facts, next, status, cause });
}

/** Gives a problem that crossed a thread its class and its HTTP status back. */
export function importProblemFrom(sent: Problem): WorkhallError {
  const known: Record<string, Entry> = PROBLEMS;
  const status = known[sent.key]?.status ?? 500;
  return new WorkhallError(sent.scope, sent.key, sent.message, { facts: { ...sent.facts }, next: sent.next, status });
}
