/** A person at work behind a line: edits, moves about, looks at the others, and notes how that feels. */
import { connectRoom, type RoomSession } from '#net/index';
import { partsOf } from '#protocol/design/index';
import { stateHash } from '#protocol/document/index';
import { PartId } from '#protocol/ids';
import { Wanderer } from '../benchmarks/rooms/wanderer.ts';

export interface BotOrder {
  hallUrl: string;
  token: string;
  room: string;
  n: number;
  editEveryMs: number;
}

export interface BotReport {
  /** Own edits, and of these the ones that were in the own document right after. */
  edits: number;
  shownAtOnce: number;
  /** From making an edit to its acknowledgement, ms. */
  ackMs: number[];
  refused: string[];
  pending: number;
  /** Between two arrivals of others' motion, ms. */
  presenceGapMs: number[];
  /** How old others' motion was when it arrived, beyond the fastest, ms. */
  states: string[];
  entered: number;
  length: number;
  hash: string;
}

let session: RoomSession | null = null;
let editing: NodeJS.Timeout | undefined;
let report = fresh();

function fresh(): Omit<BotReport, 'pending' | 'length' | 'hash'> {
  return { edits: 0, shownAtOnce: 0, ackMs: [], refused: [], presenceGapMs: [], states: [], entered: 0 };
}

process.on('message', (told: { begin: BotOrder } | 'work' | 'rest' | 'forget' | 'report' | 'leave') => {
  void hear(told).catch((thrown: Error) => process.send!({ failed: thrown.stack }));
});

async function hear(told: { begin: BotOrder } | 'work' | 'rest' | 'forget' | 'report' | 'leave'): Promise<void> {
  if (typeof told === 'object') {
    await begin(told.begin);
    return void process.send!('in');
  }
  if (told === 'work') return work();
  if (told === 'rest') return clearInterval(editing);
  if (told === 'forget') return void (report = { ...fresh(), entered: report.entered });
  if (told === 'report') {
    const { document, pendingCount } = session!;
    const { length } = (session as RoomSession & { replica: { length: number } }).replica;
    return void process.send!({
      ...report,
      pending: pendingCount.get(),
      length,
      hash: stateHash(document.get()),
    } satisfies BotReport);
  }
  await session!.leave();
  process.exit(0);
}

let order: BotOrder;

async function begin(given: BotOrder): Promise<void> {
  order = given;
  const startMs = performance.now();
  session = await connectRoom({ ...given, device: 'bot' });
  report.entered = performance.now() - startMs;
  const mover = new Wanderer(given.n + 500);
  setInterval(() => session!.sendBody(mover.bodyAt(performance.now())), 50);
  let lastMs = performance.now();
  session.onBodies(() => {
    report.presenceGapMs.push(performance.now() - lastMs);
    lastMs = performance.now();
  });
  session.connection.subscribe(() => report.states.push(session!.connection.get().state));
}

function work(): void {
  let n = 0;
  editing = setInterval(() => {
    const id = PartId.parse(`part-${order.n}`);
    const x = Math.round(n++ % 100) / 10;
    const startMs = performance.now();
    const made = session!.submit('part.move', {
      moves: [{ id, poseInParent: { position: [x, 0, order.n], rotation: [0, 0, 0, 1] } }],
    });
    report.edits += 1;
    if ('problem' in made) return void report.refused.push(made.problem.key);
    if (partsOf(session!.document.get()).get(id)?.poseInParent.position[0] === x) report.shownAtOnce += 1;
    session!.confirmed(made.id).then(
      () => report.ackMs.push(performance.now() - startMs),
      (thrown: Error) => report.refused.push(thrown.message),
    );
  }, order.editEveryMs);
}
