import { HelpStrip } from '../../help/index.ts';
import { useLine } from '../../room/room-context.tsx';
import { useJob } from '../job-context.tsx';
import { standingOf, type CameraState } from '../use-camera.ts';

/** The place of the call to an expert (features/help): ring, who speaks, mute, chat, end. */
export function HelpPlace({ camera }: { camera: CameraState }) {
  const { session, info } = useJob();
  const { voice } = useLine();
  return (
    <div data-place="help" data-has-camera={camera.source !== null || undefined}>
      <HelpStrip
        session={session}
        voice={voice}
        info={info}
        stream={camera.source?.stream ?? null}
        standing={standingOf(camera)}
      />
    </div>
  );
}
