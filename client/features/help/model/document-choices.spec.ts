import { expect, it } from 'vitest';
import type { DocumentList } from '#protocol/api/help';
import type { ShownDocument } from '#protocol/guidance/index';
import { documentChoices } from './document-choices.ts';

const shown = (cid: string, kind: ShownDocument['kind'], en: string) =>
  ({ cid, kind, title: { en } }) as unknown as ShownDocument;
const ofProject = (cid: string, en: string): DocumentList['documents'][number] => ({
  ...shown(cid, 'pdf', en),
  procedure: { en: 'Pump seal' },
});
const words = {
  text: (text: Record<string, string>) => text['en'] ?? '',
  photo: (gate: string, atMs: number) => `${gate} at ${atMs}`,
  still: (n: number) => `still ${n}`,
  document: (kind: string) => `a ${kind}`,
};

it('names what can be handed over, each file once, where it is nearest: this procedure, this job newest first, the other procedures', () => {
  const choices = documentChoices({
    procedure: [shown('cid-drawing', 'pdf', 'Drawing 4711'), shown('cid-film', 'video', '')],
    photos: [
      { cid: 'cid-seat', kind: 'picture', gate: 'seat', atMs: 1 },
      { cid: 'cid-leak', kind: 'clip', gate: 'leak', atMs: 2 },
    ],
    stills: [{ cid: 'cid-still-1' }, { cid: 'cid-still-2' }],
    lines: [
      { picture: null, text: 'Look at this' },
      { picture: 'cid-shown', text: 'crack.jpg' },
      { picture: 'cid-seat', text: 'the seat again' },
    ] as never,
    project: [ofProject('cid-drawing', 'The same drawing'), ofProject('cid-manual', 'Manual')],
    words,
  });
  expect(choices).toEqual({
    procedure: [
      { cid: 'cid-drawing', kind: 'pdf', title: 'Drawing 4711' },
      { cid: 'cid-film', kind: 'video', title: 'a video' },
    ],
    job: [
      { cid: 'cid-seat', kind: 'picture', title: 'the seat again' },
      { cid: 'cid-shown', kind: 'picture', title: 'crack.jpg' },
      { cid: 'cid-still-2', kind: 'picture', title: 'still 2' },
      { cid: 'cid-still-1', kind: 'picture', title: 'still 1' },
      { cid: 'cid-leak', kind: 'video', title: 'leak at 2' },
    ],
    project: [{ cid: 'cid-manual', kind: 'pdf', title: 'Pump seal: Manual' }],
  });
});
