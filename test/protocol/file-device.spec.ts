import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { behavesLikeAnOutboxStore } from '../../client/net/outbox.store.behaviour.ts';
import { behavesLikeTakenRooms } from '../../client/net/taken-rooms.behaviour.ts';
import { OpId } from '#protocol/ids';
import { FileDevice } from '../support/file-device.ts';

const folder = mkdtempSync(join(tmpdir(), 'workhall-device-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const one = new FileDevice(join(folder, 'outbox.log'));
behavesLikeAnOutboxStore('a device in a file', () => one);
behavesLikeTakenRooms('a device in a file', () => new FileDevice(join(folder, 'rooms.log')));

it('keeps what was answered before a write that was torn, and goes on after it', async () => {
  const path = join(folder, 'torn.log');
  const owner = { room: 'r', user: 'u', client: 'a' };
  const turn = (id: string) => ({
    added: [{ op: { id: OpId.parse(id), type: 't', payload: new Uint8Array([1, 2]) }, at: 1 }],
    answered: [],
    refused: [],
    dismissed: [],
  });
  const first = new FileDevice(path, () => first.writes < 3);
  const box = await first.open(owner);
  await box.write(turn('a'));
  await box.write(turn('b'));
  void box.write(turn('c'));
  expect(first.isDead).toBe(true);
  const second = await new FileDevice(path).open({ ...owner, client: 'b' });
  expect(second.left.map(({ op }) => op.id)).toEqual(['a', 'b']);
  expect(second.left[0]!.op.payload).toEqual(new Uint8Array([1, 2]));
  await second.write(turn('d'));
  const third = await new FileDevice(path).open({ ...owner, client: 'c' });
  expect(third.left.map(({ op }) => op.id)).toEqual(['a', 'b', 'd']);
});
