export { Dictation } from './dictation.ts';
export { Voice } from './voice.ts';
export type { Voices, VoiceState, VoiceStatus, VoiceSwitch } from './voice.types.ts';
