import { z } from 'zod';
import { MarkerMap } from '../alignment/marker-map.ts';
import { CidText } from '../ids.ts';
import { MediaId, RoleId, SensorId, StepId, ThingId, ToolId } from '../procedures/ids.ts';
import { Text } from '../procedures/text.ts';
import { Vec3 } from '../spatial/pose.ts';

/** Names on the shop floor: an order, a serial number, a station. Printed on labels and typed, so without line breaks. */
export const Label = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}]+$/u, 'a label has no control characters');

const GateId = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'a gate id has 1-40 letters, digits, _ or -');
const gate = z.strictObject({ id: GateId, step: StepId });

/**
 * What a real product needs beside the procedure's own conditions before a step may end. A training has none of these;
 * that is why they stand in the plan and not in the procedure.
 */
export const Gate = z.discriminatedUnion('kind', [
  /** The code of this part is read, and it is the part of the kit. */
  gate.extend({ kind: z.literal('scan'), thing: ThingId }),
  /** A picture or clip as evidence, beside the picture of how it should look where there is one. */
  gate.extend({
    kind: z.literal('photo'),
    text: Text,
    compareWith: MediaId.nullable(),
    /** What it has to be; absent: whichever shows it better. */
    evidence: z.enum(['picture', 'clip']).optional(),
  }),
  /** Whoever does the step has this skill by a certificate that is valid then. */
  gate.extend({ kind: z.literal('skill'), code: z.string().min(1).max(60), level: z.number().int().min(1).max(4) }),
  /** Somebody who did nothing in the step looks at it. */
  gate.extend({ kind: z.literal('secondPerson'), role: RoleId.nullable() }),
  /** The overlay lies at least this well on the product, metres: there, or everywhere that it says one error for. */
  gate.extend({
    kind: z.literal('alignment'),
    withinM: z.number().positive().max(1),
    atInProduct: Vec3.nullable().default(null),
  }),
]);
export type Gate = z.infer<typeof Gate>;
export type GateOf<K extends Gate['kind']> = Extract<Gate, { kind: K }>;

/** A part that goes into the product. */
export const KitItem = z.strictObject({
  thing: ThingId,
  /** Its part number, as its code says it. */
  part: Label,
  /** Whether each piece has a serial number, or a lot, that the record must know. */
  traced: z.enum(['serial', 'lot', 'none']),
  /** Those laid out for this order; null: any. */
  allowed: z.array(Label).max(200).nullable(),
});
export type KitItem = z.infer<typeof KitItem>;

/** A tool of the procedure, and the device at the station that it is: results of no other count. */
export const ToolBinding = z.strictObject({
  tool: ToolId,
  device: Label,
  /** Whether its value may be typed while there is no network; otherwise the step waits for the tool's own word. */
  typedOffline: z.boolean().optional(),
});
export type ToolBinding = z.infer<typeof ToolBinding>;

/** A reading of the procedure, and the instrument at the station that it comes from. */
export const ValueBinding = z.strictObject({ sensor: SensorId, device: Label });
export type ValueBinding = z.infer<typeof ValueBinding>;

/** How products of one type are made here: an order's code leads to it. */
export const JobPlan = z.strictObject({
  productType: Label,
  title: z.string().trim().min(1).max(200),
  /** CID of the signed release. */
  release: CidText,
  gates: z.array(Gate).max(500),
  kit: z.array(KitItem).max(1000),
  tools: z.array(ToolBinding).max(50),
  values: z.array(ValueBinding).max(50).default([]),
  /** How long a step is planned to take, ms; for the board. */
  plannedMs: z.record(z.string().max(64), z.number().int().positive().max(86_400_000)).optional(),
  /**
   * What happens to running jobs when the plan takes a newer release. `stay`: they end on theirs. `whenSafe`: they go on under the
   * new one at the first step where nothing done is touched. `ask`: a supervisor decides for each.
   */
  onNewRelease: z.enum(['stay', 'whenSafe', 'ask']),
  /** CID of the design revision's manifest and its token, where the design is owned. */
  design: z.strictObject({ revision: CidText, token: z.string().max(100).nullable() }).nullable(),
  /** Where markers stand on products of this type, one map for each station (by its name) that has some. */
  markers: z.array(MarkerMap).max(50).optional(),
});
export type JobPlan = z.infer<typeof JobPlan>;

