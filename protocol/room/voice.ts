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
/** Largest single picture that travels through the room instead of a moving one, bytes. */
export const MAX_STILL_BYTES = 32 * 1024;
/** People to whom one camera is sent, at most: each costs the sender's line as much as the first. */
export const MOST_VIEWERS = 4;
/** A sender's single pictures come no faster, ms. */
export const LEAST_STILL_GAP_MS = 900;
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

/** `camera.signal`: as `voice.signal`, for the connection that carries a camera beside the one that carries the voice. */
const CameraSignal = z.strictObject({ to: ClientId, ...SignalBody });
/**
 * `camera.still`: a single JPEG for people to whom no moving picture gets through. One is on the way at a time: the next
 * is sent when one of them has seen it.
 */
const CameraStill = z.strictObject({
  to: z.array(ClientId).min(1).max(MOST_VIEWERS),
  n: z.number().int().nonnegative(),
  bytes: z
    .instanceof(Uint8Array)
    .refine(({ length }) => length > 0 && length <= MAX_STILL_BYTES, 'too large a picture'),
  widthPx: z.number().int().min(1).max(4096),
  heightPx: z.number().int().min(1).max(4096),
});
const CameraSeen = z.strictObject({ to: ClientId, n: z.number().int().nonnegative() });
/**
 * `camera.standing`: why my camera's picture comes, or does not. `forbidden`, `none`, `busy` and `insecure` are the browser's
 * reasons; `off`: the page was opened without one; `muted`: covered, or taken by the device; `lost`: unplugged.
 */
export const CAMERA_STANDINGS = [
  'on',
  'opening',
  'forbidden',
  'none',
  'busy',
  'insecure',
  'off',
  'muted',
  'lost',
] as const;
export type CameraStanding = (typeof CAMERA_STANDINGS)[number];
const CameraStands = z.strictObject({ to: ClientId, standing: z.enum(CAMERA_STANDINGS) });
/** `words`: what I am saying just now, written down; gone with the next. What is to stay is said in the journal. */
const Words = z.strictObject({
  text: z.string().max(500),
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/),
  isFinal: z.boolean(),
});

export const VOICE_CLIENT_MESSAGES = {
  'voice.join': VoiceJoin,
  'voice.leave': VoiceLeave,
  'voice.mic': VoiceMic,
  'voice.ready': VoiceReady,
  'voice.signal': VoiceSignal,
  'voice.offer': VoiceOffer,
  'camera.signal': CameraSignal,
  'camera.still': CameraStill,
  'camera.seen': CameraSeen,
  'camera.standing': CameraStands,
  words: Words,
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
  /** They speak to others alone: whatever comes of it here is not to be heard. */
  readonly isAside?: true;
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
  'camera.signal': { from: ClientId } & Omit<VoiceClientMessages['camera.signal'], 'to'>;
  'camera.still': { from: ClientId } & Omit<VoiceClientMessages['camera.still'], 'to'>;
  'camera.seen': { from: ClientId; n: number };
  'camera.standing': { from: ClientId; standing: CameraStanding };
  words: { from: ClientId } & VoiceClientMessages['words'];
}
export type VoiceServerMessage = keyof VoiceServerMessages;
export const VOICE_SERVER_MESSAGES = [
  'voice',
  'voice.news',
  'voice.signal',
  'voice.answer',
  'voice.slots',
  'voice.refused',
  'camera.signal',
  'camera.still',
  'camera.seen',
  'camera.standing',
  'words',
] as const satisfies readonly VoiceServerMessage[];
