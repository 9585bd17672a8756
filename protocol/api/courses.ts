import { z } from 'zod';
import { ProjectId, UserId } from '../ids.ts';
import { Mode } from '../procedures/behaviour.ts';
import { Text } from '../procedures/text.ts';
import { Course } from '../training/course.ts';

const GroupId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'a group id has 1-64 letters, digits, _ or -');
const People = z.array(UserId).max(2000);

export const StandingView = z.object({
  user: UserId,
  name: z.string(),
  dueAt: z.number().int().nullable(),
  isDone: z.boolean(),
  isOverdue: z.boolean(),
  nextRefresherAt: z.number().nullable(),
  modules: z.array(
    z.object({
      module: z.string(),
      state: z.enum(['locked', 'open', 'passed', 'lapsed', 'exhausted']),
      missing: z.array(z.string()),
      attempts: z.number().int(),
      /** Null: any number. */
      left: z.number().int().nullable(),
      best: z.number().nullable(),
      passedAtMs: z.number().nullable(),
      goodUntilMs: z.number().nullable(),
    }),
  ),
});
export type StandingView = z.infer<typeof StandingView>;

export const CourseView = z.object({
  id: z.string(),
  project: ProjectId,
  version: z.number().int(),
  course: Course,
  /** Mine, whether or not the course was assigned to me. */
  standing: StandingView,
});
export type CourseView = z.infer<typeof CourseView>;
export const CourseList = z.object({ courses: z.array(CourseView) });
export const CourseNew = z.strictObject({ course: Course });
export const CourseSave = z.strictObject({ version: z.number().int(), course: Course });

/** Assigning again changes the day; people who come into a group later have it, too. */
export const AssignmentNew = z.strictObject({
  people: People.default([]),
  groups: z.array(GroupId).max(200).default([]),
  dueAt: z.number().int().nullable().default(null),
});
export const Standings = z.object({ standings: z.array(StandingView) });

export const GroupNew = z.strictObject({ name: z.string().trim().min(1).max(200), members: People });
export const GroupView = z.object({ id: GroupId, name: z.string(), members: People });
export const GroupList = z.object({ groups: z.array(GroupView) });

/** What is left for me to do, next due first. */
export const CoursesAssigned = z.object({
  courses: z.array(
    z.object({
      id: z.string(),
      title: Text,
      project: z.object({ id: ProjectId, title: z.string() }),
      dueAt: z.number().int().nullable(),
      isOverdue: z.boolean(),
      done: z.number().int(),
      total: z.number().int(),
      /** What can be done now; null: something else comes first, or no attempt is left. */
      next: z.object({ title: Text, mode: Mode }).nullable(),
    }),
  ),
});
