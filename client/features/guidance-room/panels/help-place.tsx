import type { CameraSource } from '../../../camera/index.ts';
import { HelpStrip } from '../../help/index.ts';
import { useLine } from '../../room/room-context.tsx';
import { useJob } from '../job-context.tsx';

/** The place of the call to an expert (features/help): ring, who speaks, mute, chat, end. */
export function HelpPlace({ camera }: { camera: CameraSource | null }) {
  const { session, info } = useJob();
  const { voice } = useLine();
  return (
    <div data-place="help" data-has-camera={camera !== null || undefined}>
      <HelpStrip session={session} voice={voice} info={info} stream={camera?.stream ?? null} />
    </div>
  );
}
