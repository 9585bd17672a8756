import type { QueryClient } from '@tanstack/react-query';
import type { RoomInfo } from '#protocol/api/index';
import { partsOf } from '#protocol/design/index';
import type { Document } from '#protocol/document/index';
import { may } from '#protocol/permissions/index';
import type { HallApi } from '../../net/api.ts';
import type { RoomSession } from '../../net/room-session.types.ts';

/** The parts that the project's picture shows, as far as this visit knows: they change identity with every change. */
const pictured = new WeakMap<RoomSession, ReturnType<typeof partsOf>>();

/** To be called when one is in: what was there before counts as pictured; the project's page looks after that. */
export function beginPictureCare(session: RoomSession): void {
  pictured.set(session, partsOf(session.document.get()));
}

/** Whether this visit has changed the product since it was last pictured, and may set the project's picture. */
export function isPictureDue(session: RoomSession, info: Pick<RoomInfo, 'purpose' | 'project'>): boolean {
  const parts = partsOf(session.document.get());
  const known = pictured.get(session);
  return maySetPicture(session, info) && known !== undefined && known !== parts && parts.size > 0;
}

const maySetPicture = (session: RoomSession, { purpose, project }: Pick<RoomInfo, 'purpose' | 'project'>): boolean =>
  purpose === 'project' && project !== null && may(session.me.role, 'project.edit');

/** The picture of a revision that was just published is the project's too, if nothing else was changed meanwhile. */
export async function takePublishedPicture(
  session: RoomSession,
  info: Pick<RoomInfo, 'purpose' | 'project'>,
  api: Pick<HallApi, 'updateProject'>,
  { cid, of }: { cid: string; of: Document },
): Promise<void> {
  if (!maySetPicture(session, info)) return;
  await api.updateProject(info.project!, { picture: cid });
  pictured.set(session, partsOf(of));
}

/** After leaving: draws the product as it was left, beside whatever the person does next. Nothing waits for it. */
export async function refreshAfterLeaving(session: RoomSession, info: RoomInfo, queries: QueryClient): Promise<void> {
  if (!isPictureDue(session, info)) return;
  pictured.delete(session);
  const { drawProjectPicture } = await import('../project/project-picture.ts');
  const { room, project } = { room: session.room, project: info.project! };
  if (!(await drawProjectPicture({ id: project, room }, Date.now()))) return;
  await queries.invalidateQueries({ queryKey: ['project', project] });
  await queries.invalidateQueries({ queryKey: ['projects'] });
}
