import { EMPTY_DOCUMENT, rowKey, table, type Document, type Footprint } from '../document/index.ts';
import { problem } from '../errors.ts';
import type { Op } from '../journal/entry.ts';
import type { RoomModel, RoomModels } from '../journal/model.ts';
import type { Action } from '../permissions/index.ts';
import { CLOSED, REWOUND, runOf, runsOf } from './document.ts';
import { TRAINING_OPS, type TrainingOpType, type TrainingPayload } from './ops.ts';
import { MAX_RUNS, reduceTraining } from './reducer.ts';

const isTrainingOp = (type: string): type is TrainingOpType => Object.hasOwn(TRAINING_OPS, type);
/** Of commands, those that people may give to their own run. */
const OWN_COMMANDS: readonly string[] = ['paused', 'resumed', 'stepReset'];

/** Runs of released procedures: see `reducer.ts` for what ops do. */
export const trainingModel: RoomModel = {
  kind: 'training',

  begin: () => EMPTY_DOCUMENT,

  validate(type, payload) {
    if (!isTrainingOp(type)) return { ok: false, problem: unknownOp(type) };
    const parsed = TRAINING_OPS[type].safeParse(payload);
    if (parsed.success) return { ok: true, payload: parsed.data };
    const issue = parsed.error.issues[0];
    return {
      ok: false,
      problem: problem(
        'training',
        'malformed_op',
        `The op "${type}" is malformed: ${issue?.message ?? 'unreadable'}.`,
        {
          facts: { type, path: issue?.path.join('.') ?? '' },
          next: 'Nothing was changed. Check the value and try again.',
        },
      ),
    };
  },

  demand(document, op, authorId) {
    return { action: actionOf(op.type), situation: { own: isOwn(document, op, authorId) } };
  },

  apply(document, entry) {
    if (!isTrainingOp(entry.type)) return { ok: false, problem: unknownOp(entry.type) };
    return reduceTraining(document, entry.type, entry.payload as never, entry);
  },

  footprint: (document, op, authorId) => footprintOf(document, op, authorId),

  hasRoom: (document, adds) => table(document, 'runs').size + adds <= MAX_RUNS,

  isClosed: () => false,
};

/** For who reads training rooms and no others. */
export const TRAINING_ROOMS: RoomModels = { training: trainingModel };

function actionOf(type: string): Action {
  switch (type) {
    case 'training.rewind':
      return 'training.freeze';
    case 'training.close':
      return 'training.open';
    case 'training.freeze':
    case 'run.start':
    case 'run.act':
    case 'run.command':
    case 'run.end':
    case 'consent.give':
      return type;
    case 'machine.input':
      return 'run.act';
    default:
      return 'training.observe';
  }
}

/** A run is the own of those who take part; they start it alone, and in an exam they command nothing. */
function isOwn(document: Document, { type, payload }: Pick<Op, 'type' | 'payload'>, authorId: string): boolean {
  if (type === 'run.start') {
    const { participants } = payload as TrainingPayload<'run.start'>;
    return participants.length === 1 && participants[0]!.id === authorId;
  }
  const id = (payload as { run?: string } | null)?.run;
  const run = id === undefined ? undefined : runOf(document, id);
  if (!run?.participants.some((one) => one.id === authorId)) return false;
  if (type !== 'run.command') return true;
  const { command } = payload as TrainingPayload<'run.command'>;
  return run.mode !== 'exam' && OWN_COMMANDS.includes(command.type);
}

/** All ops of a run depend on each other; runs do not, but for the room that stands still. */
function footprintOf(document: Document, op: Pick<Op, 'type' | 'payload'>, authorId: string): Footprint {
  const none = { history: 'untouched', adds: 0 } as const;
  const settings = rowKey('settings', 'room');
  if (!isTrainingOp(op.type)) return { keys: [], ...none };
  switch (op.type) {
    case 'training.load':
      return { keys: [rowKey('procedures', (op.payload as TrainingPayload<'training.load'>).procedure)], ...none };
    case 'training.freeze':
      return {
        keys: [settings, rowKey('settings', REWOUND), ...runsOf(document).map(({ id }) => rowKey('runs', id))],
        ...none,
      };
    case 'training.rewind': {
      const { run } = op.payload as TrainingPayload<'training.rewind'>;
      return { keys: [settings, rowKey('settings', REWOUND), rowKey('runs', run)], ...none };
    }
    case 'training.close':
      return { keys: [rowKey('settings', CLOSED), ...runsOf(document).map(({ id }) => rowKey('runs', id))], ...none };
    case 'consent.give':
      return { keys: [rowKey('consents', authorId)], ...none };
    default: {
      const { run } = op.payload as { run: string };
      const procedure = op.type === 'run.start' ? (op.payload as TrainingPayload<'run.start'>).procedure : null;
      const begins = procedure ? [rowKey('procedures', procedure), rowKey('settings', CLOSED)] : [];
      const keys = [settings, rowKey('runs', run), ...begins];
      return { keys, history: 'untouched', adds: op.type === 'run.start' ? 1 : 0 };
    }
  }
}

const unknownOp = (type: string) =>
  problem('training', 'unknown_op', `A training room knows no op "${type}".`, {
    facts: { type },
    next: 'Update the client.',
  });
