import { jobOf, type GuidancePayload } from '#protocol/guidance/index';
import type { OpenRoom } from '../rooms/index.ts';

/**
 * Devices that took the job along and are in its room: by which connection each has said that all it did is here. A device
 * that comes again has worked meanwhile perhaps, and says it again behind what it brings; until then it counts as away.
 */
export class BackDevices {
  /** By device; another object for each connection. */
  private readonly saidBy = new Map<string, object | null>();

  constructor(private readonly opened: OpenRoom) {}

  heard({ type, payload }: { readonly type: string; readonly payload: unknown }): void {
    if (type !== 'job.inSync') return;
    const { device, session } = payload as GuidancePayload<'job.inSync'>;
    this.saidBy.set(device, this.connectionOf(session));
  }

  /** Those that are taken for back, and are not. */
  lost(): readonly string[] {
    const rows = jobOf(this.opened.journal.durable.document)?.away ?? [];
    return rows.flatMap(({ device, session }) => {
      if (session === null) return [];
      const now = this.connectionOf(session);
      return now !== null && this.saidBy.get(device) === now ? [] : [device];
    });
  }

  private connectionOf(session: string): object | null {
    for (const seat of this.opened.seats()) if (seat.session === session) return seat.client;
    return null;
  }
}
