import { useEffect, useRef, useState } from 'react';
import { WorkhallError } from '#protocol/errors';

/** Longest recording, ms: what people listen to at one step. */
const LONGEST_MS = 120_000;

interface SoundRecorder {
  /** False where the browser records nothing, or gives no microphone to pages like this. */
  readonly isPossible: boolean;
  readonly isOn: boolean;
  readonly toggle: () => void;
}

/** Records what somebody says into the microphone; ends by itself after two minutes. */
export function useSoundRecorder(onSound: (sound: Blob) => void, onFailure: (why: unknown) => void): SoundRecorder {
  const [isOn, setOn] = useState(false);
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);
  const begin = async () => {
    try {
      const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
      const recorder = new MediaRecorder(microphone);
      const pieces: Blob[] = [];
      recorder.ondataavailable = ({ data }) => void (data.size > 0 && pieces.push(data));
      recorder.onstop = () => {
        for (const track of microphone.getTracks()) track.stop();
        setOn(false);
        if (pieces.length > 0) onSound(new Blob(pieces, { type: recorder.mimeType }));
      };
      const timer = setTimeout(() => stop.current?.(), LONGEST_MS);
      stop.current = () => {
        clearTimeout(timer);
        stop.current = null;
        if (recorder.state !== 'inactive') recorder.stop();
      };
      recorder.start();
      setOn(true);
    } catch (thrown) {
      onFailure(
        new WorkhallError('procedures', 'no_microphone', 'The microphone cannot be used.', {
          facts: { why: (thrown as Error).message },
          next: 'Allow it beside the address of this page, or choose a file.',
        }),
      );
    }
  };
  return {
    isPossible: typeof MediaRecorder !== 'undefined' && navigator.mediaDevices !== undefined,
    isOn,
    toggle: () => (stop.current ? stop.current() : void begin()),
  };
}
