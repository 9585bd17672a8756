import type { VoiceWay } from '#protocol/room/index';

export interface TopologyOptions {
  /** People who still hear each other directly; with more the hall forwards. */
  readonly meshPeople: number;
  /** A move to the other way waits this long for those who are not ready, ms. */
  readonly moveMs: number;
  /** Forwarding ends after this long with fewer people than `meshPeople`, ms: somebody who comes and goes changes nothing. */
  readonly stayMs: number;
}

export const TOPOLOGY: Omit<TopologyOptions, 'meshPeople'> = { moveMs: 6_000, stayMs: 15_000 };

export interface VoiceNow {
  readonly people: number;
  /** Everybody hears everybody by the way of the current epoch. */
  readonly isReady: boolean;
  /** Whether there is a forwarder that works. */
  readonly canForward: boolean;
  readonly nowMs: number;
}

/**
 * When a room's audio goes from person to person, and when through a forwarder. A move opens the new way before it gives
 * up the old one; up at once when there are too many, down late and only one below the limit, so that nothing flaps.
 */
export class Topology {
  readonly #options: TopologyOptions;
  #way: VoiceWay = 'mesh';
  #epoch = 0;
  #sinceMs = 0;
  #fewSinceMs: number | null = null;

  constructor(options: Pick<TopologyOptions, 'meshPeople'> & Partial<TopologyOptions>) {
    this.#options = { ...TOPOLOGY, ...options };
  }

  get way(): VoiceWay {
    return this.#way;
  }

  /** Counts the changes of the way. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Returns true when the way has changed. */
  advance({ people, isReady, canForward, nowMs }: VoiceNow): boolean {
    const { meshPeople, moveMs, stayMs } = this.#options;
    const isMany = people > meshPeople;
    const isMoved = isReady || nowMs - this.#sinceMs >= moveMs;
    switch (this.#way) {
      case 'mesh':
        return isMany && canForward && this.#go('to-forwarded', nowMs);
      case 'to-forwarded':
        if (!canForward) return this.#go('mesh', nowMs);
        return isMoved && this.#go('forwarded', nowMs);
      case 'forwarded': {
        if (!canForward) return this.#go('to-mesh', nowMs);
        if (people >= meshPeople) this.#fewSinceMs = null;
        else this.#fewSinceMs ??= nowMs;
        return this.#fewSinceMs !== null && nowMs - this.#fewSinceMs >= stayMs && this.#go('to-mesh', nowMs);
      }
      case 'to-mesh':
        if (isMany && canForward) return this.#go('to-forwarded', nowMs);
        return isMoved && this.#go('mesh', nowMs);
    }
  }

  #go(way: VoiceWay, nowMs: number): true {
    this.#way = way;
    this.#epoch += 1;
    this.#sinceMs = nowMs;
    this.#fewSinceMs = null;
    return true;
  }
}
