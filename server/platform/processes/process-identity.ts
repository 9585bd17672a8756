import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * A pid alone does not name a process: the system gives the number to another one after a crash or a reboot.
 * Pid, start time and the space in which the pid counts (boot, and pid namespace of a container) do.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: the kernel's start tick on Linux, a date elsewhere. */
  readonly startedAt: string;
  /** Pids of different spaces cannot be compared. */
  readonly space: string;
}

/** Undefined when no process with this pid runs (a zombie does not run). */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const startedAt = startTimeOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt, space: pidSpace() };
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identity.space === pidSpace() && startTimeOf(identity.pid) === identity.startedAt;
}

export function pidSpace(): string {
  if (process.platform !== 'linux') return process.platform;
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${bootId} ${readlinkSync('/proc/self/ns/pid')}`;
}

function startTimeOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return linuxStartTick(pid);
    if (process.platform === 'win32') {
      const script = `(Get-Process -Id ${pid}).StartTime.Ticks`;
      return text(
        execFileSync('powershell', ['-NoProfile', '-Command', script], { stdio: ['ignore', 'pipe', 'ignore'] }),
      );
    }
    return text(execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    // The file of /proc is gone, or ps and Get-Process found nothing: no such process.
    return undefined;
  }
}

/** Field 22 of /proc/<pid>/stat (proc_pid_stat(5)); the command in parentheses may itself hold spaces and ')'. */
function linuxStartTick(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

function text(output: Buffer): string | undefined {
  return output.toString().trim() || undefined;
}
