import { z } from 'zod';

/**
 * ARLEM activity and workplace (IEEE 1589-2020) as JSON: the standard's own binding, with nothing else allowed. Written
 * from the standard's tables; every export is held against it. Known oddity: the published schema asks every person for
 * a `persona` that it does not allow, so no person can be valid there; we write none.
 */
const id = z.string().min(1).max(100);
const name = z.string().max(1000);
const decimal = z.string().regex(/^-?([0-9]+\.)?[0-9]+$/, 'a decimal number in a string');
const kind = z.enum(['animation', 'image', 'video', 'audio', 'label']);

export const ArlemActivates = z.strictObject({
  target: id,
  type: z.enum(['primitive', 'predicate', 'warning', 'action']),
  augmentation: id,
  poi: id.optional(),
  option: z.string().max(100).optional(),
  viewport: z.enum(['actions', 'reactions', 'warnings']).optional(),
  url: z.string().max(2000).optional(),
  state: z.string().max(100).optional(),
  text: z.string().max(100).optional(),
  sensor: id.optional(),
  key: z.string().max(100).optional(),
});
export const ArlemDeactivates = z.strictObject({
  target: id,
  type: z.enum(['primitive', 'predicate', 'warning', 'action', '*']),
  augmentation: id,
  poi: id.optional(),
  viewport: z.enum(['actions', 'reactions', 'warnings']).optional(),
});
const Message = z.strictObject({
  target: id,
  type: z.enum(['person', 'device', 'sensor']),
  viewport: z.enum(['alerts', 'actions', 'reactions']).optional(),
  key: z.string().max(100).optional(),
  launch: id.optional(),
  text: z.string().max(1000).optional(),
});
const If = z.strictObject({
  url: z.string().max(2000),
  // oxlint-disable-next-line unicorn/no-thenable -- the standard's own name
  then: id,
  else: id,
  min: z.number().int().optional(),
  max: z.number().int().optional(),
});
const side = z.strictObject({
  removeSelf: z.boolean().optional(),
  activates: z.array(ArlemActivates).optional(),
  deactivates: z.array(ArlemDeactivates).optional(),
  messages: z.array(Message).optional(),
  if: z.array(If).optional(),
});
export const ArlemTrigger = z.strictObject({
  id: id.optional(),
  mode: z.enum(['sensor', 'detect', 'click', 'voice']).optional(),
  duration: z.number().int().optional(),
  type: z.enum(['tangible', 'action']).optional(),
  viewport: z.enum(['actions', 'reactions', 'warnings']).optional(),
  key: z.string().max(100).optional(),
  value: z.string().max(100).optional(),
  operator: z.enum(['exceed', 'below', 'equal', 'between']).optional(),
});
const view = z.enum(['actions', 'reactions', 'warnings']);
export const ArlemAction = z.strictObject({
  id,
  viewport: view,
  type: view,
  device: id.optional(),
  location: z.string().max(1000).optional(),
  predicate: z.string().max(1000).optional(),
  instruction: z.strictObject({ title: z.string().max(100), description: z.string().max(5000) }).optional(),
  enter: side,
  exit: side,
  triggers: z.array(ArlemTrigger).min(1),
});
export const ArlemActivity = z.strictObject({
  id,
  name,
  description: z.string().max(10_000),
  language: z.string().max(2),
  workplace: z.string().max(2000),
  start: id,
  actions: z.array(ArlemAction).optional(),
});
export type ArlemActivity = z.infer<typeof ArlemActivity>;

const Poi = z.strictObject({
  id,
  'x-offset': decimal,
  'y-offset': decimal,
  'z-offset': decimal,
  'x-rotation': decimal,
  'y-rotation': decimal,
  'z-rotation': decimal,
});
const Tangible = z.strictObject({ id, name, detectable: id, pois: z.array(Poi).optional() });
export const ArlemWorkplace = z.strictObject({
  id,
  name,
  origin: id,
  things: z.array(Tangible).optional(),
  places: z.array(Tangible).optional(),
  sensors: z
    .array(
      z.strictObject({
        id,
        url: z.string().max(1000),
        username: z.string().max(100),
        password: z.string().max(100),
        data: z
          .array(z.strictObject({ key: z.string().max(100), type: z.enum(['string', 'float', 'integer', 'boolean']) }))
          .min(1)
          .optional(),
      }),
    )
    .optional(),
  detectables: z
    .array(
      z.strictObject({
        id,
        type: z.enum(['marker', 'anchor']),
        sensor: z.enum(['tracking', 'mapping']).optional(),
        url: z.string().optional(),
      }),
    )
    .optional(),
  primitives: z.array(z.strictObject({ id: kind })).optional(),
  predicates: z.array(z.strictObject({ id, type: kind, scale: decimal, url: z.string() })).optional(),
  warnings: z.array(z.strictObject({ id, type: kind, symbol: z.string(), scale: decimal })).optional(),
});
export type ArlemWorkplace = z.infer<typeof ArlemWorkplace>;
