/** Two soft tones every two seconds, until it is stopped. Silent where the browser lets nothing sound yet. */
export function ringTone(): () => void {
  const context = new AudioContext();
  const beep = () => {
    if (context.state !== 'running') return;
    for (const [at, hz] of [
      [0, 660],
      [0.22, 880],
    ] as const) {
      // prettier-ignore
      const tone = new OscillatorNode(context, { frequency: hz });
      const volume = new GainNode(context, { gain: 0 });
      const startS = context.currentTime + at;
      volume.gain.setValueAtTime(0, startS);
      volume.gain.linearRampToValueAtTime(0.14, startS + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, startS + 0.2);
      tone.connect(volume).connect(context.destination);
      tone.start(startS);
      tone.stop(startS + 0.22);
    }
  };
  beep();
  const timer = setInterval(beep, 2_000);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
