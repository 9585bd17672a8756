/**
 * What an import hands over: a tree of nodes that place shapes, and each distinct shape once.
 *
 * Frames: metres, right-handed. A node's pose is in its parent's frame; the roots stand in the product's frame, which
 * is Y up. CAD files are usually Z up: their turn lies in the root's pose, so a part keeps its own CAD coordinates and
 * two files that hold the same part hold the same bytes (the same CID).
 */
import { z } from 'zod';
import { CidText, PartId } from '../ids.ts';
import { Pose } from '../spatial/pose.ts';

export const MAX_PRODUCT_NODES = 50_000;

const Finite3 = z.tuple([z.number(), z.number(), z.number()]);

export const ProductNode = z.strictObject({
  /** Derived from the path of product names, so that importing the same file again gives the same ids. */
  id: PartId,
  name: z.string().min(1).max(200),
  /** Id of the node above, or null for a root. Parents come before their children. */
  parent: PartId.nullable(),
  poseInParent: Pose,
  kind: z.enum(['assembly', 'part']),
  /** Index into `shapes`; a part has one, an assembly none. */
  shape: z.int().min(0).optional(),
  /** sRGB `#rrggbb`; null when the shape carries its own colours or materials (see `ProductShape.hasOwnColours`). */
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/)
    .nullable(),
});

export const ProductShape = z.strictObject({
  name: z.string().min(1).max(200),
  /** The GLB of this shape: node `part` (triangles) and node `edges` (B-rep feature edges as lines). */
  cid: CidText,
  size: z.int().min(1),
  triangleCount: z.int().min(0),
  /** In the part's own frame. */
  boundsM: z.strictObject({ min: Finite3, max: Finite3 }),
  volumeM3: z.number(),
  areaM2: z.number().min(0),
  /** Faces a comment can be pinned to: ids 0 to faces - 1, ranges in the GLB's `part` mesh under `extras.faces`. */
  faces: z.int().min(0),
  hasOwnColours: z.boolean(),
});

export const ProductStructure = z
  .strictObject({
    unit: z.literal('metre'),
    up: z.literal('y'),
    nodes: z.array(ProductNode).min(1).max(MAX_PRODUCT_NODES),
    shapes: z.array(ProductShape),
  })
  .superRefine((structure, context) => {
    const seen = new Set<string>();
    structure.nodes.forEach((node, index) => {
      const path = ['nodes', index];
      if (seen.has(node.id)) context.addIssue({ code: 'custom', path, message: 'two nodes share an id' });
      if (node.parent !== null && !seen.has(node.parent))
        context.addIssue({ code: 'custom', path, message: 'a parent comes before its children' });
      if ((node.kind === 'part') !== (node.shape !== undefined))
        context.addIssue({ code: 'custom', path, message: 'a part has a shape, an assembly has none' });
      if (node.shape !== undefined && node.shape >= structure.shapes.length)
        context.addIssue({ code: 'custom', path, message: 'the shape does not exist' });
      seen.add(node.id);
    });
  });

export type ProductNode = z.infer<typeof ProductNode>;
export type ProductShape = z.infer<typeof ProductShape>;
export type ProductStructure = z.infer<typeof ProductStructure>;

/** `[firstTriangle, triangleCount]`, or with the face's own sRGB colour where it differs from the part's. */
export type FaceRange = readonly [first: number, count: number] | readonly [first: number, count: number, rgb: string];

/** What stands in `extras` of the `part` mesh in a shape's GLB. */
export interface ShapeExtras {
  readonly faces: readonly FaceRange[];
}
