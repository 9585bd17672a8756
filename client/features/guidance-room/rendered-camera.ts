import type { GuidanceSession } from '#net/index';
import type { CameraSource } from '../../camera/index.ts';

/** The rendered work station, loaded only when somebody wants it. With the job's session it follows the work. */
export async function openRenderedCamera(room: string | null, session: GuidanceSession | null): Promise<CameraSource> {
  return (await import('../workstation/index.ts')).openRenderedCamera(room, session);
}
