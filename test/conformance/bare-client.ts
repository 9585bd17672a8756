import { decode, encode } from '@ipld/dag-cbor';

/**
 * A client that knows nothing of our code: docs/protocol.md, a WebSocket and a dag-cbor codec. It proves that the page
 * is enough to write one in another language.
 */
export async function bareClient(
  hallUrl: string,
  room: string,
  token: string,
  have: number,
  listener: (name: string, body: Uint8Array) => void,
) {
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(hallUrl + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return (await answer.json()) as Record<string, string>;
  };
  const { ticket } = await post(`/api/rooms/${room}/ticket`, {});
  const seat = await post('/matchmake/joinOrCreate/hall', {
    v: 1,
    room,
    client: `bare-${Date.now()}`,
    ticket,
    device: 'bot',
    have,
  });
  const socket = new WebSocket(
    `${hallUrl.replace('http', 'ws')}/${seat['processId']}/${seat['roomId']}?sessionId=${seat['sessionId']}`,
  );
  socket.binaryType = 'arraybuffer';
  const frame = (name: string, body: Uint8Array) =>
    Uint8Array.of(0x11, 0xa0 + name.length, ...new TextEncoder().encode(name), ...body);
  await new Promise<void>((resolve, reject) => {
    socket.onerror = () => reject(new Error('no socket'));
    socket.onmessage = ({ data }) => {
      const bytes = new Uint8Array(data as ArrayBuffer);
      if (bytes[0] === 0x0a) {
        socket.send(Uint8Array.of(0x0a));
        resolve();
      }
      if (bytes[0] !== 0x11) return;
      const length = bytes[1]! - 0xa0;
      listener(new TextDecoder().decode(bytes.subarray(2, 2 + length)), bytes.subarray(2 + length));
    };
  });
  return {
    tell: (name: string, message: unknown) => socket.send(frame(name, encode(message))),
    tellPresence: (packed: Uint8Array) => socket.send(frame('presence', packed)),
    leave: () => socket.send(Uint8Array.of(0x0c)),
    socket,
  };
}

export { decode };
