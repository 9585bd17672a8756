import type { ClientId } from '#protocol/ids';

/** What a forwarder has to say about one circle. */
export interface ForwarderListener {
  /** Whose voice this person gets on which of their down tracks; null: nobody's. */
  slots(session: ClientId, slots: readonly (ClientId | null)[]): void;
  /** The connection to this person is gone; they may offer another. */
  gone(session: ClientId): void;
  /** The forwarder itself is gone, and all connections with it. A new circle may be opened. */
  lost(): void;
}

export interface Offer {
  /** Audio lines only: the first one up, up to `VOICE_SLOTS` more down. Candidates of the client are not needed. */
  readonly sdp: string;
  /** Whether what this person sends is passed on. */
  readonly speaks: boolean;
  /** To whom alone; absent: to everybody. */
  readonly to?: readonly ClientId[] | undefined;
}

/** The people of one room around a forwarder. */
export interface ForwardedCircle {
  /** Opens a connection (in place of a former one of this person) and returns the answer with all candidates. */
  answer(session: ClientId, offer: Offer): Promise<string>;
  /** `to`: as in `Offer`. */
  setSpeaks(session: ClientId, speaks: boolean, to?: readonly ClientId[]): void;
  remove(session: ClientId): void;
  close(): void;
}

/**
 * Passes on the voices of those who speak, so that a person with a thin line sends once and receives a few. A port: the
 * built-in one runs in a thread of the hall, another in a process of its own on any machine (`npx workhall voice`).
 */
export abstract class VoiceForwarder {
  /** False: nobody is to be moved to it now. */
  abstract readonly isUp: boolean;
  /** One line for /api/health. */
  abstract readonly detail: string;
  abstract open(circle: string, listener: ForwarderListener): ForwardedCircle;
  abstract stop(): Promise<void>;
}
