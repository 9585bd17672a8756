import { EMPTY_DOCUMENT, rowKey, type Document } from '../document/index.ts';
import { problem } from '../errors.ts';
import type { Op } from '../journal/entry.ts';
import type { RoomModel, RoomModels } from '../journal/model.ts';
import type { Action } from '../permissions/index.ts';
import { JOB, jobOf } from './document.ts';
import { isHelping } from './help.ts';
import { GUIDANCE_OPS, type GuidanceOpType, type GuidancePayload } from './ops.ts';
import { reduceGuidance } from './reducer.ts';

const isGuidanceOp = (type: string): type is GuidanceOpType => Object.hasOwn(GUIDANCE_OPS, type);

/** Jobs on real products: see `reducer.ts` for what ops do. */
export const guidanceModel: RoomModel = {
  kind: 'guidance',

  begin: () => EMPTY_DOCUMENT,

  validate(type, payload) {
    if (!isGuidanceOp(type)) return { ok: false, problem: unknownOp(type) };
    const parsed = GUIDANCE_OPS[type].safeParse(payload);
    if (parsed.success) return { ok: true, payload: parsed.data };
    const issue = parsed.error.issues[0];
    return {
      ok: false,
      problem: problem(
        'guidance',
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
    const isCrew = jobOf(document)?.crew.some(({ id }) => id === authorId) ?? false;
    return { action: actionOf(document, op, authorId), situation: { own: isCrew } };
  },

  apply(document, entry) {
    if (!isGuidanceOp(entry.type)) return { ok: false, problem: unknownOp(entry.type) };
    return reduceGuidance(document, entry.type, entry.payload as never, entry);
  },

  // A job is one thing: whatever happens in it may matter to what comes next.
  footprint: () => ({ keys: [rowKey('runs', JOB)], history: 'untouched', adds: 0 }),

  hasRoom: () => true,

  isClosed: () => false,
};

/** For who reads guidance rooms and no others. */
export const GUIDANCE_ROOMS: RoomModels = { guidance: guidanceModel };

function actionOf(document: Document, { type, payload }: Pick<Op, 'type' | 'payload'>, authorId: string): Action {
  // One's own word about oneself: who only looks on is asked as well.
  if (type === 'help.consent' || type === 'help.eraseRecording') return 'room.enter';
  if (type.startsWith('help.')) return 'job.help';
  // Who was called in unlocks a gate with a reason; what somebody lacks in skill stays with the supervisor.
  if (type === 'step.release' && (payload as GuidancePayload<'step.release'>).what === 'step')
    if (isHelping(document, authorId)) return 'job.help';
  switch (type) {
    case 'job.open':
    case 'job.begin':
    case 'job.act':
    case 'job.signOff':
      return type;
    case 'job.join':
      // Oneself, or by who answers for the shift.
      return (payload as GuidancePayload<'job.join'>).person.id === authorId ? 'job.act' : 'job.supervise';
    case 'job.pause':
    case 'value.measure':
    case 'part.scan':
    case 'photo.add':
    case 'check.second':
    case 'align.set':
    case 'job.inSync':
    case 'job.time':
    case 'tool.typed':
    case 'step.releaseBy':
    case 'deviation.raise':
      return 'job.act';
    case 'job.resume':
      return jobOf(document)?.status === 'onHold' ? 'job.supervise' : 'job.act';
    case 'job.hold':
    case 'job.revise':
    case 'step.release':
      return 'job.supervise';
    case 'deviation.dispose': {
      const { disposition } = payload as GuidancePayload<'deviation.dispose'>;
      return disposition === 'rework' ? 'job.act' : disposition === 'concession' ? 'job.concede' : 'job.supervise';
    }
    default:
      return 'job.observe';
  }
}

const unknownOp = (type: string) =>
  problem('guidance', 'unknown_op', `A guidance room knows no op "${type}".`, {
    facts: { type },
    next: 'Update the client.',
  });
