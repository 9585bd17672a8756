import { readdirSync, readFileSync } from 'node:fs';

/** Linux only, where the figures of this project are taken. */
export interface Memory {
  processes: number;
  /** Proportional set size: shared pages are counted once over all who share them. */
  pssMb: number;
}

/** The process, its descendants, and the children it detached, which its data folder's pid files name. */
export function memoryOf(pid: number, dataDir: string): Memory {
  const pids = familyOf(pid, dataDir);
  const pssKb = pids.map(pssKbOf).reduce((sum, kb) => sum + kb, 0);
  return { processes: pids.length, pssMb: pssKb / 1024 };
}

/** The same processes by id, the given one first. */
export function familyOf(pid: number, dataDir: string): number[] {
  const pids = new Set([pid, ...detached(dataDir)]);
  const parents = parentsOfAll();
  for (let grew = true; grew;) {
    grew = false;
    for (const [child, parent] of parents) {
      if (!pids.has(parent) || pids.has(child)) continue;
      pids.add(child);
      grew = true;
    }
  }
  return [...pids];
}

export function detached(dataDir: string): number[] {
  const files = readdirSync(`${dataDir}/run`).filter((file) => file.endsWith('.pid'));
  return files.map((file) => (JSON.parse(readFileSync(`${dataDir}/run/${file}`, 'utf8')) as { pid: number }).pid);
}

function parentsOfAll(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = readIfThere(`/proc/${name}/stat`);
    if (stat) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  return parents;
}

function pssKbOf(pid: number): number {
  const line = readIfThere(`/proc/${pid}/smaps_rollup`)?.match(/^Pss:\s+(\d+) kB/m);
  return Number(line?.[1] ?? 0);
}

/** Processes come and go while we look. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
