import { expect, it } from 'vitest';
import { packageFile } from './package-file.ts';

it('a package is called by its course’s title, without what a disk refuses', () => {
  expect(packageFile('Pump skid: start/stop')).toBe('Pump skid start stop (cmi5).zip');
  expect(packageFile('泵站启动')).toBe('泵站启动 (cmi5).zip');
  expect(packageFile(' ?? ')).toBe('course (cmi5).zip');
});
