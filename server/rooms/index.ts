export { RoomsModule } from './rooms.module.ts';
export { RoomHost, type NewRoom, type SubmitOptions } from './room-host.ts';
export { RoomVoice, type Speaker, type TellVoice, type VoiceOfRoom } from './room-voice.ts';
export { RoomGate, type Admitted } from './room-gate.ts';
export { journalMigrations } from './journal/journal.migrations.ts';
export { LiveJournal, type Submitter, type Verdict } from './journal/live-journal.ts';
export { JournalStore } from './journal/journal.store.ts';
export { replayJournal, type ReplayOptions } from './journal/replay-journal.ts';
export { MemoryJournalStore } from './journal/memory-journal.store.ts';
