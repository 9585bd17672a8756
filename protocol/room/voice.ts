import { z } from 'zod';
import { ClientId } from '../ids.ts';
import type { Problem } from '../errors.ts';

/**
 * The messages with which people in a room come to hear each other. The audio itself never passes here: it goes from
 * person to person, or through a forwarder when there are many (docs/protocol.md, "Voice").
 */

/** People whom one person hears at once through the forwarder; each has a track of its own. */
export const VOICE_SLOTS = 4;
/** Largest session description and ICE candidate, characters: a Chromium offer with five audio lines has about 8 000. */
const MAX_SDP = 24_000;
const MAX_CANDIDATE = 512;
/** People whom one can speak to alone. */
const MAX_VOICE_TO = 50;

/** `none`: no microphone, only listening. */
export const Mic = z.enum(['none', 'muted', 'open']);
export type Mic = z.infer<typeof Mic>;

/** Names one peer connection: made anew with each, so that what was meant for its predecessor is known as such. */
export const LinkId = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'a link id has 1-32 letters, digits, _ or -');

const IceCandidateText = z.strictObject({
  candidate: z.string().max(MAX_CANDIDATE),
  sdpMid: z.string().max(32).nullable(),
  sdpMLineIndex: z.number().int().min(0).max(64).nullable(),
});
const Description = z.strictObject({ type: z.enum(['offer', 'answer']), sdp: z.string().max(MAX_SDP) });

/** From one person to another, as it is: what their peer connections need to find each other. */
const SignalBody = {
  /** The sender's link, and the receiver's when it is known. */
  link: LinkId,
  toLink: LinkId.optional(),
  description: Description.optional(),
  candidate: IceCandidateText.optional(),
};

/** `voice.join`: I listen, and speak when `mic` says so. Again after a reconnection, or for fresh TURN credentials. */
const VoiceJoin = z.strictObject({ mic: Mic });
const VoiceLeave = z.strictObject({});
/** `to`: only these hear me, whatever they are told about others; without it everybody. */
const VoiceMic = z.strictObject({ mic: Mic, to: z.array(ClientId).max(MAX_VOICE_TO).optional() });
/** `voice.ready`: I hear everybody by the way of this epoch; when all do, the former way is given up. */
const VoiceReady = z.strictObject({ epoch: z.number().int().nonnegative() });
const VoiceSignal = z.strictObject({ to: ClientId, ...SignalBody });
/** `voice.offer`: opens my connection to the forwarder (audio line 0 up, the next `VOICE_SLOTS` down). */
const VoiceOffer = z.strictObject({ link: LinkId, sdp: z.string().max(MAX_SDP) });

export const VOICE_CLIENT_MESSAGES = {
  'voice.join': VoiceJoin,
  'voice.leave': VoiceLeave,
  'voice.mic': VoiceMic,
  'voice.ready': VoiceReady,
  'voice.signal': VoiceSignal,
  'voice.offer': VoiceOffer,
} as const;
export type VoiceClientMessages = {
  [K in keyof typeof VOICE_CLIENT_MESSAGES]: z.infer<(typeof VOICE_CLIENT_MESSAGES)[K]>;
};
export type VoiceClientMessage = keyof VoiceClientMessages;

/** Who is in the voice, and by what right they are heard: a `mic` of somebody who may not speak is always `none`. */
export interface VoiceMember {
  readonly session: ClientId;
  readonly mic: Mic;
  /** They speak, and not to everybody: to me. To all others their microphone is `muted` meanwhile. */
  readonly isToMe?: true;
}

/**
 * How audio travels. `mesh`: one connection per pair. `forwarded`: one to the forwarder. On the way between the two
 * both are open, and the former one is heard until everybody is ready.
 */
export type VoiceWay = 'mesh' | 'to-forwarded' | 'forwarded' | 'to-mesh';

export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

export interface VoiceServerMessages {
  /** Answer to `voice.join`. */
  voice: {
    epoch: number;
    way: VoiceWay;
    members: VoiceMember[];
    iceServers: IceServer[];
    /** Only through TURN. */
    relayOnly: boolean;
  };
  /** Who came or changed and who went since the last tick; another epoch is another way. */
  'voice.news': { epoch: number; way: VoiceWay; now: VoiceMember[]; gone: ClientId[] };
  'voice.signal': { from: ClientId } & Omit<VoiceClientMessages['voice.signal'], 'to'>;
  /** Answer to `voice.offer`. */
  'voice.answer': { link: string; sdp: string } | { link: string; problem: Problem };
  /** Whose voice comes on which of my down tracks, in the order of the offer. */
  'voice.slots': { slots: (ClientId | null)[] };
  /** I am not in the voice, or not any more. */
  'voice.refused': { problem: Problem };
}
export type VoiceServerMessage = keyof VoiceServerMessages;
export const VOICE_SERVER_MESSAGES = [
  'voice',
  'voice.news',
  'voice.signal',
  'voice.answer',
  'voice.slots',
  'voice.refused',
] as const satisfies readonly VoiceServerMessage[];
