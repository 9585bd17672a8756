/** Louder than this is speech, dB below full scale (0 is the loudest); quieter than the second is its end. */
const SPEECH_DB = -48;
const SILENCE_DB = -54;
/** Pauses between words do not end it, ms. */
const HOLD_MS = 500;
/** What the level meters show: from this to full scale, dB. */
const METER_FLOOR_DB = -60;

/** Level of a block of samples, dB relative to full scale: 0 for a full square wave, -Infinity for silence. */
export function levelDb(samples: Float32Array): number {
  let squares = 0;
  for (const sample of samples) squares += sample * sample;
  return 10 * Math.log10(squares / samples.length);
}

/** 0 to 1 for a meter. */
export const meterOf = (db: number): number => Math.max(0, Math.min(1, 1 - db / METER_FLOOR_DB));

/** Says whether somebody speaks, from their level over time. */
export class SpeakingDetector {
  #lastLoudMs = -Infinity;
  #isSpeaking = false;

  update(db: number, nowMs: number): boolean {
    if (db > (this.#isSpeaking ? SILENCE_DB : SPEECH_DB)) this.#lastLoudMs = nowMs;
    return (this.#isSpeaking = nowMs - this.#lastLoudMs <= HOLD_MS);
  }
}
