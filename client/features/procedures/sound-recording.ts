import { WorkhallError } from '#protocol/errors';

/** Longest recording, ms: what people listen to at one step. */
const LONGEST_MS = 120_000;

export interface SoundRecording {
  /** What was said; null: nothing. Comes after `stop`, or after two minutes. */
  readonly sound: Promise<Blob | null>;
  stop(): void;
}

/** False where the browser records nothing, or gives no microphone to pages like this. */
export const canRecordSound = (): boolean =>
  typeof MediaRecorder !== 'undefined' && navigator.mediaDevices !== undefined;

/** Records what somebody says into the microphone. Rejects with `procedures.no_microphone`. */
export async function recordSound(): Promise<SoundRecording> {
  let microphone: MediaStream;
  try {
    microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (thrown) {
    throw new WorkhallError('procedures', 'no_microphone', 'The microphone cannot be used.', {
      facts: { why: (thrown as Error).message },
      next: 'Allow it beside the address of this page, or choose a file.',
    });
  }
  const recorder = new MediaRecorder(microphone);
  const pieces: Blob[] = [];
  const stop = () => {
    if (recorder.state !== 'inactive') recorder.stop();
  };
  const timer = setTimeout(stop, LONGEST_MS);
  const sound = new Promise<Blob | null>((resolve) => {
    recorder.ondataavailable = ({ data }) => void (data.size > 0 && pieces.push(data));
    recorder.onstop = () => {
      clearTimeout(timer);
      for (const track of microphone.getTracks()) track.stop();
      resolve(pieces.length > 0 ? new Blob(pieces, { type: recorder.mimeType }) : null);
    };
  });
  recorder.start();
  return { sound, stop };
}
