/** How far an import is, as `GET /api/imports/:id` and its event stream tell it. */
import { z } from 'zod';
import { CidText } from '../ids.ts';
import { ProductStructure } from './product-structure.ts';

/** In the order in which a job passes them. */
export const IMPORT_STAGES = [
  'waiting',
  'reading',
  'tessellating',
  'recovering_instances',
  'optimising',
  'validating',
  'storing',
] as const;
export const IMPORT_FORMATS = ['step', 'iges', 'glb', 'gltf', 'stl', 'obj'] as const;
export const IMPORT_UNITS = ['millimetre', 'centimetre', 'metre', 'inch', 'foot'] as const;
export const UP_AXES = ['y', 'z'] as const;

export const ImportStage = z.enum(IMPORT_STAGES);
export const ImportFormat = z.enum(IMPORT_FORMATS);
export const ImportUnit = z.enum(IMPORT_UNITS);
export const UpAxis = z.enum(UP_AXES);

/** A remark on a file that could be used all the same; clients translate by `key`. */
export const ImportWarning = z.strictObject({
  key: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
  message: z.string(),
});

export const ImportResult = z.strictObject({
  fileName: z.string(),
  format: ImportFormat,
  /** The file as it was uploaded. */
  original: z.strictObject({ cid: CidText, size: z.int() }),
  /** The unit its numbers were read in, and whether the file said so or we assumed it. */
  unit: z.strictObject({ name: ImportUnit, isStated: z.boolean() }),
  /** Which axis of the file was taken as up; `z` was turned to Y up in the root's pose. */
  upAxis: z.strictObject({ name: UpAxis, isStated: z.boolean() }),
  structure: ProductStructure,
  /** Parts placed, and distinct shapes stored for them. */
  counts: z.strictObject({ placed: z.int(), shapes: z.int(), triangles: z.int() }),
  warnings: z.array(ImportWarning),
  /** Milliseconds by stage, and `total`. */
  figures: z.record(z.string(), z.number()),
});

export const ImportProblem = z.strictObject({
  scope: z.string(),
  key: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
  message: z.string(),
  next: z.string().optional(),
});

export const ImportStatus = z.strictObject({
  id: z.string(),
  fileName: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  stage: ImportStage,
  /** 0 to 1 over the whole job. While the CAD kernel computes it cannot say how far it is: that span is estimated. */
  fraction: z.number().min(0).max(1),
  problem: ImportProblem.optional(),
  result: ImportResult.optional(),
});

export type ImportStage = z.infer<typeof ImportStage>;
export type ImportFormat = z.infer<typeof ImportFormat>;
export type ImportUnit = z.infer<typeof ImportUnit>;
export type UpAxis = z.infer<typeof UpAxis>;
export type ImportWarning = z.infer<typeof ImportWarning>;
export type ImportResult = z.infer<typeof ImportResult>;
export type ImportStatus = z.infer<typeof ImportStatus>;
