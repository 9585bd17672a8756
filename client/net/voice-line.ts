import type { Body } from '#protocol/presence/index';
import type { ClientMessages, VoiceClientMessage, VoiceServerMessage, VoiceServerMessages } from '#protocol/room/index';
import type { PresenceChannel } from './presence-channel.ts';
import { Signal } from './signal.ts';

export type VoiceHeard = {
  [K in VoiceServerMessage]: { readonly type: K; readonly message: VoiceServerMessages[K] };
}[VoiceServerMessage];

type Tell = <K extends VoiceClientMessage>(type: K, message: ClientMessages[K]) => void;

/** What the room says and is told about voice, over the room's own socket. The sound itself is client/voice's. */
export class VoiceLine {
  readonly #heard = new Signal<[VoiceHeard]>();
  readonly #presence: PresenceChannel;
  readonly #teller: () => Tell | null;
  readonly listeners: { readonly [K in VoiceServerMessage]: (message: VoiceServerMessages[K]) => void };

  /** `teller`: null while there is no connection. */
  constructor(presence: PresenceChannel, teller: () => Tell | null) {
    this.#presence = presence;
    this.#teller = teller;
    const pass =
      <K extends VoiceServerMessage>(type: K) =>
      (message: VoiceServerMessages[K]) =>
        this.#heard.emit({ type, message } as VoiceHeard);
    this.listeners = {
      voice: pass('voice'),
      'voice.news': pass('voice.news'),
      'voice.signal': pass('voice.signal'),
      'voice.answer': pass('voice.answer'),
      'voice.slots': pass('voice.slots'),
      'voice.refused': pass('voice.refused'),
      'camera.signal': pass('camera.signal'),
      'camera.still': pass('camera.still'),
      'camera.seen': pass('camera.seen'),
      'camera.standing': pass('camera.standing'),
      words: pass('words'),
    };
  }

  on(listener: (heard: VoiceHeard) => void): () => void {
    return this.#heard.on(listener);
  }

  /** Not kept when there is no connection: after a reconnection voice starts with `voice.join`. */
  readonly tell: Tell = (type, message) => this.#teller()?.(type, message);

  /** My body as others get it, or null before the first. */
  get ownBody(): Body | null {
    return this.#presence.body;
  }

  /** Others see it on my avatar, and the server counts me as near while it lasts. */
  setSpeaking(isSpeaking: boolean): void {
    this.#presence.isSpeaking = isSpeaking;
  }
}
