/** The thread one import runs in; whatever happens to it, the server goes on. Speaks `WorkerMessage` to its parent. */
import { parentPort, workerData } from 'node:worker_threads';
import { toProblem } from '#protocol/errors';
import { importProblem } from './import-problem.ts';
import { limitWasmMemory } from './occt.reader.ts';
import { runPipeline } from './pipeline.ts';
import type { WorkerInput, WorkerMessage } from './worker-message.ts';

const input = workerData as WorkerInput;
const port = parentPort!;
const send = (message: WorkerMessage, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

const memory = limitWasmMemory(input.wasmLimitBytes);
try {
  const output = await runPipeline(input, (stage, fraction) => send({ type: 'progress', stage, fraction }));
  send(
    { type: 'done', output },
    output.shapes.map(({ glb }) => glb.buffer).filter((buffer) => buffer instanceof ArrayBuffer),
  );
} catch (thrown) {
  const problem = toProblem(thrown);
  const isOurs = problem.scope === 'import';
  if (memory.wasHit() || (thrown instanceof RangeError && /memory|allocation/i.test(thrown.message)))
    send({ type: 'failed', problem: importProblem('out_of_memory').problem });
  else if (isOurs) send({ type: 'failed', problem });
  else
    send({
      type: 'failed',
      problem: importProblem('importer_failed', { reason: String(thrown).slice(0, 300) }).problem,
    });
}
