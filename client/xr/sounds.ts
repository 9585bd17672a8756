/** Short sounds made on the spot: no files, and quiet enough for a workshop. */
export class Sounds {
  #context: AudioContext | null = null;

  /** A dry tick; higher for a press than for a hover. */
  tick(kind: 'hover' | 'press' | 'grab' | 'refuse'): void {
    const [hz, gain, durationS] = {
      hover: [1900, 0.018, 0.018],
      press: [1300, 0.06, 0.04],
      grab: [760, 0.07, 0.05],
      refuse: [190, 0.09, 0.16],
    }[kind] as [number, number, number];
    this.#context ??= typeof AudioContext === 'undefined' ? null : new AudioContext();
    const context = this.#context;
    if (!context) return;
    const now = context.currentTime;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.type = kind === 'refuse' ? 'triangle' : 'sine';
    tone.frequency.setValueAtTime(hz, now);
    volume.gain.setValueAtTime(gain, now);
    volume.gain.exponentialRampToValueAtTime(0.0001, now + durationS);
    tone.connect(volume).connect(context.destination);
    tone.start(now);
    tone.stop(now + durationS);
  }

  dispose(): void {
    void this.#context?.close();
    this.#context = null;
  }
}
