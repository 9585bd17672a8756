import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { ToolResult } from '#protocol/guidance/index';
import { until } from '../../../test/support/people.ts';
import { SimulatedController, SimulatedMqttTool, type SimulatedTool } from '../../../test/support/simulated-tool.ts';
import { MqttLine, topicOf } from './mqtt.line.ts';
import { OpenProtocolLine } from './open-protocol.line.ts';
import {
  encodeMessage,
  MessageReader,
  MID,
  NotOpenProtocol,
  readTightening,
  writeTightening,
} from './open-protocol.ts';
import { StationBroker } from './station-broker.ts';
import type { ToolLine } from './tool-line.ts';

const DEVICE = { device: 'W-1', serial: 'T-77', calibratedUntilMs: 9e12 };
interface Ground {
  readonly line: ToolLine;
  readonly tool: SimulatedTool;
}
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
const failed = () => {};
const keep = <T extends { close(): Promise<void> }>(one: T): T => {
  closers.push(() => one.close());
  return one;
};

const grounds: Record<string, () => Promise<Ground>> = {
  'Open Protocol': async () => {
    const tool = keep(await SimulatedController.open(3_600_000));
    const line = keep(
      new OpenProtocolLine(DEVICE, {
        host: '127.0.0.1',
        port: tool.port,
        nowMs: Date.now,
        failed,
        againMs: 50,
        keepAliveMs: 200,
      }),
    );
    return { line, tool };
  },
  MQTT: async () => {
    const topicsOf = async (station: string, password: string) =>
      station === 's1' && password === 'pw' ? [topicOf('W-1')] : null;
    const broker = keep(new StationBroker({ host: '127.0.0.1', port: 0, topicsOf, failed }));
    await broker.open();
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const line = keep(
      new MqttLine({ url, ...broker.account, clientId: 'hall', nowMs: Date.now, failed, deviceOf: async () => DEVICE }),
    );
    return { line, tool: keep(await SimulatedMqttTool.open(url, 's1', 'pw', 'W-1')) };
  },
};

describe.each(Object.entries(grounds))('a line of tools by %s', (_, make) => {
  it('brings each result in order, with the tool’s serial, calibration and a time by the hall’s clock', async () => {
    const { line, tool } = await make();
    const taken: ToolResult[] = [];
    await line.open(async (result) => void taken.push(result));
    await until('the line is up', () => line.isUp());
    for (const [n, torqueNm] of [25, 19.5, 26].entries())
      await tool.tighten({ id: `${n + 1}`, torqueNm, isOk: torqueNm > 23 });
    await until('all are here', () => taken.length === 3 && tool.waiting() === 0);
    expect(taken.map(({ value, isOk, device, serial }) => [value, isOk, device, serial])).toEqual([
      [25, true, 'W-1', 'T-77'],
      [19.5, false, 'W-1', 'T-77'],
      [26, true, 'W-1', 'T-77'],
    ]);
    expect(new Set(taken.map(({ key }) => key)).size).toBe(3);
    for (const { atMs } of taken) expect(Math.abs(atMs - Date.now())).toBeLessThan(5_000);
  });

  it('asks for a result again that the hall could not keep, and loses none over a drop', async () => {
    const { line, tool } = await make();
    const kept = new Map<string, number>();
    let refusals = 1;
    await line.open(async ({ key }) => {
      if (refusals-- > 0) throw new Error('the disk is full');
      kept.set(key, (kept.get(key) ?? 0) + 1);
    });
    await until('the line is up', () => line.isUp());
    await tool.tighten({ id: '1', torqueNm: 25, isOk: true });
    await until('the first is kept', () => kept.size === 1, 10_000);
    tool.drop();
    await tool.tighten({ id: '2', torqueNm: 25, isOk: true });
    await until('the second is kept', () => kept.size === 2, 10_000);
    await until('the tool knows', () => tool.waiting() === 0, 10_000);
  });
});

describe('the broker of the hall', () => {
  it('lets a station speak for its own tools alone, and nobody listen', async () => {
    const { line } = await grounds['MQTT']!();
    const taken: string[] = [];
    await line.open(async ({ device }) => void taken.push(device));
    const url = line.name.replace('MQTT ', 'mqtt://');
    await expect(SimulatedMqttTool.open(url, 's1', 'wrong', 'W-1')).rejects.toThrow(/auth/i);
    const stranger = keep(await SimulatedMqttTool.open(url, 's1', 'pw', 'W-2'));
    await stranger.tighten({ id: '1', torqueNm: 25, isOk: true });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(taken).toEqual([]);
  });
});

describe('the reader of Open Protocol', () => {
  it('puts messages together again however the line cuts them', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            mid: fc.nat(9999),
            revision: fc.integer({ min: 1, max: 999 }),
            data: fc.stringMatching(/^[ -~]{0,80}$/),
          }),
        ),
        fc.array(fc.integer({ min: 1, max: 40 })),
        (messages, cuts) => {
          const bytes = Buffer.concat(messages.map(encodeMessage));
          const reader = new MessageReader();
          const read = [];
          for (let at = 0, n = 0; at < bytes.length; n++) {
            const length = cuts[n] ?? 17;
            read.push(...reader.read(bytes.subarray(at, at + length)));
            at += length;
          }
          expect(read).toEqual(messages);
        },
      ),
    );
  });

  it('takes any bytes without more than saying that it is no Open Protocol', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, isHeaded) => {
        const reader = new MessageReader();
        const head = isHeaded
          ? encodeMessage({ mid: MID.result, revision: 1, data: '' }).subarray(0, 8)
          : new Uint8Array();
        try {
          for (const { data } of reader.read(Buffer.concat([head, bytes]))) readTightening(data);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(NotOpenProtocol);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('reads a tightening back, and takes one with a broken field for none', () => {
    const of = {
      controller: 'PF6000',
      vin: 'SN-1',
      parameterSet: 7,
      isOk: false,
      torqueNm: 24.37,
      torqueLimitsNm: [23, 27] as const,
      angleDeg: 91,
      atMs: 1_790_000_000_000,
      id: '0000000042',
    };
    const data = writeTightening(of);
    expect(data.length + 20).toBe(231);
    expect(readTightening(data)).toEqual(of);
    for (let at = 0; at < data.length; at++)
      expect(() => readTightening(`${data.slice(0, at)}x${data.slice(at + 1)}`)).not.toThrow();
    expect(readTightening(data.replace('002437', '0o2437'))).toBeNull();
    expect(readTightening(data.slice(0, 100))).toBeNull();
  });
});
