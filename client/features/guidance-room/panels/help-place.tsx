import type { CameraSource } from '../../../camera/index.ts';

/** The place of the call to an expert (features/help): ring, who speaks, mute, chat, end. */
export function HelpPlace({ camera }: { camera: CameraSource | null }) {
  return <div data-place="help" data-has-camera={camera !== null || undefined} />;
}
