import { z } from 'zod';
import { JobFigures, JobSummary } from '../guidance/figures.ts';
import { JobPlan, Label } from '../guidance/plan.ts';
import { ToolResult } from '../guidance/ops.ts';
import { CidText, OpId, ProjectId, RoomId } from '../ids.ts';
import { RoleId, SensorId, ToolId } from '../procedures/ids.ts';
import { Unit } from '../procedures/measure.ts';
import { Text } from '../procedures/text.ts';

export const PlanView = z.object({ project: ProjectId, plan: JobPlan, savedAt: z.number().int() });
export const PlanList = z.object({ plans: z.array(PlanView) });

export const StationTool = z.strictObject({
  device: Label.regex(/^[^/+#]+$/, 'a device has no / + or #'),
  /** By the hall’s MQTT broker, or a controller that speaks Open Protocol. */
  line: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('mqtt') }),
    z.strictObject({
      kind: z.literal('openProtocol'),
      host: z.string().min(1).max(255),
      port: z.number().int().min(1).max(65_535),
    }),
  ]),
  serial: Label.nullable(),
  calibratedUntil: z.number().int().nonnegative().nullable(),
});
export type StationTool = z.infer<typeof StationTool>;
/** Something at a station that shows a value: a sensor of the plant, or of a simulated machine. */
export const StationGauge = z.strictObject({
  device: Label.regex(/^[^/+#]+$/, 'a device has no / + or #'),
  /** What its numbers are in. */
  unit: Unit,
  source: z.discriminatedUnion('kind', [
    /** A number in JSON that is published: the topic, and the JSONPath of its one place. */
    z.strictObject({
      kind: z.literal('mqtt'),
      topic: z
        .string()
        .min(1)
        .max(200)
        .regex(/^[^+#\0$][^+#\0]*$/, 'one topic, without wildcards'),
      path: z.string().max(200).default('$'),
    }),
    /** The newest run in a training room, and the sensor of its machine. */
    z.strictObject({ kind: z.literal('machine'), room: RoomId, sensor: SensorId }),
  ]),
});
export type StationGauge = z.infer<typeof StationGauge>;
/** Of a station that is drawn and not built: the hall itself plays its tools. Records name them, so nobody takes one for real. */
export const SIMULATED_DEVICE = 'SIM-';
export const StationNew = z
  .strictObject({
    name: Label,
    tools: z.array(StationTool).max(50),
    gauges: z.array(StationGauge).max(50).default([]),
    isSimulated: z.boolean().default(false),
  })
  .refine(
    ({ isSimulated, tools }) => !isSimulated || tools.every(({ device }) => device.startsWith(SIMULATED_DEVICE)),
    `devices of a simulated station begin with ${SIMULATED_DEVICE}`,
  );
export const StationView = z.object({
  id: z.string(),
  name: Label,
  isSimulated: z.boolean(),
  /** Number of the first of its twelve tags: stations that can be seen together share none. */
  firstTag: z.number().int(),
  /** `isUp`: results could come; `heardAt`: when the newest came, ms since 1970, null: never yet. */
  tools: z.array(StationTool.extend({ isUp: z.boolean(), heardAt: z.number().int().nullable() })),
  gauges: z.array(StationGauge.extend({ isUp: z.boolean() })),
  /** Where tools of this station publish, when one does. */
  mqtt: z.object({ port: z.number().int(), username: z.string() }).nullable(),
  /** The job that is here now, with the revision it runs under, and who is in its crew. */
  job: z
    .object({
      room: RoomId,
      order: z.string(),
      productType: z.string(),
      serial: z.string(),
      revision: z.number().int(),
      crew: z.array(z.string()),
    })
    .nullable(),
});
export type StationView = z.infer<typeof StationView>;
/** The password is told once; after that only its hash is known. */
export const StationMade = z.object({ station: StationView, password: z.string() });
/** What stands at a station from now on. */
export const StationSetUp = z.strictObject({
  tools: z.array(StationTool).max(50),
  gauges: z.array(StationGauge).max(50),
});
export const StationPassword = z.object({ password: z.string() });
export const StationList = z.object({ stations: z.array(StationView) });

export const JobNew = z.strictObject({
  /** What the scanner read: `WO;order;product;serial`. Instead of the three fields. */
  code: z.string().max(300).optional(),
  order: Label.optional(),
  productType: Label.optional(),
  serial: Label.optional(),
  station: z.string().max(64),
  /** What the person may do in it; default: all roles of the procedure. */
  roles: z.array(RoleId).max(20).optional(),
});
export const JobView = z.object({ room: RoomId, project: ProjectId, title: z.string(), summary: JobSummary });
export type JobView = z.infer<typeof JobView>;
export const JobList = z.object({ jobs: z.array(JobView) });

/** For devices that are no browser: a scanner, a pedal, a gauge. */
export const JobOps = z.strictObject({
  ops: z
    .array(z.strictObject({ id: OpId, type: z.string().max(64), payload: z.unknown() }))
    .min(1)
    .max(100),
});
export const JobVerdicts = z.object({
  verdicts: z.array(z.object({ id: OpId, ok: z.boolean(), problem: z.unknown().optional() })),
});

export const EvidenceKind = z.enum(['picture', 'clip']);
/** A photo as the largest telephones take it; some minutes of video. */
export const MAX_EVIDENCE_BYTES: Readonly<Record<z.infer<typeof EvidenceKind>, number>> = {
  picture: 32 * 1024 * 1024,
  clip: 256 * 1024 * 1024,
};
/** Named by `photo.add` in the job's journal. */
export const EvidenceStored = z.object({ cid: CidText, bytes: z.number().int() });

/** The trigger of a tool that the hall plays, at a simulated station: it tightens what the step waits for. */
export const SimulatedUse = z.strictObject({
  tool: ToolId,
  /** How it turns out: right, or a torque that a step must not take. */
  how: z.enum(['right', 'low', 'high']),
});
export type SimulatedUse = z.infer<typeof SimulatedUse>;
export const SimulatedUsed = z.object({ device: z.string(), value: z.number(), unit: z.string(), ok: z.boolean() });

/** A plan whose procedure has a newer release, and what is against taking it; null: it fits. */
const PlanChange = z.object({
  productType: z.string(),
  procedure: z.string(),
  revision: z.number().int(),
  release: CidText,
  newest: z.object({ release: CidText, revision: z.number().int(), note: z.string() }),
  fault: z.object({ key: z.string(), message: z.string() }).nullable(),
});
/** A running job that is on another release than its plan. */
export const JobChange = z.object({
  room: RoomId,
  station: z.string(),
  serial: z.string(),
  procedure: z.string(),
  revision: z.number().int(),
  to: z.object({ release: CidText, revision: z.number().int() }),
  /** `away`: a device took it along, and it stays as it is until that is back. */
  change: z.enum(['stays', 'waits', 'asks', 'away']),
  /** Who took it along, where that keeps it. */
  takenBy: z.array(z.string()),
  /** Keys of what is against it where the job stands now; empty: it would go on at once. */
  reasons: z.array(z.string()),
});
export type JobChange = z.infer<typeof JobChange>;
/** Null: the job runs what its plan names. */
export const ChangeOfJob = z.object({ change: JobChange.nullable() });
export const InstructionChanges = z.object({ plans: z.array(PlanChange), jobs: z.array(JobChange) });
export type InstructionChanges = z.infer<typeof InstructionChanges>;
export const PlanTake = z.strictObject({ productType: Label, release: CidText });
/** Something about the jobs of a project has changed. */
export const JobsMoved = z.object({ moved: z.number().int() });

export const StrayResults = z.object({
  results: z.array(z.object({ station: z.string(), result: ToolResult, cameAt: z.number().int() })),
});
export const FiguresView = z.object({ figures: JobFigures });
export const RecordView = z.object({ cid: z.string(), signed: z.unknown() });
/** Genealogy, both ways. */
export const PartsOfProduct = z.object({
  parts: z.array(
    z.object({
      room: RoomId,
      product: z.string(),
      thing: z.string(),
      part: z.string(),
      serial: z.string().nullable(),
      lot: z.string().nullable(),
      /** What the instruction calls `thing`. */
      title: Text.nullable(),
      /** Who put it in, and when (ms since 1970); null: not known. */
      by: z.string().nullable(),
      atMs: z.number().nullable(),
      /** CID of the product's signed record, once its job is over. */
      record: z.string().nullable(),
    }),
  ),
});
export const GenealogyQuery = z
  .strictObject({ product: Label.optional(), serial: Label.optional(), lot: Label.optional() })
  .refine(
    (query) => Object.values(query).filter((value) => value !== undefined).length === 1,
    'one of product, serial, lot',
  );
