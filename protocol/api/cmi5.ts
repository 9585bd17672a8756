import { z } from 'zod';
import { CidText, ProjectId, RoomId, UserId } from '../ids.ts';
import { Mode } from '../procedures/behaviour.ts';
import { LAUNCH_METHODS, LAUNCH_MODES, MOVE_ON } from '../cmi5/vocabulary.ts';

/** Courses of other makers in the hall: server/cmi5. */
const Words = z.record(z.string(), z.string());
export const Cmi5CourseId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
export const Cmi5RegistrationId = z.uuid();

export interface Cmi5MemberView {
  kind: 'au' | 'block';
  /** Place among the units, or among the blocks, of the whole course. */
  number: number;
  title: Record<string, string>;
  description: Record<string, string>;
  /** Of a unit. */
  moveOn?: (typeof MOVE_ON)[number] | undefined;
  masteryScore?: number | null | undefined;
  launchMethod?: (typeof LAUNCH_METHODS)[number] | undefined;
  members?: Cmi5MemberView[] | undefined;
}
export const Cmi5MemberView: z.ZodType<Cmi5MemberView> = z.lazy(() =>
  z.object({
    kind: z.enum(['au', 'block']),
    number: z.number().int(),
    title: Words,
    description: Words,
    moveOn: z.enum(MOVE_ON).optional(),
    masteryScore: z.number().nullable().optional(),
    launchMethod: z.enum(LAUNCH_METHODS).optional(),
    members: z.array(Cmi5MemberView).optional(),
  }),
);

export const Cmi5CourseLine = z.object({
  id: Cmi5CourseId,
  project: ProjectId,
  title: Words,
  description: Words,
  units: z.number().int(),
  files: z.number().int(),
  bytes: z.number(),
  createdAt: z.number().int(),
});
export type Cmi5CourseLine = z.infer<typeof Cmi5CourseLine>;
export const Cmi5CourseList = z.object({ courses: z.array(Cmi5CourseLine) });

export const Cmi5UnitView = z.object({
  unit: z.number().int(),
  isCompleted: z.boolean(),
  isPassed: z.boolean(),
  /** Judged, and not passed yet. */
  isFailed: z.boolean(),
  isWaived: z.boolean(),
  isSatisfied: z.boolean(),
  /** The best, 0 to 1. */
  score: z.number().nullable(),
  sessions: z.number().int(),
  /** Of the session that goes on now. */
  session: z.string().nullable(),
});
export const Cmi5RegistrationView = z.object({
  id: Cmi5RegistrationId,
  course: Cmi5CourseId,
  learner: z.object({
    name: z.string(),
    /** Null: somebody of another system. */
    person: UserId.nullable(),
  }),
  createdAt: z.number().int(),
  isSatisfied: z.boolean(),
  blocks: z.array(z.number().int()).meta({ description: 'Numbers of the satisfied blocks' }),
  units: z.array(Cmi5UnitView),
});
export type Cmi5RegistrationView = z.infer<typeof Cmi5RegistrationView>;
export const Cmi5CourseView = z.object({
  course: Cmi5CourseLine,
  members: z.array(Cmi5MemberView),
  /** Mine, or null before I began. */
  mine: Cmi5RegistrationView.nullable(),
});
export type Cmi5CourseView = z.infer<typeof Cmi5CourseView>;
export const Cmi5RegistrationList = z.object({ registrations: z.array(Cmi5RegistrationView) });

export const Cmi5RegistrationNew = z.strictObject({
  /** Somebody of another system, as their account there; by default the one who asks. */
  account: z.strictObject({ homePage: z.url().max(500), name: z.string().min(1).max(200) }).optional(),
  /** Also where there is a registration already: from the beginning. */
  anew: z.boolean().default(false),
});
export const Cmi5LaunchNew = z.strictObject({
  mode: z.enum(LAUNCH_MODES).default('Normal'),
  /** Where the AU sends its learner afterwards: a page of this hall. */
  returnPath: z
    .string()
    .max(500)
    .regex(/^\/(?!\/)/, 'a path of this hall')
    .optional(),
});
export const Cmi5Launched = z.object({
  url: z.string(),
  session: z.uuid(),
  launchMethod: z.enum(LAUNCH_METHODS),
});
export const Cmi5Waiver = z.strictObject({ reason: z.string().trim().min(1).max(500) });

/** Our own procedures as units of an LMS: one course, or single releases. */
export const Cmi5PackageNew = z.strictObject({
  from: z.union([
    z.strictObject({ course: z.string().max(64) }),
    z.strictObject({
      title: z.string().trim().min(1).max(200),
      releases: z
        .array(z.strictObject({ release: CidText, mode: Mode }))
        .min(1)
        .max(200),
    }),
  ]),
  days: z.number().int().min(1).max(3650).default(365),
  /** Learners at most. */
  seats: z.number().int().min(1).max(100_000).default(500),
});
export const Cmi5PackageView = z.object({
  id: z.string(),
  title: z.string(),
  units: z.array(z.object({ title: Words, mode: Mode })),
  createdAt: z.number().int(),
  expiresAt: z.number().int(),
  isRevoked: z.boolean(),
  seats: z.number().int(),
  learners: z.number().int(),
});
export type Cmi5PackageView = z.infer<typeof Cmi5PackageView>;
export const Cmi5PackageList = z.object({ packages: z.array(Cmi5PackageView) });

/** What a launched unit shows for its place in the hall. */
export const Cmi5Entrance = z.strictObject({
  unit: z.number().int().min(0).max(1000),
  /** Of the launch data: only who the LMS launched has read it. */
  entitlementKey: z.string().min(1).max(200),
  account: z.strictObject({ homePage: z.string().min(1).max(500), name: z.string().min(1).max(200) }),
  registration: z.uuid(),
  name: z.string().trim().min(1).max(100).optional(),
});
export const Cmi5Entered = z.object({
  token: z.string(),
  user: UserId,
  name: z.string(),
  room: RoomId,
  title: Words,
  mode: Mode,
  /** CID of the document that is run. */
  procedure: CidText,
});
export type Cmi5Entered = z.infer<typeof Cmi5Entered>;
