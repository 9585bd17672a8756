import { Global, Module } from '@nestjs/common';
import { Config } from '../platform/config/index.ts';
import { RoomVoice } from '../rooms/index.ts';
import { VoiceForwarder } from './forwarder.ts';
import { RemoteForwarder } from './remote.forwarder.ts';
import { ThreadForwarder } from './thread.forwarder.ts';
import { HallVoice } from './voice.service.ts';

/** Global, because the rooms ask for their voice without knowing who keeps it. */
@Global()
@Module({
  providers: [
    {
      provide: VoiceForwarder,
      inject: [Config],
      useFactory: ({ tree: { voice } }: Config): VoiceForwarder =>
        voice.forwarderUrl
          ? new RemoteForwarder(voice.forwarderUrl, voice.forwarderSecret ?? '')
          : new ThreadForwarder({ udpPorts: voice.udpPorts, announcedAddress: voice.announcedAddress }),
    },
    { provide: RoomVoice, useClass: HallVoice },
  ],
  exports: [RoomVoice],
})
export class VoiceModule {}
