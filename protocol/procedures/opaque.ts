import { z } from 'zod';

/** A node of a foreign format that means nothing here and must survive the way back. */
export const Opaque = z.strictObject({
  kind: z.literal('opaque'),
  format: z.enum(['vr-builder', 'arlem', 'miragexr']),
  /** The foreign type's name. */
  type: z.string().max(500),
  /** The foreign node as JSON text, so that documents stay flat. */
  json: z.string().max(100_000),
});
export type Opaque = z.infer<typeof Opaque>;
