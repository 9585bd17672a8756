import { expect, it } from 'vitest';
import { readPartCode } from '#protocol/guidance/index';
import { valvePlan } from '../../../test/support/jobs.ts';
import { codeOf, labelOf, wrongPart } from './kit-codes.ts';

it('a label of the kit is read as the piece that was laid out, and a wrong one as another part', () => {
  const code = codeOf({ plan: valvePlan(), serial: 'SN-1' }, 'bearing')!;
  expect(readPartCode(labelOf(code))).toEqual({ part: '6208-2RS', serial: 'BEARING-SN-1', lot: null });
  expect(readPartCode(labelOf(wrongPart(code)))!.part).not.toBe(code.part);
  expect(codeOf({ plan: valvePlan(), serial: 'SN-1' }, 'cover')).toBeNull();
});
