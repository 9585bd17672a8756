import WebSocket from 'ws';

export interface Entrance {
  readonly hallUrl: string;
  readonly room: string;
  readonly token: string;
  readonly client: string;
  readonly device: string;
}

/** A message as it goes into the socket. */
export const frameOf = (name: string, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0x11, 0xa0 + name.length]), Buffer.from(name), body]);

/** Enters with a plain socket, as light as a client can be: resolves with the welcome. Starts at the end of the journal. */
export async function enterRoom(
  { hallUrl, room, token, client, device }: Entrance,
  listener: (name: string, body: Buffer, data: Buffer) => void,
): Promise<WebSocket> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(hallUrl + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, string>;
  };
  const { length } = await ask('GET', `/api/rooms/${room}`);
  const { ticket } = await ask('POST', `/api/rooms/${room}/ticket`, {});
  const seat = await ask('POST', '/matchmake/joinOrCreate/hall', { v: 1, room, client, ticket, device, have: length });
  const address = `${hallUrl.replace('http', 'ws')}/${seat['processId']}/${seat['roomId']}?sessionId=${seat['sessionId']}`;
  const socket = new WebSocket(address, { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('message', (data: Buffer) => {
      if (data[0] === 0x0a) socket.send(Buffer.from([0x0a]));
      if (data[0] !== 0x11) return;
      const end = 2 + data[1]! - 0xa0;
      const name = data.toString('latin1', 2, end);
      if (name === 'welcome') resolve();
      listener(name, data.subarray(end), data);
    });
  });
  return socket;
}
