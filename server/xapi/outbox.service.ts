import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { Clock } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { Health } from '../platform/health/index.ts';
import { LrsLine } from './lrs-line.ts';
import { firstWaiting, forget, note, outboxState, type WaitingParcel } from './outbox.store.ts';

const BATCH = 50;
/** After the n-th failure in a row some 0.5 s, 1 s, 2 s … up to five minutes. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** To find what another process of the hall left. */
const LOOK_MS = 30_000;

/**
 * Brings what the hall recorded to the company's LRS: in order, in batches, until it is there. A statement leaves the
 * table when the other side has said that it has it; a crash or a cut line in between only means sending it again, which
 * its id makes harmless. One process of a hall sends at a time; its lock goes with it when it dies.
 */
@Injectable()
export class Outbox implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Outbox');
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private isWanted = false;
  private failures = 0;
  /** Until then the other side is left alone. */
  private pausedUntilMs = 0;

  constructor(
    private readonly database: Database,
    private readonly line: LrsLine,
    private readonly clock: Clock,
    private readonly health: Health,
  ) {}

  onApplicationBootstrap(): void {
    if (this.line.place === null) return;
    // A hall whose LRS outside is down works on: its health says so and stays good.
    this.health.register('xapi outbox', async () => ({ ok: true, detail: await this.describe() }));
    this.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.running;
  }

  /** There is something to send. */
  wake(): void {
    if (this.stopping.signal.aborted || this.line.place === null) return;
    this.isWanted = true;
    if (this.running) return;
    // Also for a timer that was early: it rounds otherwise than the clock, and nobody else might come.
    const pauseMs = this.pausedUntilMs - this.clock.nowMs();
    if (pauseMs > 0) return this.schedule(pauseMs);
    this.running = this.work().finally(() => {
      this.running = null;
      const pauseMs = this.pausedUntilMs - this.clock.nowMs();
      this.schedule(pauseMs > 0 ? pauseMs : this.isWanted ? 0 : LOOK_MS);
    });
  }

  private schedule(waitMs: number): void {
    if (this.stopping.signal.aborted) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), waitMs).unref();
  }

  private async work(): Promise<void> {
    this.isWanted = false;
    try {
      // Asked first without the lock: an empty box costs no connection of its own.
      if ((await firstWaiting(this.database, 1)).length === 0) return;
      await this.database.locked('xapi outbox', () => this.drain());
    } catch (thrown) {
      if (this.stopping.signal.aborted) return;
      this.logger.warn(`The outbox could not be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      this.pause();
    }
  }

  private async drain(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const parcels = await firstWaiting(this.database, BATCH);
      if (parcels.length === 0 || !(await this.deliver(parcels))) return;
    }
  }

  /** False: the other side is to be left alone for a while. */
  private async deliver(parcels: readonly WaitingParcel[]): Promise<boolean> {
    const outcome = await this.line.send(parcels, this.stopping.signal);
    if (this.stopping.signal.aborted && outcome.kind !== 'stored') return false;
    switch (outcome.kind) {
      case 'stored':
        await forget(this.database, parcels);
        this.failures = 0;
        return true;
      case 'later':
        await note(this.database, parcels, { error: outcome.why });
        this.pause(outcome.afterMs);
        return false;
      case 'refused': {
        if (parcels.length === 1) {
          await note(this.database, parcels, { refusal: outcome.why });
          this.logger.warn(`${this.line.place} refuses the statement ${parcels[0]!.id}: ${outcome.why}`);
          return true;
        }
        // One of them, nobody knows which: halves find it.
        const middle = Math.ceil(parcels.length / 2);
        return (await this.deliver(parcels.slice(0, middle))) && this.deliver(parcels.slice(middle));
      }
    }
  }

  private pause(afterMs?: number): void {
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS);
    this.failures = Math.min(this.failures + 1, 20);
    // Halls that lost their LRS at the same moment do not all come back at the same moment.
    const scatteredMs = (pauseMs * randomInt(80, 120)) / 100;
    this.pausedUntilMs = this.clock.nowMs() + Math.min(afterMs ?? scatteredMs, LONGEST_PAUSE_MS);
  }

  private async describe(): Promise<string> {
    const { waiting, refused, oldestQueuedAtMs, lastError } = await outboxState(this.database);
    const ageS = oldestQueuedAtMs === null ? 0 : Math.round((this.clock.nowMs() - oldestQueuedAtMs) / 1000);
    const parts = [
      waiting === 0
        ? `${this.line.place} has everything`
        : `${waiting} wait for ${this.line.place}, the oldest ${ageS} s`,
      ...(refused > 0 ? [`${refused} refused`] : []),
      // What the other side says is for whoever runs the hall (`npx workhall xapi-outbox`), not for everybody.
      ...(lastError === null ? [] : ['the last try failed']),
    ];
    return parts.join('; ');
  }
}
