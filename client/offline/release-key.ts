import { releaseDidOf, signSlip, type ReleaseSlip } from '#protocol/guidance/index';
import { WorkhallError } from '#protocol/errors';
import type { HallApi } from '#net/api';
import type { TakenRooms } from '#net/taken-rooms';
import { z } from 'zod';
import { hearNews } from './hear-news.ts';
import type { SealedKey, ShiftStore } from './shift.store.ts';

/** Work that a guess at the PIN costs (PBKDF2, SHA-256): about half a second on a telephone. */
const ROUNDS = 600_000;
export const LEAST_PIN = 6;

/**
 * A supervisor leaves a key on this device before it goes where there is no network: sealed with their PIN, good for the
 * jobs that are named, and known to the hall. Their word on a release is a signature by it.
 */
export async function leaveKey(
  { store, api, rooms: taken }: { store: ShiftStore; api: HallApi; rooms: TakenRooms | null },
  me: { readonly id: string; readonly name: string },
  pin: string,
  rooms: readonly string[],
): Promise<void> {
  const key = crypto.getRandomValues(new Uint8Array(32));
  const did = releaseDidOf(key);
  for (const room of rooms) await api.ask(z.object({}), 'POST', `/jobs/${room}/release-key`, { body: { did } });
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await sealOf(pin, salt), key);
  await store.putKey({ user: me.id, name: me.name, did, salt, iv, sealed: new Uint8Array(sealed) });
  // Believed is what stands in the journal; this device hears of it now, or when nobody can tell it.
  for (const room of rooms) if (taken) await hearNews(taken, api, room);
}

/** Throws `offline.wrong_pin`. */
export async function signRelease(
  key: SealedKey,
  pin: string,
  job: { readonly order: string; readonly serial: string },
  slip: ReleaseSlip,
): Promise<Uint8Array<ArrayBuffer>> {
  const { salt, iv, sealed } = key;
  try {
    const open = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await sealOf(pin, salt), sealed);
    return signSlip(job, slip, new Uint8Array(open));
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause;
    throw new WorkhallError('offline', 'wrong_pin', 'This is not the supervisor’s PIN.', {
      next: 'The supervisor types it again.',
      status: 403,
    });
  }
}

async function sealOf(pin: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const typed = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, typed, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}
