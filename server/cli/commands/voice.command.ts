import { readConfig } from '../../platform/config/index.ts';
import { WorkhallError } from '#protocol/errors';
import type { HallCommand } from '../command.ts';

/** Not the hall's port, so that both can run on one machine. */
const PORT = 2580;

export const voiceCommand: HallCommand = {
  register: (program) => {
    program
      .command('voice')
      .description('forward voices in a process of its own, for halls that name it in VOICE_FORWARDER_URL')
      .option('-p, --port <number>', `TCP port (default ${PORT})`, String(PORT))
      .option('--host <address>', 'address to listen on (HOST, default 127.0.0.1: halls on this machine only)')
      .action(forward);
  },
};

async function forward(options: { port: string; host?: string }): Promise<void> {
  const { tree } = readConfig({ PORT: options.port, HOST: options.host });
  const { forwarderSecret: secret, udpPorts, announcedAddress } = tree.voice;
  if (!secret)
    throw new WorkhallError('voice', 'no_secret', 'A voice process needs the secret that its halls show.', {
      next: 'Set VOICE_FORWARDER_SECRET, here and where the hall runs, to the same long random text.',
      status: 500,
    });
  const { startVoiceProcess } = await import('../../voice/index.ts');
  const running = await startVoiceProcess({
    port: tree.port,
    host: tree.host,
    secret,
    ...(udpPorts ? { udpPorts } : {}),
    ...(announcedAddress ? { announcedAddress } : {}),
  });
  console.log(`\n  Forwarding voices:  http://${tree.host}:${running.port}\n  Stop with Ctrl-C.\n`);
  const stop = () => void running.stop().then(() => process.exit(0));
  process.once('SIGINT', stop).once('SIGTERM', stop);
}
