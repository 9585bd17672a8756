import { connectGuidance } from '#net/guidance';
import type { GuidanceSession } from '#net/index';
import { rowsOf } from '#protocol/guidance/index';
import { Procedure } from '#protocol/procedures/index';
import { valve, valvePlan, TORQUE } from '../../support/jobs.ts';
import { signIn, until } from '../../support/people.ts';
import { aStep, to } from '../../support/procedures.ts';
import { startHall } from '../../support/server.ts';
import { SimulatedController } from '../../support/simulated-tool.ts';
import { percentile, sizeOf, type Figure, type Part } from '../figures.ts';
import { watchStandstills, type Sample } from '../standstill.ts';

const JOBS = sizeOf('GATE_JOBS', 50);
const TIGHTENINGS = 20;
/** Between two tightenings of one job, ms: as quick as a hand is from screw to screw. */
const EVERY_MS = sizeOf('GATE_EVERY_MS', 2_000);

export const gates: Part = { name: 'gates', measure };

/** One screw after the other: each result lets one step end. */
const screws = (): Procedure =>
  valve(() =>
    Array.from({ length: TIGHTENINGS + 1 }, (_, n) => {
      const next = n < TIGHTENINGS ? `s${n + 1}` : null;
      return aStep(`s${n}`, {
        transitions: [to(next, { kind: 'toolUsed', thing: 'screw-1', tool: 'wrench', result: TORQUE })].map((one) => ({
          ...one,
          id: 't0',
          interrupts: false,
        })),
      });
    }),
  );

/**
 * Fifty jobs at fifty stations, each with a controller of its own and an engineer who is in the job: from the result sent to
 * its step left and on disk, and to the next step in the replica of the glasses.
 */
async function measure(): Promise<Figure[]> {
  const hall = await startHall({ env: { LOG_LEVEL: 'error' } });
  const machine = watchStandstills();
  const tools: SimulatedController[] = [];
  const glasses: GuidanceSession[] = [];
  try {
    const boss = await signIn(hall.url, 'Boss');
    const { id: project } = await boss.ask<{ id: string }>('POST', '/api/projects', {
      title: 'Works',
      description: '',
    });
    const draft = await boss.ask<{ id: string }>('POST', `/api/projects/${project}/procedures`, {
      procedure: screws(),
    });
    const { cid: release } = await boss.ask<{ cid: string }>('POST', `/api/procedures/${draft.id}/releases`, {
      version: 1,
    });
    const rooms: string[] = [];
    for (let n = 0; n < JOBS; n++) {
      const tool = await SimulatedController.open();
      tools.push(tool);
      const device = `W-${n}`;
      const plan = valvePlan({
        release,
        productType: `V-${n}`,
        gates: [],
        kit: [],
        tools: [{ tool: 'wrench', device }],
      });
      await boss.ask('POST', `/api/projects/${project}/job-plans`, plan);
      const line = { kind: 'openProtocol', host: '127.0.0.1', port: tool.port };
      const made = await boss.ask<{ station: { id: string } }>('POST', `/api/projects/${project}/stations`, {
        name: `S${n}`,
        tools: [{ device, line, serial: null, calibratedUntil: null }],
      });
      const code = `WO;${n};V-${n};SN-${n}`;
      const { room } = await boss.ask<{ room: string }>('POST', `/api/projects/${project}/jobs`, {
        code,
        station: made.station.id,
      });
      await boss.ask('POST', `/api/jobs/${room}/ops`, { ops: [{ id: `b-${n}`, type: 'job.begin', payload: {} }] });
      rooms.push(room);
      glasses.push(await connectGuidance({ hallUrl: hall.url, token: boss.token, room, device: 'headset' }));
    }
    await until('all controllers are there', () => tools.every(({ heard }) => heard.includes(60)), 20_000);
    const took: Sample[] = [];
    const seen: Sample[] = [];
    await Promise.all(
      tools.map(async (tool, n) => {
        await new Promise((resolve) => setTimeout(resolve, (n / JOBS) * EVERY_MS));
        for (let k = 0; k < TIGHTENINGS; k++) {
          const startMs = Date.now();
          const fromMs = performance.now();
          const passed = (): Sample => ({ startMs, tookMs: performance.now() - fromMs });
          const shown = isAt(glasses[n]!, `s${k + 1}`).then(() => seen.push(passed()));
          await tool.tighten({ id: `${k + 1}`, torqueNm: 25, isOk: true });
          await tool.isTaken();
          took.push(passed());
          await shown;
          await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
        }
      }),
    );
    for (const room of rooms) {
      const { summary } = await boss.ask<{ summary: { steps: string[] } }>('GET', `/api/jobs/${room}`);
      if (summary.steps[0] !== `s${TIGHTENINGS}`) throw new Error(`A job stands at ${summary.steps[0]}.`);
    }
    const note = `${JOBS} jobs, ${TIGHTENINGS} tightenings each, ${1000 / EVERY_MS}/s, Open Protocol over TCP; until acknowledged, which is after the disk`;
    return [
      {
        name: 'tool result to step unlocked on the server, p50',
        measured: percentile(machine.running(took), 0.5),
        unit: 'ms',
        note,
      },
      {
        name: 'tool result to step unlocked on the server, p99',
        measured: percentile(machine.running(took), 0.99),
        unit: 'ms',
        target: 50,
        note: `${note}; ${machine.told(took, 0.99)}`,
      },
      {
        name: 'tool result to next step in the glasses, p99',
        measured: percentile(machine.running(seen), 0.99),
        unit: 'ms',
        target: 150,
        note: `${JOBS} engineers in their jobs, all replicas in one process beside the server; ${machine.told(seen, 0.99)}`,
      },
    ];
  } finally {
    machine.stop();
    for (const session of glasses) await session.leave();
    await hall.stop();
    for (const tool of tools) await tool.close();
  }
}

/** Resolves when the replica of an engineer shows this step. */
function isAt(session: GuidanceSession, step: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (rowsOf(session.document.get(), 'visits').at(-1)?.step !== step) return;
      stop();
      resolve();
    };
    const stop = session.document.subscribe(look);
    look();
  });
}
