import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';
import { createLogger } from './index.ts';

afterEach(() => vi.restoreAllMocks());

it('writes one line a person reads: when, how grave, which part, what', () => {
  const lines: string[] = [];
  const write = (text: string | Uint8Array) => lines.push(stripVTControlCharacters(String(text))) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
  const logger = createLogger({ logLevel: 'log', logFormat: 'text' });
  logger.log('Open at http://localhost:2567', 'Server');
  logger.warn('The disk is nearly full', 'Database');
  logger.log('AppModule dependencies initialized', 'InstanceLoader');
  expect(lines).toEqual([
    expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[Server\] Open at http:\/\/localhost:2567\n$/),
    expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d WARN \[Database\] The disk is nearly full\n$/),
  ]);
});

it('leaves what a command prints to its result: everything logged goes beside it', () => {
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const beside = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  for (const logFormat of ['text', 'json'] as const)
    createLogger({ logLevel: 'log', logFormat }, 'stderr').log('The database is open', 'Database');
  expect(printed).not.toHaveBeenCalled();
  expect(beside).toHaveBeenCalledTimes(2);
});

it('gives a file or a pipe no colours, and a terminal its own', () => {
  vi.stubEnv('NO_COLOR', undefined);
  const terminal = { isTTY: process.stdout.isTTY, hasColors: process.stdout.hasColors };
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  // Of a stream that is no terminal Node says nothing.
  const toldTo = (isTTY: true | undefined) => {
    Object.assign(process.stdout, { isTTY, hasColors: () => true });
    createLogger({ logLevel: 'log', logFormat: 'text' }).warn('The disk is nearly full', 'Database');
    return String(write.mock.lastCall?.[0]);
  };
  try {
    expect(toldTo(undefined)).not.toContain('\u001B[');
    expect(toldTo(true)).toContain('\u001B[');
  } finally {
    Object.assign(process.stdout, terminal);
    vi.unstubAllEnvs();
  }
});
