import type { Text } from '#protocol/procedures/index';
import type { Course, CourseModule, Refresher } from '#protocol/training/index';

/** Twice the time after each pass in time, up to a year. */
export const USUAL_REFRESHER: Refresher = { firstDays: 90, growthPercent: 200, mostDays: 365 };

export const blankCourse = (title: Text): Course => ({ v: 1, title, description: {}, modules: [] });

/** Another module at the end, which asks for the one before it: that is how most courses go. */
export function withModule(course: Course, line: string, title: Text, id: string): Course {
  const last = course.modules.at(-1);
  const added: CourseModule = {
    ...{ id, title, line, mode: course.modules.length === 0 ? 'guided' : 'practice', needs: last ? [last.id] : [] },
    ...{ isOptional: false, attempts: null, refresher: null },
  };
  return { ...course, modules: [...course.modules, added] };
}

export const changed = (course: Course, id: string, change: Partial<CourseModule>): Course => ({
  ...course,
  modules: course.modules.map((one) => (one.id === id ? { ...one, ...change } : one)),
});

/** What needed it needs now what it needed. */
export function withoutModule(course: Course, id: string): Course {
  const needs = course.modules.find((one) => one.id === id)?.needs ?? [];
  return {
    ...course,
    modules: course.modules
      .filter((one) => one.id !== id)
      .map((one) =>
        one.needs.includes(id)
          ? { ...one, needs: [...new Set([...one.needs.filter((other) => other !== id), ...needs])] }
          : one,
      ),
  };
}

/** One place up or down. */
export function moved(course: Course, id: string, by: -1 | 1): Course {
  const at = course.modules.findIndex((one) => one.id === id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= course.modules.length) return course;
  const modules = [...course.modules];
  [modules[at], modules[to]] = [modules[to]!, modules[at]!];
  return { ...course, modules };
}
