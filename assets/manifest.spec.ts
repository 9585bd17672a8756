import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { DEFAULTS, meshOf } from './demo/gearbox-parameters.ts';
import { hashOf } from './manifest.ts';
import type { ManifestEntry } from './manifest.ts';

const manifest = JSON.parse(await readFile(new URL('./manifest.json', import.meta.url), 'utf8')) as ManifestEntry[];

describe('the shipped assets', () => {
  it('are all in the manifest, with licence and generator', async () => {
    const files = (await readdir(new URL('.', import.meta.url), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile() && /\.(step|car|webp|png|hdr|glb|stl|procedure\.json)$/.test(entry.name),
    );
    expect(manifest.map((entry) => entry.file.split('/').at(-1)).sort()).toEqual(
      files.map((entry) => entry.name).sort(),
    );
    expect(manifest.every((entry) => entry.licence === 'Apache-2.0' && entry.generator.endsWith('.ts'))).toBe(true);
  });
  it.each(manifest)('$file is the file the manifest describes', async ({ file, size, sha256 }) => {
    expect(await hashOf(file)).toEqual({ size, sha256 });
  });
});

describe('the gears of the demo product', () => {
  it('have the ratio that their teeth give', () => {
    expect(meshOf(DEFAULTS)).toMatchObject({ ringTeeth: 72, ratio: 5, centreDistanceMm: 45 });
  });
  it('meet tooth to space at every planet, for other numbers of teeth as well', () => {
    for (const [sunTeeth, planetTeeth] of [
      [18, 27],
      [20, 22],
      [24, 30],
      [21, 24],
    ] as const) {
      const parameters = { ...DEFAULTS, sunTeeth, planetTeeth };
      const { planetTurnDeg, ringTurnDeg, ringTeeth } = meshOf(parameters);
      planetTurnDeg.forEach((turnDeg, index) => {
        const atDeg = (360 * index) / parameters.planets;
        const phase = (angleDeg: number, teeth: number) => ((((angleDeg * teeth) / 360) % 1) + 1) % 1;
        const nearest = (value: number) => Math.abs(value - Math.round(value));
        expect(nearest(phase(atDeg, sunTeeth) + phase(atDeg + 180 - turnDeg, planetTeeth) - 0.5)).toBeLessThan(1e-9);
        expect(nearest(phase(atDeg - turnDeg, planetTeeth) - phase(atDeg - ringTurnDeg, ringTeeth))).toBeLessThan(1e-9);
      });
    }
  });
  it.each([
    [{ sunTeeth: 18, planetTeeth: 26 }, /spaced evenly/],
    [{ sunTeeth: 12, planetTeeth: 30, planets: 6 }, /touch/],
  ])('refuse what cannot be assembled: %o', (change, reason) => {
    expect(() => meshOf({ ...DEFAULTS, ...change })).toThrow(reason);
  });
});
