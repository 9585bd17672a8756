import { WorkhallError } from '#protocol/errors';
import { isAbsolute } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig, requireFleetSettings } from './index.ts';

test('an empty environment gives a hall on this machine only, with one data folder', () => {
  const { tree } = readConfig({}, {});
  expect(tree.port).toBe(2567);
  expect(tree.host).toBe('127.0.0.1');
  expect(isAbsolute(tree.dataDir) && tree.dataDir.endsWith('.data')).toBe(true);
  expect(tree.databaseUrl).toBeUndefined();
});

test('LAN opens every interface, and HOST still wins', () => {
  expect(readConfig({}, { LAN: '1' }).tree.host).toBe('0.0.0.0');
  expect(readConfig({}, { LAN: '1', HOST: '192.168.7.2' }).tree.host).toBe('192.168.7.2');
});

test('every bad variable is named at once, and no secret value is shown', () => {
  const key = '0x1234';
  const read = () => readConfig({}, { PORT: 'seven', CHAIN_DEPLOYER_KEY: key, DATABASE_URL: 'mysql://u:hunter2@db/x' });
  expect(read).toThrow(WorkhallError);
  try {
    read();
  } catch (thrown) {
    const { problem } = thrown as WorkhallError;
    expect(problem.facts['variables']).toEqual(expect.arrayContaining(['PORT', 'CHAIN_DEPLOYER_KEY', 'DATABASE_URL']));
    expect(problem.message).not.toContain(key);
    expect(problem.message).not.toContain('hunter2');
  }
});

test('voice asks nothing of the internet by default, and its settings are checked', () => {
  const { voice } = readConfig({}, {}).tree;
  expect(voice).toMatchObject({ isOn: true, meshPeople: 6, stunUrls: [], turnUrls: [], relayOnly: false });
  expect(voice.udpPorts).toBeUndefined();
  expect(readConfig({}, { VOICE: '0' }).tree.voice.isOn).toBe(false);
  const given = readConfig({}, { VOICE_UDP_PORTS: '40000-40199', VOICE_STUN_URLS: 'stun:a, stun:b:3478' }).tree.voice;
  expect(given.udpPorts).toEqual([40000, 40199]);
  expect(given.stunUrls).toEqual(['stun:a', 'stun:b:3478']);
  for (const bad of [
    { VOICE_UDP_PORTS: '40199-40000' },
    { VOICE_UDP_PORTS: '80-90' },
    { VOICE_TURN_URLS: 'https://turn' },
    { VOICE_ANNOUNCED_ADDRESS: 'hall.example.com' },
    { VOICE_FORWARDER_SECRET: 'short' },
  ])
    expect(() => readConfig({}, bad)).toThrow(Object.keys(bad)[0]);
});

test('an option of the command line wins over the environment', () => {
  expect(readConfig({ PORT: '4000' }, { PORT: '3000' }).tree.port).toBe(4000);
  expect(readConfig({ PORT: undefined }, { PORT: '3000' }).tree.port).toBe(3000);
});

test('one of several processes does not start without what they must share, and each missing setting is named', () => {
  const shared = {
    DATABASE_URL: 'postgres://u:p@db/x',
    IPFS_API_URL: 'http://ipfs:5001',
    CHAIN_RPC_URL: 'http://chain',
  };
  const keyed = { ...shared, MASTER_KEY: 'a'.repeat(64), REDIS_URL: 'redis://r' };
  expect(() => requireFleetSettings(readConfig({}, keyed).tree)).not.toThrow();
  expect(() => requireFleetSettings(readConfig({}, {}).tree)).not.toThrow();
  for (const missing of ['DATABASE_URL', 'IPFS_API_URL', 'CHAIN_RPC_URL', 'MASTER_KEY'] as const)
    expect(() => requireFleetSettings(readConfig({ [missing]: undefined }, { ...keyed, [missing]: '' }).tree)).toThrow(
      missing,
    );
  expect(() => requireFleetSettings(readConfig({}, { ...keyed, LAN: '1' }).tree)).toThrow('LAN=0');
});
