/**
 * `npm run bench <area> [-- --json FILE] [--only PART]`: measures an area against its targets.
 *
 * A benchmark is test/benchmarks/<area>.bench.ts, run by Node 24 itself (it strips the types) against the *built*
 * server and SDK: `#protocol` and `#net` resolve to dist, so what is measured is what people run.
 */
import Table from 'cli-table3';
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Area, Figure } from '../test/benchmarks/figures.ts';
import { buildWhatIsStale } from './build.ts';
import { ROOT } from './steps.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, only: { type: 'string' } },
});
const folder = join(ROOT, 'test', 'benchmarks');
const areas = readdirSync(folder).flatMap((name) => name.match(/^(.+)\.bench\.ts$/)?.[1] ?? []);
const name = positionals[0] ?? '';
if (!areas.includes(name)) {
  console.error(`npm run bench <area> [-- --json FILE] [--only PART]\nAreas: ${areas.join(', ')}`);
  process.exit(1);
}
if (!(await buildWhatIsStale())) process.exit(1);

const { default: area } = (await import(join(folder, `${name}.bench.ts`))) as { default: Area };
const wanted = area.parts.filter((one) => !values.only || one.name === values.only);
if (wanted.length === 0) {
  console.error(`${area.name} has no part ${values.only}. Parts: ${area.parts.map((one) => one.name).join(', ')}`);
  process.exit(1);
}
const figures: Figure[] = [];
for (const part of wanted) {
  console.log(`${area.name}: ${part.name} …`);
  figures.push(...(await part.measure()));
}

const table = new Table({
  head: ['figure', 'measured', 'target', 'verdict'],
  colAligns: ['left', 'right', 'right', 'left'],
});
for (const figure of figures) {
  const target =
    figure.target === undefined ? '–' : `${figure.is === 'above' ? '>' : '<'} ${figure.target} ${figure.unit}`;
  table.push([figure.name, `${round(figure.measured)} ${figure.unit}`, target, verdictOf(figure)]);
}
console.log(table.toString());
const report = {
  area: area.name,
  takenAt: new Date().toISOString(),
  machine: {
    cpus: cpus().length,
    model: cpus()[0]?.model,
    memoryMb: Math.round(totalmem() / 1e6),
    node: process.version,
  },
  figures: figures.map((figure) => ({ ...figure, verdict: verdictOf(figure) })),
};
if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
process.exit(figures.some((figure) => verdictOf(figure) === 'missed') ? 1 : 0);

function verdictOf({ measured, target, is }: Figure): 'reached' | 'missed' | 'told' | 'inconclusive' {
  if (!Number.isFinite(measured)) return 'inconclusive';
  if (target === undefined) return 'told';
  return (is === 'above' ? measured > target : measured < target) ? 'reached' : 'missed';
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
