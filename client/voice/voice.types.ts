import type { Problem } from '#protocol/errors';
import type { Mic } from '#protocol/room/index';
import type { Readable } from '../net/store.ts';

/**
 * `off`: neither heard nor hearing, with the reason when the hall says no. `listening`: hears the others and has no
 * microphone. `talking` and `muted`: with one. The last three: the microphone that was asked for is not to be had, and
 * the person listens.
 */
export type VoiceState = 'off' | 'listening' | 'talking' | 'muted' | 'noPermission' | 'noMicrophone' | 'insecure';

export interface VoiceStatus {
  readonly state: VoiceState;
  /** Why it is off, when the person did not do it. */
  readonly problem: Problem | null;
  /** The browser waits for a touch of the page before anything sounds. */
  readonly isAsleep: boolean;
  /** My role lets me listen only. */
  readonly isListener: boolean;
  /** Sessions of those who alone hear me; null: everybody. */
  readonly to: ReadonlySet<string> | null;
}

/** What others do in the voice. */
export interface Voices {
  readonly mic: Mic;
  /** 0 to 1. */
  readonly level: number;
  readonly isSpeaking: boolean;
  /** They speak to me, and not to everybody. */
  readonly isToMe: boolean;
}

/** The one switch that a headset's palette needs. */
export interface VoiceSwitch {
  readonly status: Readable<VoiceStatus>;
  /** Asks for the microphone the first time; then mutes and unmutes. */
  toggle(): Promise<void>;
  /** The same, heard by these sessions alone. */
  toggleTo(sessions: readonly string[]): Promise<void>;
}
