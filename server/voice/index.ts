export { VoiceModule } from './voice.module.ts';
export { startVoiceProcess } from './voice-process.ts';
