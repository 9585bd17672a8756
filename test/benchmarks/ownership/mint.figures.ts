import { signIn } from '../../support/people.ts';
import { startHall } from '../../support/server.ts';
import { percentile, type Figure, type Part } from '../figures.ts';
import { designedRoom, mintRevision, publish } from './published.ts';

const ROUNDS = 20;

/** What a person waits for after pressing Publish, Sign and Mint; the block is on disk when the answer comes. */
export const mint: Part = {
  name: 'mint',
  async measure(): Promise<Figure[]> {
    const hall = await startHall();
    try {
      const person = await signIn(hall.url, 'Ann');
      const published: number[] = [];
      const minted: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const room = await designedRoom(person, 5);
        const startMs = performance.now();
        const cid = await publish(person, room);
        published.push(performance.now() - startMs);
        const signedMs = performance.now();
        await mintRevision(person, cid);
        minted.push(performance.now() - signedMs);
      }
      const note = `${ROUNDS} small designs, one contributor each`;
      return [
        { name: 'publish, p50', measured: percentile(published, 0.5), unit: 'ms', note },
        { name: 'sign and mint, p50', measured: percentile(minted, 0.5), unit: 'ms', note },
        { name: 'sign and mint, p95', measured: percentile(minted, 0.95), unit: 'ms', note },
      ];
    } finally {
      await hall.stop();
    }
  },
};
