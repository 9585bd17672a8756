import { signIn } from '../../support/people.ts';
import type { Figure, Part } from '../figures.ts';
import { fill } from './crowd.figures.ts';
import { forked, measured, roomWithParts, startMeasuredHall } from './load.ts';
import type { PeerOrder, PeerResult } from './peer-crowd.worker.ts';
import { pin } from './pinned.ts';

const PEOPLE = 100;
const ROUNDS = 3;
/** Long enough that the engine has compiled what it will compile. */
const WARM_UP_MS = 12_000;
const MEASURE_MS = 8_000;

interface Cost {
  /** Of a core. */
  cpuShare: number;
  /** Down, per client and second. */
  kB: number;
}

/** A hundred active people in one hall: what they cost here, with Colyseus' schema state and with socket.io and JSON. */
export const peers: Part = {
  name: 'peers',
  async measure(): Promise<Figure[]> {
    const hall = await startMeasuredHall();
    const costs = { ours: [] as Cost[], schema: [] as Cost[], socketio: [] as Cost[] };
    try {
      const ann = await signIn(hall.url, 'Ann');
      const room = await roomWithParts(ann, PEOPLE);
      pin(hall.pid, 0);
      // In turn, so that a busy moment of the machine meets all alike.
      for (let round = 0; round < ROUNDS; round++) {
        const here = await fill(hall, ann, [room], PEOPLE, 0, { warmUpMs: WARM_UP_MS, measureMs: MEASURE_MS });
        costs.ours.push({ cpuShare: here.cpuShare, kB: here.bytesDown / here.seconds / PEOPLE / 1000 });
        costs.schema.push(await peer('schema'));
        costs.socketio.push(await peer('socketio'));
      }
    } finally {
      await hall.stop();
    }
    const ours = medianOf(costs.ours);
    return (['schema', 'socketio'] as const).flatMap((kind) => {
      const theirs = medianOf(costs[kind]);
      const name = kind === 'schema' ? 'Colyseus schema state' : 'socket.io with JSON';
      return [
        {
          name: `${PEOPLE} active people: bytes down, against ${name}`,
          measured: ours.kB / theirs.kB,
          unit: 'count' as const,
          target: 1 / 3,
          note: `times; ${ours.kB.toFixed(1)} against ${theirs.kB.toFixed(0)} kB/s per client`,
        },
        {
          name: `${PEOPLE} active people: server CPU, against ${name}`,
          measured: ours.cpuShare / theirs.cpuShare,
          unit: 'count' as const,
          target: 1,
          note: `times; ${(ours.cpuShare * 100).toFixed(1)} against ${(theirs.cpuShare * 100).toFixed(1)} % of a core; median of ${ROUNDS} rounds in turn`,
        },
      ];
    });
  },
};

async function peer(kind: PeerOrder['kind']): Promise<Cost> {
  const server = forked(`peer-${kind}.worker.ts`, 0);
  try {
    const where = await new Promise<{ port: number; room?: string }>((resolve) => {
      server.on('message', (told: { port: number; room?: string }) => resolve(told));
      server.send({});
    });
    const order: PeerOrder = { kind, ...where, people: PEOPLE, warmUpMs: WARM_UP_MS, measureMs: MEASURE_MS };
    const result = await measured<PeerOrder, PeerResult>('peer-crowd.worker.ts', order, server.pid!);
    return { cpuShare: result.cpuShare, kB: result.bytesDown / result.seconds / PEOPLE / 1000 };
  } finally {
    server.kill();
  }
}

function medianOf(costs: readonly Cost[]): Cost {
  const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return { cpuShare: middle(costs.map(({ cpuShare }) => cpuShare)), kB: middle(costs.map(({ kB }) => kB)) };
}
