import 'fake-indexeddb/auto';
import { behavesLikeTakenRooms } from './taken-rooms.behaviour.ts';
import { IndexedDbTakenRooms } from './taken-rooms.indexeddb.ts';

behavesLikeTakenRooms('IndexedDB', () => new IndexedDbTakenRooms());
