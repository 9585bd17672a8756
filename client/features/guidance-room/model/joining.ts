import type { GuidancePayload } from '#protocol/guidance/index';
import type { JobThings } from '../job-context.tsx';

/** Me as one of the crew, for whatever the procedure has to give. */
export function joining({ session, me, procedure }: JobThings): GuidancePayload<'job.join'>['person'] {
  const name = session.participants.get().find((one) => one.session === session.me.session)?.name ?? me.user;
  return { id: me.user, name, roles: procedure.workplace.roles.map(({ id }) => id), station: null };
}
