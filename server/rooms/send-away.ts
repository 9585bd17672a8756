import type { Client } from '@colyseus/core';
import WebSocket from 'ws';

/** How long somebody who is sent away may take to close their end, ms. */
const GOODBYE_MS = 1_000;

/**
 * Closes a connection that does not keep to the rules, and stops reading from it at once. Without that `ws` reads on for
 * up to thirty seconds, as fast as they send, and keeps what they do not take in memory.
 */
export function sendAway(client: Client, code: number): void {
  const socket = client.ref as unknown as WebSocket;
  if (socket.readyState !== WebSocket.OPEN) return;
  client.leave(code);
  socket.pause();
  setTimeout(() => socket.terminate(), GOODBYE_MS).unref();
}
