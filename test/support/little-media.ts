import type { Page } from 'playwright-core';

/** A sound of so many ms: 8 000 samples of 8 bits a second, a quiet tone (RIFF WAVE, PCM). */
export function littleSound(ms: number): Uint8Array {
  const samples = Math.round(ms * 8);
  const file = Buffer.alloc(44 + samples);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + samples, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(8000, 24);
  file.writeUInt32LE(8000, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples, 40);
  for (let at = 0; at < samples; at++) file[44 + at] = 128 + Math.round(20 * Math.sin((at * Math.PI) / 12));
  return file;
}

/** A clip of a square that moves, as a browser records it: WebM without its length. */
export async function littleClip(page: Page, ms: number): Promise<Uint8Array> {
  const bytes = await page.evaluate(async (lengthMs) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 96, height: 54 });
    const pen = canvas.getContext('2d')!;
    let at = 0;
    const draw = setInterval(() => {
      pen.fillStyle = '#343a40';
      pen.fillRect(0, 0, 96, 54);
      pen.fillStyle = '#e8590c';
      pen.fillRect((at += 2) % 80, 19, 16, 16);
    }, 40);
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const over = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    setTimeout(() => recorder.stop(), lengthMs);
    await over;
    clearInterval(draw);
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  }, ms);
  return Uint8Array.from(bytes);
}
