/**
 * The same job in the usual way of Colyseus: a room whose state holds everybody's head and hands, synchronised by the
 * schema 20 times a second. Positions in float32, rotations as four of them.
 */
import { matchMaker, Room, Server, type Client } from '@colyseus/core';
import { schema, t } from '@colyseus/schema';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { FLOATS_OF_A_BODY } from './peer-pose.ts';

const Person = schema(
  Object.fromEntries(Array.from({ length: FLOATS_OF_A_BODY }, (_, i) => [`f${i}`, t.float32()])),
  'Person',
);
const People = schema({ people: t.map(Person) }, 'People');

class PoseRoom extends Room<{ state: InstanceType<typeof People> }> {
  override onCreate(): void {
    this.maxClients = 10_000;
    this.patchRate = 50;
    this.state = new People();
    this.onMessage('pose', (client: Client, floats: number[]) => {
      const person = this.state.people.get(client.sessionId) as unknown as Record<string, number>;
      for (let i = 0; i < FLOATS_OF_A_BODY; i++) person[`f${i}`] = floats[i]!;
    });
  }
  override onJoin(client: Client): void {
    this.state.people.set(client.sessionId, new Person());
  }
}

process.on('message', () => void start());

async function start(): Promise<void> {
  const transport = new WebSocketTransport({ maxPayload: 1024 * 1024 });
  const server = new Server({ transport, greet: false });
  server.define('poses', PoseRoom);
  await server.listen(0, '127.0.0.1');
  const room = await matchMaker.createRoom('poses', {});
  const { port } = transport.server!.address() as { port: number };
  process.send!({ port, room: room.roomId });
}
