import { z } from 'zod';
import { CidText, PartId } from '../ids.ts';
import { Pose } from '../spatial/pose.ts';
import { ParametricShape } from './parametric.ts';

/** What a surface is made of; the client maps a preset to a physically based material, `color` tints it. */
export const MATERIAL_PRESETS = [
  'steel',
  'aluminium',
  'brass',
  'rubber',
  'plastic',
  'paint',
  'glass',
  'original',
] as const;

export const Material = z.strictObject({
  preset: z.enum(MATERIAL_PRESETS),
  /** sRGB. With `original` the colours and textures of the imported file are kept and this is ignored. */
  color: z.string().regex(/^#[0-9a-f]{6}$/, 'a colour is #rrggbb in lower case'),
});
export type Material = z.infer<typeof Material>;

/** An imported solid: one GLB file on IPFS, in part coordinates, metres. Many parts share one file: instances. */
export const AssetShape = z.strictObject({
  kind: z.literal('asset'),
  cid: CidText,
  /** Axis-aligned bounds in part coordinates, so that a room can be laid out before the model arrives. */
  boundsM: z.strictObject({
    min: z.tuple([z.number(), z.number(), z.number()]),
    max: z.tuple([z.number(), z.number(), z.number()]),
  }),
  triangleCount: z.number().int().nonnegative(),
});
export type AssetShape = z.infer<typeof AssetShape>;

export const Shape = z.union([AssetShape, ParametricShape]);
export type Shape = z.infer<typeof Shape>;

const name = z.string().trim().min(1).max(200);

export const Part = z.strictObject({
  id: PartId,
  /** The group it belongs to, or null at the top. */
  parent: PartId.nullable(),
  name,
  /** Fractional index among its siblings; compares as text. */
  order: z.string().min(1).max(64),
  poseInParent: Pose,
  hidden: z.boolean(),
  material: Material,
  /** null for a group. */
  shape: Shape.nullable(),
  /** Where an imported part comes from: the file and the part's stable id in it. */
  source: z.strictObject({ file: CidText, node: z.string().max(500) }).optional(),
});
export type Part = z.infer<typeof Part>;

export const PartName = name;
export const DEFAULT_MATERIAL: Material = { preset: 'aluminium', color: '#b8bec6' };
