import { api } from '../session/index.ts';
import { pictureOfRoom } from './room-picture.ts';

/** One after the other, and each state of a project once per visit. */
let queue: Promise<unknown> = Promise.resolve();
const tried = new Map<string, number>();

/**
 * Draws what stands in the design room and makes it the project's picture: a new project has one before anybody has
 * entered, and one that was changed in the room shows what it is now. `changedAt` names the state, ms since 1970; null draws in any case.
 * Resolves to whether there is a new picture; a browser without WebGL keeps the old one.
 */
export function drawProjectPicture(project: { id: string; room: string }, changedAt: number | null): Promise<boolean> {
  if (changedAt !== null) {
    if ((tried.get(project.id) ?? -1) >= changedAt) return Promise.resolve(false);
    tried.set(project.id, changedAt);
  }
  const drawn = queue.then(() => draw(project)).catch(() => false); // without a picture everything else goes on
  queue = drawn;
  return drawn;
}

async function draw({ id, room }: { id: string; room: string }): Promise<boolean> {
  const { cid } = await api.storePicture(await pictureOfRoom(room));
  await api.updateProject(id, { picture: cid });
  return true;
}
