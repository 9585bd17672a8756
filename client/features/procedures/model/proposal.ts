import { WorkhallError } from '#protocol/errors';
import type { Procedure, Text } from '#protocol/procedures/index';
import { shapesOf, type DesignPart } from './design-parts.ts';
import type { ProposeNews, ProposeOrder } from './propose.worker.ts';

/** What reading the models takes of the whole, as one waits for it. */
const READING = 0.25;

/**
 * A first procedure from the parts of a design, by their real shapes, beside the page. `onProgress`: 0 to 1. Rejects when
 * `signal` says that nobody wants it any more.
 */
export async function proposeFrom(
  parts: readonly DesignPart[],
  order: Pick<ProposeOrder, 'title' | 'languages'> & { readonly title: Text },
  hallUrl: string,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<{ procedure: Procedure; stuck: number }> {
  const { meshesOf } = await import('./design-meshes.ts');
  signal.throwIfAborted();
  const meshes = await meshesOf(shapesOf(parts), hallUrl, (share) => onProgress(share * READING), signal);
  const worker = new Worker(new URL('./propose.worker.ts', import.meta.url), { type: 'module', name: 'proposal' });
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.onmessage = ({ data }: MessageEvent<ProposeNews>) => {
        if ('share' in data) onProgress(READING + data.share * (1 - READING));
        else if ('problem' in data) {
          const { scope, key, message, facts } = data.problem;
          reject(new WorkhallError(scope, key, message, { facts: { ...facts } }));
        } else resolve(data);
      };
      // Shapes are for drawing; what the worker needs of them are the triangles.
      const plain = parts.map((part): DesignPart => ({ ...part, shape: null }));
      const told: ProposeOrder = { parts: plain, meshes, ...order };
      worker.postMessage(
        told,
        [...meshes.values()].map(({ buffer }) => buffer as ArrayBuffer),
      );
    });
  } finally {
    worker.terminate();
  }
}
