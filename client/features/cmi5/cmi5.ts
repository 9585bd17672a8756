import { z } from 'zod';
import * as wire from '#protocol/api/cmi5';
import { WorkhallError } from '#protocol/errors';
import { api } from '../session/index.ts';

const Nothing = z.object({});
const kept = (signal: AbortSignal | undefined) => (signal ? { signal } : {});

/** Courses of others, and packages of ours: `protocol/api/cmi5.ts`. */
export const cmi5 = {
  courses: (project: string, signal?: AbortSignal) =>
    api.ask(wire.Cmi5CourseList, 'GET', `/projects/${project}/cmi5`, kept(signal)),
  course: (course: string, signal?: AbortSignal) =>
    api.ask(wire.Cmi5CourseView, 'GET', `/cmi5/courses/${course}`, kept(signal)),
  remove: (course: string) => api.ask(Nothing, 'DELETE', `/cmi5/courses/${course}`),
  registrations: (course: string, signal?: AbortSignal) =>
    api.ask(wire.Cmi5RegistrationList, 'GET', `/cmi5/courses/${course}/registrations`, kept(signal)),
  begin: (course: string) =>
    api.ask(wire.Cmi5RegistrationView, 'POST', `/cmi5/courses/${course}/registrations`, { body: {} }),
  launch: (registration: string, unit: number, body: z.input<typeof wire.Cmi5LaunchNew>) =>
    api.ask(wire.Cmi5Launched, 'POST', `/cmi5/registrations/${registration}/units/${unit}/launch`, { body }),
  waive: (registration: string, unit: number, reason: string) =>
    api.ask(wire.Cmi5RegistrationView, 'POST', `/cmi5/registrations/${registration}/units/${unit}/waive`, {
      body: { reason },
    }),
  packages: (project: string, signal?: AbortSignal) =>
    api.ask(wire.Cmi5PackageList, 'GET', `/projects/${project}/cmi5/packages`, kept(signal)),
  revoke: (id: string) => api.ask(Nothing, 'DELETE', `/cmi5/packages/${id}`),
  enter: (id: string, body: z.input<typeof wire.Cmi5Entrance>) =>
    api.ask(wire.Cmi5Entered, 'POST', `/cmi5/packages/${id}/enter`, { body }),

  async upload(project: string, file: File): Promise<wire.Cmi5CourseLine> {
    const type = /\.xml$/i.test(file.name) ? 'text/xml' : 'application/zip';
    const headers = { ...api.headers(), 'content-type': type };
    const answer = await fetch(api.url(`/projects/${project}/cmi5`), { method: 'POST', headers, body: file });
    if (!answer.ok) throw await problemOf(answer);
    return wire.Cmi5CourseLine.parse(await answer.json());
  },
  /** The zip, and the name it wants to be saved by. */
  async package(project: string, body: z.input<typeof wire.Cmi5PackageNew>): Promise<{ zip: Blob; name: string }> {
    const headers = { ...api.headers(), 'content-type': 'application/json' };
    const answer = await fetch(api.url(`/projects/${project}/cmi5/packages`), {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw await problemOf(answer);
    const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? 'cmi5.zip';
    return { zip: await answer.blob(), name };
  },
};

const Problem = z.object({ scope: z.string(), key: z.string(), message: z.string(), next: z.string().optional() });

async function problemOf(answer: Response): Promise<WorkhallError> {
  const parsed = Problem.safeParse(await answer.json().catch(() => null));
  const { scope, key, message, next } = parsed.success
    ? parsed.data
    : {
        scope: 'net',
        key: 'unreadable_answer',
        message: 'The hall answered in a way this page does not understand.',
        next: 'Load the page again.',
      };
  return new WorkhallError(scope, key, message, { status: answer.status, ...(next ? { next } : {}) });
}