/** The markers by which a product is aligned at a station: in the job's journal, so that they are known without a network. */
export const markersAt = ({ markers = [] }: Pick<JobPlan, 'markers'>, station: string): MarkerMap | null =>
  markers.find((map) => map.station === station) ?? null;

/** What a code on a part says: a part number, and the piece or the lot. */
export const PartCode = z.strictObject({
  part: Label,
  serial: Label.nullable(),
  lot: Label.nullable(),
});
export type PartCode = z.infer<typeof PartCode>;

/**
 * Reads the codes that shops print: GS1 element strings (AI 01/241 part, 21 serial, 10 lot, with FNC1 or in brackets),
 * `part;S:serial` / `part;L:lot`, and a bare part number. Null: none of these.
 */
export function readPartCode(raw: string): PartCode | null {
  const text = raw.trim().replace(/^\]d2|^\]C1|^\]Q3/, '');
  const bracketed = [...text.matchAll(/\((\d{2,4})\)([^(]+)/g)].map(([, ai, value]) => [ai!, value!] as const);
  const elements = bracketed.length > 0 ? bracketed : /^01\d{14}/.test(unseparated(text)) ? elementsOf(text) : null;
  if (elements) {
    const found = new Map(elements.map(([ai, value]) => [ai, value.trim()]));
    return made(found.get('241') ?? found.get('240') ?? found.get('01'), found.get('21'), found.get('10'));
  }
  const [part, ...rest] = text.split(';');
  const value = (mark: string) => rest.find((one) => one.startsWith(`${mark}:`))?.slice(2);
  return made(part, value('S'), value('L'));
}

const made = (part?: string, serial?: string, lot?: string): PartCode | null => {
  const read = PartCode.safeParse({ part, serial: serial || null, lot: lot || null });
  return read.success ? read.data : null;
};

/** ASCII 29, which scanners give for FNC1. */
const GROUP_SEPARATOR = '\u001d';
const unseparated = (text: string): string => (text.startsWith(GROUP_SEPARATOR) ? text.slice(1) : text);

const FIXED: Readonly<Record<string, number>> = { '01': 14, '11': 6, '13': 6, '15': 6, '17': 6 };
const OPEN = ['240', '241', '10', '21'];

/** GS1 element strings without brackets: fixed lengths, or up to the group separator. */
function elementsOf(text: string): (readonly [string, string])[] | null {
  const found: (readonly [string, string])[] = [];
  let rest = unseparated(text);
  while (rest.length > 0) {
    const ai = [...OPEN, ...Object.keys(FIXED)].find((one) => rest.startsWith(one));
    if (ai === undefined) return found.length > 0 ? found : null;
    const length = FIXED[ai];
    const end = length === undefined ? (rest.indexOf(GROUP_SEPARATOR) + 1 || rest.length + 1) - 1 : ai.length + length;
    found.push([ai, rest.slice(ai.length, end)]);
    rest = unseparated(rest.slice(end));
  }
  return found;
}

/** Codes of orders: `WO;order;productType;serial`, or three fields apart by `|`, as a label printer makes them. */
export const OrderCode = z.strictObject({ order: Label, productType: Label, serial: Label });
export type OrderCode = z.infer<typeof OrderCode>;
export function readOrderCode(raw: string): OrderCode | null {
  const fields = raw.trim().replace(/^WO;/, '').split(/[;|]/);
  if (fields.length !== 3) return null;
  const read = OrderCode.safeParse({ order: fields[0], productType: fields[1], serial: fields[2] });
  return read.success ? read.data : null;
}
