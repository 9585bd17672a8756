import { MemoryJournalStore } from './memory-journal.store.ts';
import { behavesLikeAJournalStore } from './journal.store.behaviour.ts';

behavesLikeAJournalStore('Memory', async () => new MemoryJournalStore());
