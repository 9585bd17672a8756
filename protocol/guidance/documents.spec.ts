import { expect, it } from 'vitest';
import type { Media, Procedure } from '../procedures/index.ts';
import { documentsIn } from './documents.ts';

const media = (kind: Media['kind'], cid: string | null) => ({ kind, cid, description: { en: kind } });

it('finds what a procedure shows, without what is missing and without motions, which are seen on the product', () => {
  const shown = [media('document', 'a'), media('picture', null), media('motion', 'b'), media('video', 'c')];
  expect(documentsIn({ workplace: { media: shown } } as unknown as Procedure)).toEqual([
    { cid: 'a', kind: 'pdf', title: { en: 'document' } },
    { cid: 'c', kind: 'video', title: { en: 'video' } },
  ]);
});
