import { useEffect, useRef, useState } from 'react';
import { canRecordSound, recordSound, type SoundRecording } from './sound-recording.ts';

interface SoundRecorder {
  readonly isPossible: boolean;
  readonly isOn: boolean;
  readonly toggle: () => void;
}

/** Records what somebody says; ends by itself after two minutes. */
export function useSoundRecorder(onSound: (sound: Blob) => void, onFailure: (why: unknown) => void): SoundRecorder {
  const [isOn, setOn] = useState(false);
  const running = useRef<SoundRecording | null>(null);
  useEffect(() => () => running.current?.stop(), []);
  const begin = async () => {
    try {
      const recording = (running.current = await recordSound());
      setOn(true);
      const sound = await recording.sound;
      if (sound) onSound(sound);
    } catch (thrown) {
      onFailure(thrown);
    } finally {
      running.current = null;
      setOn(false);
    }
  };
  return {
    isPossible: canRecordSound(),
    isOn,
    toggle: () => (running.current ? running.current.stop() : void begin()),
  };
}
