import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { RoomId } from '#protocol/ids';
import type { IceServer } from '#protocol/room/index';
import { Clock } from '../platform/clock/index.ts';
import { Config } from '../platform/config/index.ts';
import { Health } from '../platform/health/index.ts';
import { RoomVoice, type Speaker, type TellVoice, type VoiceOfRoom } from '../rooms/index.ts';
import { VoiceForwarder } from './forwarder.ts';
import { turnCredentials } from './turn-credentials.ts';
import { VoiceCircle } from './voice-circle.ts';

/** A working day and the night after it; coming back gives new ones. */
const TURN_MS = 24 * 60 * 60_000;

/** What the rooms ask about voice. */
@Injectable()
export class HallVoice extends RoomVoice implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly forwarder: VoiceForwarder,
    private readonly health: Health,
  ) {
    super();
  }

  open(room: RoomId, tell: TellVoice): VoiceOfRoom {
    const { isOn, maxPeople, meshPeople, relayOnly } = this.config.tree.voice;
    return new VoiceCircle(room, tell, this.forwarder, {
      isOn,
      maxPeople,
      topology: { meshPeople },
      relayOnly,
      iceServersFor: (speaker, nowMs) => this.#iceServersFor(speaker, nowMs),
      nowMs: () => this.clock.nowMs(),
    });
  }

  /** A hall without a forwarder is a hall all the same: people hear each other directly. */
  onApplicationBootstrap(): void {
    const { isOn } = this.config.tree.voice;
    this.health.register('voice', async () => ({ ok: true, detail: isOn ? this.forwarder.detail : 'switched off' }));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.forwarder.stop();
  }

  #iceServersFor({ user }: Speaker, nowMs: number): IceServer[] {
    const { stunUrls, turnUrls, turnSecret } = this.config.tree.voice;
    return [
      ...(stunUrls.length ? [{ urls: [...stunUrls] }] : []),
      ...(turnUrls.length && turnSecret
        ? [{ urls: [...turnUrls], ...turnCredentials(turnSecret, user, nowMs + TURN_MS) }]
        : []),
    ];
  }
}
