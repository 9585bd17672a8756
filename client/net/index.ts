export { connectRoom } from './room-session.ts';
export type * from './room-session.types.ts';
export { Replica } from './replica.ts';
export { Store, type Readable } from './store.ts';
export { LinkRefused } from './room-link.ts';
export { PresenceChannel } from './presence-channel.ts';
export { MemoryOutboxStore } from './outbox.memory.ts';
export type * from './outbox.store.ts';
