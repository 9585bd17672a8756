export { Dictation } from './dictation.ts';
export { LiveWords, type SaidWords } from './live-words.ts';
export { Voice } from './voice.ts';
export type { Voices, VoiceState, VoiceStatus, VoiceSwitch } from './voice.types.ts';
