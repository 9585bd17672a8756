/** What the readers hand to the rest of the pipeline: meshes in millimetres, files' own axes, and a tree placing them. */
import type { Pose } from '#protocol/spatial/pose';

/** A run of triangles that is one face of the B-rep (or one smooth region of a mesh that has no B-rep). */
export interface CadFace {
  readonly first: number;
  readonly count: number;
  /** sRGB `#rrggbb`, only where it differs from the part's. */
  readonly color?: string;
}

export interface CadMesh {
  readonly name: string;
  /** x y z triplets; doubles, because congruence is decided on them. */
  readonly positions: Float64Array;
  /** Unit x y z triplets, one per vertex. */
  readonly normals: Float32Array;
  readonly indices: Uint32Array;
  readonly faces: readonly CadFace[];
  /** sRGB `#rrggbb`, or null where the file says nothing. */
  readonly color: string | null;
}

export interface CadNode {
  readonly name: string;
  /** What the id is derived from, beside the ids above: stable when the same product is exported again. */
  readonly key: string;
  readonly poseInParent: Pose;
  readonly children: CadNode[];
  /** Index of the mesh this node shows; its colour may differ from that of the mesh's first use. */
  readonly mesh?: number;
  readonly color?: string | null;
}

export interface CadModel {
  readonly roots: CadNode[];
  readonly meshes: CadMesh[];
}

/** Most triangles a file may have: beyond it neither a phone nor a headset shows it. */
export const MAX_TRIANGLES = 20_000_000;
export const MAX_PLACED_PARTS = 20_000;
