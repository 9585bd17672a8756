import { WorkhallError } from '#protocol/errors';
import type { CameraSource } from '../../camera/index.ts';

/** The rendered work station's door (client/workstation), loaded only when somebody wants it. */
const DOORS = import.meta.glob<{ openRenderedCamera(room: string | null): Promise<CameraSource> }>(
  '../../workstation/index.ts',
);

export async function openRenderedCamera(room: string | null): Promise<CameraSource> {
  const [door] = Object.values(DOORS);
  if (!door)
    throw new WorkhallError('camera', 'no_workstation', 'This hall has no rendered work station.', {
      next: 'Use the camera of this device.',
    });
  return (await door()).openRenderedCamera(room);
}
