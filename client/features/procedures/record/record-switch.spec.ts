import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RoomSession } from '#net/index';
import { Signal } from '#net/signal';
import { DEFAULT_MATERIAL, initialShape, type Part } from '#protocol/design/index';
import { PartId } from '#protocol/ids';
import type { Procedure } from '#protocol/procedures/index';
import type { Pose } from '#protocol/spatial/index';
import type { DragNews, Handwork } from '../../../scene/handwork.types.ts';
import { RecordSwitch } from './record-switch.ts';

const PIN = PartId.parse('pin');
const at = (x: number): Pose => ({ position: [x, 0.05, 0], rotation: [0, 0, 0, 1] });
const CID = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';

let pose: Pose;
let drags: Signal<[DragNews]>;
let drafts: Procedure[];
let problems: unknown[];
let sent: Blob[];
let recording: RecordSwitch;
/** Microphones that were asked for; each is opened and stopped by the test. */
let microphones: { open: () => void; isStopped: boolean }[];
let isReachable: boolean;

beforeEach(async () => {
  [pose, drags, drafts, problems, sent, microphones, isReachable] = [at(0), new Signal(), [], [], [], [], true];
  const part: Part = {
    ...{ id: PIN, parent: null, name: 'Pin', order: 'a0', poseInParent: pose, hidden: false },
    ...{ material: DEFAULT_MATERIAL, shape: initialShape('box') },
  };
  const handwork: Handwork = {
    onDrag: (listener) => drags.on(listener),
    onFrame: () => () => {},
    poseInRoom: () => pose,
    poseInParent: () => pose,
    carry: () => {},
    standing: () => ({ part, poseInRoom: pose, box: { min: [-0.05, -0.05, -0.05], max: [0.05, 0.05, 0.05] } }),
    shown: () => [PIN],
    withChildren: (id) => new Set([id]),
  };
  recording = new RecordSwitch({
    handwork,
    session: { submit: () => ({ id: 'op' }) } as unknown as RoomSession,
    words: () => ({
      ...{ title: { en: 'Recorded' }, chapter: { en: 'Assembly' }, languages: ['en'] },
      ...{ say: () => 'Put it there', spokenNote: { en: 'Spoken note' } },
    }),
    save: (draft) => Promise.resolve(`/drafts/${drafts.push(draft)}`),
    keepSound: (sound) => (isReachable ? (sent.push(sound), Promise.resolve(CID)) : Promise.reject(new Error('away'))),
    onProblem: (thrown) => void problems.push(thrown),
    listen: () =>
      new Promise((open) => {
        let done: (sound: Blob) => void;
        const sound = new Promise<Blob>((resolve) => (done = resolve));
        const microphone = {
          isStopped: false,
          open: () => open({ sound, stop: () => ((microphone.isStopped = true), done(new Blob(['words']))) }),
        };
        microphones.push(microphone);
      }),
  });
  recording.start();
  await vi.waitFor(() => expect(recording.recorder.get()).not.toBeNull());
  place(0.3);
});

function place(x: number): void {
  const drag = {};
  drags.emit({ kind: 'taken', drag, parts: [PIN] });
  pose = at(x);
  drags.emit({ kind: 'letGo', drag, parts: [PIN] });
}
const noteIs = (note: string) => vi.waitFor(() => expect(recording.state.get().note).toBe(note));
const heard = () => drafts[0]!.workplace.media.map(({ kind, cid }) => [kind, cid]);

describe('a note that is said while recording', () => {
  it('is heard while the button is held, and is the step’s sound in the draft', async () => {
    recording.beginNote();
    microphones[0]!.open();
    await noteIs('speaking');
    recording.endNote();
    await noteIs('none');
    expect(recording.state.get().spoken).toBe(1);
    recording.stop();
    await vi.waitFor(() => expect(recording.saved.get()).toBe('/drafts/1'));
    expect(heard()).toEqual([['audio', CID]]);
    expect(await sent[0]!.text()).toBe('words');
  });

  it('opens no second microphone, and closes one that came after the button was let go', async () => {
    recording.beginNote();
    recording.beginNote();
    recording.endNote();
    microphones[0]!.open();
    await noteIs('none');
    expect([microphones.length, microphones[0]!.isStopped]).toEqual([1, true]);
  });

  it('is still there when the hall could not be reached, and is sent once', async () => {
    recording.beginNote();
    microphones[0]!.open();
    await noteIs('speaking');
    recording.endNote();
    await noteIs('none');
    isReachable = false;
    recording.stop();
    await vi.waitFor(() => expect(problems).toHaveLength(1));
    expect(recording.state.get()).toMatchObject({ phase: 'recording', spoken: 1 });
    isReachable = true;
    recording.stop();
    await vi.waitFor(() => expect(drafts).toHaveLength(1));
    expect([sent.length, heard()]).toEqual([1, [['audio', CID]]]);
  });

  it('has no microphone open after the recording was given up', async () => {
    recording.beginNote();
    microphones[0]!.open();
    await noteIs('speaking');
    recording.cancel();
    await noteIs('none');
    expect([microphones[0]!.isStopped, recording.state.get().phase]).toEqual([true, 'idle']);
  });
});
