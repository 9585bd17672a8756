import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { VOICE_SLOTS } from '#protocol/room/index';
import { ROOT } from '../../../scripts/steps.ts';
import { until } from '../../support/people.ts';
import type { Figure, Part } from '../figures.ts';
import type { UdpOrder, UdpResult } from './bare-udp-crowd.worker.ts';
import { forked, measured } from './load.ts';
import { pin } from './pinned.ts';
import type { VoiceOrder, VoiceResult } from './voice-crowd.worker.ts';

const MEASURE_MS = 12_000;
const SIZES = [8, 12];
const SECRET = 'the secret of the benchmark';
/** RTP header 12, level extension 8, authentication tag 10 around 80 bytes of Opus. */
const PACKET_BYTES = 110;

/** What forwarding voices costs: the built forwarder as a process of its own, against a loop that sends datagrams on. */
export const voice: Part = {
  name: 'voice',
  async measure(): Promise<Figure[]> {
    const figures: Figure[] = [];
    for (const people of SIZES) {
      const forwarded = await forward(people);
      const bare = await sendOn(people);
      const perSecond = forwarded.packetsDown / forwarded.seconds;
      const perPacket = (forwarded.cpuShare * forwarded.seconds) / forwarded.packetsDown;
      const barePerPacket = (bare.cpuShare * bare.seconds) / bare.packetsDown;
      figures.push(
        {
          name: `${people} people, ${VOICE_SLOTS} speaking: forwarder`,
          measured: forwarded.cpuShare * 100,
          unit: '%',
          target: 50,
          note: `of a core; ${perSecond.toFixed(0)} packets/s out, each decrypted once and encrypted for each listener`,
        },
        {
          name: `${people} people: packets that reach the ears`,
          measured: (forwarded.packetsDown / (forwarded.packetsUp * (people - 1))) * 100,
          unit: '%',
          target: 97,
          is: 'above',
          note: 'of those that were spoken, times those who listen',
        },
        {
          name: `${people} people: forwarder CPU per packet, against a bare UDP loop`,
          measured: perPacket / barePerPacket,
          unit: 'count',
          note: `times; the bare loop sends datagrams of the same size to as many, unread: ${(bare.cpuShare * 100).toFixed(1)} % of a core at ${(bare.packetsDown / bare.seconds).toFixed(0)}/s`,
        },
      );
    }
    return figures;
  },
};

async function forward(people: number): Promise<VoiceResult & { cpuShare: number }> {
  const profile = process.env['PROFILE'];
  const child = spawn(process.execPath, [join(ROOT, 'dist/server/cli/main.js'), 'voice', '--port', '0'], {
    env: {
      PATH: process.env['PATH'],
      VOICE_FORWARDER_SECRET: SECRET,
      ...(profile ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(profile)}` } : {}),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  try {
    await until('the forwarder listens', () => /http:\S+/.test(said));
    pin(child.pid!, 0);
    const order: VoiceOrder = { url: /http:\S+/.exec(said)![0], secret: SECRET, people, measureMs: MEASURE_MS };
    return await measured<VoiceOrder, VoiceResult>('voice-crowd.worker.ts', order, child.pid!);
  } finally {
    const ended = new Promise((end) => child.once('exit', end));
    child.kill('SIGTERM');
    await ended;
  }
}

async function sendOn(people: number): Promise<UdpResult & { cpuShare: number }> {
  const loop = forked('bare-udp.worker.ts', 0);
  try {
    const port = await new Promise<number>((told) => loop.once('message', (said: { port: number }) => told(said.port)));
    const order: UdpOrder = { port, people, speakers: VOICE_SLOTS, bytes: PACKET_BYTES, measureMs: MEASURE_MS };
    return await measured<UdpOrder, UdpResult>('bare-udp-crowd.worker.ts', order, loop.pid!);
  } finally {
    loop.kill();
  }
}
