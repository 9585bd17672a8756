import { z } from 'zod';
import { DeviceMark } from '../guidance/ops.ts';
import { CidText, ProjectId, RoomId, UserId } from '../ids.ts';
import { CertificateIssuer } from './credentials.ts';

const timeMs = z.number().int();

/** Everything that a job needs where there is no network, by name; the journal comes as the room's snapshot. */
export const OfflinePack = z.object({
  room: RoomId,
  project: ProjectId,
  title: z.string(),
  station: z.string(),
  /** The hall's clock. */
  packedAt: timeMs,
  /** Until when the skills in it can be believed: then the list of what was taken back is too old. */
  goodUntil: timeMs,
  files: z.array(z.object({ cid: CidText, bytes: z.number().int().nonnegative() })),
  /** Answers of the hall that the pages of the job ask for, as paths. */
  pages: z.array(z.string().startsWith('/api/')),
  people: z.array(z.object({ id: UserId, name: z.string(), certificates: z.array(z.looseObject({})) })),
  statusLists: z.array(z.object({ url: z.string(), document: z.looseObject({}) })),
  issuer: CertificateIssuer,
});
export type OfflinePack = z.infer<typeof OfflinePack>;

/** A supervisor's key on the device that goes along: `did:key` of its public half. */
export const ReleaseKey = z.strictObject({ did: z.string().regex(/^did:key:z[1-9A-HJ-NP-Za-km-z]{40,60}$/) });
/** A device that takes a job along, or has let it go. */
export const TakingDevice = z.strictObject({ device: DeviceMark });
/*
 * GET  /api/jobs/:room/offline-pack                -> OfflinePack
 * POST /api/jobs/:room/release-key    ReleaseKey   -> {}           (supervisors)
 * POST /api/jobs/:room/taken          TakingDevice -> {}           (crew)
 * POST /api/jobs/:room/let-go         TakingDevice -> {}           (crew)
 */
