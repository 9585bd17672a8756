import { expect, it } from 'vitest';
import { judgeReports } from './reports.ts';

const said = (atMs: number, diagnosis: string | null) => ({
  run: 'run',
  by: 'tina' as never,
  diagnosis,
  atMs,
  runMs: atMs,
});
const SECRETS = [
  { fault: 'leak', isCleared: false, atMs: 1000 },
  { fault: 'stuck', isCleared: false, atMs: 3000 },
  { fault: 'leak', isCleared: true, atMs: 5000 },
];

it('what somebody says is wrong is held against what was wrong at that moment', () => {
  const judged = judgeReports(
    [
      said(500, 'leak'),
      said(2000, null),
      said(2500, 'stuck'),
      said(4000, 'leak'),
      said(4000, 'stuck'),
      said(6000, 'leak'),
      said(6000, 'stuck'),
    ],
    SECRETS,
  );
  expect(judged.map(({ verdict, fault }) => [verdict, fault])).toEqual([
    ['false_alarm', null],
    ['found', 'leak'],
    ['wrong', 'leak'],
    ['right', 'leak'],
    ['right', 'stuck'],
    ['wrong', 'stuck'],
    ['right', 'stuck'],
  ]);
});
